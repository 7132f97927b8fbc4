"""The stored cubes: money and distinct activities per grain, with nodes and places rolled up to their ancestors.

Place on the way: picture. Enters: allocations and the two roll-up tables. Leaves: `out_cell`. Money is summed once at
the leaves and rolled up from there. Activities are distinct per cell: a set of (cell, activity) is rolled up, then
counted.
"""

import ibis
import ibis.expr.types as ir

from concerted.model.tables import full_schema

MONEY = ("low_usd", "best_usd", "high_usd", "low_eur", "best_eur", "high_eur")
MARKS = ("view", "marking_key", "precise_marking_key")
PRESENCE, ANY = "presence", "ANY"
STATES = ("requested", "planned", "ongoing", "completed", "cancelled")
COUNTS = ("activities", *STATES, "state_unknown", "confirmed", "unvalued")
#: Dimensions beside the node that each grain sets.
GRAINS: dict[str, tuple[str, ...]] = {
    "node": (),
    "node_place": ("place_id",),
    "node_period": ("period",),
    "node_partner": ("org_id",),
    "node_place_period": ("place_id", "period"),
}


def money_cells(allocation: ir.Table, nodes: ir.Table, places: ir.Table) -> ir.Table:
    """Rows of `out_cell` that hold money: one per grain, cell, kind and marking."""
    money = allocation.filter(allocation.high_usd.notnull() | allocation.high_eur.notnull())
    kept = ("finance_kind", *MARKS)
    leaves = _summed(money, ("framework_id", "node_id", "place_id", "period", *kept)).cache()
    by_place_period = _summed(_up_node(leaves, nodes), ("framework_id", "node_id", "place_id", "period", *kept)).cache()
    by_period = _summed(by_place_period, ("framework_id", "node_id", "period", *kept)).cache()
    wide = _summed(_up_place(by_place_period, places), ("framework_id", "node_id", "place_id", "period", *kept)).cache()
    partners = _summed(money, ("framework_id", "node_id", "org_id", *kept)).cache()
    found = {
        "node": _summed(by_period, ("framework_id", "node_id", *kept)),
        "node_period": by_period,
        "node_place_period": wide,
        "node_place": _summed(wide, ("framework_id", "node_id", "place_id", *kept)),
        "node_partner": _summed(_up_node(partners, nodes), ("framework_id", "node_id", "org_id", *kept)),
    }
    return ibis.union(*(_as_cells(rows, grain) for grain, rows in found.items()))


def counting_cells(allocation: ir.Table, nodes: ir.Table, places: ir.Table) -> ir.Table:
    """Rows of `out_cell` that count activities (finance_kind ANY): one per grain, cell and marking."""
    kept = ("activity_id", *MARKS)
    here = ("framework_id", "node_id", "place_id")
    leaves = _distinct(allocation.mutate(state_rank=_state_rank(allocation)), (*here, "period", *kept)).cache()
    still = _distinct(leaves, (*here, *kept)).cache()
    moving = _distinct(_up_node(leaves, nodes), (*here, "period", *kept)).cache()
    partners = _distinct(
        allocation.mutate(state_rank=_state_rank(allocation)), ("framework_id", "node_id", "org_id", *kept)
    )
    still_up = _distinct(_up_node(still, nodes), (*here, *kept)).cache()
    found = {
        "node": still_up,
        "node_place": _up_place(still_up, places),
        "node_period": moving,
        "node_place_period": _up_place(moving, places),
        "node_partner": _up_node(partners, nodes),
    }
    return ibis.union(*(_as_cells(_counted(rows, grain), grain) for grain, rows in found.items()))


def _state_rank(allocation: ir.Table) -> ir.IntegerValue:
    """One number per state; an activity has the same state in all rows of one marking."""
    return allocation.state.cases(*((s, i) for i, s in enumerate(STATES)), else_=len(STATES)).cast("int8")


def _distinct(rows: ir.Table, by: tuple[str, ...]) -> ir.Table:
    return rows.group_by(by).aggregate(
        state_rank=rows.state_rank.min(), is_confirmed=rows.is_confirmed.any(), is_unvalued=rows.is_unvalued.any()
    )


def _counted(rows: ir.Table, grain: str) -> ir.Table:
    by = ("framework_id", "node_id", *GRAINS[grain], *MARKS)
    single = _distinct(rows, (*by, "activity_id"))
    return single.group_by(by).aggregate(
        activities=single.count(),
        **{state: (single.state_rank == rank).sum() for rank, state in enumerate(STATES)},
        state_unknown=(single.state_rank == len(STATES)).sum(),
        confirmed=single.is_confirmed.sum(),
        unvalued=single.is_unvalued.sum(),
    )


def _summed(rows: ir.Table, by: tuple[str, ...]) -> ir.Table:
    return rows.group_by(by).aggregate(**{name: rows[name].sum().cast("decimal(18,2)") for name in MONEY})


def _up_node(rows: ir.Table, nodes: ir.Table) -> ir.Table:
    joined = rows.inner_join(nodes, ["framework_id", "node_id"])
    return joined.mutate(node_id=joined.up_node).drop("up_node")


def _up_place(rows: ir.Table, places: ir.Table) -> ir.Table:
    joined = rows.inner_join(places, "place_id")
    return joined.mutate(place_id=joined.up_place).drop("up_place")


def _as_cells(rows: ir.Table, grain: str) -> ir.Table:
    """`rows` with every column of `out_cell`; what the grain does not set is null."""
    types = ibis.Schema.from_pyarrow(full_schema("cell"))
    filled = rows.mutate(
        grain=ibis.literal(grain),
        **{} if "finance_kind" in rows.columns else {"finance_kind": ibis.literal(ANY)},
    )
    columns = filled.columns
    return filled.select(
        **{name: filled[name].cast(kind) if name in columns else ibis.null(kind) for name, kind in types.items()}
    )
