"""What a token may be made for: reading or writing, area by area."""

from collections.abc import Iterable

from django.utils.translation import gettext

PICTURE_READ, RECORDS_READ, RECORDS_WRITE = "picture:read", "records:read", "records:write"
NEEDS_READ, NEEDS_WRITE = "needs:read", "needs:write"
REMARKS_READ, REMARKS_WRITE = "remarks:read", "remarks:write"
INBOX_READ, INBOX_WRITE = "inbox:read", "inbox:write"
VALIDATION_READ, VALIDATION_WRITE = "validation:read", "validation:write"
RELEASE_WRITE = "release:write"
SHARING_READ, SHARING_WRITE = "sharing:read", "sharing:write"
SAFEGUARDS_READ, SAFEGUARDS_WRITE = "safeguards:read", "safeguards:write"
STRATEGY_READ, STRATEGY_WRITE = "strategy:read", "strategy:write"
DESK_READ, DESK_WRITE = "desk:read", "desk:write"
SOURCES_READ, SOURCES_WRITE = "sources:read", "sources:write"
WHAT_IF_READ, WHAT_IF_WRITE = "what-if:read", "what-if:write"
PACKAGES_READ, PACKAGES_WRITE = "packages:read", "packages:write"
MATCHES_READ, MATCHES_WRITE = "matches:read", "matches:write"
PEOPLE_READ, PEOPLE_WRITE = "people:read", "people:write"
AUDIT_READ = "audit:read"

#: In the order in which pages show them.
SCOPES = (
    PICTURE_READ, RECORDS_READ, RECORDS_WRITE, NEEDS_READ, NEEDS_WRITE, REMARKS_READ, REMARKS_WRITE, INBOX_READ,
    INBOX_WRITE, VALIDATION_READ, VALIDATION_WRITE, RELEASE_WRITE, SHARING_READ, SHARING_WRITE, SAFEGUARDS_READ,
    SAFEGUARDS_WRITE, STRATEGY_READ, STRATEGY_WRITE, DESK_READ, DESK_WRITE, SOURCES_READ, SOURCES_WRITE,
    WHAT_IF_READ, WHAT_IF_WRITE, PACKAGES_READ, PACKAGES_WRITE, MATCHES_READ, MATCHES_WRITE, PEOPLE_READ,
    PEOPLE_WRITE, AUDIT_READ,
)  # fmt: skip


def scope_word(scope: str) -> str:
    """What a program with this may do, in the page's language."""
    return {
        PICTURE_READ: gettext("Read the picture as you see it; without this, as the public sees it"),
        RECORDS_READ: gettext("Read the records that you may read, their history and what has changed"),
        RECORDS_WRITE: gettext("Enter and change the records of your organisation"),
        NEEDS_READ: gettext("Read the needs and offers that you may read, and their history"),
        NEEDS_WRITE: gettext("State and change the needs and offers of your organisation"),
        REMARKS_READ: gettext("Read what is said of records"),
        REMARKS_WRITE: gettext("Say what is not right, propose, and answer"),
        INBOX_READ: gettext("Read what was brought and its receipts; take your records away as sheets"),
        INBOX_WRITE: gettext("Bring files, accept their rows, undo"),
        VALIDATION_READ: gettext("Read what waits to be signed off or validated"),
        VALIDATION_WRITE: gettext("Sign off, validate, send back"),
        RELEASE_WRITE: gettext("Release what the public sees, and take it back"),
        SHARING_READ: gettext("Read your sharing groups"),
        SHARING_WRITE: gettext("Make, change, close and leave sharing groups: it decides who sees records"),
        SAFEGUARDS_READ: gettext("Read what waits for due diligence"),
        SAFEGUARDS_WRITE: gettext("Keep what due diligence found"),
        STRATEGY_READ: gettext("Read versions of the strategy and how frameworks relate"),
        STRATEGY_WRITE: gettext("Load versions of the strategy, lead them through their life, relate lines"),
        DESK_READ: gettext("Read what is asked at the desk, and what was judged"),
        DESK_WRITE: gettext("Judge what is one and what is not, and take it back"),
        SOURCES_READ: gettext("Read which of your organisation's two sources counts"),
        SOURCES_WRITE: gettext("Decide which of your organisation's two sources counts, and take it back"),
        WHAT_IF_READ: gettext("Read the lists of changes that you may read"),
        WHAT_IF_WRITE: gettext("Keep lists of changes, and delete your own"),
        PACKAGES_READ: gettext("Read packages and your own parts in them"),
        PACKAGES_WRITE: gettext("Keep packages, and say whether your parts may be shown in them"),
        MATCHES_READ: gettext("Read runs of the matching and matches"),
        MATCHES_WRITE: gettext("Make runs, put proposals forward, answer, promise and confirm"),
        PEOPLE_READ: gettext("Read the people and organisations that you look after"),
        PEOPLE_WRITE: gettext("Invite people, change what they may do, close accounts, keep organisations"),
        AUDIT_READ: gettext("Read the log of your organisation"),
    }[scope]


def in_order(scopes: Iterable[str]) -> list[str]:
    """Those that are known, each once, in their order."""
    wanted = set(scopes)
    return [scope for scope in SCOPES if scope in wanted]
