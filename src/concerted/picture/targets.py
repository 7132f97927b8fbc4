"""What each cell should cost by the strategy: its stated costs, and their sums upwards.

Place on the way: picture. Enters: costs per node, year and maybe place. Leaves: rows of `out_target` for every grain. A
sum that lacks a part has the known part as low and no high: unknown is not zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from concerted.model.tables import ALL, full_schema
from concerted.model.trees import ancestor_chain, ancestor_chains


@dataclass(frozen=True, slots=True)
class Cost:
    """A range in both currencies; a high end of null is unknown."""

    low_usd: Decimal
    high_usd: Decimal | None
    low_eur: Decimal
    high_eur: Decimal | None

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.low_usd + other.low_usd,
            _plus(self.high_usd, other.high_usd),
            self.low_eur + other.low_eur,
            _plus(self.high_eur, other.high_eur),
        )


#: A part that exists and whose cost nobody states.
NOT_STATED = Cost(Decimal(0), None, Decimal(0), None)


@dataclass(frozen=True, slots=True)
class StatedCost:
    """One cost as the strategy states it: a node with all below it, in a year, in one place or (null) everywhere."""

    framework_id: str
    node_id: str
    place_id: str | None
    period: int
    cost: Cost
    source: str | None = None


Cell = tuple[str | None, int]  # place, year
Costs = dict[Cell, Cost]


def target_rows(
    stated: Iterable[StatedCost],
    node_parents: Mapping[str, Mapping[str, str | None]],
    place_parents: Mapping[str, str | None],
    scope: Mapping[str, str | None],
) -> pa.Table:
    """`out_target`: the cost of every node, ALL included, per place and year, per year, per place, and in all.

    A node's own cost counts; where it has none, the sum of its children. A place's own cost counts; where it has none,
    the sum of the places below it. The cost of all years is the sum of the years stated.

    Args:
        stated: of several costs with the same node, place and year the last by source counts.
        node_parents: per framework, node -> parent.
        place_parents: place -> parent.
        scope: per framework, the country it is for, where it has one: there the whole cost falls.
    """
    by_framework: dict[str, dict[str, dict[Cell, StatedCost]]] = {}
    for entry in sorted(stated, key=lambda s: (s.framework_id, s.node_id, s.place_id or "", s.period, s.source or "")):
        nodes = by_framework.setdefault(entry.framework_id, {})
        nodes.setdefault(entry.node_id, {})[entry.place_id, entry.period] = entry
    rows: list[dict[str, object]] = []
    for framework, nodes in sorted(by_framework.items()):
        parents = node_parents.get(framework, {})
        for node, costs in sorted(_per_node(nodes, parents, place_parents, scope.get(framework)).items()):
            own = nodes.get(node, {})
            rows.extend(_rows(framework, node, costs, own))
    return pa.Table.from_pylist(rows, schema=full_schema("target"))


def _per_node(
    stated: Mapping[str, Mapping[Cell, StatedCost]],
    parents: Mapping[str, str | None],
    place_parents: Mapping[str, str | None],
    country: str | None,
) -> dict[str, Costs]:
    """The costs of every node that has any, by place and year."""
    children: dict[str, list[str]] = {ALL: []}
    for node in sorted({*parents, *stated} - {ALL}):
        children.setdefault(parents.get(node) or ALL, []).append(node)
    found: dict[str, Costs] = {}
    depth = {node: len(chain) for node, chain in ancestor_chains(parents).items()}
    order = sorted(children.keys() | {n for c in children.values() for n in c}, key=lambda n: (-depth.get(n, 0), n))
    for node in [*(n for n in order if n != ALL), ALL]:
        own = {cell: entry.cost for cell, entry in stated.get(node, {}).items()}
        if own:
            found[node] = _over_places(own, place_parents, country)
        elif below := _sum_of([found.get(child, {}) for child in children.get(node, [])]):
            found[node] = below
    return found


def _over_places(own: Costs, place_parents: Mapping[str, str | None], country: str | None) -> Costs:
    """`own` with the places above the stated ones, and the whole of each year."""
    costs = dict(own)
    stated = {place for place, _ in own if place is not None}
    for (place, year), cost in sorted(own.items(), key=lambda item: (item[0][0] or "", item[0][1])):
        if place is None:
            continue
        chain = ancestor_chain(place, place_parents)[1:]
        # What stands above a place that is stated itself is reached through that place.
        nearest = next((up for up in chain if up in stated), None)
        for up in chain[: chain.index(nearest)] if nearest else (*chain, None):
            if (up, year) not in own:
                costs[up, year] = costs[up, year] + cost if (up, year) in costs else cost
    if country is not None:
        for year in {year for place, year in costs if place is None}:
            costs.setdefault((country, year), costs[None, year])
    return costs


def _sum_of(parts: list[Costs]) -> Costs:
    """Sums per cell over children; a child that states nothing, or a year's whole but no places, is not known there."""
    cells = {cell for part in parts for cell in part}
    return {cell: _total([_of(part, cell) for part in parts]) for cell in cells}


def _of(part: Costs, cell: Cell) -> Cost | None:
    """The cost of a child in a cell; null where it plans nothing there."""
    if cell in part:
        return part[cell]
    place, year = cell
    is_split = any(p is not None and y == year for p, y in part)
    if not part or (place is not None and (None, year) in part and not is_split):
        return NOT_STATED
    return None


def _total(costs: list[Cost | None]) -> Cost:
    total = Cost(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
    for cost in costs:
        total = total + cost if cost is not None else total
    return total


def _plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left + right


def _rows(framework: str, node: str, costs: Costs, own: Mapping[Cell, StatedCost]) -> list[dict[str, object]]:
    """Rows of one node: each year, and all years of each place."""
    every: dict[str | None, list[Cost | None]] = {}
    for (place, _), cost in sorted(costs.items(), key=lambda item: (item[0][0] or "", item[0][1])):
        every.setdefault(place, []).append(cost)
    cells: list[tuple[str | None, int | None, Cost]] = [(p, y, c) for (p, y), c in costs.items()]
    cells += [(place, None, _total(parts)) for place, parts in every.items()]
    return [
        {
            "framework_id": framework,
            "node_id": node,
            "place_id": place,
            "period": year,
            "low_usd": cost.low_usd,
            "high_usd": cost.high_usd,
            "low_eur": cost.low_eur,
            "high_eur": cost.high_eur,
            "is_stated": year is not None and (place, year) in own,
            "source": own[place, year].source if year is not None and (place, year) in own else None,
        }
        for place, year, cost in cells
    ]
