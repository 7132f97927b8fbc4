"""A document that did not change is shown to no reader again; one that did, or is described differently, is."""

from pathlib import Path
from typing import Any

import pytest

from concerted.model.errors import ConfigError
from concerted.sources import open as opening
from concerted.sources.open import find_inputs


def write(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.xml").write_text("<iati-activities/>")
    (folder / "b.csv").write_text("nothing,known\n1,2\n")
    return folder


def forbidden(*_: Any) -> Any:
    raise AssertionError("no reader is to be asked")


def test_an_unchanged_document_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "sources")
    (folder / "b.csv").unlink()
    first = find_inputs([str(folder)], tmp_path / "cache")
    monkeypatch.setattr(opening, "_head", forbidden)
    monkeypatch.setattr(opening, "readers", forbidden)
    assert find_inputs([str(folder)], tmp_path / "cache") == first


def test_what_no_reader_knows_is_said_each_time(tmp_path: Path) -> None:
    folder = write(tmp_path / "sources")
    (folder / "b.csv").write_text('{"neither": "table nor tree"}')
    said = [find_inputs([str(folder)], tmp_path / "cache") for _ in range(2)]
    assert said[0] == said[1]
    assert [(i.code, i.input_path) for i in said[0][1]] == [("input_unknown", "b.csv")]


def test_changed_content_is_looked_at_anew(tmp_path: Path) -> None:
    folder = write(tmp_path / "sources")
    find_inputs([str(folder)], tmp_path / "cache")
    (folder / "a.xml").write_text("<iati-organisations/>")
    inputs, _ = find_inputs([str(folder)], tmp_path / "cache")
    assert inputs[0].kind == "iati-organisations"


def test_a_description_that_is_changed_is_checked_anew(tmp_path: Path) -> None:
    folder = write(tmp_path / "sources")
    find_inputs([str(folder)], tmp_path / "cache")
    (folder / "source.yml").write_text("id: x\nfiles: [a.xml]\nkind: no-such-kind\n")
    with pytest.raises(ConfigError, match="no-such-kind"):
        find_inputs([str(folder)], tmp_path / "cache")


def test_what_other_code_found_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "sources")
    find_inputs([str(folder)], tmp_path / "cache")
    monkeypatch.setattr("concerted.sources.opening.kinds.code_version", lambda _: "other")
    monkeypatch.setattr(opening, "_head", forbidden)
    with pytest.raises(AssertionError):
        find_inputs([str(folder)], tmp_path / "cache")
