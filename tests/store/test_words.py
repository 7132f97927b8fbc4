"""Words that stand as numbers are written as words, in their own order, as if they had been words all along."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.store.engine import DuckEngine
from concerted.store.words import numbered, numbers_behind, word

WORDS = ("Bamako", "Gao", "Kidal", "é'tat", "ولاية")
SCHEMA = pa.schema([("place", pa.string()), ("rank", pa.string()), ("id", pa.int64())])
ROWS = pa.table({"id": range(5000), "place": [None if n % 11 == 0 else WORDS[n * 7 % 5] for n in range(5000)]})


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    made = DuckEngine(tmp_path / "scratch")
    yield made
    made.close()


def table(words: Sequence[str]) -> ir.Table:
    rows = numbered(ibis.memtable(ROWS), place=words)
    return rows.select(place=word(rows.place, words), rank=word(rows.id % 3, ("low", "high", "best")), id=rows.id)


@pytest.mark.parametrize("words", [WORDS, WORDS[::-1]], ids=["sorted", "in another order"])
def test_the_file_is_that_of_words(engine: DuckEngine, tmp_path: Path, words: Sequence[str]) -> None:
    coded = table(words)
    assert {name: known for name, (_, known) in numbers_behind(coded).items()} == {
        "place": tuple(words),
        "rank": ("low", "high", "best"),
    }
    engine.write(coded, tmp_path / "coded.parquet", SCHEMA, ["place", "id"])
    ranks = pa.array([("low", "high", "best")[n % 3] for n in range(5000)])
    plain = ibis.memtable(ROWS.append_column("rank", ranks))
    engine.write(plain, tmp_path / "plain.parquet", SCHEMA, ["place", "id"])
    assert (tmp_path / "coded.parquet").read_bytes() == (tmp_path / "plain.parquet").read_bytes()
    assert pq.read_table(tmp_path / "coded.parquet").schema.equals(SCHEMA)


def test_a_word_in_no_list_is_null() -> None:
    rows = numbered(ibis.memtable(pa.table({"place": ["Gao", "Ségou", None]})), place=WORDS)
    assert sorted(rows.to_pyarrow()["place"].to_pylist(), key=str) == [1, None, None]


def test_a_table_without_numbers_has_none_behind_it() -> None:
    assert numbers_behind(ibis.memtable(ROWS)) == {}
    assert numbers_behind(ibis.memtable(ROWS).select("place")) == {}


@pytest.mark.spark
def test_spark_writes_the_same_file(engine: DuckEngine, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    from concerted.store.spark import SparkEngine

    engine.write(table(WORDS), tmp_path / "duckdb.parquet", SCHEMA, ["place", "id"])
    spark = SparkEngine(tmp_path / "spark", "local[2]")
    try:
        spark.write(table(WORDS), tmp_path / "spark.parquet", SCHEMA, ["place", "id"])
    finally:
        spark.close()
    assert (tmp_path / "spark.parquet").read_bytes() == (tmp_path / "duckdb.parquet").read_bytes()
