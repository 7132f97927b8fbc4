"""The backend gives what Ibis gives, in order, with names that do not depend on chance and SQL that is remembered."""

import gc
from collections.abc import Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend as DuckDBBackend

from concerted.store.backend import Backend
from concerted.store.engine import DuckEngine
from concerted.store.rowwise import rowwise

SCHEMA = pa.schema([("id", pa.int64()), ("code", pa.string())])
half = rowwise("half", lambda value: value // 2, ["int64"], "int64")


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend({"threads": 2})
    yield made
    made.line.close()


def numbers(folder: Path, count: int = 1000) -> Path:
    path = folder / "numbers.parquet"
    pq.write_table(pa.table({"id": range(count), "code": [f"c{n % 7}" for n in range(count)]}, schema=SCHEMA), path)
    return path


def expression(table: ir.Table) -> ir.Table:
    """A table with what steps use: kept tables, in-memory tables, functions."""
    names = ibis.memtable(pa.table({"code": ["c1", "c2"], "name": ["one", "two"]}))
    weights = ibis.memtable(pa.table({"code": ["c1", "c2"], "name": ["eins", "zwei"]}))
    kept = table.filter(table.id > 10).inner_join(names, "code").cache()
    joined = kept.inner_join(weights.rename(other="name"), "code").mutate(half=half(kept.id))
    return joined.group_by(["name", "other"]).aggregate(n=joined.count(), half=joined.half.sum()).order_by("name")


def test_rows_are_those_of_ibis(backend: Backend, tmp_path: Path) -> None:
    path = numbers(tmp_path)
    plain = ibis.duckdb.connect()
    wanted = expression(plain.read_parquet(path)).to_pyarrow()
    assert expression(backend.view("numbers", [path], SCHEMA)).to_pyarrow().equals(wanted)
    assert wanted.num_rows == 2


def test_a_kept_table_has_the_columns_that_ibis_believes_in(backend: Backend, tmp_path: Path) -> None:
    table = backend.view("numbers", [numbers(tmp_path)], SCHEMA)
    kept = table.group_by("code").aggregate(n=table.count(), total=table.id.sum(), most=table.id.max()).cache()
    assert backend.get_schema(kept.op().name, catalog="temp", database="main") == kept.schema()


def test_the_sql_of_a_build_serves_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, found = numbers(tmp_path), []
    for turn in range(2):
        engine = DuckEngine(tmp_path / "scratch", remembered=tmp_path / "sql")
        if turn:
            monkeypatch.setattr(DuckDBBackend, "compile", lambda *_, **__: pytest.fail("it was met before"))
        found.append(expression(engine.scan("numbers", [path], SCHEMA)).to_pyarrow())
        engine.close()
    assert found[0].equals(found[1])


def test_remembered_sql_asks_the_rows_of_now_not_those_of_then(tmp_path: Path) -> None:
    found = []
    for count in (100, 1000):
        engine = DuckEngine(tmp_path / "scratch", remembered=tmp_path / "sql")
        found.append(expression(engine.scan("numbers", [numbers(tmp_path, count)], SCHEMA)).to_pyarrow())
        engine.close()
    assert found[0]["n"].to_pylist() == [13, 12]
    assert found[1]["n"].to_pylist() == [141, 141]


def test_an_expression_that_changed_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    found = []
    for least in (10, 990):
        engine = DuckEngine(tmp_path / "scratch", remembered=tmp_path / "sql")
        table = engine.scan("numbers", [numbers(tmp_path)], SCHEMA)
        found.append(table.filter(table.id >= least).count().to_pyarrow().as_py())
        engine.close()
    assert found == [990, 10]


def test_a_kept_table_goes_when_nobody_can_ask_it_any_more(backend: Backend, tmp_path: Path) -> None:
    table = backend.view("numbers", [numbers(tmp_path)], SCHEMA)
    asked = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'kept_%'"
    kept = table.filter(table.id > 5).cache()
    assert backend.raw_sql(asked).fetchone() == (1,)
    del kept
    gc.collect()
    assert backend.raw_sql(asked).fetchone() == (0,)


def test_a_query_that_fails_is_raised_by_the_next_that_waits(tmp_path: Path) -> None:
    engine = DuckEngine(tmp_path / "scratch")
    absent = engine.scan("absent", [tmp_path / "absent.parquet"], SCHEMA)
    engine.write_later(absent, tmp_path / "out.parquet", SCHEMA, ["id"])
    with pytest.raises(Exception, match=r"absent\.parquet"):
        engine.settle()
    engine.close()
    assert not (tmp_path / "out.parquet").exists()


def test_a_table_may_be_asked_before_it_is_written(tmp_path: Path) -> None:
    engine = DuckEngine(tmp_path / "scratch")
    table = engine.scan("numbers", [numbers(tmp_path)], SCHEMA)
    engine.write_later(table.filter(table.id < 3), tmp_path / "few.parquet", SCHEMA, ["id"])
    few = engine.scan("few", [tmp_path / "few.parquet"], SCHEMA)
    assert few.order_by("id")["id"].to_pyarrow().to_pylist() == [0, 1, 2]
    engine.close()
