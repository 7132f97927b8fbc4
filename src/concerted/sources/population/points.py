"""Points of a gazetteer (GeoNames): settlements with their spellings.

Place on the way: a list of the place reader. Rows enter, records of `place` leave. A settlement is a point and no area:
it has no level. Source: GeoNames, readme of the dump (columns).
"""

from collections.abc import Sequence

from concerted.records.cells import Cell, parse_number
from concerted.records.countries import country_code
from concerted.sources.base import Input
from concerted.sources.grid.records import Record, RecordMaker
from concerted.sources.population.columns import bare, find_columns, text_at

_HEADERS = {
    "id": "(geonameid|geonamesid|id)",
    "name": "(name|asciiname)",
    "latitude": "(latitude|lat)",
    "longitude": "(longitude|lon|lng|long)",
    "country": "(countrycode|country|iso2)",
    "others": "(alternatenames|altnames|othernames)",
}


def is_points(head: Sequence[Sequence[Cell]]) -> bool:
    """Whether the header names an id, a name, other names, and a point."""
    at = find_columns(head[0], _HEADERS) if head else {}
    return at.keys() >= {"id", "name", "latitude", "longitude", "others"}


def plan_points(head: Sequence[Sequence[Cell]], source: Input) -> tuple[int, RecordMaker]:
    """Number of the first row of data, and what makes a place of a row."""
    header = head[0] if head else []
    at = find_columns(header, _HEADERS)
    scheme = "geonames:" if any(bare(cell).startswith("geoname") for cell in header) else ""

    def make(row: Sequence[Cell], line: int) -> Record:
        name, code = text_at(row, at, "name"), text_at(row, at, "id")
        latitude, longitude = (parse_number(text_at(row, at, key), ".") for key in ("latitude", "longitude"))
        if name is None or code is None or latitude is None or longitude is None:
            raise ValueError("no name, id or point")
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValueError("a point beyond 90 or 180 degrees")
        others = [text for text in (text_at(row, at, "others") or "").split("|") if text and text != name]
        return {
            "place_id": scheme + code,
            "country_code": country_code(text_at(row, at, "country") or ""),
            "name": name,
            "alt_names": "|".join(dict.fromkeys(others)) or None,
            "valid_from": source.config.as_of,
            "longitude": float(longitude),
            "latitude": float(latitude),
        }

    return 2, make
