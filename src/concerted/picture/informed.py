"""Where and when absence means something: places and years that a source claims to cover and has reported on lately.

Place on the way: picture. Enters: the claims of sources and what each has reported. Leaves: `out_informed`, and
`Informed`, the look-up that pages and the headline share.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

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


def informed_rows(
    claims: Iterable[SourceClaim],
    reported: Mapping[str, date],
    within: Mapping[str, tuple[str, ...]],
    years: Iterable[int],
    as_of: date,
    fresh_from: date,
) -> pa.Table:
    """`out_informed`: one row per claimed place (and each place below it), year and source.

    A claim covers the years between its ends; without a beginning those the picture shows, without an end up to the
    year of `as_of`: nobody has reported on the future.

    Args:
        reported: source_id -> latest day for which it has reported.
        within: place -> itself and every place below it.
        years: calendar years that occur in the picture.
        fresh_from: reports from this day on are fresh.
    """
    shown = sorted(year for year in set(years) if year <= as_of.year)
    rows: dict[tuple[str, int | None, str], dict[str, object]] = {}
    for claim in sorted(claims, key=lambda c: (c.source_id, c.place_id, str(c.period_from), str(c.period_to))):
        first = claim.period_from.year if claim.period_from else (shown[0] if shown else as_of.year)
        last = min(claim.period_to.year if claim.period_to else as_of.year, as_of.year)
        day = reported.get(claim.source_id)
        for place in within.get(claim.place_id, (claim.place_id,)):
            for year in (None, *range(first, last + 1)):
                rows[place, year, claim.source_id] = {
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
