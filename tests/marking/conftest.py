"""Editions of the matrix: made once for all tests that ask them."""

from collections.abc import Container
from pathlib import Path

import pytest

from marking.matrix import World
from marking.matrix_world import build_world, records

#: Records of the sample that every test run looks at: each label, with and without coarse views.
SAMPLE = (0, 3, 4, 6, 8, 14, 19, 22, 25, 28, 33, 37, 40)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world."""
    return _world(tmp_path_factory.mktemp("sample"), SAMPLE)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The whole world."""
    return _world(tmp_path_factory.mktemp("whole"), range(len(records())))


def _world(root: Path, numbers: Container[int]) -> World:
    chosen = tuple(record for record in records() if record.number in numbers)
    before = build_world(root / "before", [record for record in chosen if record.precise == "CLEAR"])
    return World(build_world(root / "world", chosen), chosen, before)
