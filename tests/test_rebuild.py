"""What a build was asked for is noted and asked for again, with what the site keeps."""

from datetime import date
from pathlib import Path

import pytest

from concerted.model.errors import ConfigError
from concerted.rebuild import Asked, keep_request, kept_request, rebuild, with_registry
from concerted.steps import BuildRequest


def test_a_request_is_kept_with_whole_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    request = BuildRequest(Path("strategy.yml"), date(2026, 5, 1), ("sdg",), memory="1GB", learn=True)
    keep_request(tmp_path, Asked(("sources", "https://example.org/a.xml"), request, 3))
    assert kept_request(tmp_path) == Asked(
        (str(tmp_path / "sources"), "https://example.org/a.xml"),
        BuildRequest(tmp_path / "strategy.yml", date(2026, 5, 1), ("sdg",), memory="1GB", learn=True),
        3,
    )


def test_nothing_noted_is_told_apart_from_a_note_that_cannot_be_read(tmp_path: Path) -> None:
    assert kept_request(tmp_path) is None
    with pytest.raises(ConfigError, match="run `concerted build` once"):
        rebuild(tmp_path)
    (tmp_path / "request.json").write_text("{", "utf-8")
    with pytest.raises(ConfigError, match="not what a build notes"):
        kept_request(tmp_path)


def test_the_registry_is_a_source_once_it_holds_something(tmp_path: Path) -> None:
    assert with_registry(tmp_path, ("a",)) == ("a",)
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "source.yml").write_text("id: registry\n", "utf-8")
    assert with_registry(tmp_path, ("a",)) == ("a",)
    (folder / "00.jsonl").write_text("", "utf-8")
    assert with_registry(tmp_path, ("a",)) == ("a", str(folder))
    assert with_registry(tmp_path, (str(folder),)) == (str(folder),)
