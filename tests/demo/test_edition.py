"""The demonstration built like real files: every figure in its range, every planted fault reported."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from concerted.demo.truth import check

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def edition(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from concerted.build import build
    from concerted.steps import BuildRequest

    data = tmp_path_factory.mktemp("data")
    return build([str(demo / "sources")], data, BuildRequest(demo / "strategy.yml")).folder


def test_the_edition_agrees_with_the_known_truth(edition: Path, truth: Mapping[str, Any]) -> None:
    assert check(edition, truth) == []


def test_suggested_nodes_are_told_apart_from_declared_ones(edition: Path, truth: Mapping[str, Any]) -> None:
    import pyarrow.parquet as pq

    rows = pq.read_table(edition / "core_node_share.parquet", filters=[("framework_id", "=", truth["framework_id"])])
    confirmed = [row["is_confirmed"] for row in rows.to_pylist() if row["node_id"] != "UNCLASSIFIED"]
    assert any(confirmed)
    assert not all(confirmed)
