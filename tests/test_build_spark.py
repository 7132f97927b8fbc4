"""Spark and DuckDB leave the same edition: the same rows in every table, and the same bytes."""

import os
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from concerted.build import build
from concerted.demo import write_demo
from concerted.steps import BuildRequest

pytestmark = pytest.mark.spark

MASTER = "spark=local[2]"


def check_equal(sources: list[str], folder: Path, request: BuildRequest) -> None:
    """Build with both engines and compare every table of the two editions."""
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    duck = build(sources, folder / "duckdb", request, jobs=2).folder
    spark = build(sources, folder / "spark", BuildRequest(**{**vars(request), "engine": MASTER}), jobs=2).folder
    assert spark.name == duck.name, "the engine must not enter the edition's id"
    names = [p.name for p in sorted(duck.glob("*.parquet"))]
    assert [p.name for p in sorted(spark.glob("*.parquet"))] == names
    differing = {name: differences(duck / name, spark / name) for name in names if is_other(duck / name, spark / name)}
    assert differing == {}
    assert (spark / "manifest.json").read_text("utf-8") == (duck / "manifest.json").read_text("utf-8")


def is_other(one: Path, other: Path) -> bool:
    return one.read_bytes() != other.read_bytes()


def differences(one: Path, other: Path) -> list[str]:
    """Some rows that only one of two files has; `order` where only the order differs."""
    rows = [Counter(map(repr, pq.read_table(path).to_pylist())) for path in (one, other)]
    only = [*(rows[0] - rows[1]).elements()][:2] + [*(rows[1] - rows[0]).elements()][:2]
    return only or ["the same rows in another order or encoding"]


def test_the_demonstration_is_the_same_on_both_engines(tmp_path: Path) -> None:
    write_demo(tmp_path)
    check_equal([str(tmp_path / "sources")], tmp_path, BuildRequest(tmp_path / "strategy.yml"))


#: Folders of the kit that hold every kind of statement. Its largest, `iati/publishers`, is left to a run by hand: it
#: takes several times as long and has no kind of its own.
KIT = ("iati/sahel", "iati/v1", "iati/organisations", "hxl-3w", "projects", "population", "events")


@pytest.mark.realdata
@pytest.mark.slow
def test_real_files_are_the_same_on_both_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(os.environ.get("CONCERTED_REALDATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real files: {folder} is not there; set CONCERTED_REALDATA")
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    # Planned and compiled as a large set is; the demonstration runs as a small one.
    monkeypatch.setattr("concerted.store.spark.SMALL", 0)
    check_equal([str(folder / name) for name in KIT], tmp_path, BuildRequest(frameworks=("un-gcts", "pve-plan")))
