"""How many nodes are in which state: the sentence at the top, from the same cells and the same rule as the matrix.

Place on the way: after picture, for pages and reports. Enters: rows of `out_cell`, `out_target` and `out_informed`, the
reader's filter. Leaves: the facts and state of each cell, and the counts over them. Nothing here is summed over nodes:
a headline shows the framework's own distinct count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from concerted.codelists.frameworks import CellRule
from concerted.marking.rows import RowFilter
from concerted.model.tables import ALL
from concerted.picture.informed import Informed
from concerted.picture.state import STATES, CellState, cell_state

Row = Mapping[str, Any]
Cell = tuple[str, str | None, int | None]  # node, place, period


@dataclass(frozen=True)
class Facts:
    """What one reader may know of one cell. Money is in dollars and of the rule's kind; null = none is known."""

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    activities: int
    unvalued: int
    target_low: Decimal | None
    target_high: Decimal | None
    is_informed: bool
    state: CellState


@dataclass(frozen=True)
class Headline:
    """The first sentence: of how many nodes, how many are in each state, and the whole beside it."""

    by_state: dict[CellState, int]
    whole: Facts
    widest: str | None

    @property
    def nodes(self) -> int:
        """How many nodes were judged."""
        return sum(self.by_state.values())


def cell_facts(
    cells: Iterable[Row],
    targets: Iterable[Row],
    informed: Informed,
    allowed: RowFilter,
    rule: CellRule,
    wanted: Sequence[Cell],
) -> dict[Cell, Facts]:
    """The facts of every wanted cell, those without a row included.

    Args:
        cells: rows of one framework and one of the grains node, node_place, node_period, node_place_period.
        targets: rows of that framework.
        wanted: cells of that grain; null where the grain sets no place or no period.
    """
    money: dict[Cell, list[Decimal]] = {}
    counts: dict[Cell, list[int]] = {}
    for row in cells:
        if not allowed.keeps(row["view"], row["marking_key"], row["precise_marking_key"]):
            continue
        cell = (row["node_id"], row["place_id"], row["period"])
        if row["finance_kind"] == "ANY":
            _add(counts.setdefault(cell, [0, 0]), (row["activities"], row["unvalued"]))
        elif row["finance_kind"] == rule.supply_kind and row["high_usd"] is not None:
            _add(money.setdefault(cell, [Decimal(0)] * 3), (row["low_usd"], row["best_usd"], row["high_usd"]))
    costs = {(t["node_id"], t["place_id"], t["period"]): (t["low_usd"], t["high_usd"]) for t in targets}
    return {
        cell: _facts(
            money.get(cell), counts.get(cell), costs.get(cell, (None, None)), informed.at(cell[1], cell[2]), rule
        )
        for cell in wanted
    }


def headline(
    cells: Iterable[Row],
    targets: Iterable[Row],
    informed: Informed,
    allowed: RowFilter,
    rule: CellRule,
    nodes: Sequence[str],
    place: str | None = None,
    period: int | None = None,
) -> Headline:
    """Counts of `nodes` by state, and the whole framework's own facts, for one place and period.

    `widest` is the node whose range is widest: confirming what lies in it would narrow the picture most.
    """
    wanted = [(node, place, period) for node in (*nodes, ALL)]
    facts = cell_facts(cells, targets, informed, allowed, rule, wanted)
    judged = {node: facts[node, place, period] for node in nodes}
    by_state = {state: sum(f.state == state for f in judged.values()) for state in STATES}
    spans = {node: f.high - f.low for node, f in judged.items() if f.high is not None and f.low is not None}
    widest = min(spans, key=lambda node: (-spans[node], node), default=None)
    return Headline(by_state, facts[ALL, place, period], widest)


def _facts(
    money: list[Decimal] | None,
    counts: list[int] | None,
    cost: tuple[Decimal | None, Decimal | None],
    is_informed: bool,
    rule: CellRule,
) -> Facts:
    low, best, high = money or (None, None, None)
    activities, unvalued = counts or (0, 0)
    state = cell_state(low, high, *cost, is_informed, activities, rule)
    return Facts(low, best, high, activities, unvalued, *cost, is_informed, state)


def _add(total: list[Any], more: Iterable[Any]) -> None:
    for i, value in enumerate(more):
        total[i] += value
