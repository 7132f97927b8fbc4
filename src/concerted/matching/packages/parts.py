"""A part of a package as plain values: an activity, a need or a match, with what is known of it.

Unknown is none, and stays so: no date, length or amount is ever filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["activity", "need", "match"]


@dataclass(frozen=True)
class Range:
    """An amount that lies between `low` and `high`, in one currency.

    Attributes:
        gross: all that is told, as often as it is told; at least `high`.
    """

    low: Decimal
    best: Decimal
    high: Decimal
    gross: Decimal

    def plus(self, other: "Range") -> "Range":
        """Both together."""
        return Range(self.low + other.low, self.best + other.best, self.high + other.high, self.gross + other.gross)


@dataclass(frozen=True)
class Missing:
    """What a need lacks: at least and at most, each none = unknown; in dollars or, of what is no money, in units."""

    low: Decimal | None
    high: Decimal | None
    unit: str = "USD"


@dataclass(frozen=True)
class Part:
    """One part of a package.

    Attributes:
        key: its name within the package.
        component: of the package's template, or the line of the strategy that it serves; empty = none.
        partner: who answers for it; empty = nobody who takes part here.
        after: keys of the parts that it waits for; of parts that are not there none is waited for.
        start, end: first and last day, as its own record says.
        days: how long it takes, where its days do not say: stated by who keeps the package.
        has_begun: it is under way or over, so its days are facts that wait for nothing.
        due: the day after which it is of no use any more.
        is_live: false = it was cancelled, declined or taken back: it fills nothing and costs nothing.
        activity: the activity that is counted, for an activity and for a match that became one. Two statements of one
            activity are one.
        need: the need that is meant, for a need and for a match.
        money: of an activity, by kind of money, as the picture counts it once; empty = none is known.
        missing: of a need.
        amount, unit: of a match.
        is_agreed: of a match: both sides have accepted it.
    """

    key: str
    kind: Kind = "activity"
    component: str = ""
    partner: str = ""
    after: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    days: int | None = None
    has_begun: bool = False
    due: date | None = None
    is_live: bool = True
    activity: str | None = None
    need: str | None = None
    money: Mapping[str, Range] = field(default_factory=dict)
    missing: Missing | None = None
    amount: Decimal | None = None
    unit: str = "USD"
    is_agreed: bool = False

    @property
    def length(self) -> int | None:
        """Days that it takes, first and last included; none = unknown. Its own days speak before what others state."""
        if self.start is not None and self.end is not None:
            return (self.end - self.start).days + 1 if self.end >= self.start else None
        return self.days
