"""What differs between two versions of a strategy: lines added, removed, renamed, moved, reworded, and their costs.

Enters: two frameworks. Leaves: one `Difference` per line that differs, in the order of the newer tree and then of the
older one. Lines are the same line where their ids are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from concerted.codelists.frameworks import Cost, Framework, Node

Kind = Literal["added", "removed", "renamed", "moved", "renumbered", "reworded", "costs"]
#: Place and year of a cost, and its currency.
Where = tuple[str | None, int, str]


@dataclass(frozen=True)
class CostChange:
    """A cost that is not what it was; null = there is none."""

    place_id: str | None
    period: int
    currency: str
    old: tuple[Decimal, Decimal] | None
    new: tuple[Decimal, Decimal] | None


@dataclass(frozen=True)
class Difference:
    """One line of which something differs.

    Attributes:
        kinds: what differs, in the order of `Kind`; `reworded` is everything besides name, number, place and costs:
            definition, words, lead ministry, indicators.
        old, new: the line in either version; null where it is not there.
    """

    node_id: str
    kinds: tuple[Kind, ...]
    old: Node | None
    new: Node | None
    costs: tuple[CostChange, ...] = ()


def differences(old: Framework, new: Framework) -> list[Difference]:
    """Every line that differs; a version and itself have none."""
    before, after = _by_id(old), _by_id(new)
    found = [_difference(node_id, before.get(node_id), after.get(node_id)) for node_id in {**after, **before}]
    return [each for each in found if each.kinds]


def counted(found: Iterable[Difference]) -> dict[str, int]:
    """How many lines differ in each way."""
    return dict(Counter(kind for each in found for kind in each.kinds))


def _by_id(framework: Framework) -> dict[str, Node]:
    return {node.id: node for node in framework.nodes}


def _difference(node_id: str, old: Node | None, new: Node | None) -> Difference:
    costs = tuple(_cost_changes(old, new))
    if old is None or new is None:
        return Difference(node_id, ("added",) if old is None else ("removed",), old, new, costs)
    kinds: list[Kind] = []
    if old.name != new.name:
        kinds.append("renamed")
    if old.parent_id != new.parent_id:
        kinds.append("moved")
    if old.code != new.code:
        kinds.append("renumbered")
    if _words(old) != _words(new):
        kinds.append("reworded")
    if costs:
        kinds.append("costs")
    return Difference(node_id, tuple(kinds), old, new, costs)


def _words(node: Node) -> tuple[object, ...]:
    terms = (node.definition, node.lexicon, node.exclusions)
    return (*map(dict, terms), node.is_pve_specific, node.lead, node.indicators)


def _costs(node: Node | None) -> Mapping[Where, Cost]:
    return {(cost.place_id, cost.period, cost.currency): cost for cost in node.costs} if node else {}


def _cost_changes(old: Node | None, new: Node | None) -> Iterator[CostChange]:
    before, after = _costs(old), _costs(new)
    for where in sorted({*before, *after}, key=lambda w: (w[1], w[0] or "", w[2])):
        ends = [(cost.low, cost.high) if (cost := side.get(where)) else None for side in (before, after)]
        if ends[0] != ends[1]:
            yield CostChange(*where, *ends)
