"""The how-to page about strategies is true: its example loads, its messages are the program's."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from concerted.codelists.strategy import load_strategy
from concerted.model.errors import ConfigError

from .strategy_files import workbook

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "load-a-strategy.md").read_text("utf-8")


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    example, _former = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "strategy.yml"
    path.write_text(example, "utf-8")
    framework = load_strategy(path)
    assert [n.id for n in framework.nodes] == ["P1", "P1.1"]
    assert framework.node("P1.1").costs[0].high == Decimal(550000000)
    assert {(own.code, own.node_id) for own in framework.own_codes} == {
        ("AXE-1", "P1"),
        ("Emploi et jeunesse", "P1.1"),
        ("P1", "P1"),
        ("P1.1", "P1.1"),
    }


def test_the_messages_of_the_page_are_the_programs_own(tmp_path: Path) -> None:
    cost = ["P1", 2026, 1, 2, "XOF"]
    path = workbook(
        tmp_path / "strategy.xlsx",
        {
            "Stratégie": [
                ["Identifiant", "plan"],
                ["Version", "1"],
                ["Nom (français)", "Plan"],
                ["Pays ou lieu", "ML"],
            ],
            "Arbre": [["Identifiant", "Parent", "Nom (français)"], ["P1", "", "a"], ["P2", "", "b"], ["P3", "P9", "c"]],
            "Coûts": [
                ["Élément", "Année", "Bas", "Haut", "Monnaie"],
                *([*cost[:1], cost[1] + year, *cost[2:]] for year in range(5)),
                ["P1", 2031, 1, 2, "CFA"],
            ],
        },
    )
    with pytest.raises(ConfigError) as error:
        load_strategy(path)
    told = [line for line in str(error.value).splitlines() if line.startswith("  sheet")]
    assert len(told) == 2
    assert all(line in PAGE for line in told)
