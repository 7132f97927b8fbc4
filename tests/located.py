"""Small worlds for locate: tables from a few rows, and areas that are squares."""

from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import shapely

from concerted.locate import step
from concerted.model.tables import full_schema, rec_schema
from concerted.store.step import StepResult

Rows = list[dict[str, Any]]


def place(place_id: str, level: int | None, name: str, **more: Any) -> dict[str, Any]:
    """A row of rec_place; `box` = (west, south, east, north) becomes its geometry."""
    box = more.pop("box", None)
    row = dict.fromkeys(rec_schema("place").names)
    row |= {"source_id": "test", "place_id": place_id, "level": level, "name": name, "country_code": place_id[:2]}
    if box:
        row["geometry_wkb"] = shapely.to_wkb(shapely.box(*box))
    return row | more


def table(name: str, rows: Rows, *, full: bool = False) -> ir.Table:
    """Rows as the Ibis table `rec_<name>`, or `core_<name>` with `full`."""
    return ibis.memtable(pa.Table.from_pylist(rows, schema=(full_schema if full else rec_schema)(name)))


def inputs(**given: Rows) -> dict[str, pa.Table]:
    """The step's inputs of `locations`, `recipients`, `places`, `codes`, `activities`, `precedence`; all filled in."""
    ids = {row["record_id"] for rows in given.values() for row in rows if "record_id" in row}
    known = {row["record_id"] for row in given.get("activities", [])}
    missing = [{"record_id": i} for i in sorted(ids - known)]
    activities = [
        {"source_id": "test", "input_path": "test.xml", "line": 1, "marking_key": "CLEAR", **row}
        for row in [*given.get("activities", []), *missing]
    ]
    locations = [{"seq": n, **row} for n, row in enumerate(given.get("locations", []))]
    recipients = [
        {"seq": n, "transaction_seq": -1, "kind": "country", **row} for n, row in enumerate(given.get("recipients", []))
    ]
    return {
        "core_activity": pa.Table.from_pylist(activities, schema=full_schema("activity")),
        "rec_location": pa.Table.from_pylist(locations, schema=rec_schema("location")),
        "rec_location_code": pa.Table.from_pylist(given.get("codes", []), schema=rec_schema("location_code")),
        "rec_recipient": pa.Table.from_pylist(recipients, schema=rec_schema("recipient")),
        "rec_place": pa.Table.from_pylist(given.get("places", []), schema=rec_schema("place")),
        "core_precedence": pa.Table.from_pylist(given.get("precedence", []), schema=full_schema("precedence")),
    }


def locate(**given: Rows) -> "Located":
    """Run the step on `inputs`."""
    return Located(step.run({name: ibis.memtable(table) for name, table in inputs(**given).items()}, step.Params()))


class Located:
    """The outputs of the step as plain rows."""

    def __init__(self, result: StepResult) -> None:
        self.result = result

    @cached_property
    def locations(self) -> Rows:
        """Rows of core_location in order of record and seq."""
        rows: Rows = self.result.tables["core_location"].to_pyarrow().to_pylist()
        return sorted(rows, key=lambda r: (r["record_id"], r["seq"]))

    @cached_property
    def places(self) -> Rows:
        """Rows of core_place."""
        rows: Rows = self.result.tables["core_place"].to_pyarrow().to_pylist()
        return rows

    @cached_property
    def shares(self) -> dict[tuple[int, int], dict[str, int]]:
        """share by place, by (record_id, transaction_seq)."""
        found: dict[tuple[int, int], dict[str, int]] = {}
        for row in self.share_rows:
            of_group = found.setdefault((row["record_id"], row["transaction_seq"]), {})
            assert row["place_id"] not in of_group
            of_group[row["place_id"]] = row["share"]
        return found

    @cached_property
    def share_rows(self) -> Rows:
        """Rows of core_place_share in order of their key."""
        rows: Rows = self.result.tables["core_place_share"].to_pyarrow().to_pylist()
        return sorted(rows, key=lambda r: (r["record_id"], r["transaction_seq"], r["place_id"]))

    @cached_property
    def issues(self) -> Rows:
        """All issue rows."""
        return [row for part in self.result.issues for row in part.to_pyarrow().to_pylist()]

    def placed(self) -> list[tuple[str | None, str, str]]:
        """(place_id, precision, located_by) of each location."""
        return [(r["place_id"], r["precision"], r["located_by"]) for r in self.locations]
