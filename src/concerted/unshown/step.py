"""Step `unshown`: totals of records that are not shown, where their owners let them count and nobody is told more.

Enters: allocations, and what the edition before told of such records. Leaves: `out_unshown_total`, for everybody, and
`out_unshown_part`, for the next build alone. Both are empty unless an owner chose it. No other table holds these
amounts, so every path of clicks still leads to the headline
(docs/explanation/decisions/0009-counted-though-hidden.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking.keys import Label
from concerted.marking.order import audience, is_own_only
from concerted.model.tables import full_schema
from concerted.model.trees import parents_and_countries
from concerted.store.step import TOLD_PARTS, TOLD_TOTALS, WORDS, StepResult, Tables
from concerted.unshown.amounts import ANY, Amount, Owned, amounts, named, node_tree, place_tree
from concerted.unshown.choice import Before, Chosen, Standing, choose

NAME = "unshown"
INPUTS = (
    "out_allocation",
    "core_activity",
    "core_place",
    "core_node",
    "core_framework",
    TOLD_PARTS,
    TOLD_TOTALS,
)
OUTPUTS = ("out_unshown_total", "out_unshown_part")


@dataclass(frozen=True)
class Params:
    """Nothing: the thresholds are those of `marking.hidden_rule`."""


def params(_context: object) -> Params:
    """None are needed."""
    return Params()


def unread(_params: object) -> Mapping[str, Sequence[str]]:
    """Columns that change nothing here."""
    return WORDS


def run(tables: Tables, _params: Params) -> StepResult:
    """Choose the totals that may be told.

    Where a strategy took the place of another one, nothing is told any more: totals by the lines of both would tell
    what lies between them.
    """
    activity = tables["core_activity"]
    owned = _owned(activity)
    told = tables[TOLD_PARTS].to_pyarrow().to_pylist()
    framework = _framework(tables["core_framework"])
    chosen, kept = Chosen({}, ()), told
    if framework is not None and (owned or told) and all(row["framework_id"] == framework for row in told):
        rows = _rows(tables["out_allocation"], framework, owned)
        places = place_tree(*_places(tables["core_place"]), (row["place_id"] for row in rows))
        nodes = node_tree(_nodes(tables["core_node"], framework), (row["node_id"] for row in rows))
        before = _before(told, tables[TOLD_TOTALS].to_pyarrow().to_pylist())
        standing = _standing(activity, {amount.record for amount, _ in before.classes})
        chosen = choose(amounts(rows, owned, nodes, places), before, nodes, places, standing)
        kept = [_part_row(framework, amount, number) for amount, number in chosen.classes]
    return StepResult(
        tables={
            "out_unshown_total": _table("unshown_total", _total_rows(framework, chosen)),
            "out_unshown_part": _table("unshown_part", kept),
        }
    )


def _owned(activity: ir.Table) -> dict[int, Owned]:
    """Records that count though nobody else sees them, with whose they are."""
    counted = activity.filter(
        activity.is_counted_hidden.fill_null(False) & activity.is_supply & activity.is_current.fill_null(False)
    )
    rows = (
        counted.select("record_id", "source_id", "org_id", "marking_key", "coarse_marking_key").to_pyarrow().to_pylist()
    )
    return {
        row["record_id"]: Owned(row["source_id"], row["org_id"], named(row["marking_key"]))
        for row in rows
        if is_own_only(row["marking_key"], row["coarse_marking_key"])
    }


def _standing(activity: ir.Table, records: Iterable[int]) -> Standing:
    """How records that were counted before stand today; those that are gone stay hidden."""
    wanted = ibis.memtable(pa.table({"record_id": pa.array(sorted(records), pa.int64())}))
    found = activity.semi_join(wanted, "record_id").select("record_id", "marking_key", "coarse_marking_key")
    opened, shared = set(), set()
    for row in found.to_pyarrow().to_pylist():
        keys = row["marking_key"], row["coarse_marking_key"]
        if any(audience(key).label is Label.CLEAR for key in keys):
            opened.add(row["record_id"])
        elif not is_own_only(*keys):
            shared.add(row["record_id"])
    return Standing(frozenset(opened), frozenset(shared))


def _framework(framework: ir.Table) -> str | None:
    """The strategy, or the first framework where there is none."""
    rows = framework.select("framework_id", "is_strategy").to_pyarrow().to_pylist()
    return min(((not row["is_strategy"], row["framework_id"]) for row in rows), default=(True, None))[1]


def _rows(allocation: ir.Table, framework: str, owned: Mapping[int, Owned]) -> list[dict[str, Any]]:
    """Money of each kind of the hidden records by line and place, over all years; exact, because it is decimal."""
    wanted = ibis.memtable(pa.table({"record_id": pa.array(sorted(owned), pa.int64())}))
    precise = allocation.filter((allocation.framework_id == framework) & (allocation["view"] == "precise"))
    inside = precise.semi_join(wanted, "record_id")
    summed = inside.group_by(["record_id", "finance_kind", "node_id", "place_id"]).aggregate(usd=inside.high_usd.sum())
    rows: list[dict[str, Any]] = summed.to_pyarrow().to_pylist()
    return rows


def _places(place: ir.Table) -> tuple[dict[str, str | None], dict[str, str | None]]:
    return parents_and_countries(
        place.select("place_id", "parent_id", "country_code").distinct().to_pyarrow().to_pylist()
    )


def _nodes(node: ir.Table, framework: str) -> dict[str, str | None]:
    rows = node.filter(node.framework_id == framework).select("node_id", "parent_id").to_pyarrow().to_pylist()
    return {row["node_id"]: row["parent_id"] for row in rows}


def _before(parts: Iterable[Mapping[str, Any]], totals: Iterable[Mapping[str, Any]]) -> Before:
    classes = [
        (
            Amount(
                row["finance_kind"], row["record_id"], row["source_id"], row["org_id"], row["organisation"],
                row["node_id"], row["place_id"], row["value"],
            ),
            row["class_number"],
        )
        for row in parts
    ]  # fmt: skip
    cells: dict[str, set[tuple[str, str]]] = {}
    for row in totals:
        cells.setdefault(row["finance_kind"], set()).add((row["node_id"], row["place_id"]))
    return Before(classes, {kind: frozenset(of_kind) for kind, of_kind in cells.items()})


def _total_rows(framework: str | None, chosen: Chosen) -> list[dict[str, Any]]:
    return [
        {
            "framework_id": framework,
            "node_id": cell[0],
            "place_id": cell[1],
            "finance_kind": kind,
            "high_usd": None if kind == ANY else Decimal(told.total(cell)[0]).scaleb(-2),
            "records": told.total(cell)[0] if kind == ANY else None,
            "marking_key": str(Label.CLEAR),
        }
        for kind, told in chosen.told.items()
        for cell in told.cells
    ]


def _part_row(framework: str, amount: Amount, number: int) -> dict[str, Any]:
    return {
        "framework_id": framework,
        "finance_kind": amount.kind,
        "record_id": amount.record,
        "source_id": amount.source,
        "org_id": amount.org,
        "organisation": amount.organisation,
        "node_id": amount.node,
        "place_id": amount.place,
        "value": amount.value,
        "class_number": number,
        "marking_key": str(Label.NOBODY),
    }


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> ir.Table:
    return ibis.memtable(pa.Table.from_pylist([*map(dict, rows)], schema=full_schema(name)))
