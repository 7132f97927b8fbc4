"""Editions appear whole or not at all."""

import json
from pathlib import Path

import pytest

from concerted.model.errors import ConcertedError, ConfigError
from concerted.store.edition import (
    build_lock,
    current_edition,
    edition_id,
    find_edition,
    make_current,
    publish_staged,
    read_manifest,
    staging,
    write_atomically,
)


def made(data: Path, name: str) -> Path:
    with staging(data / "editions") as stage:
        (stage / "core_x.parquet").write_bytes(b"x")
        folder = publish_staged(stage, data, name, {"edition_id": name})
    make_current(data, name)
    return folder


def fail_half_way(data: Path) -> None:
    with staging(data / "editions") as stage:
        (stage / "core_x.parquet").write_bytes(b"half")
        raise RuntimeError("killed")


def test_the_id_depends_on_content_and_not_on_the_order_of_keys() -> None:
    assert edition_id({"a": 1, "b": [2]}) == edition_id({"b": [2], "a": 1})
    assert edition_id({"a": 1}) != edition_id({"a": 2})


def test_a_published_edition_is_current_and_has_its_manifest(tmp_path: Path) -> None:
    folder = made(tmp_path, "e1")
    assert current_edition(tmp_path) == folder
    assert read_manifest(folder) == {"edition_id": "e1"}


def test_a_build_that_fails_leaves_the_previous_edition_and_no_half_one(tmp_path: Path) -> None:
    first = made(tmp_path, "e1")
    with pytest.raises(RuntimeError, match="killed"):
        fail_half_way(tmp_path)
    assert current_edition(tmp_path) == first
    assert [p.name for p in (tmp_path / "editions").iterdir()] == ["e1"]


def test_a_folder_of_that_name_without_a_manifest_is_replaced(tmp_path: Path) -> None:
    damaged = tmp_path / "editions" / "e1"
    damaged.mkdir(parents=True)
    (damaged / "core_y.parquet").write_bytes(b"half")
    assert read_manifest(made(tmp_path, "e1")) == {"edition_id": "e1"}
    assert sorted(p.name for p in damaged.iterdir()) == ["core_x.parquet", "manifest.json"]


def test_leftovers_of_a_killed_build_are_swept_by_the_next(tmp_path: Path) -> None:
    leftover = tmp_path / "editions" / ".staging-dead"
    leftover.mkdir(parents=True)
    (leftover / "core_x.parquet").write_bytes(b"half")
    made(tmp_path, "e1")
    assert not leftover.exists()


def test_two_builds_cannot_hold_one_folder(tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(ConcertedError, match="another build"), build_lock(tmp_path):
        pass


def test_no_edition_yet_says_what_to_run(tmp_path: Path) -> None:
    assert current_edition(tmp_path) is None
    with pytest.raises(ConfigError, match="concerted build"):
        find_edition(tmp_path)


def test_current_that_names_nothing_is_an_error_not_an_empty_page(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("gone\n")
    with pytest.raises(ConfigError, match="gone"):
        current_edition(tmp_path)


def test_an_edition_is_found_by_its_first_digits_only_when_one_has_them(tmp_path: Path) -> None:
    made(tmp_path, "abc1")
    made(tmp_path, "abd2")
    assert find_edition(tmp_path, "abc").name == "abc1"
    with pytest.raises(ConfigError, match="2 editions"):
        find_edition(tmp_path, "ab")


def test_an_atomic_write_leaves_nothing_when_it_fails(tmp_path: Path) -> None:
    target = tmp_path / "current"
    write_atomically(target, "old")
    with pytest.raises(TypeError):
        write_atomically(target, object())  # type: ignore[arg-type]
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_manifest_is_sorted_json(tmp_path: Path) -> None:
    text = (made(tmp_path, "e1") / "manifest.json").read_text()
    assert json.loads(text) == {"edition_id": "e1"}
    assert text.endswith("\n")
