"""`concerted what-if`: changes against an edition, in words and as JSON, and what is wrong with where it is."""

from decimal import Decimal
from pathlib import Path

import pytest

from .commands import Commands


@pytest.fixture
def changes(tmp_path: Path) -> Path:
    return tmp_path / "changes.yml"


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_new_project_is_told_in_its_cell_and_in_all_above_it(
    concerted: Commands, small_data: Path, changes: Path
) -> None:
    nodes = concerted.run(
        "what-if", written(changes, "changes: [{rule: {covered: 0}}]"), "--data", small_data, "--json"
    )
    node = next(d["node"] for d in nodes.json()["differences"] if d["node"] != "ALL")
    text = f"""
changes:
  - add: {{low: 100.10, best: 200.20, high: 300.30}}
    at: {{node: "{node}", place: Mali, year: 2026}}
"""
    answer = concerted.run("what-if", written(changes, text), "--data", small_data, "--json")
    assert answer.code == 0, answer.err
    found = answer.json()
    told = {(d["node"], d["place"], d["year"]): d for d in found["differences"]}
    assert {key for key in told if key[0] == node} == {
        (node, place, year) for place in ("ML", None) for year in (2026, None)
    }
    assert ("ALL", None, None) in told
    for d in told.values():
        assert d["after"]["activities"] == d["before"]["activities"] + 1
        assert Decimal(d["after"]["best"]) - Decimal(d["before"]["best"] or 0) == Decimal("200.20")
    said = concerted.run("what-if", changes, "--data", small_data, "--by", "both")
    assert said.code == 0
    assert "1 changes on" in said.out
    assert "ML" in said.out


def test_what_cannot_be_done_is_said_with_where_and_what_to_do(
    concerted: Commands, small_data: Path, changes: Path
) -> None:
    for text, said in (
        ("changes: [{move: 1, from: {place: Gaoo}, to: {place: ML}}]", ("changes[1]", "Gao")),
        ("changes: [{cost: {node: nothing, factor: 2}}]", ("changes[1]", "node of")),
        ("changes: [{end: nobody-has-it, last_day: 2026-01-01}]", ("no activity 'nobody-has-it' that you can see",)),
        ('changes: [{end: "0000000000001267", last_day: 2026-01-01}]', ("changes[1].end", "sees nothing of such")),
        ("changes: [{move: 99999999999, to: {place: UNKNOWN}}]", ("changes[1].move", "move no more than that")),
        ("changes: [{mve: 1}]", ("changes.yml", "changes[1]", "write one of move, add, end, rule, cost")),
        ("framework: nobody\nchanges: []", ("framework", "nobody")),
    ):
        found = concerted.run("what-if", written(changes, text), "--data", small_data)
        assert found.code == 3, (text, found.out, found.err)
        for part in said:
            assert part in found.err, (text, found.err)
    wrong = concerted.run("what-if", changes, "--data", small_data, "--by", "month")
    assert wrong.code == 2
