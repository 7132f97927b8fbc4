"""What locate could not place or trust, as rows of table `issue`.

Place on the way: inside locate. Warnings stand per statement, so that its owner can mend it; infos, which repeat by the
thousand in one file, stand once per file and marking with their number.
"""

import json
from collections import Counter
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.locate.sheet_country import Sheet, SheetCountry
from concerted.model.tables import full_schema

_COLUMNS = (
    "severity", "code", "source_id", "input_path", "line", "record_id", "field", "values", "count", "marking_key"
)  # fmt: skip

_SHEET = pa.schema([("input_path", pa.string()), ("marking_key", pa.string()), ("values", pa.string())])


def text_issues(located: ir.Table, found: ir.Table, activity: ir.Table) -> ir.Table:
    """Issues of wordings, for the locations that use them; a name that is in no list is none where a point tells."""
    rows = located.select("record_id", "line", "text_key", "located_by").join(found, "text_key")
    rows = rows.filter((rows.field != "location_name") | (rows.located_by != "point")).drop("text_key", "located_by")
    return _per_statement(rows.filter(rows.severity == "warning"), activity).union(
        _per_file(rows.filter(rows.severity == "info"), activity)
    )


def outside_issues(located: ir.Table, activity: ir.Table) -> ir.Table:
    """point_outside_country: coordinates that the country overrules."""
    rows = located.filter(located.is_outside.fill_null(False))
    return _per_statement(_issue(rows, "warning", "point_outside_country", "point", rows.outside_values), activity)


def unplaced_issues(located: ir.Table, activity: ir.Table) -> ir.Table:
    """point_unplaced: coordinates in no area that is loaded, where nothing else told the place."""
    rows = located.filter(
        located.point_evidence.notnull()
        & located.point_place.isnull()
        & ~located.is_outside.fill_null(False)
        & located.located_by.isin(["country", "none"])
        & (located.text_level != 0).fill_null(True)
    )
    return _per_file(_issue(rows, "info", "point_unplaced", "point", _json(countries=rows.scope)), activity)


def disagreement_issues(located: ir.Table, activity: ir.Table) -> ir.Table:
    """point_text_disagree: coordinates in another first-level area than the one that the words name."""
    rows = located.filter((located.text_admin1 != located.point_admin1).fill_null(False))
    rows = rows.filter(rows.located_by != "country")
    values = _json(stated=rows.text_admin1, point=rows.point_evidence, point_in=rows.point_admin1, used=rows.place_id)
    return _per_file(_issue(rows, "info", "point_text_disagree", "point", values), activity)


def country_issues(unknown: ir.Table, activity: ir.Table) -> ir.Table:
    """country_unknown: recipient-country codes that are no country."""
    rows = unknown.mutate(line=ibis.null("int64"))
    values = _json(found=rows.given_code)
    return _per_statement(_issue(rows, "warning", "country_unknown", "recipient", values), activity)


def place_issues(without_id: list[dict[str, Any]]) -> ir.Table:
    """place_without_id: rows of boundary sources that cannot be joined to anything."""
    counts = Counter((row["source_id"], row["name"] or "") for row in without_id)
    schema = pa.schema([(f.name, f.type) for f in full_schema("issue") if f.name in _COLUMNS])
    rows = [
        {
            "severity": "warning",
            "code": "place_without_id",
            "source_id": source,
            "field": "place_id",
            "values": json.dumps({"name": name}, ensure_ascii=False),
            "count": count,
        }
        for (source, name), count in sorted(counts.items())
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema)).select(_COLUMNS)


def sheet_issues(sheets: dict[Sheet, SheetCountry], activity: ir.Table) -> ir.Table:
    """country_inferred: the country of a sheet that does not say it."""
    found = [
        {"input_path": path, "marking_key": marking, "values": json.dumps(country._asdict())}
        for (path, marking), country in sheets.items()
    ]
    sources = activity.group_by(["input_path", "marking_key"]).aggregate(
        source_id=activity.source_id.min(), line=activity.line.min()
    )
    rows = ibis.memtable(pa.Table.from_pylist(found, schema=_SHEET)).join(sources, ["input_path", "marking_key"])
    return rows.mutate(
        severity=ibis.literal("info"),
        code=ibis.literal("country_inferred"),
        record_id=ibis.null("int64"),
        field=ibis.literal("country"),
        count=ibis.literal(1, "int64"),
    ).select(_COLUMNS)


def share_issues(found: ir.Table, activity: ir.Table) -> ir.Table:
    """share_sum and share_partial: percentages that do not add up."""
    rows = found.mutate(severity=ibis.literal("warning"), line=ibis.null("int64"))
    return _per_statement(rows.select("record_id", "line", "severity", "code", "field", "values"), activity)


def _issue(rows: ir.Table, severity: str, code: str, field: str, values: ir.StringValue) -> ir.Table:
    return rows.select(
        "record_id",
        "line",
        severity=ibis.literal(severity),
        code=ibis.literal(code),
        field=ibis.literal(field),
        values=values,
    )


def _json(**values: ir.StringValue) -> ir.StringValue:
    """A JSON object of texts; a quote or backslash in them, which no id needs, is left out."""
    text: ir.StringValue = ibis.literal("{")
    for number, (name, value) in enumerate(sorted(values.items())):
        clean = value.fill_null("").replace("\\", "").replace('"', "")
        text = text + f'{", " if number else ""}"{name}": "' + clean + '"'
    return text + "}"


def _per_statement(rows: ir.Table, activity: ir.Table) -> ir.Table:
    origin = activity.select("record_id", "source_id", "input_path", origin_line="line")
    rows = rows.join(origin, "record_id").mutate(line=lambda t: t.line.coalesce(t.origin_line))
    by = ["severity", "code", "source_id", "input_path", "record_id", "field", "values"]
    grouped = rows.group_by(by).aggregate(line=rows.line.min(), count=rows.count())
    return grouped.mutate(marking_key=ibis.null("string")).select(_COLUMNS)  # that of the record


def _per_file(rows: ir.Table, activity: ir.Table) -> ir.Table:
    origin = activity.select("record_id", "source_id", "input_path", "marking_key", origin_line="line")
    rows = rows.join(origin, "record_id").mutate(line=lambda t: t.line.coalesce(t.origin_line))
    by = ["severity", "code", "source_id", "input_path", "field", "values", "marking_key"]
    grouped = rows.group_by(by).aggregate(line=rows.line.min(), count=rows.count())
    return grouped.mutate(record_id=ibis.null("int64")).select(_COLUMNS)
