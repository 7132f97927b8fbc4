"""GeoJSON and TopoJSON areas as places.

Place on the way: step 1 and 2. Features with names and codes enter; rows of `place` leave, with a valid geometry in WGS
84 and a point inside it. The levels above are told too, without geometry, where the properties name them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from concerted.codelists.sheet_words import fold
from concerted.model.errors import ConfigError
from concerted.model.tables import rec_schema
from concerted.records.cells import parse_date
from concerted.sources.base import Batch, Input, Part, SourceConfig
from concerted.sources.boundaries.names import MAPPING_KEYS, Naming, naming_of
from concerted.sources.geojson.features import read_features
from concerted.sources.grid.findings import Findings
from concerted.sources.open import read_bytes


@dataclass
class _Area:
    naming: Naming
    geometry: Any


class BoundariesReader:
    """Reads kind `boundaries`."""

    kind = "boundaries"

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether it is a collection of features or a topology; points with deaths are events, not places."""
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if not text.startswith(b"{"):
            return False
        start = text[:4096].replace(b" ", b"")
        if b'"FeatureCollection"' in start:
            return not (b'"best"' in text and b'"low"' in text and b'"high"' in text)
        return b'"type":"Topology"' in start

    def check(self, config: SourceConfig) -> None:
        """Check the mapping: `level`, `code`, `name`, `parent`, `country`, `valid_from`, `valid_to`.

        Raises:
            ConfigError: another key, or a level that is none.
        """
        for key in config.mapping:
            if key not in MAPPING_KEYS:
                raise ConfigError(
                    f"{config.source_id}: mapping.{key}: no such key; expected one of {', '.join(sorted(MAPPING_KEYS))}"
                )
        if config.mapping.get("level", 1) not in (0, 1, 2, 3):
            raise ConfigError(f"{config.source_id}: mapping.level: found {config.mapping['level']!r}, expected 0 to 3")

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One: JSON cannot be cut."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The places of all features.

        Issues:
            feature_without_properties, feature_without_name, feature_without_code (warning): set aside.
            geometry_wrong (warning): no area or point, or not in degrees; the place stays, without geometry.
            geometry_mended (info): it crossed itself and was made valid.
            place_repeated (info): several features of one code and name, joined to one area.
            place_code_shared (warning): the code of another name; kept with the name behind the code.
        Raises:
            SourceError: not JSON.
        """
        findings = Findings(source)
        found = read_features(read_bytes(source), source.name)
        areas: dict[str, _Area] = {}
        seen = read = 0
        for number, feature in enumerate(found, 1):
            seen += 1
            naming = naming_of(feature["properties"], feature["id"], source.config.mapping)
            if isinstance(naming, str):
                findings.note("warning", f"feature_{naming}", number)
                continue
            read += 1
            geometry = _geometry(feature["geometry"], number, findings)
            known = areas.get(naming.code)
            if known is not None and fold(known.naming.name) != fold(naming.name):
                findings.note("warning", "place_code_shared", number, None, found=naming.code, name=naming.name)
                naming = replace(naming, code=f"{naming.code}.{fold(naming.name).replace(' ', '-')}")
                known = areas.get(naming.code)
            if known is None:
                areas[naming.code] = _Area(naming, geometry)
            else:
                findings.note("info", "place_repeated", number, None, found=naming.code)
                known.geometry = _joined(known.geometry, geometry)
        table = _table(source, areas)
        yield Batch({"place": table}, findings.take(), seen=seen, read=read, set_aside=seen - read)


def _geometry(raw: Any, number: int, findings: Findings) -> Any:
    """A valid polygon, multipolygon or point; None when there is none."""
    import shapely
    from shapely.geometry import shape

    if raw is None:
        findings.note("warning", "geometry_wrong", number, None, reason="none")
        return None
    try:
        geometry = shapely.force_2d(shape(raw))
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError) as error:
        findings.note("warning", "geometry_wrong", number, None, reason=type(error).__name__)
        return None
    west, south, east, north = geometry.bounds if not geometry.is_empty else (0.0, 0.0, 0.0, 0.0)
    # 180 and 90 with a hair's breadth: simplified files overshoot the antimeridian.
    if geometry.is_empty or west < -180.001 or east > 180.001 or south < -90.001 or north > 90.001:
        findings.note("warning", "geometry_wrong", number, None, reason="not in degrees (WGS 84), or empty")
        return None
    if geometry.geom_type == "Point":
        return geometry
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
        findings.note("info", "geometry_mended", number)
    return _areas_only(geometry, number, findings)


def _areas_only(geometry: Any, number: int, findings: Findings) -> Any:
    import shapely

    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [g for g in shapely.get_parts(geometry) if g.geom_type in ("Polygon", "MultiPolygon")]
    if not parts:
        findings.note("warning", "geometry_wrong", number, None, reason=f"a {geometry.geom_type} is no area")
        return None
    return shapely.unary_union(parts)


def _joined(first: Any, second: Any) -> Any:
    import shapely

    known = [g for g in (first, second) if g is not None and g.geom_type != "Point"]
    return shapely.unary_union(known) if known else first or second


def _table(source: Input, areas: dict[str, _Area]) -> pa.Table:
    """Rows of `place`: the features, and the levels above that have no feature of their own."""
    rows: dict[str, dict[str, Any]] = {}
    for area in areas.values():
        rows[area.naming.code] = _row(source, area)
    for area in areas.values():
        naming = area.naming
        above = naming.country
        for level, code, name in sorted(naming.parents):
            if code not in rows and name is not None:
                rows[code] = {
                    "place_id": code,
                    "level": level,
                    "parent_id": above,
                    "country_code": naming.country,
                    "name": name,
                    "valid_from": _since(source, naming.valid_from),
                    "valid_to": _until(source, naming.valid_to),
                }
            above = code
    table = [{"source_id": source.config.source_id, **row} for _, row in sorted(rows.items())]
    return pa.Table.from_pylist(table, schema=rec_schema("place"))


def _row(source: Input, area: _Area) -> dict[str, Any]:
    import shapely

    naming, geometry = area.naming, area.geometry
    point = None if geometry is None else geometry if geometry.geom_type == "Point" else geometry.point_on_surface()
    is_area = geometry is not None and geometry.geom_type != "Point"
    parent = max(naming.parents, default=None)
    return {
        "place_id": naming.code,
        "level": naming.level,
        "parent_id": None if naming.level == 0 else parent[1] if parent else naming.country,
        "country_code": naming.country,
        "name": naming.name,
        **{f"name_{lang}": text for lang, text in naming.names.items()},
        "alt_names": naming.alt_names,
        "valid_from": _since(source, naming.valid_from),
        "valid_to": _until(source, naming.valid_to),
        "geometry_wkb": shapely.to_wkb(shapely.normalize(geometry), byte_order=1) if is_area else None,
        "longitude": None if point is None else point.x,
        "latitude": None if point is None else point.y,
    }


def _since(source: Input, own: date | None) -> date | None:
    stated = source.config.mapping.get("valid_from")
    return parse_date(stated) if stated else own or source.config.as_of


def _until(source: Input, own: date | None) -> date | None:
    stated = source.config.mapping.get("valid_to")
    return parse_date(stated) if stated else own


READERS = (BoundariesReader(),)
