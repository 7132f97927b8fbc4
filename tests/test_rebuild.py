"""What a build was asked for is noted and asked for again, with what the site keeps."""

from datetime import date
from pathlib import Path

import pytest

from concerted.model.errors import ConcertedError, ConfigError
from concerted.rebuild import (
    NEWEST,
    SECONDS,
    Asked,
    forget_older,
    keep_request,
    kept_request,
    rebuild,
    with_decided,
    with_registry,
)
from concerted.steps import BuildRequest
from concerted.store.edition import make_current
from concerted.store.released import release, released_edition, withdraw


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


def _edition(data: Path, name: str) -> Path:
    folder = data / "editions" / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", "utf-8")
    return folder


def test_editions_of_rebuilds_go_when_they_are_old_and_those_that_a_person_asked_for_stay(tmp_path: Path) -> None:
    asked = _edition(tmp_path, "asked")
    names = [f"rebuilt{n}" for n in range(NEWEST + 3)]
    folders = [_edition(tmp_path, name) for name in names]
    (tmp_path / "current").write_text(names[0], "utf-8")
    made = folders[0].stat().st_mtime
    for name in names:
        assert forget_older(tmp_path, name, made) == []  # none of them is a day old
    later = made + SECONDS + 60
    assert forget_older(tmp_path, names[-1], later) == names[1:3]  # the first one is still served
    assert asked.is_dir()
    assert [folder.is_dir() for folder in folders] == [True, False, False, *[True] * NEWEST]
    assert forget_older(tmp_path, names[-1], later) == []


def test_what_was_decided_on_the_site_enters_a_rebuild_once_it_is_there(tmp_path: Path) -> None:
    asked = BuildRequest(tmp_path / "first.yml", decisions=tmp_path / "decisions.csv")
    assert with_decided(tmp_path, asked) == asked
    (tmp_path / "decisions").mkdir()
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "strategy.yml").write_text("", "utf-8")
    decided = with_decided(tmp_path, asked)
    assert (decided.strategy, decided.decisions) == (tmp_path / "strategy" / "strategy.yml", asked.decisions)
    assert decided.decided == tmp_path / "decisions"


def test_judgements_of_the_site_stand_after_those_of_the_file(tmp_path: Path) -> None:
    from concerted.judgements.decisions import JUDGEMENTS, Decision, in_force, write_decisions

    one, other = f"{1:016x}", f"{2:016x}"
    filed = Decision("same", one, other, date(2026, 1, 1))
    said = Decision("different", one, other, date(2026, 2, 1))
    write_decisions(tmp_path / "decisions.csv", [filed])
    request = BuildRequest(decisions=tmp_path / "decisions.csv", decided=tmp_path)
    alone = request.identity()["decisions"]
    assert in_force(request.judgements()) == (filed,)
    write_decisions(tmp_path / JUDGEMENTS, [said])
    assert in_force(request.judgements()) == (said,)
    assert request.identity()["decisions"] != alone
    write_decisions(tmp_path / JUDGEMENTS, [])
    assert request.identity()["decisions"] == alone


def test_what_was_ever_released_is_not_forgotten(tmp_path: Path) -> None:
    names = [f"rebuilt{n}" for n in range(NEWEST + 3)]
    for name in names:
        _edition(tmp_path, name)
    (tmp_path / "current").write_text(names[-1], "utf-8")
    release(tmp_path, names[0])
    release(tmp_path, names[1])
    withdraw(tmp_path, names[1], names[0])
    made = (tmp_path / "editions" / names[0]).stat().st_mtime
    for name in names:
        forget_older(tmp_path, name, made)
    assert forget_older(tmp_path, names[-1], made + SECONDS + 60) == [names[2]]


def test_a_rebuild_releases_nothing(tmp_path: Path) -> None:
    _edition(tmp_path, "first")
    (tmp_path / "current").write_text("first\n", "utf-8")
    keep_request(tmp_path, Asked((str(tmp_path / "none"),), BuildRequest()))
    with pytest.raises(ConcertedError, match="none"):
        rebuild(tmp_path)
    make_current(tmp_path, "first")
    _edition(tmp_path, "second")
    make_current(tmp_path, "second")  # as a rebuild does it
    found = released_edition(tmp_path)
    assert found
    assert found.name == "first"
