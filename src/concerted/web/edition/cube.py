"""The stored cube as one viewer may see it, in memory and indexed: a page of a thousand cells in milliseconds.

Enters: rows that `cube_build` summed over the markings that the viewer may see. Leaves: the cells of some nodes and
columns, found by binary search. There is one cube per edition and set of permitted keys. Amounts are whole cents in
64-bit integers: exact, and half the room of decimals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

AMOUNTS = ("low", "best", "high", "gross", "likely", "most")
MONEY = tuple(f"{name}_{currency}" for currency in ("usd", "eur") for name in AMOUNTS)
COUNTS = (
    "activities",
    "requested",
    "planned",
    "ongoing",
    "completed",
    "cancelled",
    "state_unknown",
    "confirmed",
    "unvalued",
)
#: How an unknown amount stands in the arrays; and an unknown year and a hidden partner, which come last as in the file.
NULL = int(np.iinfo(np.int64).min)
NO_YEAR = int(np.iinfo(np.int16).max)
NO_ORG = int(np.iinfo(np.int64).max)

Group = tuple[str, str, str]


@dataclass(frozen=True)
class Wanted:
    """Which cells: nodes of one framework and grain, with what is fixed. `places` and `years` None = every one."""

    framework: str
    grain: str
    nodes: Sequence[str]
    places: Sequence[str] | None = None
    year: int | None = None
    is_year_fixed: bool = False
    org: int | None = None
    is_org_fixed: bool = False


@dataclass(frozen=True)
class Part:
    """Rows in the order of the keys: where each node begins and ends, and the columns as arrays."""

    groups: dict[Group, tuple[int, int]]
    places: dict[str, int]
    place_names: list[str]
    place: npt.NDArray[np.int32]
    period: npt.NDArray[np.int16]
    org: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int8]
    kinds: dict[str, int]
    values: dict[str, npt.NDArray[Any]]

    def rows(self, wanted: Wanted) -> Iterator[tuple[str, int]]:
        """(node, row number) of every row that is wanted, of all kinds."""
        codes = None if wanted.places is None else [self.places[p] for p in wanted.places if p in self.places]
        year = NO_YEAR if wanted.year is None else wanted.year
        for node in wanted.nodes:
            start, stop = self.groups.get((wanted.framework, wanted.grain, node), (0, 0))
            if start == stop:
                continue
            for first, last in self._spans(start, stop, codes):
                first, last = self._narrowed(first, last, wanted, year)
                for row in range(first, last):
                    if wanted.is_year_fixed and self.period[row] != year:
                        continue
                    if wanted.is_org_fixed and self.org[row] != (NO_ORG if wanted.org is None else wanted.org):
                        continue
                    yield node, row

    def _spans(self, start: int, stop: int, codes: list[int] | None) -> Iterator[tuple[int, int]]:
        if codes is None:
            yield start, stop
            return
        here = self.place[start:stop]
        firsts = np.searchsorted(here, codes, "left")
        lasts = np.searchsorted(here, codes, "right")
        for first, last in zip(firsts, lasts, strict=True):
            if first < last:
                yield start + int(first), start + int(last)

    def _narrowed(self, first: int, last: int, wanted: Wanted, year: int) -> tuple[int, int]:
        """The rows of a span that can be wanted: within one place rows go by year, within one year by partner."""
        if wanted.is_year_fixed and self.place[first] == self.place[last - 1]:
            low, high = (np.searchsorted(self.period[first:last], year, side) for side in ("left", "right"))
            first, last = first + int(low), first + int(high)
        is_one = (
            first < last and self.place[first] == self.place[last - 1] and self.period[first] == self.period[last - 1]
        )
        if wanted.is_org_fixed and is_one:
            org = NO_ORG if wanted.org is None else wanted.org
            low, high = (
                np.searchsorted(self.org[first:last], org, "left"),
                np.searchsorted(self.org[first:last], org, "right"),
            )
            first, last = first + int(low), first + int(high)
        return first, last

    def amounts(self, row: int, suffix: str) -> tuple[Decimal | None, ...]:
        """The money of a row, in the order of `AMOUNTS`."""
        return tuple(_cents(int(self.values[f"{name}_{suffix}"][row])) for name in AMOUNTS)

    def key(self, row: int, by: str | None) -> str | int | None:
        """The column that a row falls in."""
        if by == "place":
            return self.place_names[int(self.place[row])]
        if by == "period":
            year = int(self.period[row])
            return None if year == NO_YEAR else year
        if by == "partner":
            org = int(self.org[row])
            return None if org == NO_ORG else org
        return None


@dataclass(frozen=True)
class Cube:
    """The cells of one edition for one set of permitted keys."""

    counting: Part
    money: Part
    exact_counting: Part
    exact_money: Part

    def counts(
        self, wanted: Wanted, by: str | None, *, exact: bool = False
    ) -> Iterator[tuple[str, str | int | None, tuple[int, ...]]]:
        """(node, column, counts in the order of `COUNTS`); `exact`: only what is said of a place as a whole."""
        part = self.exact_counting if exact else self.counting
        columns = [part.values[name] for name in COUNTS]
        for node, row in part.rows(wanted):
            yield node, part.key(row, by), tuple(int(column[row]) for column in columns)

    def amounts(
        self, wanted: Wanted, by: str | None, kind: str, suffix: str, *, exact: bool = False
    ) -> Iterator[tuple[str, str | int | None, tuple[Decimal | None, ...]]]:
        """(node, column, amounts in the order of `AMOUNTS`) of one kind of money, in `usd` or `eur`."""
        part = self.exact_money if exact else self.money
        code = part.kinds.get(kind)
        for node, row in part.rows(wanted):
            if part.kind[row] == code:
                yield node, part.key(row, by), part.amounts(row, suffix)

    def kinds(
        self, wanted: Wanted, suffix: str, *, exact: bool = False
    ) -> Iterator[tuple[str, tuple[Decimal | None, ...]]]:
        """(kind, amounts in the order of `AMOUNTS`) of every kind of money in the cells that are wanted."""
        part = self.exact_money if exact else self.money
        names = {code: kind for kind, code in part.kinds.items()}
        for _, row in part.rows(wanted):
            yield names[int(part.kind[row])], part.amounts(row, suffix)

    def partners(self) -> frozenset[int]:
        """Organisations that report cells which the viewer sees by name."""
        part, found = self.counting, set[int]()
        for (_, grain, _), (start, stop) in part.groups.items():
            if grain == "node_partner":
                found.update(int(org) for org in np.unique(part.org[start:stop]))
        return frozenset(found - {NO_ORG})


def _cents(value: int) -> Decimal | None:
    return None if value == NULL else Decimal(value).scaleb(-2)
