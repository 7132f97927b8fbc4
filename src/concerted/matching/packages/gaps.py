"""What nobody does yet in a package: components with nothing behind them, and needs without a match.

Four answers, never folded into another: somebody is at work, somebody has agreed, it is only asked for, nothing is
there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from concerted.matching.packages.parts import Part

#: at_work: an activity that is planned, under way or over; agreed: a match that both sides accepted; asked: only needs,
#: or matches that wait for an answer; nothing: no part at all.
Filling = Literal["at_work", "agreed", "asked", "nothing"]


@dataclass(frozen=True)
class Gaps:
    """What is open in a package.

    Attributes:
        components: each with what fills it, in their order.
        needs: keys of needs that no agreed match of the package meets.
        outside: keys of live parts that belong to no component of the package.
    """

    components: tuple[tuple[str, Filling], ...]
    needs: tuple[str, ...]
    outside: tuple[str, ...]

    @property
    def empty(self) -> tuple[str, ...]:
        """Components where nothing is there."""
        return tuple(key for key, filling in self.components if filling == "nothing")


def gaps(parts: Iterable[Part], components: Sequence[str]) -> Gaps:
    """What is open, of the parts that are live."""
    live = [part for part in parts if part.is_live]
    met = {part.need for part in live if part.kind == "match" and part.is_agreed}
    return Gaps(
        tuple((key, _filling([part for part in live if part.component == key])) for key in components),
        tuple(part.key for part in live if part.kind == "need" and (part.need is None or part.need not in met)),
        tuple(part.key for part in live if part.component not in components),
    )


def _filling(parts: Sequence[Part]) -> Filling:
    if any(part.kind == "activity" for part in parts):
        return "at_work"
    if any(part.kind == "match" and part.is_agreed for part in parts):
        return "agreed"
    return "asked" if parts else "nothing"
