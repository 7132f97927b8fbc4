"""Which totals may be told, so that no subtraction of told totals tells what is hidden.

Enters: the parts that a table with margins is summed from (an amount at a node and a place of two trees), a rule that
says when a sum is safe to tell, and what earlier editions told. Leaves: the cells, at every level of both trees, whose
totals may be told. Step `unshown` calls it for records that their owners want *counted though hidden*, with the rule in
`hidden_rule`. Pure.

The proof is by construction. Two parts are *apart* when some told total, of this edition or of an earlier one, holds
one and not the other; parts that are not apart form a class. Whatever is computed from told totals is computed from
the sums of classes. A total is told only if every class is safe afterwards. So even somebody who knew the sum of every
class and where all hidden parts are, and who adds all that one organisation may see, learns no part better than the
rule allows. Safe classes never have an unsafe union (both rules are subadditive), so what is safe once is safe above.

The price is that the choice is careful: an attack by linear programming would let some more totals pass, above all rows
and columns that cross. `suppress_audit` is that attack. Source: L. Willenborg, T. de Waal, Elements of Statistical
Disclosure Control, 2001, chapters 6 to 8 (p% rule, singletons, audit); L. Cox, Linear sensitivity measures, 1981.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

#: A node and a place, at any level of their trees.
Cell: TypeAlias = tuple[str, str]
#: Child -> parent; null for a root.
Tree: TypeAlias = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One amount at one node and one place.

    Attributes:
        record: what it is of; with node and place, its identity. A part of which anything is different in a later
            edition is another part there: both must stay unknown.
        owner: organisation that knows it.
        node, place: where it stands, at any level: an amount may be said of a region as a whole.
        values: one whole number not below 0 for each measure (cents, people, activities), the same measures throughout.
    """

    record: str
    owner: str
    node: str
    place: str
    values: tuple[int, ...]


class SafeSum(Protocol):
    """When a sum may be known."""

    def is_safe(self, parts: Collection[Part]) -> bool:
        """Whether everybody may know the sum of these parts; there is at least one."""
        ...


@dataclass(frozen=True)
class Told:
    """What one edition tells.

    Attributes:
        cells: each cell whose total is told -> the parts in it. What is not here is told without any of these parts,
            in the same way as where there are none.
        held: parts that are in no total of this edition, because they are new since the edition before and too few to
            be added without showing what they are. They wait for others.
    """

    cells: Mapping[Cell, frozenset[Part]] = field(default_factory=dict)
    held: frozenset[Part] = frozenset()

    @property
    def counted(self) -> frozenset[Part]:
        """Parts that are in some total."""
        return frozenset().union(*self.cells.values())

    def total(self, cell: Cell) -> tuple[int, ...]:
        """The sum that is told of a cell, by measure.

        Raises:
            KeyError: nothing is told of it.
        """
        return tuple(map(sum, zip(*(part.values for part in self.cells[cell]), strict=True)))


def choose_totals(
    parts: Iterable[Part], nodes: Tree, places: Tree, rule: SafeSum, earlier: Sequence[Told] = ()
) -> Told:
    """The totals that may be told of `parts`, as many as a choice from the largest down finds.

    The same whatever the order of `parts`. Totals that the edition before told come first, so that series go on; then
    those nearer to the roots, then those of more parts.

    Args:
        parts: everything that the table is summed from; none told twice.
        nodes, places: both trees, with every node and place of `parts`. Parts may stand at any level.
        rule: when a sum is safe.
        earlier: what earlier editions told, oldest first. Readers have kept them.

    Raises:
        ValueError: a value is below 0, or parts have different numbers of measures: with those a sum bounds nothing.
        KeyError: a node or place is in no tree.
    """
    parts = sorted(set(parts))
    _check(parts)
    before = earlier[-1].cells if earlier else {}
    held = _to_be_held(parts, nodes, places, rule, earlier)
    inside: defaultdict[Cell, list[Part]] = defaultdict(list)
    for part in parts:
        if part not in held:
            for cell in cells_of(part, nodes, places):
                inside[cell].append(part)
    classes = _Classes(rule)
    for told in earlier:
        for cell in sorted(told.cells):
            classes.split(told.cells[cell])
    depth = {cell: len(list(_up(nodes, cell[0]))) + len(list(_up(places, cell[1]))) for cell in inside}
    order = sorted(inside, key=lambda cell: (cell not in before, depth[cell], -len(inside[cell]), cell))
    return Told({cell: frozenset(inside[cell]) for cell in order if classes.split_if_safe(inside[cell])}, held)


def cells_of(part: Part, nodes: Tree, places: Tree) -> Iterator[Cell]:
    """The cells, at every level of both trees, in whose totals a part is."""
    for node in _up(nodes, part.node):
        for place in _up(places, part.place):
            yield node, place


def _up(tree: Tree, name: str) -> Iterator[str]:
    above: str | None = name
    while above is not None:
        yield above
        above = tree[above]


def _check(parts: Sequence[Part]) -> None:
    if len({len(part.values) for part in parts}) > 1:
        raise ValueError("all parts need the same measures")
    for part in parts:
        if min(part.values, default=0) < 0:
            raise ValueError(f"values below 0 cannot be kept apart by sums, found {part.values} of {part.record!r}")


def _to_be_held(
    parts: Sequence[Part], nodes: Tree, places: Tree, rule: SafeSum, earlier: Sequence[Told]
) -> frozenset[Part]:
    """New parts that would show in the difference to the edition before."""
    if not earlier:
        return frozenset()
    before = earlier[-1].cells
    known = frozenset().union(*(told.counted for told in earlier))
    together: defaultdict[frozenset[Cell], list[Part]] = defaultdict(list)
    for part in parts:
        if part not in known:
            together[frozenset(c for c in cells_of(part, nodes, places) if c in before)].append(part)
    groups = [new for cells, new in together.items() if cells and not rule.is_safe(new)]
    return frozenset(part for new in groups for part in new)


class _Classes:
    """Parts that no total told so far holds apart. What is in no total at all is free: nothing is known of it."""

    def __init__(self, rule: SafeSum) -> None:
        self._rule = rule
        self._class_of: dict[Part, int] = {}
        self._members: dict[int, set[Part]] = {}
        self._next = 0

    def split_if_safe(self, told: Iterable[Part]) -> bool:
        """Take a total as told if everything stays safe; say whether."""
        pieces = self._pieces(told)
        for number, inside in pieces.items():
            outside = self._members[number] - inside if number is not None else set()
            if number is not None and not outside:
                continue  # the class is in it as a whole, and was safe before
            if not self._rule.is_safe(inside):
                return False
            if outside and not self._rule.is_safe(outside):
                return False
        self._take(pieces)
        return True

    def split(self, told: Iterable[Part]) -> None:
        """Take a total as told: it is, whether it was safe or not."""
        self._take(self._pieces(told))

    def _pieces(self, told: Iterable[Part]) -> dict[int | None, set[Part]]:
        pieces: defaultdict[int | None, set[Part]] = defaultdict(set)
        for part in told:
            pieces[self._class_of.get(part)].add(part)
        return pieces

    def _take(self, pieces: Mapping[int | None, set[Part]]) -> None:
        for number, inside in pieces.items():
            if number is not None:
                if len(self._members[number]) == len(inside):
                    continue
                self._members[number] -= inside
            self._members[self._next] = inside
            self._class_of.update(dict.fromkeys(inside, self._next))
            self._next += 1
