"""The frameworks of an edition: the strategy first, then what else its figures are grouped by.

Enters: `core_framework` and `core_node`. Leaves: one `Tree` per framework with its nodes in the order of the tree, and
the closure node -> ancestor that live sums join with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from concerted.codelists.frameworks import CellRule, read_cell_rule
from concerted.model.tables import ALL, UNCLASSIFIED

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One line of a framework."""

    id: str
    code: str
    parent_id: str | None
    depth: int
    names: Texts
    definitions: Texts = field(default_factory=dict)
    lead: str | None = None
    children: list[str] = field(default_factory=list)

    def label(self, lang: str) -> str:
        """The name in `lang`, else in another language, else the code."""
        return self.names.get(lang) or next(iter(self.names.values()), self.code)


@dataclass(frozen=True, slots=True)
class Tree:
    """A framework as it stands in the edition."""

    id: str
    version: str
    names: Texts
    nodes: Mapping[str, TreeNode]
    is_strategy: bool = False
    status: str | None = None
    adopted_by: str | None = None
    adopted_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str | None = None
    place_id: str | None = None
    rule: CellRule = field(default_factory=CellRule)

    def label(self, lang: str) -> str:
        """The name in `lang`, else in another language, else the id."""
        return self.names.get(lang) or next(iter(self.names.values()), self.id)

    @property
    def top(self) -> list[str]:
        """Ids of the first level."""
        return [node.id for node in self.nodes.values() if node.parent_id is None]

    def chain(self, node_id: str) -> list[str]:
        """The node itself, its parent, and so on up to the first level."""
        chain: list[str] = []
        current: str | None = node_id
        while current is not None and current in self.nodes and current not in chain:
            chain.append(current)
            current = self.nodes[current].parent_id
        return chain


def read_trees(connection: duckdb.DuckDBPyConnection) -> dict[str, Tree]:
    """The frameworks by id, strategies first, then by id.

    A framework that occurs in the figures but in neither table is shown flat, with ids for names: its figures are
    there, so they must be reachable.
    """
    nodes: dict[str, dict[str, TreeNode]] = {}
    for row in connection.execute(
        "SELECT framework_id, node_id, code, parent_id, depth, name_fr, name_en, name_ar, definition_fr, definition_en,"
        " definition_ar, lead FROM core_node ORDER BY framework_id, position"
    ).fetchall():
        node = TreeNode(row[1], row[2] or row[1], row[3], row[4] or 0, _texts(row[5:8]), _texts(row[8:11]), row[11])
        tree = nodes.setdefault(row[0], {})
        tree[node.id] = node
        if node.parent_id in tree:
            tree[node.parent_id].children.append(node.id)
    trees = {}
    for row in connection.execute(
        "SELECT framework_id, version, name_fr, name_en, name_ar, is_strategy, status, adopted_by, adopted_date,"
        " valid_from, valid_to, source, place_id, rule FROM core_framework ORDER BY is_strategy DESC, framework_id"
    ).fetchall():
        facts = (bool(row[5]), *row[6:13], read_cell_rule(row[13]))
        trees[row[0]] = Tree(row[0], row[1] or "", _texts(row[2:5]), nodes.get(row[0], {}), *facts)
    for framework_id, used in _used(connection).items():
        if framework_id not in trees:
            flat = {n: TreeNode(n, n, None, 0, {}) for n in used if n not in (ALL, UNCLASSIFIED)}
            trees[framework_id] = Tree(framework_id, "", {}, flat)
    return trees


def _used(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    used: dict[str, list[str]] = {}
    for framework_id, node_id in connection.execute(
        "SELECT DISTINCT framework_id, node_id FROM out_cell WHERE grain = 'node' ORDER BY ALL"
    ).fetchall():
        used.setdefault(framework_id, []).append(node_id)
    return used


def _texts(values: Iterable[str | None]) -> dict[str, str]:
    return {lang: text for lang, text in zip(("fr", "en", "ar"), values, strict=True) if text}


def node_closure(trees: Iterable[Tree]) -> pa.Table:
    """(framework_id, node_id, ancestor_id): each node with itself, every node above it, and ALL."""
    rows: list[tuple[str, str, str]] = []
    for tree in trees:
        rows.append((tree.id, UNCLASSIFIED, UNCLASSIFIED))
        for node_id in tree.nodes:
            rows += [(tree.id, node_id, above) for above in (*tree.chain(node_id), ALL)]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    names = ["framework_id", "node_id", "ancestor_id"]
    return pa.table([pa.array(list(c), pa.string()) for c in columns], names=names)
