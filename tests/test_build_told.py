"""What an edition told of records that are not shown is an input of the next one, and of nothing else."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from builds import Small, copy_small, count_hidden, hashes
from concerted.marking import KEEPER, PUBLIC
from concerted.model.errors import NotAllowedError
from concerted.publish.integrity import check_edition
from concerted.publish.tables import export_table
from concerted.store.edition import read_manifest
from concerted.store.told import TOLD_BEFORE


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


@pytest.mark.slow
def test_editions_go_on_from_what_was_told_and_the_same_inputs_are_the_same_edition(
    small: Small, tmp_path: Path
) -> None:
    changing = copy_small(small, tmp_path / "set")
    data = tmp_path / "data"
    silent = changing.build(data)
    assert rows(silent.folder, "out_unshown_total") == rows(silent.folder, "out_unshown_part") == []
    count_hidden(changing, is_on=True)
    first = changing.build(data)
    totals = rows(first.folder, "out_unshown_total")
    assert {row["finance_kind"] for row in totals} >= {"ANY", "commitment"}
    assert all(row["records"] == 3 for row in totals if row["finance_kind"] == "ANY")
    assert TOLD_BEFORE not in read_manifest(first.folder)["identity"]
    assert [finding for finding in check_edition(first.folder) if not finding.holds] == []
    assert not changing.build(data).is_new

    _nothing_else_holds_them(silent.folder, first.folder)
    for kind in ("csv", "jsonl"):
        export_table(PUBLIC, first.folder, "out_unshown_total", tmp_path / f"told.{kind}", kind)
    assert "240861.02" in (tmp_path / "told.csv").read_text("utf-8")
    with pytest.raises(NotAllowedError):
        export_table(KEEPER, first.folder, "out_unshown_part", tmp_path / "parts.csv", "csv")

    count_hidden(changing, is_on=False)
    off = changing.build(data)
    assert rows(off.folder, "out_unshown_total") == []
    assert rows(off.folder, "out_unshown_part") == rows(first.folder, "out_unshown_part"), "readers have kept it"
    assert read_manifest(off.folder)["identity"][TOLD_BEFORE]
    count_hidden(changing, is_on=True)
    again = changing.build(data)
    assert [finding for finding in check_edition(again.folder) if not finding.holds] == []
    assert rows(again.folder, "out_unshown_total") == totals
    assert again.folder != first.folder
    assert not changing.build(data).is_new
    scratch = changing.build(tmp_path / "other", jobs=2)
    assert hashes(scratch.folder) == hashes(first.folder)


def _nothing_else_holds_them(silent: Path, first: Path) -> None:
    """Every figure that everybody sees is the same as where nobody lets anything count."""
    for path in sorted(silent.glob("out_*.parquet")):
        if "unshown" not in path.name:
            assert path.read_bytes() == (first / path.name).read_bytes(), path.name
    where = "marking_key = 'CLEAR'"
    for table in ("core_activity", "core_organisation"):
        told = [duckdb.sql(f"SELECT * FROM '{f}/{table}.parquet' WHERE {where}").fetchall() for f in (silent, first)]
        assert told[0] == told[1]


@pytest.mark.slow
def test_a_folder_whose_current_edition_is_gone_is_built_again(small: Small, tmp_path: Path) -> None:
    built = small.build(tmp_path / "data")
    (tmp_path / "data" / "current").write_text("0" * 32 + "\n", "utf-8")
    assert small.build(tmp_path / "data").folder == built.folder
