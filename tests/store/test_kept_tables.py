"""Sets of tables are linked where they follow from the same; a set that was touched or is old is not used."""

from collections.abc import Callable
from pathlib import Path

import pytest

from concerted.store.kept import LATEST
from concerted.store.kept_tables import KeptTables


def files(folder: Path, **texts: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.parquet").write_text(text)
    return [folder / f"{name}.parquet" for name in texts]


def into(folder: Path) -> Callable[[str], Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name: folder / name


@pytest.fixture
def kept(tmp_path: Path) -> KeptTables:
    made = KeptTables(tmp_path / "tables")
    made.keep("step", "first", files(tmp_path / "edition", one="1", two="2"))
    return made


def test_a_set_is_linked_to_where_it_is_wanted(kept: KeptTables, tmp_path: Path) -> None:
    taken = kept.take("step", "first", into(tmp_path / "next"))
    assert taken is not None
    assert {path.name: path.read_text() for path in taken} == {"one.parquet": "1", "two.parquet": "2"}
    assert taken[0].samefile(tmp_path / "edition" / "one.parquet"), "a copy costs room"
    assert kept.take("step", "second", into(tmp_path / "none")) is None
    assert kept.take("other", "first", into(tmp_path / "none")) is None
    assert list((tmp_path / "none").iterdir()) == []


def test_it_outlives_the_edition_it_came_from(kept: KeptTables, tmp_path: Path) -> None:
    for path in (tmp_path / "edition").iterdir():
        path.unlink()
    assert kept.take("step", "first", into(tmp_path / "next")) is not None


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_set_of_which_a_file_was_touched_is_forgotten_whole(
    kept: KeptTables, tmp_path: Path, *, is_lost: bool
) -> None:
    path = tmp_path / "tables" / "step" / "first" / "two.parquet"
    if is_lost:
        path.unlink()
    else:
        path.write_text("3")
    assert kept.take("step", "first", into(tmp_path / "next")) is None
    assert list((tmp_path / "next").iterdir()) == []
    assert not path.parent.exists()


def test_the_latest_sets_of_a_kind_stay(kept: KeptTables, tmp_path: Path) -> None:
    for number in range(LATEST):
        kept.keep("step", f"set {number}", files(tmp_path / f"edition {number}", one=str(number)))
    kept.keep("other", "first", files(tmp_path / "edition", one="1"))
    there = {path.name for path in (tmp_path / "tables" / "step").iterdir()}
    assert there == {f"set {number}" for number in range(LATEST)}
    assert kept.take("other", "first", into(tmp_path / "next")) is not None


def test_what_a_killed_build_left_half_kept_is_swept(kept: KeptTables, tmp_path: Path) -> None:
    half = tmp_path / "tables" / "step" / ".keeping-x"
    half.mkdir()
    KeptTables(tmp_path / "tables")
    assert not half.exists()
    assert kept.take("step", "first", into(tmp_path / "next")) is not None


def test_without_hard_links_files_are_copied(kept: KeptTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    taken = kept.take("step", "first", into(tmp_path / "next"))
    assert taken is not None
    assert [path.read_text() for path in taken] == ["1", "2"]
