"""An opened edition reaches its own tables and nothing else."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.store.query import open_edition


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    folder = tmp_path / "it's an edition"
    folder.mkdir()
    pq.write_table(pa.table({"a": [1, 2]}), folder / "core_x.parquet")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    return folder


def test_tables_are_views_of_their_own_name(edition: Path) -> None:
    with open_edition(edition) as connection:
        assert connection.execute("SELECT sum(a) FROM core_x").fetchall() == [(3,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{outside}/secret.csv')",
        "COPY core_x TO '{outside}/stolen.csv'",
        "ATTACH '{outside}/other.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_nothing_outside_the_edition_is_within_reach(edition: Path, query: str) -> None:
    with open_edition(edition) as connection, pytest.raises(duckdb.Error):
        connection.execute(query.format(outside=edition.parent))
