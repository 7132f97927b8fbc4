"""Strategies read from YAML and from workbooks in three languages, and their costs as targets."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from concerted.codelists.frameworks import CellRule, Cost, OwnCode
from concerted.codelists.strategy import load_strategy, targets

from .strategy_files import EXAMPLE, small, workbook, written


def test_the_example_is_read_whole(tmp_path: Path) -> None:
    framework = load_strategy(written(tmp_path, EXAMPLE))
    assert [n.id for n in framework.nodes] == ["P1", "P1.1", "P2"]
    assert framework.node("P1.1").parent_id == "P1"
    assert framework.node("P1").is_pve_specific is True
    assert framework.node("P2").is_pve_specific is False
    assert framework.node("P1.1").is_pve_specific is None
    assert len(framework.node("P1.1").costs) == 3
    assert framework.node("P1.1").indicators[0].target == "2 500"
    assert framework.is_strategy
    assert framework.own_codes[1] == OwnCode("Emploi et jeunesse", "P1.1", "narrower", None, "Axe")
    assert framework.crosswalks[0].author == "Secrétariat permanent"


def test_headers_may_be_in_any_language_case_and_accent(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        {
            "STRATEGIE": [["identifiant", "plan"], ["VERSION", 2026], ["name_fr", "Plan"], ["البلد أو المكان", "ML"]],
            "Nodes": [["ID", "Nom (francais)", "parent"], [1, "Axe un", ""], [1.1, "Action", 1]],
            "التكاليف": [["العنصر", "Année", "low", "HAUT", "Monnaie"], [1.1, 2026.0, "1 500,5", 2000, "xof"]],
        },
    )
    framework = load_strategy(path)
    assert [(n.id, n.parent_id) for n in framework.nodes] == [("1", None), ("1.1", "1")]
    assert framework.node("1.1").costs == (Cost(2026, Decimal("1500.5"), Decimal(2000), "XOF"),)
    assert framework.version == "2026"


def test_sheets_and_columns_that_begin_with_a_hash_are_left_aside(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        {
            "# notes": [["anything"]],
            "Strategy": [["Id", "plan"], ["Version", "1"], ["Name (English)", "Plan"], ["# who", "me"]],
            "Nodes": [["Id", "Name (English)", "# comment"], ["A", "Pillar", "hm"]],
        },
    )
    assert [n.id for n in load_strategy(path).nodes] == ["A"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("375 600 000,5", "375600000.5"),
        ("375,600,000.5", "375600000.5"),
        ("1,500,000", "1500000"),
        ("12,5", "12.5"),
        ("1e6", "1000000"),
        (0, "0"),
    ],
)
def test_amounts_are_read_as_people_write_them(tmp_path: Path, text: Any, value: str) -> None:
    costs = [{"year": 2026, "low": text, "high": text, "currency": "XOF"}]
    framework = load_strategy(written(tmp_path, small(nodes=[{"id": "A", "name": {"fr": "Axe"}, "costs": costs}])))
    assert framework.nodes[0].costs[0].low == Decimal(value)


@pytest.mark.parametrize("text", ["2026-01-31", "31/01/2026", "31.01.2026", dt.date(2026, 1, 31)])
def test_dates_are_read_as_people_write_them(tmp_path: Path, text: Any) -> None:
    assert load_strategy(written(tmp_path, small(valid_from=text))).valid_from == dt.date(2026, 1, 31)


@pytest.mark.parametrize("word", ["draft", "Projet", "مسودة"])
def test_status_may_be_said_in_any_language(tmp_path: Path, word: str) -> None:
    assert load_strategy(written(tmp_path, small(status=word))).status == "draft"


def test_words_of_a_person_become_terms(tmp_path: Path) -> None:
    node = {"id": "A", "name": {"fr": "Axe"}, "words": {"fr": "Cohésion sociale; État de droit,DDR$ ,, prévent* l'"}}
    framework = load_strategy(written(tmp_path, small(nodes=[node])))
    assert framework.nodes[0].lexicon == {"fr": ("cohesion sociale", "etat de droit", "ddr$", "prevent* l")}


def test_words_may_be_a_list(tmp_path: Path) -> None:
    node = {"id": "A", "name": {"fr": "Axe"}, "words": {"fr": ["Paix", "vivre-ensemble"]}}
    framework = load_strategy(written(tmp_path, small(nodes=[node])))
    assert framework.nodes[0].lexicon == {"fr": ("paix", "vivre ensemble")}


def test_codes_under_the_vocabulary_address_are_the_nodes_own(tmp_path: Path) -> None:
    nodes = [{"id": "A", "code": "1", "name": {"fr": "Axe"}}]
    framework = load_strategy(written(tmp_path, small(nodes=nodes, vocabulary_uri="https://example.org/v")))
    assert framework.own_codes == (
        OwnCode("A", "A", "exact", "https://example.org/v"),
        OwnCode("1", "A", "exact", "https://example.org/v"),
    )


def test_what_the_rule_does_not_say_is_as_at_the_start(tmp_path: Path) -> None:
    framework = load_strategy(written(tmp_path, small(rule={"covered": "0,9"})))
    assert framework.cell_rule == CellRule(covered=Decimal("0.9"))


def test_targets_are_the_stated_costs_and_no_sums(tmp_path: Path) -> None:
    rows = targets(load_strategy(written(tmp_path, EXAMPLE))).to_pylist()
    assert [(r["node_id"], r["place_id"], r["period"], r["low"], r["high"], r["currency"]) for r in rows] == [
        ("P1.1", "ML", 2026, Decimal(2000000), Decimal(2000000), "EUR"),
        ("P1.1", "ML05", 2026, Decimal(400000000), Decimal(550000000), "XOF"),
        ("P1.1", "ML05", 2027, Decimal(450000000), Decimal(600000000), "XOF"),
    ]
    assert rows[1]["source"] == "Plan d'action 2026"


def test_a_strategy_without_costs_has_no_targets_and_not_zero(tmp_path: Path) -> None:
    assert targets(load_strategy(written(tmp_path, small()))).num_rows == 0
