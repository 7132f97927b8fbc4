"""What is told of hidden records is the same on DuckDB and on Spark."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from concerted.model.tables import full_schema, tables
from concerted.unshown import step
from unshown.test_unshown import say, three
from worlds import Row, World, arrow

pytestmark = [pytest.mark.spark, pytest.mark.slow]


def run_on(engine: Any, world: World, folder: Path) -> dict[str, list[Row]]:
    folder.mkdir()
    given = {}
    for full in step.INPUTS:
        bare = full.split("_", 1)[1]
        file = folder / f"{full}.parquet"
        pq.write_table(arrow(world.rows(bare), full_schema(bare)), file)
        given[full] = engine.scan(full, [file], full_schema(bare))
    found = {}
    for full, table in step.run(given, step.Params()).tables.items():
        spec = tables()[full.split("_", 1)[1]]
        engine.write(table, folder / f"{full}.parquet", spec.schema(), spec.key)
        found[full] = pq.read_table(folder / f"{full}.parquet").to_pylist()
    return found


def test_both_engines_tell_the_same_and_go_on_from_each_other(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    from concerted.store.engine import DuckEngine
    from concerted.store.spark import SparkEngine

    world = three()
    for record, usd in ((4, "90.05"), (5, "88.88"), (6, "91.11"), (7, None)):
        say(world, record, usd, node="2.1", place="NE01")
    found = {}
    for name, engine in (("duck", DuckEngine(tmp_path)), ("spark", SparkEngine(tmp_path, "local[2]"))):
        first = run_on(engine, world, tmp_path / f"{name}1")
        before = {full.removeprefix("out_"): rows for full, rows in first.items()}
        found[name] = first, run_on(engine, World({**world.tables, **before}), tmp_path / f"{name}2")
        engine.close()
    assert found["duck"] == found["spark"]
    assert found["duck"][0]["out_unshown_total"]
    assert found["duck"][0]["out_unshown_total"] == found["duck"][1]["out_unshown_total"]
