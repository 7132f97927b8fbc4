"""What changes do to every cell: money that comes and goes, activities, costs and the rule.

Place on the way: behind `applying`. Differences at the leaves enter; a cell of the picture as it is goes in, and the
same cell with the changes made comes out. Amounts are whole cents, so that every level adds up exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from concerted.codelists.frameworks import CellRule
from concerted.matching.what_if.changes import Problem
from concerted.matching.what_if.ground import Ground, Key, Leaf

#: Low, best and high in cents.
Cents = tuple[int, int, int]
NOTHING: Cents = (0, 0, 0)
Range = tuple[Decimal | None, Decimal | None, Decimal | None]
Need = tuple[Decimal | None, Decimal | None]
K = TypeVar("K")


@dataclass(frozen=True)
class Effect:
    """What some changes do together, for one viewer.

    Attributes:
        money: cents that a cell gains or loses; cells that gain and lose nothing are left out.
        counts: distinct activities that a cell gains or loses.
        exact_money, exact_counts: the same of what is said of a place as a whole, without what lies in it.
        rule: the rule with the changes made; `is_other_rule`: it is not the framework's.
        needs: every cost with the changes made; null = none changed.
        fresh: (place, year) that are informed under another limit of freshness; null = as it stands.
        ended: projects that end, with the last year of which their money stays.
        ended_cells, ended_exact: cells that lose money to an end.
        problems: changes that do nothing.
    """

    money: Mapping[Key, Cents]
    counts: Mapping[Key, int]
    exact_money: Mapping[Key, Cents]
    exact_counts: Mapping[Key, int]
    rule: CellRule
    is_other_rule: bool = False
    needs: Mapping[Key, Need] | None = None
    fresh: frozenset[tuple[str, int | None]] | None = None
    ended: Mapping[int, int] = field(default_factory=dict)
    ended_cells: frozenset[Key] = frozenset()
    ended_exact: frozenset[Key] = frozenset()
    problems: tuple[Problem, ...] = ()

    def money_after(self, key: Key, before: Range, *, exact: bool = False) -> Range:
        """The money of a cell with the changes made; unknown with nothing known added stays unknown."""
        change = (self.exact_money if exact else self.money).get(key)
        if change is None:
            return before
        low, best, high = (_plus(a, b) for a, b in zip(before, change, strict=True))
        return low, best, high

    def count_after(self, key: Key, before: int, *, exact: bool = False) -> int:
        """The distinct activities of a cell with the changes made."""
        return before + (self.exact_counts if exact else self.counts).get(key, 0)

    def may_be_unknown(self, key: Key, after: Range, *, exact: bool = False) -> bool:
        """Whether a cell has lost a project and nothing is left: `applying.still_known` says if that is zero."""
        return key in (self.ended_exact if exact else self.ended_cells) and not any(after)

    @property
    def is_everywhere(self) -> bool:
        """Whether cells may change that no money and no activity comes to or goes from."""
        return self.needs is not None or self.fresh is not None or self.is_other_rule


def rolled(leaves: Mapping[Leaf, Cents], ground: Ground) -> tuple[dict[Key, Cents], dict[Key, Cents]]:
    """Differences of leaves in every cell above them, and in the cells of places as a whole."""
    by_node: dict[Leaf, Cents] = {}
    for (node, place, year), cents in leaves.items():
        if any(cents):
            for up in ground.nodes_above(node):
                _add(by_node, (up, place, year), cents)
    exact: dict[Key, Cents] = {}
    by_place: dict[tuple[str, str | None, int], Cents] = {}
    for (node, place, year), cents in by_node.items():
        for key in ((node, place, year), (node, place, None)):
            _add(exact, key, cents)
        for up_place in (*ground.places_above(place), None):
            _add(by_place, (node, up_place, year), cents)
    whole: dict[Key, Cents] = {}
    for (node, over, year), cents in by_place.items():
        _add(whole, (node, over, year), cents)
        _add(whole, (node, over, None), cents)
    return _without_nothing(whole), _without_nothing(exact)


def cells_of(leaf: Leaf, ground: Ground) -> list[Key]:
    """Every cell that a leaf is in."""
    node, place, year = leaf
    places = (*ground.places_above(place), None)
    return [(n, p, y) for n in ground.nodes_above(node) for p in places for y in (year, None)]


def exact_cells_of(leaf: Leaf, ground: Ground) -> list[Key]:
    """Every cell of places as a whole that a leaf is in."""
    node, place, year = leaf
    return [(n, place, y) for n in ground.nodes_above(node) for y in (year, None)]


def _add(into: dict[K, Cents], key: K, cents: Cents) -> None:
    low, best, high = into.get(key, NOTHING)
    into[key] = (low + cents[0], best + cents[1], high + cents[2])


def _without_nothing(found: dict[Key, Cents]) -> dict[Key, Cents]:
    return {key: cents for key, cents in found.items() if any(cents)}


def _plus(before: Decimal | None, cents: int) -> Decimal:
    return (before or Decimal(0)) + Decimal(cents).scaleb(-2)
