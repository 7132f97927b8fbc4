"""Whose a hidden amount is, where it stands, and which records nobody but their own organisation sees.

Place on the way: unshown, inner. Enters: money of hidden records by line and place, markings. Leaves: `Amount` values,
whole numbers not below 0, of which totals can be told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from concerted.marking.keys import Label, parse_key
from concerted.marking.suppress import Tree
from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.model.trees import ancestor_chains

#: The kind under which records are counted, as in `out_cell`.
ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Amount:
    """What one record adds to one kind of money, or to the number of records, at a line and a place.

    Attributes:
        kind: finance_kind, or ANY.
        record: record_id.
        source: the source that tells of it, of which whoever keeps it knows every record.
        org: who reports it, as this edition knows organisations.
        organisation: whom its marking names; null where it names nobody.
        value: cents of USD; 1 of ANY.
    """

    kind: str
    record: int
    source: str
    org: int | None
    organisation: str | None
    node: str
    place: str
    value: int


@dataclass(frozen=True, slots=True)
class Owned:
    """Of a record that its owner lets count: who tells of it, and whose it is."""

    source: str
    org: int | None
    organisation: str | None


def named(key: str | None) -> str | None:
    """The one organisation that a marking names; null where it names nobody or several."""
    marking = parse_key(key)
    return min(marking.names) if marking.label is Label.AMBER_STRICT and len(marking.names) == 1 else None


def amounts(rows: Iterable[Mapping[str, Any]], owned: Mapping[int, Owned], nodes: Tree, places: Tree) -> list[Amount]:
    """The amounts of records, each where it stands; a record counts once, in the smallest cell that holds all of it.

    Money is netted over years and transactions first. A record of which some money is below 0 even then is in no total
    of that kind, because a sum that holds it would bound nothing; amounts that nobody could value are in none either.

    Args:
        rows: record_id, finance_kind, node_id, place_id and usd (null = unknown), one per combination.
        owned: whose each record is; one without any owner that is known is left out: it could not protect others.
        nodes, places: both trees.
    """
    found: list[Amount] = []
    spots: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    money: defaultdict[tuple[int, str], list[tuple[str, str, int]]] = defaultdict(list)
    for row in rows:
        record, usd = row["record_id"], row["usd"]
        spots[record].add((row["node_id"], row["place_id"]))
        if usd is not None:
            money[record, row["finance_kind"]].append((row["node_id"], row["place_id"], int(Decimal(usd) * 100)))
    for (record, kind), parts in money.items():
        if min(cents for _, _, cents in parts) >= 0:
            whose = owned[record]
            found += [Amount(kind, record, whose.source, whose.org, whose.organisation, *p) for p in parts if p[2]]
    for record, where in spots.items():
        node, place = _shared(nodes, (n for n, _ in where)), _shared(places, (p for _, p in where))
        if node is not None and place is not None:
            whose = owned[record]
            found.append(Amount(ANY, record, whose.source, whose.org, whose.organisation, node, place, 1))
    return [a for a in found if a.org is not None or a.organisation is not None]


def owners(told: Iterable[Amount]) -> Callable[[Amount], str]:
    """Whose each amount is, as one word for all that may be the same organisation.

    A record, who reports it and whom its marking names are one, over all editions: so an organisation under two names
    never passes for two that protect each other.
    """
    above: dict[tuple[str, str], tuple[str, str]] = {}

    def top(name: tuple[str, str]) -> tuple[str, str]:
        above.setdefault(name, name)
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    for amount in told:
        first, *more = (top(name) for name in _names(amount))
        for other in more:
            low, high = sorted((top(first), other))
            above[high] = low
    return lambda amount: "".join(top(_names(amount)[0]))


def _names(amount: Amount) -> Sequence[tuple[str, str]]:
    names = [("record ", str(amount.record))]
    names += [("organisation ", str(amount.org))] if amount.org is not None else []
    names += [("named ", amount.organisation)] if amount.organisation is not None else []
    return names


def node_tree(parents: Mapping[str, str | None], used: Iterable[str]) -> Tree:
    """The lines of a framework below ALL; UNCLASSIFIED stands alone, as in the picture."""
    known = {**dict.fromkeys(used), **parents}
    tree: dict[str, str | None] = {ALL: None}
    for node, chain in ancestor_chains(known).items():
        tree[node] = chain[1] if len(chain) > 1 else None if node == UNCLASSIFIED else ALL
    return _whole(tree)


def place_tree(parents: Mapping[str, str | None], countries: Mapping[str, str | None], used: Iterable[str]) -> Tree:
    """Places below their country, and everything below ALL; REGIONAL and UNKNOWN lie in no country."""
    known = {**dict.fromkeys(used), **parents}
    tree: dict[str, str | None] = {ALL: None}
    for place, chain in ancestor_chains(known).items():
        country = countries.get(place) if place not in (REGIONAL, UNKNOWN) else None
        tree[place] = chain[1] if len(chain) > 1 else country if country not in (None, place) else ALL
    return _whole(tree)


def _whole(tree: dict[str, str | None]) -> Tree:
    """The tree with every parent as a member, and without circles: their members stand below ALL."""
    tree |= {parent: ALL for parent in set(tree.values()) if parent is not None and parent not in tree}
    for name in sorted(tree):
        seen, above = {name}, tree[name]
        while above is not None and above not in seen:
            seen.add(above)
            above = tree[above]
        if above is not None:
            tree[name] = ALL
    return tree


def _shared(tree: Tree, names: Iterable[str]) -> str | None:
    """The lowest member that is above all of `names` or one of them; null where there is none."""
    chains = [_chain(tree, name) for name in sorted(set(names))]
    return next((up for up in chains[0] if all(up in chain for chain in chains)), None)


def _chain(tree: Tree, name: str) -> list[str]:
    chain: list[str] = []
    above: str | None = name
    while above is not None:
        chain.append(above)
        above = tree[above]
    return chain
