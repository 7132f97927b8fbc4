"""The same relations, and the same range, on Spark as on DuckDB."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.model.tables import full_schema, rec_schema, tables
from concerted.resolve import step
from concerted.store.engine import DuckEngine
from resolve.projects.test_relations import ONE, TWO, a_world
from resolve.test_resolve import Told
from worlds import AS_OF, arrow

pytestmark = pytest.mark.spark


def a_mixed_world() -> Told:
    """Told in other words openly, by a group, and declared; with sums, places and codes."""
    world = a_world()
    title = "Markets of Tassiga: rebuilding after floods, ref BG207"
    world.say(3, "WW-3-C", ref="WW-3", title=title, marking_key="AMBER:a")
    world.add("recipient", record_id=3, transaction_seq=-1, seq=0, kind="country", code="ML")
    world.add("participating_org", record_id=3, seq=0, role_code="1", ref="XX-1")
    world.add("location", record_id=3, seq=0, name="Tassiga")
    world.add("location", record_id=1, seq=0, name="TASSIGA")
    world.add(
        "budget", record_id=3, seq=0, kind="budget", currency="EUR", value=Decimal(70_300), value_usd=Decimal(80_000)
    )
    world.add("identifier", record_id=3, seq=0, ref="BG207", type_code="A1")
    world.add("related_activity", record_id=10, seq=0, type_code="1", ref="ZZ-11-P")
    return world


def test_both_engines_find_the_same_relations_and_the_same_range(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    from concerted.store.spark import SparkEngine

    files, world = {}, a_mixed_world()
    for name in step.INPUTS:
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(arrow(world.rows(name[4:]), rec_schema(name[4:])), files[name])
    params = step.Params(as_of=AS_OF, judgements=(("part_of", TWO, ONE),))
    found: dict[str, dict[str, pa.Table]] = {"duckdb": {}, "spark": {}}
    for kind, make in (("duckdb", DuckEngine), ("spark", lambda path: SparkEngine(path, "local[2]"))):
        engine = make(tmp_path / f"scratch_{kind}")
        scanned = {name: engine.scan(name, [path], rec_schema(name[4:])) for name, path in files.items()}
        result = step.run(scanned, params)
        for name in ("activity_relation", "activity"):
            target = tmp_path / f"{kind}_{name}.parquet"
            engine.write(result.tables[f"core_{name}"], target, full_schema(name), tables()[name].key)
            found[kind][name] = pq.read_table(target)
        engine.close()
    decided = found["duckdb"]["activity_relation"]["decided_by"].to_pylist()
    assert {"declared", "judgement", "rule"} <= set(decided)
    for name, table in found["duckdb"].items():
        assert table.equals(found["spark"][name]), name
