"""A what-if on a real edition: from a folder on disk to the cells that would be others, and nothing hidden in them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from concerted.marking import KEEPER, PUBLIC
from concerted.matching.what_if.changes import Add, Cost, End, Move, Rule, Where
from concerted.matching.what_if.ground import Key
from concerted.matching.what_if.sandbox import Sandbox, sandbox_on, what_if
from concerted.matching.what_if.written import ChangeError
from concerted.model.errors import ConfigError
from concerted.model.tables import ALL
from concerted.publish.figures import default_framework
from concerted.store.edition import find_edition
from concerted.store.query import open_edition


@pytest.fixture(scope="module")
def edition(small_data: Path) -> Path:
    return find_edition(small_data)


@pytest.fixture(scope="module")
def sandbox(edition: Path) -> Iterator[Sandbox]:
    with open_edition(edition) as connection:
        yield sandbox_on(KEEPER, connection, default_framework(edition), date(2026, 9, 30))


def richest(sandbox: Sandbox) -> tuple[Where, Decimal]:
    """The cell of a place and a year with the most best money."""
    cells = sandbox.cells(sandbox.rule.supply_kind)
    found = {
        k: best for k, ((_, best, _), _) in cells.items() if k[0] in sandbox.ground.nodes and k[1] and k[2] and best
    }
    key = max(found, key=lambda k: (found[k], k))
    return Where(*key), found[key]


def test_money_that_moves_changes_the_cells_that_it_leaves_and_comes_to_and_none_above_both(sandbox: Sandbox) -> None:
    source, best = richest(sandbox)
    other = next(node for node in sorted(sandbox.ground.nodes) if source.node not in sandbox.ground.nodes_above(node)
                 and node not in sandbox.ground.nodes_above(str(source.node)))  # fmt: skip
    moved = (best / 3).quantize(Decimal("0.01"))
    compared = sandbox.compare([Move(source, source.but(Where(node=other)), moved)])
    found: dict[Key, Decimal] = {
        (d.node, d.place, d.period): (d.after.best or Decimal(0)) - (d.before.best or Decimal(0))
        for d in compared.differences
    }
    assert found[str(source.node), source.place, source.year] == -moved
    assert found[other, source.place, source.year] == moved
    assert (ALL, source.place, source.year) not in found
    assert compared.problems == ()


def test_a_project_that_ends_takes_its_later_money_and_no_other(sandbox: Sandbox, edition: Path) -> None:
    with open_edition(edition) as connection:
        row = connection.execute(
            """SELECT activity_id, min(period), sum(best_usd) FILTER (node_id <> 'UNCLASSIFIED') FROM out_allocation
            WHERE framework_id = ? AND finance_kind = ? AND period IS NOT NULL AND view = 'precise'
            GROUP BY 1 HAVING sum(best_usd) > 0 ORDER BY 3 DESC, 1 LIMIT 1""",
            [sandbox.ground.framework, sandbox.rule.supply_kind],
        ).fetchone()
    assert row is not None
    activity, first, money = row
    whole = {d.node: d for d in sandbox.compare([End(activity, date(first - 1, 12, 31))]).differences
             if d.place is None and d.period is None}  # fmt: skip
    assert (whole[ALL].before.best or 0) - (whole[ALL].after.best or 0) == money
    assert sandbox.compare([End(activity, date(2190, 1, 1))]).differences == ()
    kept = sandbox.compare([End(activity, date(first, 1, 1))])
    assert all(d.period is None or d.period > first for d in kept.differences)


def test_another_rule_changes_states_and_no_money(sandbox: Sandbox) -> None:
    compared = sandbox.compare([Rule(covered=Decimal("0.01"), not_covered=Decimal(0))])
    assert compared.differences
    for d in compared.differences:
        assert (d.before.low, d.before.best, d.before.high) == (d.after.low, d.after.best, d.after.high)
        assert d.before.state != d.after.state


def test_costs_of_nothing_leave_no_cell_uncovered(sandbox: Sandbox) -> None:
    compared = sandbox.compare([Cost(None, Decimal(0))])
    assert "not_covered" not in {d.after.state for d in compared.differences}


def test_the_public_learns_nothing_of_hidden_rows(edition: Path) -> None:
    framework = default_framework(edition)
    with open_edition(edition) as connection:
        hidden = connection.execute(
            """SELECT DISTINCT activity_id FROM out_allocation WHERE framework_id = ? AND activity_id NOT IN
            (SELECT activity_id FROM out_allocation WHERE marking_key = 'CLEAR')""",
            [framework],
        ).fetchall()
        assert hidden
        public, keeper = (sandbox_on(viewer, connection, framework) for viewer in (PUBLIC, KEEPER))
        nobody = public.compare([End(1, date(1990, 1, 1))])
        for (activity,) in hidden:
            ends = [End(activity, date(1990, 1, 1))]
            assert public.compare(ends) == nobody
            assert keeper.compare(ends).differences
        best = public.cells(public.rule.supply_kind)[ALL, None, None][0][1]
        assert best is not None
        refused = public.compare([Move(Where(), Where(place="UNKNOWN"), best + 1)])
        assert [p.there for p in refused.problems] == [best]  # and not what the keeper would see there


def test_what_is_not_in_the_edition_is_said_with_what_is_near(edition: Path, sandbox: Sandbox) -> None:
    with pytest.raises(ConfigError, match="no framework"):
        what_if(PUBLIC, edition, "none", [])
    node = sorted(sandbox.ground.nodes)[0]
    with pytest.raises(ChangeError, match=rf"changes\[2\]\.at\.node.*did you mean .*{node}"):
        sandbox.compare([Cost(node, Decimal(2)), Add(f"{node}x", "ML", 2026, 2026)])
    with pytest.raises(ChangeError, match=r"changes\[1\]\.to\.place: the edition has no place 'Nowhere'"):
        sandbox.compare([Move(Where(), Where(place="Nowhere"), Decimal(1))])
