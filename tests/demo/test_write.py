"""The set is the same everywhere, small, well formed, and says of itself that it is invented."""

import hashlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
import python_calamine
import yaml

from concerted.demo import write_demo
from concerted.demo.catalogue import INVENTED, MARK, NOTICE

BROKEN = {"ech-interrompu.xml", "erreur-du-portail.xml"}


def digest(folder: Path) -> str:
    """One hash over names and bytes of all files below a folder."""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def good_xml(demo: Path) -> list[Path]:
    return [p for p in sorted(demo.rglob("*.xml")) if p.name not in BROKEN]


def test_the_same_seed_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path)
    assert digest(tmp_path) == digest(demo)


def test_a_second_writing_replaces_the_first_and_leaves_other_files(tmp_path: Path) -> None:
    write_demo(tmp_path, seed=7)
    (tmp_path / "sources" / "left-over.xml").write_text("<x/>")
    (tmp_path / "mine.txt").write_text("mine")
    write_demo(tmp_path, seed=8)
    assert not (tmp_path / "sources" / "left-over.xml").exists()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_another_seed_gives_another_world_with_the_same_plan(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path, seed=1)
    names = {p.relative_to(demo).as_posix() for p in demo.rglob("*") if p.is_file()}
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == names
    assert digest(tmp_path) != digest(demo)


def test_it_is_small(tmp_path: Path) -> None:
    write_demo(tmp_path)
    assert sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()) < 5_000_000


def test_no_workbook_depends_on_clock_or_compressor(demo: Path) -> None:
    import zipfile

    for path in demo.rglob("*.xlsx"):
        for member in zipfile.ZipFile(path).infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert member.compress_type == zipfile.ZIP_STORED


def test_good_xml_is_well_formed(demo: Path) -> None:
    assert len(good_xml(demo)) > 20
    for path in good_xml(demo):
        ElementTree.parse(path)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_files_are_broken(demo: Path, name: str) -> None:
    with pytest.raises(ElementTree.ParseError):
        ElementTree.parse(demo / "sources" / "defauts" / name)


def test_every_file_says_that_it_is_invented(demo: Path) -> None:
    for path in demo.rglob("*"):
        if path.suffix == ".xlsx":
            sheets = python_calamine.CalamineWorkbook.from_path(str(path))
            text = " ".join(str(sheets.get_sheet_by_name(n).to_python()) for n in sheets.sheet_names)
        elif path.is_file():
            text = path.read_bytes().decode("utf-8")
        else:
            continue
        assert any(words in text for words in (*INVENTED.values(), "Invented data")), path


def test_every_title_and_description_says_that_it_is_invented(demo: Path) -> None:
    for path in good_xml(demo / "sources" / "iati"):
        for activity in ElementTree.parse(path).getroot():
            for narrative in activity.findall("title/narrative"):
                assert not (narrative.text or "").strip() or (narrative.text or "").endswith(tuple(MARK.values()))
            for narrative in activity.findall("description/narrative"):
                assert any(words in (narrative.text or "") for words in INVENTED.values())


def test_every_source_has_an_entry_with_publisher_licence_and_date(demo: Path) -> None:
    for path in demo.rglob("source.yml"):
        for entry in yaml.safe_load(path.read_text("utf-8"))["sources"]:
            assert entry["publisher"]
            assert NOTICE in entry["licence"]
            assert entry["as_of"]
            for name in entry["files"]:
                assert (path.parent / name).is_file()


def test_no_data_file_is_without_an_entry(demo: Path) -> None:
    named = {
        (path.parent / name)
        for path in demo.rglob("source.yml")
        for entry in yaml.safe_load(path.read_text("utf-8"))["sources"]
        for name in entry["files"]
    }
    others = {p for p in (demo / "sources").rglob("*") if p.is_file() and p.name != "source.yml"} - named
    assert {p.name for p in others} == {"entites.xml", "erreur-du-portail.xml", "rapport-annuel.pdf"}
