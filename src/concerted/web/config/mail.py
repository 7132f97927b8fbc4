"""How e-mail leaves the site: not at all unless somebody says so, to the console, or through a mail server.

Enters: `CONCERTED_MAIL`, `CONCERTED_MAIL_FROM` and `CONCERTED_SITE`. Leaves: a `Mail`. Nothing but the digests of
`web/alerts` uses it: what libraries of the site would like to send still goes nowhere.
"""

from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from concerted.model.errors import ConfigError

Kind = Literal["off", "console", "smtp"]
Tls = Literal["starttls", "tls", "off"]

_TLS: dict[str, Tls] = {"smtp": "starttls", "smtps": "tls"}
_PORTS: dict[Tls, int] = {"starttls": 587, "tls": 465, "off": 25}
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Mail:
    """How e-mail leaves.

    Attributes:
        sender: the address that messages come from.
        site: where the site is reached, without a slash at the end: a message tells nothing but where to sign in.
    """

    kind: Kind = "off"
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = "starttls"
    sender: str = ""
    site: str = ""

    @property
    def is_on(self) -> bool:
        """Whether anything leaves at all."""
        return self.kind != "off"


def mail(stated: str, sender: str, site: str) -> Mail:
    """How e-mail leaves, as it was stated; empty = not at all.

    Raises:
        ConfigError: an address is none, a password would cross a network in clear, or who sends or the site is missing.
    """
    if stated in ("", "off"):
        return Mail()
    if stated == "console":
        return Mail("console", sender=_sender(sender), site=_site(site))
    parts = urlsplit(stated)
    asked = parse_qs(parts.query)
    if parts.scheme not in _TLS or not parts.hostname or set(asked) - {"tls"} or asked.get("tls", ["off"]) != ["off"]:
        # The address may hold a password: it is not repeated.
        raise ConfigError(
            "CONCERTED_MAIL is none of: off, console, smtp://USER:PASSWORD@HOST:PORT (STARTTLS), smtps://.. (TLS);"
            f" its scheme is {parts.scheme!r}"
        )
    tls: Tls = "off" if asked else _TLS[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if tls == "off" and password and parts.hostname not in _HERE:
        raise ConfigError("CONCERTED_MAIL would send its password to another machine without TLS; leave `tls=off` away")
    return Mail("smtp", parts.hostname, _port(parts) or _PORTS[tls], user, password, tls, _sender(sender), _site(site))


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise ConfigError("CONCERTED_MAIL has a port that is none") from error


def _sender(stated: str) -> str:
    _name, address = parseaddr(stated)
    local, sign, domain = address.rpartition("@")
    if not (local and sign and domain) or any(each.isspace() for each in address) or "\n" in stated or "\r" in stated:
        raise ConfigError(f"CONCERTED_MAIL_FROM is {stated!r}; e-mail needs an address that it comes from")
    return stated


def _site(stated: str) -> str:
    parts = urlsplit(stated)
    is_sure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not is_sure or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ConfigError(
            f"CONCERTED_SITE is {stated!r}; e-mail needs the address at which people sign in, https://picture.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"
