"""What stands above what: pairs of nodes and of places with themselves and all their ancestors.

Place on the way: picture, inner. Enters: the trees, and which members the allocations use. Leaves: two small tables to
join with. Sums and distinct counts over a node or place include all that lies beneath it.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.model.trees import ancestor_chains

NODES_SCHEMA = pa.schema([("framework_id", pa.string()), ("node_id", pa.string()), ("up_node", pa.string())])
PLACES_SCHEMA = pa.schema([("place_id", pa.string()), ("up_place", pa.string())])

Node = tuple[str, str]


def node_rollup(used: Iterable[Node], parents: Mapping[Node, str | None]) -> pa.Table:
    """(framework_id, node_id, up_node) for every node in use: itself, its ancestors and ALL.

    UNCLASSIFIED stays alone: ALL is the whole framework without it.
    """
    trees: dict[str, dict[str, str | None]] = {}
    for (framework, node), parent in parents.items():
        trees.setdefault(framework, {})[node] = parent
    chains = {framework: ancestor_chains(tree) for framework, tree in trees.items()}
    rows: list[dict[str, str]] = []
    for framework, node in sorted(set(used)):
        ups = (UNCLASSIFIED,) if node == UNCLASSIFIED else (*chains.get(framework, {}).get(node, (node,)), ALL)
        rows.extend({"framework_id": framework, "node_id": node, "up_node": up} for up in ups)
    return pa.Table.from_pylist(rows, schema=NODES_SCHEMA)


def place_rollup(
    used: Iterable[str], parents: Mapping[str, str | None], countries: Mapping[str, str | None]
) -> pa.Table:
    """(place_id, up_place) for every place in use: itself, its ancestors, and its country where the chain stops short.

    REGIONAL and UNKNOWN stay alone: they lie in no country.
    """
    chains = ancestor_chains(parents)
    rows: list[dict[str, str]] = []
    for place in sorted(set(used)):
        ups = list(chains.get(place, (place,)))
        country = countries.get(place)
        if country is not None and country not in ups and place not in (REGIONAL, UNKNOWN):
            ups.append(country)
        rows.extend({"place_id": place, "up_place": up} for up in ups)
    return pa.Table.from_pylist(rows, schema=PLACES_SCHEMA)
