"""Builds that have nothing to allocate still make an edition: what is unknown is said, and nothing fails."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from concerted.build import build
from concerted.publish.integrity import check_edition
from concerted.steps import BuildRequest

#: A sheet of which no column is known, one that tells of needs only, and a file of IATI without any activity.
SHEETS = {
    "notes.csv": "Colour,Weather\nblue,rain\ngreen,sun\n",
    "needs.csv": "Need,Place,Amount wanted,Currency,From,To\nWells,ML,1000,USD,2026-01-01,2026-12-31\n",
    "empty.xml": '<iati-activities version="2.03"></iati-activities>',
}


@pytest.mark.parametrize(
    "name", ["empty.xml", *(pytest.param(each, marks=pytest.mark.slow) for each in SHEETS if each != "empty.xml")]
)
def test_a_build_without_any_activity_makes_a_sound_edition(tmp_path: Path, name: str) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / name).write_text(SHEETS[name], "utf-8")
    built = build([str(source)], tmp_path / "data", BuildRequest(frameworks=("sdg",), as_of=date(2026, 6, 30)))
    assert pq.read_metadata(built.folder / "out_allocation.parquet").num_rows == 0
    assert pq.read_metadata(built.folder / "out_cell.parquet").num_rows == 0
    assert [each for each in check_edition(built.folder) if not each.holds] == []


@pytest.mark.slow
def test_activities_that_say_neither_where_nor_what_make_an_edition(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.xml").write_text(
        '<iati-activities version="2.03"><iati-activity><iati-identifier>X-1</iati-identifier>'
        "<title><narrative>Wells</narrative></title></iati-activity></iati-activities>",
        "utf-8",
    )
    built = build([str(source)], tmp_path / "data", BuildRequest(frameworks=("sdg",), as_of=date(2026, 6, 30)))
    assert pq.read_metadata(built.folder / "core_activity.parquet").num_rows == 1
    assert [each for each in check_edition(built.folder) if not each.holds] == []
