"""Resolve, allocate and picture give equal rows on DuckDB and on Spark."""

from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq
import pytest

from concerted.allocate import step as allocate
from concerted.model.tables import full_schema, rec_schema, tables
from concerted.picture import step as picture
from concerted.picture.params import Params as PictureParams
from concerted.resolve import step as resolve
from worlds import AS_OF, Row, World, a_world, arrow

pytestmark = [pytest.mark.spark, pytest.mark.slow]

STEPS: tuple[tuple[ModuleType, Any], ...] = (
    (resolve, resolve.Params(as_of=AS_OF, file_dates=(("f0.xml", date(2026, 1, 1)),))),
    (allocate, allocate.Params(as_of=AS_OF)),
    (picture, PictureParams(as_of=AS_OF, fresh_from=date(2025, 6, 30))),
)


def run_all(engine: Any, world: World, folder: Path) -> dict[str, list[Row]]:
    """Every output of the three steps, each step on the files of those before."""
    folder.mkdir()
    found: dict[str, list[Row]] = {}
    for step, params in STEPS:
        given = {}
        for full in step.INPUTS:
            layer, bare = full.split("_", 1)
            schema = rec_schema(bare) if layer == "rec" else full_schema(bare)
            file = folder / f"{full}.parquet"
            if not file.exists():
                pq.write_table(arrow(world.rows(bare), schema), file)
            given[full] = engine.scan(full, [file], schema)
        result = step.run(given, params)
        for full, table in result.tables.items():
            spec = tables()[full.split("_", 1)[1]]
            engine.write(table, folder / f"{full}.parquet", spec.schema(), spec.key)
            found[full] = pq.read_table(folder / f"{full}.parquet").to_pylist()
        issues = [row for part in result.issues for row in part.to_pyarrow().to_pylist()]
        found[f"issues of {step.NAME}"] = sorted(issues, key=repr)
    return found


def test_both_engines_give_equal_rows(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    from concerted.store.engine import DuckEngine
    from concerted.store.spark import SparkEngine

    world = a_world(7, 10, negative=True)
    for activity in world.rows("activity"):
        activity["reporting_org_ref"] = f"XX-{activity['record_id'] % 3}"
    world.add("related_activity", record_id=1000, seq=0, type_code="1", ref="XX-1-2")
    for activity in world.rows("activity"):
        record = activity["record_id"]
        for seq, (group, value) in enumerate(((None, 24 + record % 5), ("f", 20), (None, record % 11))):
            world.add("people", record_id=record, seq=seq, kind="reached", group=group, value=value)
        world.add("indicator", record_id=record, result_seq=0, seq=0, title="Women trained", baseline_value="3")
        world.add("indicator_period", record_id=record, indicator_seq=0, seq=0, actual_value=str(record % 13))
    world.add("participating_org", record_id=2000, seq=0, role_code="1", ref="XX-0", name="Funder")
    found = {}
    for engine in (DuckEngine(tmp_path / "d"), SparkEngine(tmp_path / "s", "local[2]")):
        found[engine.name] = run_all(engine, world, tmp_path / engine.name)
        engine.close()
    assert found["duckdb"]["out_cell"]
    assert {row["in_table"] for row in found["duckdb"]["out_suppressed"]} == {
        "core_people", "core_indicator", "core_indicator_period",
    }  # fmt: skip
    for name, rows in found["duckdb"].items():
        assert found["spark"][name] == rows, name
