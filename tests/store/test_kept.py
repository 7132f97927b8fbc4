"""Results of long computations are kept from build to build, for one version of the code."""

import os
from pathlib import Path
from typing import Any

import pytest

from concerted.store import kept as module
from concerted.store.kept import LATEST, keeping_results, kept


class Doubling:
    """Doubles numbers and counts how often it had to."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, number: int) -> tuple[int, ...]:
        def compute() -> tuple[int, ...]:
            self.times += 1
            return (2 * number,)

        return kept("double", {"number": number}, compute, to_plain=list, from_plain=tuple[Any, ...])


def test_what_was_computed_once_is_not_computed_again(tmp_path: Path) -> None:
    double = Doubling()
    with keeping_results(tmp_path):
        assert [double(2), double(2), double(3)] == [(4,), (4,), (6,)]
    assert double.times == 2


def test_outside_a_cache_nothing_is_kept(tmp_path: Path) -> None:
    double = Doubling()
    with keeping_results(tmp_path):
        double(2)
    assert double(2) == (4,)
    assert double(2) == (4,)
    assert double.times == 3


def test_another_version_of_the_code_computes_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    double = Doubling()
    with keeping_results(tmp_path):
        double(2)
        monkeypatch.setattr(module, "code_version", lambda: "other")
        double(2)
    assert double.times == 2


def test_the_last_used_results_stay_and_no_more(tmp_path: Path) -> None:
    double = Doubling()
    with keeping_results(tmp_path):
        for number in range(LATEST):
            double(number)
        for age, path in enumerate(sorted((tmp_path / "double").iterdir(), key=lambda p: p.stat().st_mtime_ns)):
            os.utime(path, (1000 + age, 1000 + age))
        double(0)  # the oldest one is used again
        double(LATEST)
        assert len(list((tmp_path / "double").iterdir())) == LATEST
        times = double.times
        double(0)
        assert double.times == times
        double(1)
        assert double.times == times + 1


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> int:
        raise ValueError("no")

    with keeping_results(tmp_path), pytest.raises(ValueError, match="no"):
        kept("double", 1, fail, to_plain=int, from_plain=int)
    assert list(tmp_path.rglob("*.json")) == []
