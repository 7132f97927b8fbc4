"""The secret key: made once, shared, kept from others, and told when it cannot be."""

import threading
from pathlib import Path

import pytest

from concerted.model.errors import ConfigError
from concerted.web.config.secret import FILE, is_open_to_others, secret_key, setting


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = secret_key(tmp_path, {})
    assert len(first) >= 50
    assert secret_key(tmp_path, {}) == first
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert not is_open_to_others(tmp_path / FILE)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    (tmp_path / FILE).chmod(0o640)
    assert is_open_to_others(tmp_path / FILE)


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    start, keys = threading.Barrier(8), []

    def make() -> None:
        start.wait(20)
        keys.append(secret_key(tmp_path, {}))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_key_that_is_given_wins_and_may_stand_in_a_file(tmp_path: Path) -> None:
    assert secret_key(tmp_path, {"CONCERTED_SECRET_KEY": "k" * 50}) == "k" * 50
    file = tmp_path / "key"
    file.write_text("f" * 50 + "\n", "utf-8")
    assert secret_key(tmp_path, {"CONCERTED_SECRET_KEY_FILE": str(file)}) == "f" * 50
    assert not (tmp_path / FILE).exists()


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="at least 50"):
        secret_key(tmp_path, {"CONCERTED_SECRET_KEY": "short"})
    with pytest.raises(ConfigError, match="cannot be read"):
        setting("CONCERTED_SECRET_KEY", {"CONCERTED_SECRET_KEY_FILE": str(tmp_path / "nothing")})
    (tmp_path / FILE).write_text("short", "utf-8")
    with pytest.raises(ConfigError, match="holds no secret key"):
        secret_key(tmp_path, {})


def test_where_none_can_be_kept_each_start_has_its_own(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    first, second = (secret_key(blocked / "data", {}) for _ in range(2))
    assert first != second
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
