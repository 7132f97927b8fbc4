"""What the matchers found for each distinct wording and point, as small Arrow tables to join back.

Place on the way: inside locate, between `statements` and `step`. Each wording and each point is looked at once, however
many statements repeat it.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

import pyarrow as pa

from concerted.locate.names import Kind
from concerted.locate.points import Polygons, place_points
from concerted.locate.reference import Place, Reference
from concerted.locate.text import Finding, TextMatcher, Wording

_TEXT = pa.schema(
    [
        ("text_key", pa.string()),
        ("text_place", pa.string()),
        ("text_level", pa.int32()),
        ("text_admin1", pa.string()),
        ("text_by", pa.string()),
        ("text_evidence", pa.string()),
        ("only_country", pa.string()),
    ]
)
_ISSUES = pa.schema([(n, pa.string()) for n in ("text_key", "severity", "code", "field", "values")])
_POINTS = pa.schema(
    [
        ("longitude", pa.float64()),
        ("latitude", pa.float64()),
        ("point_scope", pa.string()),
        ("era", pa.int64()),
        ("point_place", pa.string()),
        ("point_level", pa.int32()),
        ("point_admin1", pa.string()),
        ("point_admin2", pa.string()),
        ("point_country", pa.string()),
        ("point_evidence", pa.string()),
        ("is_outside", pa.bool_()),
        ("outside_values", pa.string()),
    ]
)


def text_tables(wordings: pa.Table, ref: Reference) -> tuple[pa.Table, pa.Table]:
    """Per `text_key` where the wording points, and the issues it has; `only_country` is its country when it is sure."""
    matcher = TextMatcher(ref)
    rows: list[dict[str, Any]] = []
    issues: list[dict[str, str]] = []
    for key, wording in _wordings(wordings):
        found = matcher.find(wording)
        rows.append(_text_row(key, wording, found, ref))
        issues.extend(
            {
                "text_key": key,
                "severity": issue.severity,
                "code": issue.code,
                "field": issue.field,
                "values": json.dumps(issue.values, ensure_ascii=False, sort_keys=True),
            }
            for issue in found.issues
        )
    return pa.Table.from_pylist(rows, schema=_TEXT), pa.Table.from_pylist(issues, schema=_ISSUES)


def _wordings(table: pa.Table) -> Iterator[tuple[str, Wording]]:
    columns = [table[name].to_pylist() for name in table.column_names]
    names = table.column_names
    for values in zip(*columns, strict=True):
        row = dict(zip(names, values, strict=True))
        yield (
            row["text_key"],
            Wording(
                countries=tuple(c for c in (row["scope"] or "").split("|") if c),
                codes=(row["admin1_code"], row["admin2_code"], row["admin3_code"]),
                names=(row["admin1_name"], row["admin2_name"], row["admin3_name"]),
                name=row["name"],
                other_codes=tuple(c for c in (row["codes"] or "").split("|") if c),
                kind=cast(Kind | None, row["spot_kind"]),
                era=row["era"],
            ),
        )


def _text_row(key: str, wording: Wording, found: Finding, ref: Reference) -> dict[str, Any]:
    place = found.place
    admin1 = place.ancestor(1) if place else None
    country = place.ancestor(0) if place else None
    if country is None and len(wording.countries) == 1:
        country = ref.places.get(wording.countries[0])
    return {
        "text_key": key,
        "text_place": _id(place),
        "text_level": place.level if place else None,
        "text_admin1": _id(admin1),
        "text_by": found.by,
        "text_evidence": found.evidence,
        "only_country": _id(country),
    }


def point_table(points: pa.Table, polygons: Polygons) -> pa.Table:
    """Per distinct point the area that holds it with its ancestors, or that it lies outside the stated countries."""
    places, is_outside = place_points(points, polygons)
    ancestors = {id(p): [_id(p.ancestor(level)) for level in (1, 2, 0)] for p in places if p is not None}
    of_place = [ancestors[id(p)] if p is not None else (None, None, None) for p in places]
    admin1, admin2, country = (list(c) for c in zip(*of_place, strict=True)) if of_place else ([], [], [])
    at = zip(points["latitude"].to_pylist(), points["longitude"].to_pylist(), strict=True)
    evidence = [f"{latitude:.5f}, {longitude:.5f}" for latitude, longitude in at]
    stated = points["scope"].to_pylist()
    columns: list[Any] = [
        points["longitude"],
        points["latitude"],
        points["scope"].fill_null(""),
        points["era"].cast(pa.int64()),
        [_id(p) for p in places],
        [p.level if p is not None else None for p in places],
        admin1,
        admin2,
        country,
        evidence,
        is_outside,
        [
            json.dumps({"countries": scope, "point": point}) if outside else None
            for scope, point, outside in zip(stated, evidence, is_outside, strict=True)
        ],
    ]
    arrays = [
        c if isinstance(c, pa.ChunkedArray) else pa.array(c, f.type) for c, f in zip(columns, _POINTS, strict=True)
    ]
    return pa.table(arrays, schema=_POINTS)


def _id(place: Place | None) -> str | None:
    return place.id if place is not None else None
