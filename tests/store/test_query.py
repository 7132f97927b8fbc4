"""An opened edition reaches its own tables and nothing else; one of an older version opens, a damaged one does not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.model.errors import SchemaError
from concerted.model.tables import tables
from concerted.publish.changes import compare
from concerted.publish.integrity import check_edition
from concerted.store.edition import MANIFEST, edition_id, file_sha256, find_edition
from concerted.store.query import open_edition, younger_columns


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


#: Takes from an edition of the small set what a version before this one did not know.
Older = Callable[..., Path]


@pytest.fixture
def older(small_data: Path, tmp_path: Path) -> Older:
    """Makes a copy of the edition as another version would have written it: without some columns of a table."""

    def make(table: str, *columns: str, is_ours: bool = False, is_told: bool = True) -> Path:
        made = tmp_path / "editions" / "old"
        shutil.copytree(find_edition(small_data), made)
        path, manifest = made / f"{table}.parquet", json.loads((made / MANIFEST).read_text("utf-8"))
        path.chmod(0o644)
        pq.write_table(pq.read_table(path).drop_columns(list(columns)), path)
        if is_told:
            manifest["tables"][table]["sha256"] = file_sha256(path)
        if not is_ours:
            manifest["code"]["hash"] = manifest["identity"]["code"] = "0123456789abcdef"
            manifest["edition_id"] = edition_id(manifest["identity"])
        folder = made.with_name(manifest["edition_id"] if is_told else "damaged")
        (made / MANIFEST).write_text(json.dumps(manifest), "utf-8")
        return made.rename(folder)

    return make


def test_columns_that_another_version_did_not_know_are_unknown_and_typed(older: Older, small_data: Path) -> None:
    folder = older("core_activity", "validation", "freshness_date", "coarse_org_id")
    with open_edition(folder) as connection:
        rows = connection.execute(
            "SELECT DISTINCT validation, freshness_date, coarse_org_id FROM core_activity"
        ).fetchall()
        described = connection.execute("DESCRIBE core_activity").fetchall()
    assert rows == [(None, None, None)]
    spec = tables()["activity"]
    assert [row[0] for row in described] == [column.name for column in spec.columns]
    with open_edition(find_edition(small_data)) as connection:
        assert connection.execute("DESCRIBE core_activity").fetchall() == described
    assert check_edition(folder) == [each for each in check_edition(folder) if each.holds]


def test_every_column_that_says_neither_who_sees_nor_which_row_it_is_may_be_younger(older: Older) -> None:
    refused = {
        "core_activity": {"marking_key", "coarse_marking_key", "coarse_place_level", "is_partner_hidden"},
        "out_cell": {"view", "marking_key", "precise_marking_key"},
    }
    for table, columns in refused.items():
        for column in sorted(columns):
            folder = older(table, column)
            with pytest.raises(SchemaError, match=f"{table} has no {column}; build it again"):
                open_edition(folder)
            shutil.rmtree(folder)


def test_what_lacks_a_column_and_is_not_what_its_build_wrote_is_damaged(older: Older) -> None:
    folder = older("core_activity", "validation", is_told=False)
    with pytest.raises(SchemaError, match="is damaged: core_activity has no validation"):
        open_edition(folder)
    assert not all(each.holds for each in check_edition(folder))


def test_what_this_version_made_lacks_no_column(older: Older) -> None:
    folder = older("core_activity", "validation", is_ours=True)
    with pytest.raises(SchemaError, match="is damaged"):
        younger_columns(folder)


def test_a_column_that_one_of_two_editions_could_not_say_is_no_change_of_a_record(
    older: Older, small_data: Path
) -> None:
    from concerted.marking import PUBLIC

    found = compare(PUBLIC, older("core_activity", "capital_spend_pct", "title"), find_edition(small_data))
    assert found["records"] == {"added": [], "removed": [], "changed": []}
