"""The bytes of a written table depend on its rows alone."""

from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.model.errors import SchemaError
from concerted.model.tables import ROW_GROUP, tables
from concerted.store.engine import DuckEngine

SCHEMA = pa.schema([("id", pa.int64()), ("count", pa.int32()), ("v", pa.decimal128(18, 2)), ("s", pa.string())])


def write(folder: Path, table: pa.Table, threads: int, rows: int = ROW_GROUP) -> str:
    folder.mkdir()
    pq.write_table(table, folder / "in.parquet")
    engine = DuckEngine(folder / "scratch", threads=threads)
    try:
        read = engine.scan("t", [folder / "in.parquet"], SCHEMA)
        engine.write(read, folder / "o.parquet", SCHEMA, ["id", "count"], rows)
    finally:
        engine.close()
    return sha256((folder / "o.parquet").read_bytes()).hexdigest()


def test_order_of_rows_and_number_of_threads_do_not_matter(tmp_path: Path) -> None:
    n = 300_000
    table = pa.table(
        {
            "id": [(i * 7919) % n if i % 50 else None for i in range(n)],
            "count": list(range(n)),
            "v": [Decimal(i) / 100 for i in range(n)],
            "s": [f"t{i % 1000}" for i in range(n)],
        },
        schema=SCHEMA,
    )
    backwards = table.take(pa.array(range(n - 1, -1, -1)))
    assert write(tmp_path / "a", table, 1) == write(tmp_path / "b", backwards, 2)
    assert write(tmp_path / "c", table, 1, 16_384) == write(tmp_path / "d", backwards, 2, 16_384)
    file = pq.ParquetFile(tmp_path / "c" / "o.parquet").metadata
    assert max(file.row_group(i).num_rows for i in range(file.num_row_groups)) == 16_384


def test_tables_of_long_texts_have_small_row_groups_so_that_one_record_is_read_without_the_texts_of_all() -> None:
    assert {name for name, spec in tables().items() if spec.rows != ROW_GROUP} == {"activity", "narrative"}


def test_unknown_comes_last(tmp_path: Path) -> None:
    write(tmp_path / "a", pa.table({"id": [None, 1], "count": [1, 2], "v": [None, None], "s": ["x", "y"]}, SCHEMA), 1)
    assert pq.read_table(tmp_path / "a" / "o.parquet")["id"].to_pylist() == [1, None]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    engine = DuckEngine(tmp_path)
    with pytest.raises(SchemaError, match="'s'"):
        engine.write(ibis.memtable({"id": [1], "count": [1], "v": [1]}), tmp_path / "o.parquet", SCHEMA, ["id"])


def test_no_file_is_an_empty_table(tmp_path: Path) -> None:
    engine = DuckEngine(tmp_path)
    engine.write(engine.scan("t", [], SCHEMA), tmp_path / "o.parquet", SCHEMA, ["id"])
    assert pq.read_table(tmp_path / "o.parquet").schema == SCHEMA
