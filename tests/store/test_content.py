"""A digest of Parquet files says whether rows may differ: of all columns, or of some."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from concerted.store.content import Contents

ROWS = [(n, f"word {n % 40}", n * 7 % 1000, None if n % 3 else "now and then") for n in range(5000)]


def written(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    """Rows as the engine writes them, in several row groups."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (id BIGINT, word VARCHAR, amount BIGINT, rare VARCHAR)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows[:50] + rows[-50:])
        connection.execute(
            "INSERT INTO t SELECT 10000 + i, 'word ' || i % 40, i * 7 % 1000, NULL FROM range(5000) r(i)"
        )
        connection.execute(f"COPY (FROM t ORDER BY id) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return written(tmp_path / "plain.parquet", ROWS)


def test_equal_rows_have_equal_digests_in_whatever_order_of_files(plain: Path, tmp_path: Path) -> None:
    again, other = written(tmp_path / "again.parquet", ROWS), written(tmp_path / "other.parquet", ROWS[1:])
    for without in ((), ("word",)):
        assert Contents().of([plain, other], without) == Contents().of([other, again], without)
        assert Contents().of([plain], without) != Contents().of([other], without)


@pytest.mark.parametrize(("column", "name"), [(1, "word"), (2, "amount"), (3, "rare")])
def test_a_change_is_seen_unless_its_column_is_left_out(plain: Path, tmp_path: Path, column: int, name: str) -> None:
    changed = [*ROWS]
    row = [*changed[7]]
    row[column] = 999_999 if name == "amount" else "another"
    changed[7] = tuple(row)
    other = written(tmp_path / "changed.parquet", changed)
    assert Contents().of([plain]) != Contents().of([other])
    assert Contents().of([plain], [name]) == Contents().of([other], [name])
    for kept in {"word", "amount", "rare"} - {name}:
        assert Contents().of([plain], [kept]) != Contents().of([other], [kept])


def test_values_that_change_places_change_the_digest(plain: Path, tmp_path: Path) -> None:
    swapped = [*ROWS]
    (a, w1, m1, r1), (b, w2, m2, r2) = swapped[1], swapped[2]
    swapped[1], swapped[2] = (a, w1, m2, r1), (b, w2, m1, r2)
    other = written(tmp_path / "swapped.parquet", swapped)
    assert Contents().of([plain], ["word"]) != Contents().of([other], ["word"])
    assert Contents().of([plain], ["amount"]) == Contents().of([other], ["amount"])


def test_a_file_that_is_cut_short_is_an_error_and_no_digest(plain: Path, tmp_path: Path) -> None:
    whole = plain.read_bytes()
    (tmp_path / "short.parquet").write_bytes(whole[:4] + whole[-3000:])
    with pytest.raises(Exception, match=r"ends before|[Cc]orrupt|[Oo]ut of|Couldn't"):
        Contents().of([tmp_path / "short.parquet"], ["word"])
