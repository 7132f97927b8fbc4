"""One demonstration set for all tests of this folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from concerted.demo import write_demo
from concerted.demo.truth import load_truth


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with sources, strategy and truth of the usual seed."""
    target = tmp_path_factory.mktemp("demo")
    write_demo(target)
    return target


@pytest.fixture(scope="session")
def truth(demo: Path) -> Mapping[str, Any]:
    """The known truth of `demo`."""
    return load_truth(demo / "truth.json")
