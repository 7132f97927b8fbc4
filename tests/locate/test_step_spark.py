"""The same rows on Spark as on DuckDB, for every table and issue of locate."""

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.locate import step
from concerted.model.tables import full_schema, rec_schema, tables
from concerted.store.engine import DuckEngine
from located import Rows, inputs, place

pytestmark = pytest.mark.spark


NAMES = ["Gao", "Mopti", "تمبكتو", "Région de Ségou", "Nulle part", "Mali", "Diffa", "Niveau national", None]
CODES = ["ML05", "MLI07", "ML0702", "NER006", "QQ", None]


def statements(count: int) -> dict[str, Rows]:
    """Random statements with everything that locate looks at."""
    draw = random.Random(5)  # noqa: S311 (a test)
    some = draw.choice
    return {
        "locations": [
            {
                "record_id": draw.randrange(count),
                "name": some(NAMES),
                "country_code": some(["ML", None, None]),
                "admin1_code": some(CODES),
                "admin1_name": some(NAMES),
                "admin2_code": some([None, "ML0702"]),
                "admin2_name": some([None, None, "Ansongo", "Bourem"]),
                "latitude": some([None, 12.5, 5.0, draw.uniform(-40, 40)]),
                "longitude": some([None, 1.25, 0.0, draw.uniform(-40, 40)]),
                "exactness_code": some(["1", "2", None]),
                "feature_code": some(["ADM1", "PPL", "PCLI", None, None]),
                "class_code": some(["1", "2", None]),
                "pct": some([None, None, 33.333, 50.0]),
            }
            for _ in range(3 * count)
        ],
        "recipients": [
            {
                "record_id": draw.randrange(count),
                "kind": some(["country", "country", "region"]),
                "code": some(["ML", "NE", "BF", "QQ"]),
                "pct": some([None, 12.345, 33.3333, 50.0, 100.0]),
                "transaction_seq": some([-1, -1, 0, 1]),
            }
            for _ in range(2 * count)
        ],
        "codes": [
            {
                "record_id": n,
                "location_seq": n,
                "seq": 0,
                "kind": "gazetteer",
                "vocabulary_code": "G1",
                "code": "2453866",
            }
            for n in range(0, count, 7)
        ],
        "activities": [{"record_id": n} for n in range(count)],
        "places": [
            place("ML07", 1, "Gao", parent_id="ML", box=(0, 0, 10, 20)),
            place("NE002", 1, "Diffa", parent_id="NE", box=(-30, 0, 0, 20)),
            place("ML0702", 2, "Ansongo", parent_id="ML07", source_id="old"),
        ],
    }


def outputs(engine: Any, files: dict[str, Path], folder: Path) -> dict[str, pa.Table]:
    """Every table the engine makes of the inputs, in the order of its key."""
    schemas = {n: full_schema(n[5:]) if n.startswith("core") else rec_schema(n[4:]) for n in files}
    result = step.run({n: engine.scan(n, [path], schemas[n]) for n, path in files.items()}, step.Params())
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

    files = {}
    for name, table in inputs(**statements(400)).items():
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(table, files[name])
    found = {}
    for name, make in (("duckdb", DuckEngine), ("spark", lambda path: SparkEngine(path, "local[2]"))):
        (tmp_path / name).mkdir()
        engine = make(tmp_path / f"scratch_{name}")
        found[name] = outputs(engine, files, tmp_path / name)
        engine.close()
    assert found["duckdb"].keys() == found["spark"].keys()
    for name, table in found["duckdb"].items():
        assert table.num_rows > 0
        assert table.equals(found["spark"][name]), name
