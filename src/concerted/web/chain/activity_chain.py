"""The chain around one activity, for its page: who told its money before, who tells it again, net of each kind.

Enters: a scope and an activity that the viewer sees in full. Leaves: values, a drawing and the rows of its table twin.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from concerted.model.ids import id_text
from concerted.publish.chain import Asked, End
from concerted.publish.walk import Step, Told, walk
from concerted.web.chain.flow_svg import Band, Box, flow_svg
from concerted.web.edition.money import Money
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import money_range, number
from concerted.web.ui.labels import code_label

#: Links on each side that are drawn and listed at first.
MOST = 8


@dataclass(frozen=True)
class ToldKind:
    """One kind of money: gross, told before, and net, in dollars."""

    kind: str
    gross: Money
    before: Money
    net: Money


@dataclass(frozen=True)
class ActivityChain:
    """What the page shows. `books` are (book, chosen); `before` and `after` the links of the chosen one."""

    told: tuple[ToldKind, ...]
    books: tuple[tuple[str, bool], ...]
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    drawing: SafeString

    @property
    def is_linked(self) -> bool:
        """Some sign ties its money to somebody else's."""
        return bool(self.before or self.after)


def activity_chain(scope: Scope, activity: int, title: str, book: str | None = None) -> ActivityChain:
    """The chain around an activity in one book; an unknown book is the first that has links."""
    around = walk(Asked(scope.rows, scope.filter), activity)
    books = around.books()
    chosen = book if book in books else next(iter(books), None)
    before, after = around.of(chosen) if chosen else ([], [])
    return ActivityChain(
        tuple(_told(told) for told in around.told),
        tuple((name, name == chosen) for name in books),
        tuple(before),
        tuple(after),
        _drawing(title, before[:MOST], after[:MOST]),
    )


def _told(told: Told) -> ToldKind:
    return ToldKind(
        told.kind,
        Money(told.gross, told.gross, told.gross),
        Money(told.low, told.best, told.high),
        Money(*told.net),
    )


def _drawing(title: str, before: list[Step], after: list[Step]) -> SafeString:
    boxes: dict[tuple[int, str], Box] = {}
    bands: list[tuple[tuple[int, str], tuple[int, str], Step]] = []
    middle = (1 if before else 0, "")
    for column, steps in ((0, before), (middle[0] + 1, after)):
        for step in steps:
            box = _other(step, column, is_giver=column == 0 and steps is before)
            key = (column, box.url or box.label)
            boxes.setdefault(key, box)
            bands.append((key, middle, step) if steps is before else (middle, key, step))
    boxes[middle] = Box(title, middle[0], gettext("this activity"), is_main=True)
    at = {key: place for place, key in enumerate(boxes)}
    drawn = [
        Band(
            at[begin],
            at[end],
            step.mine.best_usd or step.mine.high_usd,
            f"{_words(step)}: {code_label('chain_sign', step.link.sign)}",
            is_likely=step.mine.best_usd > 0,
        )
        for begin, end, step in bands
    ]
    return flow_svg(list(boxes.values()), drawn, gettext("Where its money was told before, and where it is told again"))


def _of_all(ends: Sequence[End]) -> str | None:
    """The organisation of all these activities, where they have one."""
    found = {end.organisation for end in ends}
    return found.pop() if len(found) == 1 else None


def _words(step: Step) -> str:
    mine = step.mine
    return strip_tags(money_range(Money(mine.low_usd, mine.best_usd, mine.high_usd), "USD"))


def _other(step: Step, column: int, *, is_giver: bool) -> Box:
    """The other side of a link: one activity, or an organisation with several that may be meant."""
    organisation = (step.link.giver if is_giver else step.link.receiver) or _of_all(step.others)
    if len(step.others) == 1:
        end: End = step.others[0]
        url = reverse("activities-one", args=[id_text(end.activity_id)])
        return Box(end.title or end.identifier or id_text(end.activity_id), column, end.organisation or "", url)
    count = len(step.others)
    note = ngettext("%(n)s activity", "%(n)s activities", count) % {"n": number(count)}
    anybody = gettext("any giver") if is_giver else gettext("any receiver")
    return Box(organisation or anybody, column, note)
