"""SQL is kept from build to build, for one version of the code."""

from pathlib import Path

import pytest

from concerted.store import compiled
from concerted.store.compiled import CompiledSql


def test_what_was_saved_is_known_again(tmp_path: Path) -> None:
    memory = CompiledSql(tmp_path / "sql")
    memory.put("a", "SELECT 'é'")
    memory.save()
    assert CompiledSql(tmp_path / "sql").get("a") == "SELECT 'é'"
    assert CompiledSql(tmp_path / "sql").get("b") is None


def test_another_version_of_the_code_knows_nothing_of_it_and_sweeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = CompiledSql(tmp_path)
    memory.put("a", "SELECT 1")
    memory.save()
    monkeypatch.setattr(compiled, "code_version", lambda: "other")
    later = CompiledSql(tmp_path)
    assert later.get("a") is None
    later.save()
    assert [p.name for p in tmp_path.iterdir()] == ["other.json"]


def test_beyond_the_limit_only_what_this_build_used_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MOST", 3)
    memory = CompiledSql(tmp_path)
    for key in "abc":
        memory.put(key, key)
    memory.save()
    memory = CompiledSql(tmp_path)
    memory.get("b")
    memory.put("d", "d")
    memory.save()
    memory = CompiledSql(tmp_path)
    assert [memory.get(key) for key in "abcd"] == [None, "b", None, "d"]


def test_without_a_folder_it_is_remembered_for_this_process(tmp_path: Path) -> None:
    memory = CompiledSql(None)
    memory.put("a", "SELECT 1")
    memory.save()
    assert memory.get("a") == "SELECT 1"
    assert list(tmp_path.iterdir()) == []
