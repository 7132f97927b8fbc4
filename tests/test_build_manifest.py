"""The manifest says what made the edition; a rebuild after a change makes what a build from scratch makes."""

import re
from pathlib import Path

import pytest

from builds import Small, copy_small, hashes
from concerted.steps import ORDER, BuildRequest
from concerted.store.code import LIBRARIES
from concerted.store.edition import current_edition, read_manifest


def test_the_parameters_of_every_step_stand_in_the_manifest(small_data: Path) -> None:
    folder = current_edition(small_data)
    assert folder is not None
    told = read_manifest(folder)["step_parameters"]
    assert set(told) == set(ORDER)
    assert told["allocate"]["best_threshold"] == 0.5
    assert told["picture"]["horizons"] == [6, 12, 24]
    assert told["picture"]["limits"] == {"largest_cell": 20, "most_pairs": 20}


def test_the_releases_of_the_libraries_stand_in_the_manifest(small_data: Path) -> None:
    folder = current_edition(small_data)
    assert folder is not None
    found = read_manifest(folder)["code"]["libraries"]
    assert set(found) == {*LIBRARIES, "unicode"}
    assert all(found.values())


def test_what_learns_depends_on_the_release_of_its_library_and_nothing_else_does() -> None:
    pytest.importorskip("sklearn", reason="the extra `text` is not installed")
    assert set(BuildRequest(learn=True).identity()["learn"]) >= {"scikit-learn", "scipy"}
    assert BuildRequest().identity()["learn"] is False


def test_one_invented_file_makes_the_edition_a_demonstration(small: Small, small_data: Path, tmp_path: Path) -> None:
    folder = current_edition(small_data)
    assert folder is not None
    assert read_manifest(folder)["is_demonstration"] is True
    real = copy_small(small, tmp_path / "set")
    for path in (real.root / "sources").glob("*/source.yml"):
        path.write_text(path.read_text("utf-8").replace("demonstration: true", "demonstration: false"), "utf-8")
    assert real.build(tmp_path / "data").manifest["is_demonstration"] is False


@pytest.mark.parametrize(("before", "is_matched_anew"), [(r"<title>\s*", False), (r"<reporting-org[^>]*>\s*", True)])
def test_a_rebuild_after_a_changed_record_makes_the_bytes_of_a_build_from_scratch(
    small: Small, tmp_path: Path, before: str, *, is_matched_anew: bool
) -> None:
    changed = copy_small(small, tmp_path / "set")
    changed.build(tmp_path / "data", jobs=2)
    path = changed.root / "sources" / "iati" / "pon.xml"
    text, count = re.subn(f"({before}<narrative[^>]*>)", r"\1Changed ", path.read_text("utf-8"), count=1)
    assert count == 1
    path.write_text(text, "utf-8")
    again = changed.build(tmp_path / "data", jobs=2)
    assert list((tmp_path / "data" / "cache" / "sql").iterdir()), "the rebuild had no remembered SQL to use"
    matches = list((tmp_path / "data" / "cache" / "organisation_match").iterdir())
    assert len(matches) == 1 + is_matched_anew
    scratch = changed.build(tmp_path / "other", jobs=1)
    assert again.is_new
    assert hashes(again.folder) == hashes(scratch.folder)
