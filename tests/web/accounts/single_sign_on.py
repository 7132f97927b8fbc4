"""A sign-in service of our own and the site beside it, in one process: who comes in by it is printed as JSON.

A program and no test: the site's settings are read once per process, and these hold the address of the service.
"""

import base64
import hashlib
import http.server
import json
import os
import sys
import tempfile
import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT = "concerted"
#: What the service says of who just signed in there, and the challenge with which the site began.
CLAIMS: dict[str, Any] = {}
CHALLENGES: list[str] = []


class Service(http.server.BaseHTTPRequestHandler):
    """The four addresses that the site asks."""

    def _say(self, value: Any, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path.endswith("/openid-configuration"):
            names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            found = {f"{name}_endpoint": f"{here}/{path}" for name, path in names.items()}
            self._say(found | {"issuer": here, "jwks_uri": f"{here}/keys"})
        elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
            self._say(CLAIMS)
        else:
            self._say({}, 401)

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        proof = hashlib.sha256(asked["code_verifier"][0].encode()).digest()
        is_right = base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == CHALLENGES[-1]
        self._say({"access_token": "access", "token_type": "Bearer"} if is_right else {}, 200 if is_right else 400)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def main() -> None:
    """Sign several people in."""
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    issuer = f"http://127.0.0.1:{service.server_port}"
    os.environ |= {
        "CONCERTED_DATA": tempfile.mkdtemp(),
        "CONCERTED_OIDC_ISSUER": issuer,
        "CONCERTED_OIDC_CLIENT_ID": CLIENT,
        "CONCERTED_OIDC_CLIENT_SECRET": "secret",
        "DJANGO_SETTINGS_MODULE": "concerted.web.config.settings",
    }
    import django

    django.setup()
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.test import Client

    from concerted.web.accounts.models import Assignment, Partner, User
    from concerted.web.config.prepare import prepare_registry

    settings.ALLOWED_HOSTS = ["testserver"]
    assert prepare_registry() is None
    partner = Partner.objects.create(name={"fr": "P"})
    for name in ("reader", "keyed"):
        user = User.objects.create(email=f"{name}@example.org", name=name, partner=partner)
        Assignment.objects.create(holder=user, held="reader")
        if name == "keyed":
            TOTP.activate(user, generate_totp_secret())

    def come(claims: dict[str, Any], state: str | None = None) -> dict[str, Any]:
        CLAIMS.clear()
        CLAIMS.update({"sub": claims["email"], "name": "N"} | claims)
        client = Client(raise_request_exception=False)
        sent = client.post("/en/sign-in/sso/sso/")
        asked = {key: values[0] for key, values in parse_qs(urlsplit(sent["Location"]).query).items()}
        CHALLENGES.append(asked["code_challenge"])
        back = urlsplit(asked["redirect_uri"]).path
        answer = client.get(f"{back}?{urlencode({'code': 'c', 'state': state or asked['state']})}", follow=True)
        return {
            "asked": sent["Location"].startswith(f"{issuer}/authorize"),
            "in": client.get("/en/account/").status_code == 200,
            "at": answer.request["PATH_INFO"],
            "text": answer.content.decode(),
        }

    known = {"email": "reader@example.org", "email_verified": True}
    result = {
        "known": come(known),
        "again": come(known),
        "unverified": come({"email": "reader@example.org", "email_verified": False, "sub": "other"}),
        "unknown": come({"email": "stranger@example.org", "email_verified": True}),
        "keyed": come({"email": "keyed@example.org", "email_verified": True}),
        "forged": come(known, state=str(time.time())),
        "accounts": User.objects.count(),
        "policy": Client().get("/en/sign-in/")["Content-Security-Policy"],
        "issuer": issuer,
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
