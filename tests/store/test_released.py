"""What the public is shown: by who builds until somebody decides, and by decisions alone from then on."""

from pathlib import Path

import pytest

from concerted.model.errors import ConfigError
from concerted.store.edition import make_current, publish_staged, staging
from concerted.store.released import (
    is_decided,
    is_withdrawn,
    pin,
    release,
    release_built,
    released_edition,
    released_ids,
    withdraw,
    withhold,
)


def made(data: Path, name: str) -> Path:
    with staging(data / "editions") as stage:
        folder = publish_staged(stage, data, name, {"edition_id": name})
    make_current(data, name)
    return folder


def shown(data: Path) -> str | None:
    folder = released_edition(data)
    return folder.name if folder else None


def test_a_folder_that_says_nothing_shows_what_is_current(tmp_path: Path) -> None:
    assert shown(tmp_path) is None
    made(tmp_path, "one")
    assert shown(tmp_path) == "one"
    made(tmp_path, "two")
    assert shown(tmp_path) == "two"


def test_once_pinned_what_is_current_is_not_shown(tmp_path: Path) -> None:
    made(tmp_path, "one")
    pin(tmp_path)
    made(tmp_path, "two")
    pin(tmp_path)
    assert shown(tmp_path) == "one"
    assert not is_decided(tmp_path)


def test_pinned_before_anything_was_shown_only_a_decision_shows_the_first(tmp_path: Path) -> None:
    pin(tmp_path)
    made(tmp_path, "one")
    assert shown(tmp_path) is None
    assert not release_built(tmp_path, "one")
    assert shown(tmp_path) is None
    release(tmp_path, "one")
    assert shown(tmp_path) == "one"


def test_who_builds_by_hand_releases_until_somebody_decides(tmp_path: Path) -> None:
    made(tmp_path, "one")
    assert release_built(tmp_path, "one")
    made(tmp_path, "two")
    assert release_built(tmp_path, "two")
    assert shown(tmp_path) == "two"
    release(tmp_path, "one")
    made(tmp_path, "three")
    assert not release_built(tmp_path, "three")
    assert shown(tmp_path) == "one"


def test_withheld_means_that_what_is_shown_stays(tmp_path: Path) -> None:
    made(tmp_path, "one")
    withhold(tmp_path)
    made(tmp_path, "two")
    assert not release_built(tmp_path, "two")
    assert shown(tmp_path) == "one"


def test_a_withdrawn_release_gives_way_to_the_one_before_or_to_nothing(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made(tmp_path, name)
        release(tmp_path, name)
    withdraw(tmp_path, "two", "one")
    assert shown(tmp_path) == "one"
    assert is_withdrawn(tmp_path, "two")
    assert not is_withdrawn(tmp_path, "one")
    withdraw(tmp_path, "one", None)
    assert shown(tmp_path) is None
    assert released_ids(tmp_path) == ["one", "two"]  # neither is thrown away
    release(tmp_path, "two")
    assert not is_withdrawn(tmp_path, "two")
    assert released_ids(tmp_path) == ["one", "two"]


@pytest.mark.parametrize("name", ["", "nothing", "../editions/one", "."])
def test_what_is_not_there_is_not_released(tmp_path: Path, name: str) -> None:
    made(tmp_path, "one")
    with pytest.raises(ConfigError, match="holds no edition"):
        release(tmp_path, name)
    with pytest.raises(ConfigError, match="holds no edition"):
        release_built(tmp_path, name)
    assert shown(tmp_path) == "one"
    assert not is_decided(tmp_path)


def test_a_pointer_to_nothing_is_said(tmp_path: Path) -> None:
    made(tmp_path, "one")
    (tmp_path / "released").write_text("gone\n", "utf-8")
    with pytest.raises(ConfigError, match="release again"):
        released_edition(tmp_path)
