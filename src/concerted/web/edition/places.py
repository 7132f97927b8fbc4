"""The places of an edition: names in three languages, parents and children, and the closure that live sums join with.

Enters: `core_place`, where a place has one row per source that names it. Leaves: one `Place` per id; the first source
(by id) that has a value gives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from concerted.model.tables import REGIONAL, UNKNOWN

#: Places that are in no list: kept apart on every page, never a place among others.
APART = (REGIONAL, UNKNOWN)


@dataclass(slots=True)
class Place:
    """A place of reference. `level` 0 country, 1, 2, 3; `stands` = it exists on the day of the edition."""

    id: str
    level: int
    parent_id: str | None
    name: str
    names: dict[str, str] = field(default_factory=dict)
    has_geometry: bool = False
    longitude: float | None = None
    latitude: float | None = None
    stands: bool = True
    children: list[str] = field(default_factory=list)

    def label(self, lang: str) -> str:
        """The name in `lang`, else as the source writes it, else the id."""
        return self.names.get(lang) or self.name or self.id


_ONE_PER_PLACE = """
SELECT place_id, min(level),
       first(parent_id ORDER BY source_id) FILTER (parent_id IS NOT NULL),
       first(name ORDER BY source_id) FILTER (name IS NOT NULL),
       first(name_fr ORDER BY source_id) FILTER (name_fr IS NOT NULL),
       first(name_en ORDER BY source_id) FILTER (name_en IS NOT NULL),
       first(name_ar ORDER BY source_id) FILTER (name_ar IS NOT NULL),
       bool_or(geometry_wkb IS NOT NULL),
       first(longitude ORDER BY source_id) FILTER (longitude IS NOT NULL),
       first(latitude ORDER BY source_id) FILTER (latitude IS NOT NULL),
       bool_or(valid_to IS NULL) AND bool_or(valid_from IS NULL OR $day IS NULL OR valid_from <= $day)
FROM core_place GROUP BY place_id ORDER BY min(level), place_id
"""


def read_places(connection: duckdb.DuckDBPyConnection, day: date | None = None) -> dict[str, Place]:
    """Every place by id, countries first, children linked to parents; `day` is the one of the edition."""
    places: dict[str, Place] = {}
    for row in connection.execute(_ONE_PER_PLACE, {"day": day}).fetchall():
        place_id, level, parent, name, fr, en, ar, has_geometry, lon, lat, stands = row
        names = {lang: text for lang, text in (("fr", fr), ("en", en), ("ar", ar)) if text}
        places[place_id] = Place(
            place_id, level or 0, parent, name or fr or en or "", names, has_geometry, lon, lat, stands
        )
    for place in places.values():
        if place.parent_id in places and place.parent_id != place.id:
            places[place.parent_id].children.append(place.id)
    return places


def chain_up(places: Mapping[str, Place], place_id: str) -> list[str]:
    """The place itself, its parent, and so on up to the country. A circle of parents ends where it would repeat."""
    chain: list[str] = []
    current: str | None = place_id
    while current is not None and current not in chain:
        chain.append(current)
        current = places[current].parent_id if current in places else None
    return chain


def place_closure(places: Mapping[str, Place]) -> pa.Table:
    """(place_id, ancestor_id): each place with itself and all above it; REGIONAL and UNKNOWN alone."""
    pairs = [(place_id, above) for place_id in places for above in chain_up(places, place_id)]
    pairs += [(apart, apart) for apart in APART]
    below, above = zip(*pairs, strict=True)
    return pa.table({"place_id": pa.array(below, pa.string()), "ancestor_id": pa.array(above, pa.string())})


def places_with_something_below(places: Mapping[str, Place]) -> pa.Table:
    """(place_id): places of which something can be said as a whole, apart from what is said of a part of them."""
    return pa.table({"place_id": pa.array([p.id for p in places.values() if p.children], pa.string())})
