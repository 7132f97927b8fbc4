"""UCDP georeferenced events as context.

Place on the way: step 1 and 2. A GED table (CSV) or its points (GeoJSON) enter; rows of `event` leave. Who fought whom
is not read: columns of sides, dyads and sources are counted as unread. Source: UCDP GED Codebook (variables).
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from concerted.model.ids import hash_id, id_text
from concerted.model.tables import rec_schema
from concerted.records.cells import Cell, clean_text, parse_count, parse_date, parse_number
from concerted.records.countries import country_code
from concerted.sources.base import Batch, Input, Part
from concerted.sources.geojson.features import read_features
from concerted.sources.grid.delimited import read_head
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.records import Record, read_records
from concerted.sources.grid.tables import open_tables
from concerted.sources.open import read_bytes

_NEEDED = frozenset(("id", "date_start", "latitude", "longitude", "best", "high", "low"))
_READ = _NEEDED | {"country", "adm_1"}


class EventReader:
    """Reads kind `ucdp-ged`."""

    kind = "ucdp-ged"

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether it is a GED table, or points with the three estimates of deaths."""
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if text.startswith(b"{"):
            return b'"FeatureCollection"' in text[:4096] and all(
                f'"{k}"'.encode() in text for k in ("best", "low", "high")
            )
        rows = read_head(head, 1)
        return bool(rows) and {cell.strip().lower() for cell in rows[0]} >= _NEEDED

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The events.

        Issues:
            event_unreadable (warning): no point, or an estimate that is no count; set aside.
            input_cut (error): the document ends or cannot be read from some row on.
        """
        findings = Findings(source)
        if source.name.lower().removesuffix(".gz").endswith(("json",)):
            yield from _read_points(source, findings)
        else:
            yield from _read_table(source, findings)
        yield Batch(issues=findings.take())


def _read_table(source: Input, findings: Findings) -> Iterator[Batch]:
    for table in open_tables(source, findings):
        header = [str(cell).strip().lower() for cell in next(iter(table.head(1)), [])]
        at = {name: position for position, name in enumerate(header) if name in _READ}
        unread = {name: position for position, name in enumerate(header) if name not in _READ}

        def make(row: Sequence[Cell], line: int, at: dict[str, int] = at) -> Record:
            return _event(source, line, {name: row[n] if n < len(row) else None for name, n in at.items()})

        yield from read_records("event", table, 2, make, findings, "event_unreadable", unread)


def _read_points(source: Input, findings: Findings) -> Iterator[Batch]:
    features = read_features(read_bytes(source), source.name)
    found: list[dict[str, Any]] = []
    met: Counter[str] = Counter()
    for number, feature in enumerate(features, 1):
        properties = feature["properties"] or {}
        point = (feature["geometry"] or {}).get("coordinates")
        longitude, latitude = point[:2] if isinstance(point, list) and len(point) > 1 else (None, None)
        cells: dict[str, Any] = {**{k: properties.get(k) for k in _READ}, "longitude": longitude, "latitude": latitude}
        if cells["id"] is None:
            # These points have no id: what they say is their key, and which one of equals they are.
            key = json.dumps([point, properties], sort_keys=True)
            cells["id"] = id_text(hash_id("event", key, str(met[key])))
            met[key] += 1
        try:
            found.append(
                _event(source, number, {k: v if isinstance(v, str | float | int) else None for k, v in cells.items()})
            )
        except ValueError as error:
            findings.note("warning", "event_unreadable", number, None, reason=str(error))
    table = pa.Table.from_pylist(found, schema=rec_schema("event"))
    yield Batch({"event": table}, seen=len(features), read=len(found), set_aside=len(features) - len(found))


def _event(source: Input, line: int, cells: dict[str, Cell]) -> dict[str, Any]:
    """One event.

    Raises:
        ValueError: no point or id, or an estimate that is no count.
    """
    latitude, longitude = parse_number(cells["latitude"], "."), parse_number(cells["longitude"], ".")
    event_id = clean_text(cells["id"])
    if event_id is None or latitude is None or longitude is None:
        raise ValueError("no id or no point")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError("a point beyond 90 or 180 degrees")
    country = clean_text(cells.get("country"))
    return {
        "source_id": source.config.source_id,
        "event_id": event_id,
        "line": line,
        "event_date": parse_date(cells.get("date_start")),
        # GED writes former names behind the present ones: "DR Congo (Zaire)".
        "country_code": country_code(country.split(" (")[0]) if country else None,
        "admin1_name": clean_text(cells.get("adm_1")),
        "latitude": float(latitude),
        "longitude": float(longitude),
        **{key: parse_count(cells[key]) for key in ("best", "low", "high")},
    }


READERS = (EventReader(),)
