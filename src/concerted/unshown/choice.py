"""Which totals of hidden records an edition tells, given what the editions before it told.

Place on the way: unshown, inner. Enters: amounts, both trees, what was told. Leaves: totals by cell, and what is told
now. What was told is kept as classes: parts that were in the same totals so far. From sums of classes follows all that
anybody can compute from all editions together, so no edition but the last has to be read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from concerted.marking.hidden_rule import HiddenRule
from concerted.marking.suppress import Cell, Part, Told, Tree, choose_totals
from concerted.unshown.amounts import Amount, owners


@dataclass(frozen=True)
class Before:
    """What editions before this one told.

    Attributes:
        classes: (amount, its class); a class has one number among all of a kind.
        cells: the cells of which the last edition told a total, by kind.
    """

    classes: Sequence[tuple[Amount, int]] = ()
    cells: Mapping[str, frozenset[Cell]] = field(default_factory=dict)


@dataclass(frozen=True)
class Chosen:
    """What this edition tells.

    Attributes:
        told: kind -> the cells of which something is told, with the parts in them: cents of USD, or records.
        classes: as in `Before`, for the next edition.
    """

    told: Mapping[str, Told]
    classes: Sequence[tuple[Amount, int]]


@dataclass(frozen=True)
class Standing:
    """How records that were ever counted stand today.

    Attributes:
        opened: everybody sees them now: they protect nothing.
        shared: some others than their own organisation see them now, nobody here knows who: a class that holds one is
            never divided again.
    """

    opened: frozenset[int] = frozenset()
    shared: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ClassRule:
    """When a class of hidden records may be known: as `hidden` says, and never where one is `shared`."""

    hidden: HiddenRule
    shared: frozenset[str] = frozenset()

    def is_safe(self, parts: Collection[Part]) -> bool:
        """Whether everybody may know the sum of `parts`."""
        return not any(part.record in self.shared for part in parts) and self.hidden.is_safe(parts)


def hidden_rule(ever: Sequence[Amount], standing: Standing) -> ClassRule:
    """The rule for all that was ever counted: every owner knows its own records, and who keeps a source all of it."""
    return ClassRule(
        HiddenRule(
            seen_by={str(amount.record): frozenset((f"source {amount.source}",)) for amount in ever},
            opened=frozenset(map(str, standing.opened)),
        ),
        frozenset(map(str, standing.shared)),
    )


def choose(now: Sequence[Amount], before: Before, nodes: Tree, places: Tree, standing: Standing) -> Chosen:
    """The totals that may be told, kind by kind; the same whatever the order of the amounts.

    Each kind of money, and the number of records, is chosen by itself: sums of one kind bound no amount of another.
    """
    ever = [*now, *(amount for amount, _ in before.classes)]
    owner = owners(ever)
    rule = hidden_rule(ever, standing)
    chosen: dict[str, Told] = {}
    classes: list[tuple[Amount, int]] = []
    for kind in sorted({a.kind for a in now} | {a.kind for a, _ in before.classes}):
        parts = {_part(a, owner(a)): a for a in now if a.kind == kind}
        known = {_part(a, owner(a)): (a, number) for a, number in before.classes if a.kind == kind}
        told = choose_totals(
            parts, nodes, places, rule, [*earlier_editions(known, before.cells.get(kind, frozenset()))]
        )
        chosen[kind] = told
        of_part = parts | {part: amount for part, (amount, _) in known.items()}
        classes += [(of_part[part], number) for part, number in _divided(told, known)]
    return Chosen(chosen, classes)


def earlier_editions(known: Mapping[Part, tuple[Amount, int]], cells: frozenset[Cell]) -> Iterator[Told]:
    """What was told, as editions that tell the same: one total for each class, then the cells of the last one."""
    if known:
        classes: defaultdict[int, set[Part]] = defaultdict(set)
        for part, (_, number) in known.items():
            classes[number].add(part)
        yield Told({("", str(number)): frozenset(members) for number, members in classes.items()})
        yield Told({cell: frozenset() for cell in cells})


def _divided(told: Told, known: Mapping[Part, tuple[Amount, int]]) -> Iterator[tuple[Part, int]]:
    """Every part that is in some total of any edition so far, with the number of its class."""
    inside: defaultdict[Part, set[Cell]] = defaultdict(set)
    for cell, members in told.cells.items():
        for part in members:
            inside[part].add(cell)
    numbers: dict[tuple[int | None, frozenset[Cell]], int] = {}
    for part in sorted(inside.keys() | known.keys()):
        was = known[part][1] if part in known else None
        yield part, numbers.setdefault((was, frozenset(inside.get(part, ()))), len(numbers))


def _part(amount: Amount, owner: str) -> Part:
    return Part(str(amount.record), owner, amount.node, amount.place, (amount.value,))
