"""Cells of the picture: money and counts per node and place, year or partner, as one viewer may see them.

Enters: a scope, filters, the nodes wanted. Leaves: `Cell` values. A cell comes from the stored cube where its grain is
stored, else from a live sum over allocations; both give the same figures (held by a test), so every path of clicks
leads to the same total. Money adds up over cells; counts are distinct and are never added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import NO_YEAR, By, Filters
from concerted.web.edition.money import Money, money_columns, money_of
from concerted.web.edition.scope import Scope

STATE_COUNTS = ("requested", "planned", "ongoing", "completed", "cancelled", "state_unknown")
_COUNTS = ("activities", *STATE_COUNTS, "confirmed", "unvalued")
#: Grains of `out_cell` by what is set beside the node.
_GRAINS: dict[frozenset[str], str] = {
    frozenset(): "node",
    frozenset({"place"}): "node_place",
    frozenset({"period"}): "node_period",
    frozenset({"partner"}): "node_partner",
    frozenset({"place", "period"}): "node_place_period",
}
#: What a column of the matrix is called in the tables.
_COLUMN: dict[By, str] = {"place": "place_id", "period": "period", "partner": "org_id"}

Key = tuple[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its money in the chosen kind and currency, and the distinct activities in it by state."""

    money: Money = field(default_factory=Money)
    activities: int = 0
    by_state: tuple[int, ...] = (0,) * len(STATE_COUNTS)
    confirmed: int = 0
    unvalued: int = 0


EMPTY = Cell()


def cells(
    scope: Scope, filters: Filters, nodes: Iterable[str], by: By | None = None, columns: Sequence[Any] | None = None
) -> dict[Key, Cell]:
    """Cells of `nodes` under the filters, by (node, column); the column is None without `by`.

    Args:
        scope: who looks at which edition.
        filters: place, period, partner and the kind and currency of money; the filter of the columns' own dimension
            is ignored.
        nodes: node ids, ALL and UNCLASSIFIED included.
        by: what the columns are.
        columns: the columns wanted; None = all that occur.
    """
    kept = filters.without(by).but(opened=frozenset(), q="", by="place", node=None, state=None)
    wanted, chosen = tuple(sorted(set(nodes))), None if columns is None else tuple(columns)
    return scope.remember(("cells", kept, wanted, by, chosen), lambda: _cells(scope, kept, wanted, by, chosen))


def cell(scope: Scope, filters: Filters, node: str) -> Cell:
    """The one cell of `node` under the filters; empty where nothing is there."""
    return cells(scope, filters, [node]).get((node, None), EMPTY)


def _cells(
    scope: Scope, filters: Filters, nodes: tuple[str, ...], by: By | None, columns: tuple[Any, ...] | None
) -> dict[Key, Cell]:
    dimensions = {name for name in ("place", "period", "partner") if getattr(filters, name) is not None}
    grain = None if filters.exact else _GRAINS.get(frozenset(dimensions | ({by} if by else set())))
    sql, parameters = _stored(scope, filters, nodes, by, grain) if grain else _live(scope, filters, nodes, by)
    if columns is not None:
        parameters["columns"] = list(columns)
    condition = "TRUE" if columns is None else f"{_column(by, is_stored=bool(grain))} IN (SELECT unnest($columns))"
    rows = scope.rows(sql.replace("{columns}", condition), parameters)
    return {(row[0], row[1]): _cell(row[2:], filters.currency) for row in rows}


def _stored(
    scope: Scope, filters: Filters, nodes: tuple[str, ...], by: By | None, grain: str
) -> tuple[str, dict[str, Any]]:
    parameters: dict[str, Any] = {"framework": filters.framework, "nodes": list(nodes), "kind": filters.kind}
    parameters["grain"] = grain
    conditions = ["framework_id = $framework", "grain = $grain", "node_id IN (SELECT unnest($nodes))"]
    if filters.place:
        parameters["place"] = filters.place
        conditions.append("place_id = $place")
    if filters.period == NO_YEAR:
        conditions.append("period IS NULL")
    elif filters.period:
        parameters["year"] = filters.year
        conditions.append("period = $year")
    if filters.partner:
        parameters["org"] = filters.org_id
        conditions.append("org_id IS NOT DISTINCT FROM $org")
    low, best, high = money_columns(filters.currency)
    counts = ", ".join(f"coalesce(sum({c}) FILTER (finance_kind = 'ANY'), 0)" for c in _COUNTS)
    return (
        f"""
        SELECT node_id, {_column(by, is_stored=True)}, sum({low}) FILTER (finance_kind = $kind),
               sum({best}) FILTER (finance_kind = $kind), sum({high}) FILTER (finance_kind = $kind), {counts}
        FROM out_cell
        WHERE {" AND ".join(conditions)} AND {{columns}} AND finance_kind IN ('ANY', $kind) AND {scope.filter.sql()}
        GROUP BY 1, 2""",
        parameters,
    )


def _live(scope: Scope, filters: Filters, nodes: tuple[str, ...], by: By | None) -> tuple[str, dict[str, Any]]:
    low, best, high = money_columns(filters.currency)
    rows = allocated(filters, nodes, rolls_places=by == "place")
    states = ", ".join(f"count(DISTINCT a.activity_id) FILTER ({_state_is(s)})" for s in STATE_COUNTS)
    return (
        f"""
        SELECT n.ancestor_id, {_column(by, is_stored=False)},
               sum({low}) FILTER (finance_kind = $kind), sum({best}) FILTER (finance_kind = $kind),
               sum({high}) FILTER (finance_kind = $kind),
               count(DISTINCT a.activity_id), {states},
               count(DISTINCT a.activity_id) FILTER (is_confirmed),
               count(DISTINCT a.activity_id) FILTER (is_unvalued)
        FROM {rows.source}
        WHERE {rows.where} AND {{columns}} AND {scope.filter.sql("a")}
        GROUP BY 1, 2""",
        rows.parameters,
    )


def _column(by: By | None, *, is_stored: bool) -> str:
    if by is None:
        return "NULL"
    if is_stored:
        return _COLUMN[by]
    return "p.ancestor_id" if by == "place" else f"a.{_COLUMN[by]}"


def _state_is(count: str) -> str:
    return "a.state IS NULL" if count == "state_unknown" else f"a.state = '{count}'"


def _cell(values: Sequence[Any], currency: str) -> Cell:
    counts = [int(v) for v in values[3:]]
    return Cell(
        money_of(values[:3], currency),
        activities=counts[0],
        by_state=tuple(counts[1 : 1 + len(STATE_COUNTS)]),
        confirmed=counts[-2],
        unvalued=counts[-1],
    )
