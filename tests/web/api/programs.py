"""A program in a test: a client that carries a token, made by the same action as the page makes it."""

import io
import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from web.pages import COARSE_RECORD, GIVER, HIDDEN_RECORD, LINKED_RECORD, NEED, PARTNER, PUBLIC_RECORD

ROOT = "/api/v1/"
EVERY_SCOPE = (
    "picture:read", "records:read", "records:write", "needs:read", "needs:write", "remarks:read",
    "remarks:write", "inbox:read", "inbox:write",
    "validation:read", "validation:write", "release:write", "sharing:read", "sharing:write", "safeguards:read",
    "safeguards:write", "strategy:read", "strategy:write", "desk:read", "desk:write", "sources:read",
    "sources:write", "matches:read", "matches:write", "people:read", "people:write", "audit:read", "what-if:read",
    "what-if:write", "packages:read", "packages:write",
)  # fmt: skip


#: What stands for parts of addresses that are no ids.
_VALUE = {"source": "x/y", "page": "ends"}


def address_of(route: str) -> str:
    """An address of an operation, with ids of nothing."""

    def value(found: re.Match[str]) -> str:
        kind, name = found["kind"], found["name"]
        return str(uuid4()) if kind in ("uuid", "uuidstr") else "1" if kind == "int" else _VALUE.get(name, "x")

    return re.sub(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>", value, route)


@dataclass
class Program:
    """Asks with a token, or without one."""

    client: Any
    token: str = ""

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """The answer; its JSON is `.data` (None where it is none)."""
        sent = dict(headers)
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        content = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        return self._read(self.client.generic(method, ROOT + address, content, "application/json", headers=sent))

    def bring(self, address: str, data: bytes | str, name: str = "sheet.csv", **fields: str) -> Any:
        """The answer to a file that is sent as a form."""
        sent = io.BytesIO(data.encode() if isinstance(data, str) else data)
        sent.name = name
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self._read(self.client.post(ROOT + address, {"file": sent, **fields}, headers=headers))

    def _read(self, answer: Any) -> Any:
        kind = answer.get("Content-Type", "")
        answer.data = json.loads(answer.content) if "json" in kind and answer.content else None
        return answer

    def get(self, address: str, **headers: str) -> Any:
        """The answer to a GET."""
        return self.ask("GET", address, **headers)


def program(workspace: Any, user: Any = None, *scopes: str) -> Program:
    """A program of `user` with a token for these scopes, else for all; the public's without a user."""
    from django.test import Client

    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if user is None:
        return Program(client)
    from concerted.web.api import tokens

    _, text = tokens.make(user, "a test", scopes or EVERY_SCOPE, 30, has_second_factor=True)
    return Program(client, text)


#: Every address of the picture, for walks.
PICTURE = (
    "edition",
    "frameworks/un-gcts",
    "places",
    "places?below=ML",
    "overview",
    "overview?currency=EUR&framework=un-gcts",
    "coverage",
    "coverage?by=period&open=1,2,3",
    "coverage?by=partner",
    "coverage?place=ML05&period=2026&currency=XOF",
    "coverage/cell?node=1.1&place=ML05",
    "coverage/cell?node=ALL&place=ML&exact=1",
    "map",
    "map?node=1",
    "ends",
    "what-if",
    "what-if?by=both&change=move~~ML05~~~ML07~~1000.00&change=cost~1~1.5",
    f"what-if?by=total&change=end~{HIDDEN_RECORD}~2000-12-31&change=end~{PUBLIC_RECORD}~2000-12-31",
    "activities",
    "activities?place=all&q=paix",
    "activities?node=UNCLASSIFIED",
    "activities?q=zzcanary",
    "activities?state=ongoing&node=1&place=ML07",
    f"activities?partner={PARTNER}",
    f"activities/{PUBLIC_RECORD}",
    f"activities/{LINKED_RECORD}?currency=EUR",
    f"activities/{COARSE_RECORD}",
    "partners",
    "needs",
    "needs?state=all&place=ML05",
    f"needs/{NEED}",
    "partners?q=quetzal",
    f"partners/{PARTNER}",
    "search?q=bama",
    "search?q=zzcanary",
    "search?q=ketlewell",
    "activities?q=zzcanarx",
    "search?q=quetzal",
    "complete?q=quetz",
    "complete?q=ga",
    "quality",
    "quality/iati/delta",
    "inputs",
    "chain",
    "chain?book=disbursement",
    f"chain?partner={GIVER}",
    "exports/coverage",
    "exports/activities?place=all",
    "exports/ends",
)
