"""The same rows on Spark as on DuckDB, for every table and issue of locate."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.locate import generate

from concerted.locate import step
from concerted.model.tables import full_schema, rec_schema, tables
from concerted.store.engine import DuckEngine

pytestmark = pytest.mark.spark


def outputs(engine: Any, inputs: dict[str, Path], folder: Path) -> dict[str, pa.Table]:
    """Every table the engine makes of the inputs, in the order of its key."""
    schemas = {n: full_schema(n[5:]) if n.startswith("core") else rec_schema(n[4:]) for n in inputs}
    result = step.run({n: engine.scan(n, [path], schemas[n]) for n, path in inputs.items()}, step.Params())
    found = {}
    for name, table in result.tables.items():
        spec = tables()[name.removeprefix("core_")]
        engine.write(table, folder / f"{name}.parquet", full_schema(spec.name), spec.key)
        found[name] = pq.read_table(folder / f"{name}.parquet")
    issues = result.issues[0]
    schema = pa.schema([f for f in full_schema("issue") if f.name in issues.columns])
    engine.write(issues, folder / "issues.parquet", schema, [k for k in tables()["issue"].key if k in schema.names])
    return found | {"issues": pq.read_table(folder / "issues.parquet")}


def test_both_engines_give_equal_tables(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    from concerted.store.spark import SparkEngine

    inputs = generate(1_000, tmp_path)
    found = {}
    for name, make in (("duckdb", DuckEngine), ("spark", lambda path: SparkEngine(path, "local[2]"))):
        (tmp_path / name).mkdir()
        engine = make(tmp_path / f"scratch_{name}")
        found[name] = outputs(engine, inputs, tmp_path / name)
        engine.close()
    assert found["duckdb"].keys() == found["spark"].keys()
    for name, table in found["duckdb"].items():
        assert table.num_rows > 0
        assert table.equals(found["spark"][name]), name
