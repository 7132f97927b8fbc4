"""The same organisations and the same proposals on Spark as on DuckDB."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.model.tables import full_schema, rec_schema, tables
from concerted.resolve import step
from concerted.store.engine import DuckEngine
from worlds import AS_OF, World, arrow

pytestmark = pytest.mark.spark

NAMES = (
    "PNUD", "UNDP", "United Nations Developement Programme", "Réseau Billital Maroobé", "Reseau Bilital Maroobe",
    "Croix-Rouge malienne", "الصليب الأحمر المالي", "Association Tassaght", "Tassaght", "Ministère de la Santé du Mali",
)  # fmt: skip


def a_world() -> World:
    """Statements of five publishers, open and restricted, that name partners in many ways."""
    draw, world = random.Random(3), World()  # noqa: S311 (a test)
    for record in range(60):
        world.add(
            "activity", record_id=record, source_id="s", input_path="a.xml", line=record, kind="iati",
            identifier=f"A-{record}", reporting_org_ref=f"ML-REG-{record % 5}", is_secondary_reporter=False,
            is_supply=True, marking_key=draw.choice(["CLEAR", "CLEAR", "AMBER:g"]),
        )  # fmt: skip
        for seq in range(3):
            ref = draw.choice([None, None, "XM-DAC-41114", "NE-REG-12345"])
            world.add(
                "participating_org", record_id=record, seq=seq, role_code="4", ref=ref, name=draw.choice(NAMES),
                type_code=draw.choice(["22", "40", None]),
            )  # fmt: skip
        world.add(
            "recipient", record_id=record, transaction_seq=-1, seq=0, kind="country", code=draw.choice(["ML", "NE"])
        )
    return world


def test_both_engines_find_the_same_organisations_for_the_same_reasons(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    from concerted.store.spark import SparkEngine

    files = {}
    world = a_world()
    for name in step.INPUTS:
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(arrow(world.rows(name[4:]), rec_schema(name[4:])), files[name])
    found: dict[str, dict[str, pa.Table]] = {"duckdb": {}, "spark": {}}
    for kind, make in (("duckdb", DuckEngine), ("spark", lambda path: SparkEngine(path, "local[2]"))):
        engine = make(tmp_path / f"scratch_{kind}")
        scanned = {name: engine.scan(name, [path], rec_schema(name[4:])) for name, path in files.items()}
        result = step.run(scanned, step.Params(as_of=AS_OF))
        for name in ("organisation", "organisation_match", "participating_org"):
            target = tmp_path / f"{kind}_{name}.parquet"
            engine.write(result.tables[f"core_{name}"], target, full_schema(name), tables()[name].key)
            found[kind][name] = pq.read_table(target)
        engine.close()
    for name, table in found["duckdb"].items():
        assert table.num_rows > 0
        assert table.equals(found["spark"][name]), name
