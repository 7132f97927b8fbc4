"""The changes that may be tried on a picture, and what stands against one.

Place on the way: before `applying`. They come from a file, a message or an address (`written`), and hold no figure of
the picture: whoever reads them sees what they do with his own eyes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

#: The most changes in one list.
MOST = 30


@dataclass(frozen=True, slots=True)
class Where:
    """A part of the picture; null = all of it: every priority but UNCLASSIFIED, every place, every year.

    A node and a place stand for all that lies beneath them.
    """

    node: str | None = None
    place: str | None = None
    year: int | None = None

    def but(self, other: "Where") -> "Where":
        """The same, with what `other` states put in its place."""
        return Where(
            self.node if other.node is None else other.node,
            self.place if other.place is None else other.place,
            self.year if other.year is None else other.year,
        )


@dataclass(frozen=True, slots=True)
class Move:
    """Move an amount of best money from one part to another.

    The same share of every amount in the source goes, so that uncertain money stays as uncertain as it was. What source
    and target have in common is kept as it is: money that moves to another place keeps its node and its year.
    """

    source: Where
    target: Where
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Add:
    """A new project at one node and place from one year on, its money in equal parts over its years.

    The money is a range in USD; null = unknown, and the project counts all the same.
    """

    node: str
    place: str
    year: int
    last_year: int
    low: Decimal | None = None
    best: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class End:
    """A project ends on a day: all its rows of later years are gone.

    Figures know years and not days, so the year of the day stays as it is told, and so does what has no year.
    """

    activity_id: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Rule:
    """Another rule of what counts as covered; null = as it stands."""

    covered: Decimal | None = None
    not_covered: Decimal | None = None
    freshness_months: int | None = None
    supply_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What the strategy says a node and all beneath it should cost, times a factor; null = every node."""

    node: str | None
    factor: Decimal


Change = Move | Add | End | Rule | Cost


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a change does nothing for this viewer.

    Attributes:
        number: of the change in the list, from 0.
        kind: little = less is there than is to be moved; no_money = no money is known there; nothing = of the project
            there is nothing in later years that the viewer sees, or there is no such project.
        there: best money in the source, for `little`.
    """

    number: int
    kind: Literal["little", "no_money", "nothing"]
    there: Decimal | None = None
