"""Who is told, how often, and what of all that waits for a person has not been told yet."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from concerted.marking.keys import Label
from concerted.web.accounts.models import User
from concerted.web.accounts.queries import with_second_factor
from concerted.web.alerts.models import Every, Told, Wish
from concerted.web.alerts.told import mark_of, packed, unpacked
from concerted.web.alerts.waiting import KINDS, Asker, Thing
from concerted.web.workspace.models import Condition, Record

#: Lines of a digest at most. What finds no place is not told yet, and comes with the next one.
LINES = 5
#: Titles in a line at most, and characters of one.
TITLES, LONGEST = 3, 80
#: Records of a line that are looked at for a title.
_LOOKED_AT = 50
#: What a mail program would make a link of, or an address: partners write titles, and the link in a digest is ours.
_LINK = re.compile(r"://|@|\bwww\b|\w\.[^\W\d_]{2}", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # they belong to the spelling of words, and turn no direction


@dataclass(frozen=True)
class Line:
    """One line of a digest.

    Attributes:
        new: how much of it was not told yet; `count`: how much there is in all.
        titles: of some of the new things, those that anybody may know.
        marks: of all that there is: what is told from then on.
    """

    kind: str
    new: int
    count: int
    detail: str
    titles: tuple[str, ...]
    marks: bytes


def digest_for(asker: Asker, told: Mapping[str, bytes]) -> list[Line]:
    """What a digest tells: of each kind with something new, the most useful first, `LINES` at most."""
    lines: list[Line] = []
    for kind, find in KINDS.items():
        found = find(asker)
        known = unpacked(told.get(kind, b""))
        new = [each for each in found.things if mark_of(each.key) not in known]
        if new:
            marks = packed(each.key for each in found.things)
            lines.append(Line(kind, len(new), len(found.things), found.detail, _titles(new), marks))
        if len(lines) == LINES:
            break
    return lines


def told_to(person: User) -> dict[str, bytes]:
    """What a person was told, by kind."""
    return {kind: bytes(marks) for kind, marks in Told.objects.filter(person=person).values_list("kind", "marks")}


def wish_of(person: User) -> str:
    """How often a person wants to be told."""
    return Wish.objects.filter(person=person).values_list("every", flat=True).first() or str(Every.DAILY)


def readers() -> list[User]:
    """Everybody to whom a digest may go: open accounts that hold something, with the second factor that it needs."""
    found = list(
        User.objects.filter(is_active=True)
        .select_related("partner", "partner__parent")
        .prefetch_related("assignments")
        .order_by("pk")
    )
    for user in found:
        user.held = frozenset(each.held for each in user.assignments.all())
    sure = with_second_factor(found)
    return [u for u in found if u.held and u.partner.lets_in and (not u.needs_second_factor or u.pk in sure)]


def _titles(things: Iterable[Thing]) -> tuple[str, ...]:
    """Titles of the first things whose records anybody may know, in their order."""
    wanted = [each.record for each in things if each.record][:_LOOKED_AT]
    public: QuerySet[Record] = Record.objects.filter(condition=Condition.KEPT, marking_key=str(Label.CLEAR))
    named: dict[UUID, str] = dict(public.filter(pk__in=wanted).values_list("pk", "title"))
    titles = [_shown(named[pk]) for pk in dict.fromkeys(wanted) if pk in named]
    return tuple([title for title in titles if title][:TITLES])


def _shown(title: str) -> str:
    """A title as it may stand in an e-mail; empty where it must not."""
    plain = "".join(each for each in title if each in _JOINERS or unicodedata.category(each) not in ("Cc", "Cf"))
    plain = " ".join(plain.split())
    if _LINK.search(plain):
        return ""
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"
