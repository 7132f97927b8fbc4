"""Cells of the picture: money and counts per node and place, year or partner, as one viewer may see them.

Enters: a scope, filters, the nodes wanted. Leaves: `Cell` values. A cell comes from the stored cube where its grain is
stored, else from a live sum over allocations; both give the same figures (held by a test), so every path of clicks
leads to the same total. Money adds up over cells; counts are distinct and are never added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import By, Filters
from concerted.web.edition.cube import Wanted
from concerted.web.edition.money import Money, column_suffix, money_of, money_sums
from concerted.web.edition.scope import Scope

STATE_COUNTS = ("requested", "planned", "ongoing", "completed", "cancelled", "state_unknown")
#: Grains of `out_cell` by what is set beside the node.
_GRAINS: dict[frozenset[str], str] = {
    frozenset(): "node",
    frozenset({"place"}): "node_place",
    frozenset({"period"}): "node_period",
    frozenset({"partner"}): "node_partner",
    frozenset({"place", "period"}): "node_place_period",
}
_DIMENSIONS = {grain: dimensions for dimensions, grain in _GRAINS.items()}
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
    grain = _grain(filters, by)
    if grain is None:
        return _live(scope, filters, nodes, by, columns)
    return _stored(scope, filters, nodes, by, columns, grain)


def _grain(filters: Filters, by: By | None) -> str | None:
    """The grain that holds the cells under the filters; null where none does."""
    dimensions = {name for name in ("place", "period", "partner") if getattr(filters, name) is not None}
    grain = _GRAINS.get(frozenset(dimensions | ({by} if by else set())))
    return None if grain is None or (filters.exact and "place" not in _DIMENSIONS[grain]) else grain


def _stored(
    scope: Scope, filters: Filters, nodes: tuple[str, ...], by: By | None, columns: tuple[Any, ...] | None, grain: str
) -> dict[Key, Cell]:
    wanted = _wanted(filters, grain, nodes, columns if by == "place" else None)
    cube = scope.edition.cube(scope.filter)
    suffix = column_suffix(filters.currency)
    amounts = cube.amounts(wanted, by, filters.kind, suffix, exact=filters.exact)
    money = {(node, column): values for node, column, values in amounts}
    found: dict[Key, Cell] = {}
    for node, column, counts in cube.counts(wanted, by, exact=filters.exact):
        if columns is None or column in columns:
            amount = money_of(money.get((node, column), ()), filters.currency)
            found[node, column] = Cell(amount, counts[0], counts[1:7], counts[7], counts[8])
    return found


def _wanted(filters: Filters, grain: str, nodes: tuple[str, ...], places: tuple[Any, ...] | None) -> Wanted:
    """Cells of a grain under the filters; `places` are the columns where places are that."""
    return Wanted(
        framework=filters.framework,
        grain=grain,
        nodes=nodes,
        places=places if filters.place is None else (filters.place,),
        year=filters.year,
        is_year_fixed=filters.period is not None,
        org=filters.org_id,
        is_org_fixed=filters.partner is not None,
    )


def stored_kinds(scope: Scope, filters: Filters, node: str) -> dict[str, Money] | None:
    """The money of every kind in one cell; null where no stored cell holds what the filters leave."""
    grain = _grain(filters, None)
    if grain is None:
        return None
    found = scope.edition.cube(scope.filter).kinds(
        _wanted(filters, grain, (node,), None), column_suffix(filters.currency), exact=filters.exact
    )
    return {kind: money_of(values, filters.currency) for kind, values in found}


def _live(
    scope: Scope, filters: Filters, nodes: tuple[str, ...], by: By | None, columns: tuple[Any, ...] | None
) -> dict[Key, Cell]:
    rows = allocated(filters, nodes, rolls_places=by == "place")
    states = ", ".join(f"count(DISTINCT a.activity_id) FILTER ({_state_is(s)})" for s in STATE_COUNTS)
    column = "NULL" if by is None else "p.ancestor_id" if by == "place" else f"a.{_COLUMN[by]}"
    chosen = "TRUE"
    if columns is not None:
        rows.parameters["columns"] = list(columns)
        chosen = f"{column} IN (SELECT unnest($columns))"
    sql = f"""
        SELECT n.ancestor_id, {column},
               {money_sums(filters.currency, "a.finance_kind = $kind")},
               count(DISTINCT a.activity_id), {states},
               count(DISTINCT a.activity_id) FILTER (is_confirmed),
               count(DISTINCT a.activity_id) FILTER (is_unvalued)
        FROM {rows.source}
        WHERE {rows.where} AND {chosen} AND {scope.filter.sql("a")}
        GROUP BY 1, 2"""
    return {(row[0], row[1]): _cell(row[2:], filters.currency) for row in scope.rows(sql, rows.parameters)}


def _state_is(count: str) -> str:
    return "a.state IS NULL" if count == "state_unknown" else f"a.state = '{count}'"


def _cell(values: Sequence[Any], currency: str) -> Cell:
    counts = [int(v) for v in values[6:]]
    return Cell(
        money_of(values[:6], currency),
        activities=counts[0],
        by_state=tuple(counts[1 : 1 + len(STATE_COUNTS)]),
        confirmed=counts[-2],
        unvalued=counts[-1],
    )
