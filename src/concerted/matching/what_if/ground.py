"""The trees that changes fall on, and who asks: which cells lie above a leaf, and which parts of a change exist at all.

Place on the way: before `applying`. Enters: reference data of an edition, which is the same for everybody. Leaves: the
chains by which the picture itself rolls up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Protocol

from concerted.marking import RowFilter
from concerted.matching.what_if.changes import Add, Change, Cost, Move, Where
from concerted.matching.what_if.written import ChangeError
from concerted.model.errors import ConfigError
from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.model.trees import ancestor_chains, parents_and_countries

#: The year of a leaf that has none; in a cell null stands for all years.
NO_YEAR = 0
_NEAR = 3

Leaf = tuple[str, str, int]  # node, place, year
Key = tuple[str, str | None, int | None]  # node, place (null = everywhere), year (null = all)


class Asker(Protocol):
    """Who asks: questions that hold the viewer's filter, answered from one edition."""

    @property
    def filter(self) -> RowFilter:
        """What the viewer may see of it."""
        ...

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The answer to a question in which `filter` stands."""
        ...


class Reference(Protocol):
    """Questions about what carries no marking."""

    def __call__(self, sql: str, parameters: Mapping[str, Any] | None = None, /) -> list[tuple[Any, ...]]:
        """The answer."""
        ...


@dataclass(frozen=True)
class Ground:
    """A framework's tree and the places of an edition.

    Attributes:
        nodes: node -> itself and its ancestors, without ALL.
        places: place -> itself, its ancestors, and its country where these stop short.
        node_parents, place_parents: what these are made of.
        country: that the framework is for, where it is for one.
    """

    framework: str
    nodes: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    node_parents: Mapping[str, str | None]
    place_parents: Mapping[str, str | None]
    country: str | None = None

    def nodes_above(self, node: str) -> tuple[str, ...]:
        """The node with all above it, ALL included; UNCLASSIFIED stands alone."""
        return (node,) if node == UNCLASSIFIED else (*self.nodes.get(node, (node,)), ALL)

    def places_above(self, place: str) -> tuple[str, ...]:
        """The place with all above it."""
        return self.places.get(place, (place,))

    def nodes_in(self, node: str) -> list[str]:
        """The node with all beneath it."""
        return sorted({node, *self._below_node.get(node, ())})

    def places_in(self, place: str) -> list[str]:
        """The place with all beneath it."""
        return sorted({place, *self._below_place.get(place, ())})

    def holds(self, where: Where, leaf: Leaf) -> bool:
        """Whether a leaf lies in a part of the picture."""
        node, place, year = leaf
        return (
            (where.node or ALL) in self.nodes_above(node)
            and (where.place is None or where.place in self.places_above(place))
            and (where.year is None or where.year == year)
        )

    def check(self, changes: Iterable[Change]) -> None:
        """Refuse changes that name what is not in the edition.

        Raises:
            ChangeError: says which, and what is near.
        """
        for number, change in enumerate(changes, 1):
            at = f"changes[{number}]"
            match change:
                case Move():
                    for name, where in (("from", change.source), ("to", change.target)):
                        self._check_node(where.node, f"{at}.{name}.node")
                        self._check_place(where.place, f"{at}.{name}.place")
                case Add():
                    self._check_node(change.node, f"{at}.at.node")
                    self._check_place(change.place, f"{at}.at.place")
                case Cost():
                    self._check_node(change.node, f"{at}.cost.node", apart=False)
                case _:
                    pass

    def _check_node(self, node: str | None, at: str, *, apart: bool = True) -> None:
        if node is not None and node not in self.nodes and not (apart and node == UNCLASSIFIED):
            raise ChangeError(at, f"{self.framework} has no node {node!r}", _near(node, self.nodes))

    def _check_place(self, place: str | None, at: str) -> None:
        if place is not None and place not in self.places and place not in (REGIONAL, UNKNOWN):
            raise ChangeError(at, f"the edition has no place {place!r}", _near(place, self.places))

    @cached_property
    def _below_node(self) -> dict[str, list[str]]:
        return _below(self.nodes)

    @cached_property
    def _below_place(self) -> dict[str, list[str]]:
        return _below(self.places)


def read_ground(ask: Reference, framework: str) -> Ground:
    """The ground of one framework.

    Raises:
        ConfigError: the edition has no such framework.
    """
    given = {"framework": framework}
    own = ask("SELECT place_id FROM core_framework WHERE framework_id = $framework", given)
    if not own:
        raise ConfigError(f"the edition has no framework {framework!r}")
    nodes = dict(ask("SELECT node_id, parent_id FROM core_node WHERE framework_id = $framework", given))
    rows = ask("SELECT DISTINCT place_id, parent_id, country_code FROM core_place")
    named = [dict(zip(("place_id", "parent_id", "country_code"), row, strict=True)) for row in rows]
    parents, countries = parents_and_countries(named)
    places = {place: _with_country(chain, countries.get(place)) for place, chain in ancestor_chains(parents).items()}
    return Ground(framework, ancestor_chains(nodes), places, nodes, parents, own[0][0])


def _with_country(chain: tuple[str, ...], country: str | None) -> tuple[str, ...]:
    is_apart = chain[0] in (REGIONAL, UNKNOWN)
    return chain if country is None or country in chain or is_apart else (*chain, country)


def _below(chains: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for member, chain in chains.items():
        for up in chain[1:]:
            found.setdefault(up, []).append(member)
    return found


def _near(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), _NEAR)
    return f"did you mean {' or '.join(near)}?" if near else "look at the pages for the ids that there are"
