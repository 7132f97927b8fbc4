"""Lists of places (p-codes, gazetteer points) and of population.

Place on the way: step 1 and 2. Delimited lists enter; rows of `place` or `population` leave. One row is one place.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from concerted.model.errors import ConfigError, SourceError
from concerted.model.tables import rec_schema
from concerted.records.cells import Cell, clean_text, parse_count, parse_date, parse_number
from concerted.records.countries import country_code
from concerted.sources.base import Batch, Input, Part, SourceConfig
from concerted.sources.grid.delimited import read_head
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.tables import BATCH_ROWS, is_blank, open_tables
from concerted.sources.grid.tags import find_tags, tags_of
from concerted.sources.opening.workbook import WORKBOOK_MARK
from concerted.sources.population.columns import find_columns, find_levels

Row = dict[str, Any]
#: Makes the row of one line, or says in a word why not.
Maker = Callable[[list[Cell]], Row | str]

_POINTS = {
    "id": "(geonameid|geonamesid|id)",
    "name": "(name|asciiname)",
    "latitude": "(latitude|lat)",
    "longitude": "(longitude|lon|lng|long)",
    "country": "(countrycode|country|iso2)",
    "others": "(alternatenames|altnames|othernames)",
}
_PEOPLE = {
    "population": "(population|ttl|totalpopulation|poptotal|ttotal|tpop|ttl\\d*|t tl|pop\\d{4}|population\\d{4})",
    "year": "(year|annee|referenceyear)",
    "country": "(adm0pcode|iso3|iso2|alpha3|countrycode|location|adm0ref|country|pays)",
    "code": "(admpcode|pcode|placecode|code|code(region|province|cercle|departement|commune|admin\\d))",
    "name": "(admref|admname|name|placename|region|province|cercle|departement|commune)",
}


class PlaceListReader:
    """Reads one of the kinds `pcodes`, `gazetteer`, `population`."""

    def __init__(self, kind: str, table: str, is_kind: Callable[[list[list[str]]], bool], plan: Any) -> None:
        self.kind = kind
        self._table = table
        self._is_kind = is_kind
        self._plan = plan

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether the header (or the tags) are those of such a list."""
        if head.startswith(WORKBOOK_MARK) or head.lstrip()[:1] in (b"<", b"{", b"["):
            return False
        return self._is_kind(read_head(head))

    def check(self, config: SourceConfig) -> None:
        """Population takes `mapping: {year: ..}`; the others take none.

        Raises:
            ConfigError: anything else is there.
        """
        allowed = {"year"} if self.kind == "population" else set()
        for key, value in config.mapping.items():
            if key not in allowed or not isinstance(value, int) or not 1950 <= value <= 2100:
                expected = "year: a year" if allowed else "nothing"
                raise ConfigError(f"{config.source_id}: mapping.{key}: found {value!r}, expected {expected}")

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The places of the list.

        Issues:
            place_unreadable (warning): a row without code, name, point or number; set aside.
            place_repeated (info): the same key again; the first row stays, the others are set aside.
            input_cut (error): the document ends or cannot be read from some row on.
        """
        findings = Findings(source)
        met: set[tuple[Any, ...]] = set()
        for table in open_tables(source, findings):
            first, make = self._plan(table.head(25), source)
            if first is None:
                continue
            yield from self._read(table.rows(), first, make, source, findings, met)
        yield Batch(issues=findings.take())

    def _read(
        self,
        rows: Iterator[list[Cell]],
        first: int,
        make: Maker,
        source: Input,
        findings: Findings,
        met: set[tuple[Any, ...]],
    ) -> Iterator[Batch]:
        schema = rec_schema(self._table)
        found: list[Row] = []
        number, seen = first, 0
        numbered = islice(rows, first, None)
        while True:
            try:
                row = next(numbered, None)
            except SourceError as error:
                findings.note("error", "input_cut", number, None, reason=str(error))
                row = None
            if row is not None:
                number += 1
                if not is_blank(row):
                    seen += 1
                    made = make(row)
                    if isinstance(made, str):
                        findings.note("warning", "place_unreadable", number, None, reason=made)
                    elif (key := (made.get("place_id") or made.get("place_code"), made.get("year"))) in met:
                        findings.note("info", "place_repeated", number, None, found=key[0])
                    else:
                        met.add(key)
                        found.append({"source_id": source.config.source_id, **made})
            if row is None or len(found) >= BATCH_ROWS:
                table = pa.Table.from_pylist(found, schema=schema)
                yield Batch({self._table: table}, seen=seen, read=len(found), set_aside=seen - len(found))
                found, seen = [], 0
            if row is None:
                return


def _is_pcodes(head: list[list[str]]) -> bool:
    found = find_tags(head)
    return (
        found is not None
        and _pcode_columns(found[1]).keys() >= {"code", "name"}
        and not any(tag is not None and tag.name in ("#org", "#activity", "#sector") for tag in found[1])
    )


def _pcode_columns(tags: Sequence[Any]) -> dict[str, int]:
    wanted = {
        "#country+code": "country",
        "#geo+admin_level": "level",
        "#adm+code": "code",
        "#adm+name": "name",
        "#adm+code+parent": "parent",
        "#date+start": "since",
        "#date+end": "until",
    }
    return {wanted[str(tag)]: n for n, tag in enumerate(tags) if str(tag) in wanted}


def _plan_pcodes(head: list[list[Cell]], source: Input) -> tuple[int | None, Maker]:
    found = find_tags(head)
    if found is None:
        return None, lambda _: "no tags"
    at = _pcode_columns(found[1])

    def make(row: list[Cell]) -> Row | str:
        code, name = _at(row, at, "code"), _at(row, at, "name")
        if code is None or name is None:
            return "no code" if code is None else "no name"
        country = country_code(_at(row, at, "country") or "")
        parent = _at(row, at, "parent")
        try:
            level = parse_count(_at(row, at, "level"))
            since, until = parse_date(_at(row, at, "since")), parse_date(_at(row, at, "until"))
        except ValueError as error:
            return str(error)
        return {
            "place_id": code,
            "level": level,
            # The parent of a first-level area is its country, here by its three letters.
            "parent_id": country if level == 1 else parent,
            "country_code": country,
            "name": name,
            "valid_from": since or source.config.as_of,
            "valid_to": until,
        }

    return found[0] + 1, make


def _is_points(head: list[list[str]]) -> bool:
    at = find_columns(head[0], _POINTS) if head else {}
    return at.keys() >= {"id", "name", "latitude", "longitude", "others"}


def _plan_points(head: list[list[Cell]], source: Input) -> tuple[int | None, Maker]:
    at = find_columns(head[0], _POINTS)
    is_geonames = "geonameid" in str(head[0][at["id"]]).lower() if "id" in at else False

    def make(row: list[Cell]) -> Row | str:
        name, code = _at(row, at, "name"), _at(row, at, "id")
        try:
            latitude, longitude = (
                parse_number(_at(row, at, "latitude"), "."),
                parse_number(_at(row, at, "longitude"), "."),
            )
        except ValueError as error:
            return str(error)
        if name is None or code is None or latitude is None or longitude is None:
            return "no name, id or point"
        if abs(latitude) > 90 or abs(longitude) > 180:
            return "a point beyond 90 or 180 degrees"
        others = [text for text in (_at(row, at, "others") or "").split("|") if text and text != name]
        return {
            # A settlement is a point and no area: it has no level.
            "place_id": f"geonames:{code}" if is_geonames else code,
            "country_code": country_code(_at(row, at, "country") or ""),
            "name": name,
            "alt_names": "|".join(dict.fromkeys(others)) or None,
            "valid_from": source.config.as_of,
            "longitude": float(longitude),
            "latitude": float(latitude),
        }

    return 1, make


def _is_people(head: list[list[str]]) -> bool:
    if not head:
        return False
    at = find_columns(head[0], _PEOPLE)
    has_code = "code" in at or bool(find_levels(head[0], "(adm|admin){n}pcode?"))
    return "population" in at and has_code and not find_columns(head[0], {"org": ".*(organi[sz]ation|phase|cluster).*"})


def _plan_people(head: list[list[Cell]], source: Input) -> tuple[int | None, Maker]:
    at = find_columns(head[0], _PEOPLE)
    codes = find_levels(head[0], "(adm|admin){n}pcode?")
    names = find_levels(head[0], "(adm|admin){n}(ref|name|fr|en)")
    default = source.config.mapping.get("year") or (source.config.as_of.year if source.config.as_of else None)

    def make(row: list[Cell]) -> Row | str:
        code, name = _at(row, at, "code"), _at(row, at, "name")
        for level in sorted(codes, reverse=True):
            code = code or _at(row, codes, level)
            name = name or _at(row, names, level)
        try:
            people = parse_count(row[at["population"]] if at["population"] < len(row) else None)
            year = parse_count(_at(row, at, "year"))
        except ValueError as error:
            return str(error)
        if code is None or people is None:
            return "no code" if code is None else "no population"
        return {
            "country_code": country_code(_at(row, at, "country") or ""),
            "place_code": code,
            "place_name": name,
            "year": year or default,
            "population": people,
        }

    # A list may have a row of HXL tags below its header.
    return (2 if len(head) > 1 and tags_of(head[1]) is not None else 1), make


def _at(row: Sequence[Cell], columns: Any, key: Any) -> str | None:
    position = columns.get(key)
    if position is None or position >= len(row):
        return None
    # Not `clean_text` for codes: "NA" is Namibia, and no code is a word for nothing.
    text = row[position]
    return (text.strip() or None) if isinstance(text, str) and len(text.strip()) <= 3 else clean_text(text)


READERS = (
    PlaceListReader("pcodes", "place", _is_pcodes, _plan_pcodes),
    PlaceListReader("gazetteer", "place", _is_points, _plan_points),
    PlaceListReader("population", "population", _is_people, _plan_people),
)
