"""Whole numbers for the words of a cube, so that tens of millions of rows are grouped by four bytes instead of text.

Place on the way: picture, inner. Enters: allocations and the two trees. Leaves: small tables of codes, allocations with
codes instead of words, and the way back. Codes follow the order of the words and never leave the step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking.keys import Label, parse_key
from concerted.picture.rollup import node_rollup, place_rollup

MARKS = ("view", "marking_key", "precise_marking_key")


@dataclass(frozen=True)
class Codes:
    """Tables of codes.

    Attributes:
        nodes: framework_id, node_id, node, framework (codes); every node that occurs in a cell, ALL included.
        node_up: node, up: each node in use with itself, its ancestors and ALL.
        places: place_id, place.
        place_up: place, up: each place in use with itself and its ancestors.
        marks: view, marking_key, precise_marking_key, mark, width (0: precise rows that everybody sees, 1: that every
            partner sees, 2: other), is_for_partners (whoever sees the row is a partner, so sees what partners see).
        kinds: finance_kind, kind.
        words: what the numbers stand for, the first as number 0.
    """

    nodes: ir.Table
    node_up: ir.Table
    places: ir.Table
    place_up: ir.Table
    marks: ir.Table
    kinds: ir.Table
    words: "Words"


@dataclass(frozen=True)
class Words:
    """The words behind the codes; of a node its framework and its id, of a mark the three of `MARKS`."""

    nodes: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str | None, ...], ...]
    places: tuple[str, ...]
    kinds: tuple[str, ...]


def make_codes(
    allocation: ir.Table,
    node_parents: dict[tuple[str, str], str | None],
    place_parents: dict[str, str | None],
    countries: dict[str, str | None],
) -> Codes:
    """The codes of everything that occurs in `allocation` or above it."""
    used_nodes = [(r["framework_id"], r["node_id"]) for r in _distinct(allocation, "framework_id", "node_id")]
    node_pairs = node_rollup(used_nodes, node_parents).to_pylist()
    place_pairs = place_rollup((r["place_id"] for r in _distinct(allocation, "place_id")), place_parents, countries)
    nodes = _numbered((p["framework_id"], word) for p in node_pairs for word in (p["node_id"], p["up_node"]))
    frameworks = _numbered(framework for framework, _ in nodes)
    places = _numbered(word for p in place_pairs.to_pylist() for word in (p["place_id"], p["up_place"]))
    marks = _distinct(allocation, *MARKS)
    marks.sort(key=lambda row: tuple(row[name] or "" for name in MARKS))
    kinds = _numbered(r["finance_kind"] for r in _distinct(allocation, "finance_kind"))
    return Codes(
        nodes=_table(
            ("framework_id", "node_id", "node", "framework"),
            ((f, n, code, frameworks[f]) for (f, n), code in nodes.items()),
        ),
        node_up=_table(
            ("node", "up"),
            ((nodes[p["framework_id"], p["node_id"]], nodes[p["framework_id"], p["up_node"]]) for p in node_pairs),
        ),
        places=_table(("place_id", "place"), places.items()),
        place_up=_table(
            ("place", "up"), ((places[p["place_id"]], places[p["up_place"]]) for p in place_pairs.to_pylist())
        ),
        marks=_table(
            (*MARKS, "mark", "width", "is_for_partners"),
            (
                (*(row[name] for name in MARKS), code, *audience(row["view"], row["marking_key"]))
                for code, row in enumerate(marks)
            ),
        ),
        kinds=_table(("finance_kind", "kind"), kinds.items()),
        words=Words((*nodes,), tuple(tuple(row[name] for name in MARKS) for row in marks), (*places,), (*kinds,)),
    )


def coded(allocation: ir.Table, codes: Codes, *wanted: str) -> ir.Table:
    """`allocation` with the columns `wanted` beside its own, of node, place, kind and mark; with node comes framework.

    Every one is a join over all rows: ask for no more than is used.
    """
    rows = allocation
    if "node" in wanted:
        rows = rows.inner_join(codes.nodes, ["framework_id", "node_id"])
    if "place" in wanted:
        rows = rows.inner_join(codes.places, "place_id")
    if "kind" in wanted:
        rows = rows.inner_join(codes.kinds, "finance_kind")
    if "mark" not in wanted:
        return rows
    marks = codes.marks.mutate(precise=codes.marks.precise_marking_key.fill_null("")).drop("precise_marking_key")
    return rows.inner_join(
        marks,
        [
            rows["view"] == marks["view"],
            rows.marking_key == marks.marking_key,
            rows.precise_marking_key.fill_null("") == marks.precise,
        ],
    )


def audience(view: str | None, marking_key: str | None) -> tuple[int, bool]:
    """`width` and `is_for_partners` of a marking; see `Codes`."""
    label = parse_key(marking_key).label
    widths = {Label.CLEAR: 0, Label.GREEN: 1}
    return (
        widths.get(label, 2) if view == "precise" else 2,
        label in (Label.GREEN, Label.AMBER, Label.AMBER_STRICT),
    )


def times_counted(marks: Iterable[tuple[str | None, str | None]]) -> int:
    """How often a cube counts an activity that is told in a cell under these markings (view, key), for who sees all.

    Who sees it under a narrow marking and in the same cell under a wider one that he sees anyway counts it once.
    """
    found = [audience(view, key) for view, key in marks]
    widest = min((width for width, _ in found), default=2)
    return sum(width == widest or not (widest == 0 or (widest == 1 and partners)) for width, partners in found)


def _distinct(table: ir.Table, *columns: str) -> list[dict[str, Any]]:
    """A small set of distinct values, taken out as Arrow."""
    rows: list[dict[str, Any]] = table.select(*columns).distinct().to_pyarrow().to_pylist()
    return rows


def _numbered(words: Iterable[Any]) -> dict[Any, int]:
    return {word: code for code, word in enumerate(sorted(set(words)))}


_TYPES = {name: pa.int32() for name in ("node", "framework", "up", "place", "mark", "kind", "width")}
_TYPES["is_for_partners"] = pa.bool_()


def _table(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> ir.Table:
    """Rows by column; where there are none, as in an edition without any help, the columns are there all the same."""
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in names])
    return ibis.memtable(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=schema))
