"""A what-if adds up to the cent on every level, gives the states of the picture, and shows nobody more than that."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from concerted.codelists.frameworks import CellRule
from concerted.marking import KEEPER, PUBLIC
from concerted.matching.what_if import Add, End, Money, Move, Rule, Sandbox, what_if
from concerted.model.errors import ConfigError
from concerted.model.tables import ALL
from concerted.publish.figures import default_framework
from concerted.store.edition import find_edition
from concerted.store.query import open_edition


@pytest.fixture(scope="module")
def edition(small_data: Path) -> Path:
    return find_edition(small_data)


@pytest.fixture
def sandbox(edition: Path) -> Iterator[Sandbox]:
    found = Sandbox(KEEPER, edition, default_framework(edition))
    yield found
    found.close()


def richest(sandbox: Sandbox) -> tuple[str, str, int]:
    """The lowest cell with the most money."""
    parents = set(sandbox._nodes.values()) | {ALL}
    lowest = [key for key in sandbox.money if key[0] not in parents and key[1] in sandbox._places]
    return max(lowest, key=lambda key: (sandbox.money[key].best or 0, key))


def test_no_change_no_difference(sandbox: Sandbox) -> None:
    assert sandbox.compare([]) == []


def test_a_new_project_is_in_its_cell_and_in_all_above_it(sandbox: Sandbox) -> None:
    node, place, year = richest(sandbox)
    added = Money(Decimal("10.10"), Decimal("20.20"), Decimal("30.30"))
    found = {(d.node, d.place): d for d in sandbox.compare([Add((node, place, year), added)])}
    assert set(found) >= {(node, place), (ALL, place)}
    for difference in found.values():
        assert difference.period == year
        assert difference.after.money == difference.before.money.plus(added)
        assert difference.after.activities == difference.before.activities + 1
    assert {n for n, _ in found} == {ALL, *_up(sandbox._nodes, node)}
    assert {p for _, p in found} == set(_up(sandbox._places, place))


def _up(parents: dict[str, str | None], key: str | None) -> Iterator[str]:
    while key is not None:
        yield key
        key = parents.get(key)


def test_money_that_moves_is_conserved_where_both_cells_meet(sandbox: Sandbox) -> None:
    source = richest(sandbox)
    other = next(node for node in sorted(sandbox._nodes) if node not in set(_up(sandbox._nodes, source[0])))
    target = (other, source[1], source[2])
    best = sandbox.money[source].best
    assert best is not None
    moved = (best / 3).quantize(Decimal("0.01"))
    found = {(d.node, d.place): d for d in sandbox.compare([Move(source, target, moved)])}
    assert (ALL, source[1]) not in found  # nothing changes above both
    before, after = found[source[:2]].before.money, found[source[:2]].after.money
    assert before.best is not None
    assert after.best == before.best - moved
    gained = found[target[:2]]
    assert (gained.after.money.best or 0) - (gained.before.money.best or 0) == moved


def test_more_than_is_there_cannot_be_moved(sandbox: Sandbox) -> None:
    source = richest(sandbox)
    best = sandbox.money[source].best
    assert best is not None
    with pytest.raises(ConfigError, match="cannot be moved"):
        sandbox.compare([Move(source, (ALL, source[1], source[2]), best + Decimal("0.01"))])
    half = best / 2 + Decimal("0.01")
    with pytest.raises(ConfigError, match="cannot be moved"):
        sandbox.compare([Move(source, (*source[:2], source[2] + 1), half)] * 2)


def test_a_project_that_ends_takes_its_later_money_and_no_other(sandbox: Sandbox, edition: Path) -> None:
    with open_edition(edition) as connection:
        row = connection.execute(
            """SELECT activity_id, min(period), sum(best_usd) FROM out_allocation WHERE framework_id = ?
            AND finance_kind = ? AND period IS NOT NULL AND node_id <> 'UNCLASSIFIED'
            GROUP BY 1 HAVING sum(best_usd) > 0 ORDER BY 3 DESC, 1 LIMIT 1""",
            [sandbox.framework, sandbox.rule.supply_kind],
        ).fetchone()
    assert row is not None
    activity, first, money = row
    found = sandbox.compare([End(activity, first - 1)])
    gone = sum(
        ((d.before.money.best or Decimal(0)) - (d.after.money.best or Decimal(0)) for d in found if d.node == ALL and
         sandbox._places.get(d.place) is None),
        Decimal(0),
    )  # fmt: skip
    assert gone == money
    assert all(d.after.activities == d.before.activities - 1 for d in found if d.node == ALL)
    assert list(sandbox.compare([End(activity, 2200)])) == []


def test_another_rule_changes_states_and_no_money(sandbox: Sandbox) -> None:
    found = sandbox.compare([Rule(CellRule(covered=Decimal(0), supply_kind=sandbox.rule.supply_kind))])
    assert all(d.before.money == d.after.money for d in found)
    assert all(d.before.state != d.after.state for d in found)


def test_the_public_learns_nothing_of_hidden_rows(edition: Path) -> None:
    framework = default_framework(edition)
    keeper, public = Sandbox(KEEPER, edition, framework), Sandbox(PUBLIC, edition, framework)
    assert sum(m.best or 0 for m in public.money.values()) <= sum(m.best or 0 for m in keeper.money.values())
    with open_edition(edition) as connection:
        hidden = connection.execute(
            """SELECT DISTINCT activity_id FROM out_allocation WHERE framework_id = ? AND activity_id NOT IN
            (SELECT activity_id FROM out_allocation WHERE marking_key = 'CLEAR')""",
            [framework],
        ).fetchall()
    for (activity,) in hidden:
        assert public.compare([End(activity, 1900)]) == []
    keeper.close()
    public.close()


def test_an_unknown_framework_is_said(edition: Path) -> None:
    with pytest.raises(ConfigError, match="no framework"):
        what_if(PUBLIC, edition, "none", [])
