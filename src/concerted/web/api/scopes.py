"""What a token may be made for: reading or writing, area by area."""

from collections.abc import Iterable

from django.utils.translation import gettext

PICTURE_READ, RECORDS_READ, RECORDS_WRITE = "picture:read", "records:read", "records:write"
REMARKS_READ, REMARKS_WRITE = "remarks:read", "remarks:write"

#: In the order in which pages show them.
SCOPES = (PICTURE_READ, RECORDS_READ, RECORDS_WRITE, REMARKS_READ, REMARKS_WRITE)


def scope_word(scope: str) -> str:
    """What a program with this may do, in the page's language."""
    return {
        PICTURE_READ: gettext("Read the picture as you see it; without this, as the public sees it"),
        RECORDS_READ: gettext("Read the records that you may read, their history and what has changed"),
        RECORDS_WRITE: gettext("Enter and change the records of your organisation"),
        REMARKS_READ: gettext("Read what is said of records"),
        REMARKS_WRITE: gettext("Say what is not right, propose, and answer"),
    }[scope]


def in_order(scopes: Iterable[str]) -> list[str]:
    """Those that are known, each once, in their order."""
    wanted = set(scopes)
    return [scope for scope in SCOPES if scope in wanted]
