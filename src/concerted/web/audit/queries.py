"""Read the log: what was done with a partner's data, and whether the chain is whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from concerted.web.audit.chain import FIELDS, START, Broken, first_break
from concerted.web.audit.models import Entry

#: Entries on a page.
PAGE = 50
_AT_ONCE = 2000
#: What tells of reading.
SIGHTS = ("saw", "exported")


@dataclass(frozen=True)
class Seen:
    """A page of entries, newest first, and the sequence from which the next page goes on; None at the end."""

    entries: list[Entry]
    older: int | None


def who_saw(
    organisation: UUID, before: int | None = None, *, sights: bool = False, with_accounts: bool = False
) -> Seen:
    """Who saw, changed or exported the data of `organisation`; with `sights` only who saw or exported.

    What happens to its accounts (who signed in, who was invited) is told only where `with_accounts` asks for it.

    The caller has made sure that the reader acts for it: nobody reads this of another one, the secretariat neither.
    """
    wanted = Q(owner=organisation) & (Q(sequence__lt=before) if before else Q())
    if sights:
        wanted &= Q(action__in=SIGHTS)
    if not with_accounts:
        wanted &= ~Q(object_kind__in=("account", "invitation", "token"))
    found = list(Entry.objects.filter(wanted).order_by("-sequence")[: PAGE + 1])
    return Seen(found[:PAGE], found[PAGE - 1].sequence if len(found) > PAGE else None)


def head() -> tuple[int, str]:
    """Number and digest of the newest entry: who notes them elsewhere can tell later if the end was cut off."""
    return Entry.objects.order_by("-sequence").values_list("sequence", "digest").first() or (0, START)


def last_time(action: str) -> datetime | None:
    """When something was done last; null = never."""
    return Entry.objects.filter(action=action).order_by("-sequence").values_list("time", flat=True).first()


def broken_at() -> Broken | None:
    """Where the chain is broken; None where it is whole. Reads every entry, in bounded memory."""
    return first_break(Entry.objects.order_by("sequence").values(*FIELDS, "digest").iterator(_AT_ONCE))
