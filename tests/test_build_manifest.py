"""The manifest says what made the edition; a rebuild after a change makes what a build from scratch makes."""

import re
from pathlib import Path
from typing import Any

import pytest

from builds import Small, copy_small, hashes
from concerted.steps import ORDER, BuildRequest, steps
from concerted.store.code import LIBRARIES
from concerted.store.edition import current_edition, read_manifest
from concerted.store.step import Step, Tables


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


@pytest.mark.slow
def test_one_invented_file_makes_the_edition_a_demonstration(small: Small, small_data: Path, tmp_path: Path) -> None:
    folder = current_edition(small_data)
    assert folder is not None
    assert read_manifest(folder)["is_demonstration"] is True
    real = copy_small(small, tmp_path / "set")
    for path in (real.root / "sources").glob("*/source.yml"):
        path.write_text(path.read_text("utf-8").replace("demonstration: true", "demonstration: false"), "utf-8")
    assert real.build(tmp_path / "data").manifest["is_demonstration"] is False


#: One change of one record: what stands before the text, and the steps that must run again because of it. The title has
#: words of a node, which one more word makes less likely.
CHANGES = {
    "a title": (r"(<title>\s*<narrative[^>]*>)", {"resolve", "classify", "allocate"}),
    "who reports": (r"(<reporting-org[^>]*>\s*<narrative[^>]*>)", {"resolve"}),
    "an amount": (r"(<transaction>.*?<value [^>]*>)", {"resolve", "chain", "allocate", "unshown", "picture"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_rebuild_after_a_changed_record_makes_the_bytes_of_a_build_from_scratch(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    before, expected = CHANGES[change]
    changed = copy_small(small, tmp_path / "set")
    changed.build(tmp_path / "data", jobs=2)
    path = changed.root / "sources" / "iati" / "pon.xml"
    more = "7" if change == "an amount" else "Changed "
    text, count = re.subn(before, rf"\g<1>{more}", path.read_text("utf-8"), count=1, flags=re.DOTALL)
    assert count == 1
    path.write_text(text, "utf-8")
    ran = watch_steps(monkeypatch)
    again = changed.build(tmp_path / "data", jobs=2)
    assert ran == expected
    assert list((tmp_path / "data" / "cache" / "sql").iterdir()), "the rebuild had no remembered SQL to use"
    matches = list((tmp_path / "data" / "cache" / "organisation_match").iterdir())
    assert len(matches) == 1 + (change == "who reports")
    scratch = changed.build(tmp_path / "other", jobs=1)
    assert ran == {*ORDER}, "a build from scratch must run every step"
    assert again.is_new
    assert hashes(again.folder) == hashes(scratch.folder)


def watch_steps(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the steps that run from now on."""
    ran: set[str] = set()
    for step, _ in steps():

        def run(tables: Tables, params: object, step: Step = step, whole: Any = step.run) -> Any:
            ran.add(step.NAME)
            return whole(tables, params)

        monkeypatch.setattr(step, "run", run)
    return ran
