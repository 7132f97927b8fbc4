"""Frameworks as tables: a strategy's indicators stand in the edition as the owner wrote them."""

from pathlib import Path

from concerted.codelists.framework_tables import indicator_table
from concerted.codelists.frameworks import load_framework
from concerted.codelists.strategy import load_strategy

from .strategy_files import EXAMPLE, written


def test_every_indicator_of_a_strategy_is_a_row_with_its_values_as_written(tmp_path: Path) -> None:
    framework = load_strategy(written(tmp_path, EXAMPLE))
    rows = indicator_table([load_framework("pve-plan"), framework]).to_pylist()
    assert len(rows) == sum(len(node.indicators) for node in framework.nodes)
    row = next(r for r in rows if r["node_id"] == "P1.1")
    assert (row["framework_id"], row["target"]) == (framework.id, "2 500")
    assert indicator_table([]).num_rows == 0
