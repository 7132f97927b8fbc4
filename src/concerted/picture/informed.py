"""Where and when absence means something: places and years that a source claims to cover and has reported on lately.

Place on the way: picture. Enters: the claims of sources and what each has reported. Leaves: `out_informed`, and
`Informed`, the look-up that pages and the headline share.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from concerted.marking import is_evidence
from concerted.model.tables import full_schema


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """A source says it is complete for a place and all within it, from one day to another; null = without that end.

    `marking_key`: who may see what the source reports, if only its coarse view.
    """

    source_id: str
    place_id: str
    marking_key: str
    period_from: date | None = None
    period_to: date | None = None


@dataclass(frozen=True)
class Reported:
    """What statements say, by the marking of the view that says it.

    Attributes:
        days: (source_id, marking_key) -> latest day for which it has reported.
        years: marking_key -> calendar years that occur in the picture.
    """

    days: Mapping[tuple[str, str], date]
    years: Mapping[str, Iterable[int]]

    def day(self, claim: SourceClaim) -> date | None:
        """The latest day of the claim's source that all who may know of the claim know; null = none."""
        return max((day for (source, key), day in self.days.items() if _bears(source, key, claim)), default=None)

    def shown_years(self, claim: SourceClaim) -> list[int]:
        """The years of the picture as all who may know of the claim see it, in order."""
        return sorted({y for key, years in self.years.items() if is_evidence(key, claim.marking_key) for y in years})


def _bears(source: str, key: str, claim: SourceClaim) -> bool:
    return source == claim.source_id and is_evidence(key, claim.marking_key)


def informed_rows(
    claims: Iterable[SourceClaim],
    reported: Reported,
    within: Mapping[str, tuple[str, ...]],
    as_of: date,
    fresh_from: date,
) -> pa.Table:
    """`out_informed`: one row per claimed place (and each place below it), year, source and marking.

    A claim covers the years between its ends; without a beginning those the picture shows, without an end up to the
    year of `as_of`: nobody has reported on the future.

    Args:
        within: place -> itself and every place below it.
        fresh_from: reports from this day on are fresh.
    """
    rows: dict[tuple[str, int | None, str, str], dict[str, object]] = {}
    for claim in sorted(claims, key=lambda c: (c.source_id, c.place_id, str(c.period_from), str(c.period_to))):
        shown = [year for year in reported.shown_years(claim) if year <= as_of.year]
        first = claim.period_from.year if claim.period_from else (shown[0] if shown else as_of.year)
        last = min(claim.period_to.year if claim.period_to else as_of.year, as_of.year)
        day = reported.day(claim)
        for place in within.get(claim.place_id, (claim.place_id,)):
            for year in (None, *range(first, last + 1)):
                rows[place, year, claim.source_id, claim.marking_key] = {
                    "place_id": place,
                    "period": year,
                    "source_id": claim.source_id,
                    "reported_date": day,
                    "is_fresh": day is not None and day >= fresh_from,
                    "marking_key": claim.marking_key,
                }
    return pa.Table.from_pylist(list(rows.values()), schema=full_schema("informed"))


@dataclass(frozen=True)
class Informed:
    """Which cells are informed for one viewer."""

    cells: frozenset[tuple[str, int | None]]
    scope: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]], permitted: frozenset[str], scope: Iterable[str]) -> "Informed":
        """From rows of `out_informed`; a source whose reports the viewer may not see informs of nothing.

        Args:
            scope: places the whole picture is about; it is informed as a whole where each of them is. Empty = nowhere.
        """
        fresh = {
            (str(row["place_id"]), _year(row["period"]))
            for row in rows
            if row["is_fresh"] and row["marking_key"] in permitted
        }
        return cls(frozenset(fresh), tuple(sorted(set(scope))))

    def at(self, place_id: str | None = None, period: int | None = None) -> bool:
        """Whether a cell is informed; null = all places of the scope, the whole time."""
        if place_id is not None:
            return (place_id, period) in self.cells
        return bool(self.scope) and all((place, period) in self.cells for place in self.scope)


def _year(value: object) -> int | None:
    return value if isinstance(value, int) else None
