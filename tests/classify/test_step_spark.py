"""Both engines give equal rows: joins, windows, unnesting and the reading of texts."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.classify.step import INPUTS, OUTPUTS, run
from concerted.model.tables import full_schema, tables

from .frameworks import PARAMS
from .world import World

pytestmark = pytest.mark.spark


def world() -> World:
    """Sectors with and without percentages, transactions, markers, tags, columns, several languages."""
    made = World()
    made.activity(1, "Réconciliation et dialogue", "Projet d'appui à la médiation dans le nord du pays")
    made.sector("15220", 40).sector("15130", 30).sector("16020", 27.5)
    made.activity(2, "Counter-Terrorism support", "Youth and justice; young people", reporting_org_ref="XM-1")
    made.sector("15130", record_id=2, transaction=0).sector("16020", record_id=2, transaction=4)
    made.add("policy_marker", record_id=2, seq=0, vocabulary_code="1", code="1", significance_code="2")
    made.activity(3, "منع التطرف العنيف")
    made.add("tag", record_id=3, kind="tag", seq=0, vocabulary_code="3", code="16.3")
    made.activity(4)
    made.add("attribute", record_id=4, name="#pillar", value="Pillar of Justice; other")
    made.activity(5, "Office", "Rent")
    for seq, text in enumerate(("Mediation", "Jeunesse et réconciliation", "Young people")):
        made.add("narrative", record_id=5, field="description", seq=seq, lang="en", text=text)
    return made


def test_both_engines_give_equal_rows(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    from concerted.store.engine import DuckEngine
    from concerted.store.spark import SparkEngine

    files = {}
    for name in INPUTS:
        schema = full_schema(name.removeprefix("core_"))
        rows = world().rows.get(name.removeprefix("core_"), [])
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table([pa.array([r.get(f.name) for r in rows], f.type) for f in schema], schema), files[name])
    found = {}
    for name, engine in (("duckdb", DuckEngine(tmp_path / "d")), ("spark", SparkEngine(tmp_path / "s", "local[2]"))):
        given = {n: engine.scan(n, [f], full_schema(n.removeprefix("core_"))) for n, f in files.items()}
        result = run(given, PARAMS)
        found[name] = {}
        for output in OUTPUTS:
            spec = tables()[output.removeprefix("core_")]
            target = tmp_path / f"{name}_{output}.parquet"
            engine.write(result.tables[output], target, spec.schema(), spec.key)
            found[name][output] = pq.read_table(target).to_pylist()
        found[name]["issues"] = sorted((i for t in result.issues for i in t.to_pyarrow().to_pylist()), key=repr)
        engine.close()
    for output, rows in found["duckdb"].items():
        assert rows, output
        assert found["spark"][output] == rows, output
