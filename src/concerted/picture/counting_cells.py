"""The cube of activities: distinct activities per grain, cell and marking, by state, with nodes and places rolled up.

Place on the way: picture. Enters: allocations with codes. Leaves: rows of `out_cell` that count. An activity counts
once in a cell however many of its nodes and places lie beneath it, so counts are not sums of counts.

Most activities are *regular*: one statement, all of it spread alike, so that they are in every combination of their
nodes, places and years. For them the three small sets are rolled up and made distinct, and the cells are the
combinations: nothing large has to be made distinct. The rest (several statements, transactions with a spread of their
own) goes row by row.
"""

import ibis
import ibis.expr.types as ir

from concerted.picture.codes import Codes, coded

STATES = ("requested", "planned", "ongoing", "completed", "cancelled")
COUNTS = ("activities", *STATES, "state_unknown", "confirmed", "unvalued")
#: What tells an activity of one framework and marking.
_WHO = ("framework", "activity_id", "mark")
_ACTIVITY = ("framework", "activity_id")

#: Dimensions beside the node that each grain sets, as columns with codes.
GRAINS: dict[str, tuple[str, ...]] = {
    "node": (),
    "node_place": ("place",),
    "node_period": ("period",),
    "node_partner": ("org_id",),
    "node_place_period": ("place", "period"),
}


def counting_cells(allocation: ir.Table, codes: Codes) -> dict[str, ir.Table]:
    """Counting rows by grain, with codes: node, mark, and what the grain sets of place, period, org_id."""
    rank = allocation.state.cases(*((state, i) for i, state in enumerate(STATES)), else_=len(STATES)).cast("int8")
    marked = coded(allocation.mutate(state_rank=rank), codes, "node", "mark")
    rows = coded(marked, codes, "place")
    spread = rows.group_by([*_WHO, "node", "place", "org_id"]).aggregate(
        state_rank=rows.state_rank.min(),
        is_confirmed=rows.is_confirmed.any(),
        is_unvalued=rows.is_unvalued.any(),
        first=rows.record_id.min(),
        last=rows.record_id.max(),
        own=rows.transaction_seq.max(),
    )
    spread = spread.cache()
    who = spread.group_by(_ACTIVITY).aggregate(
        first=spread["first"].min(),
        last=spread["last"].max(),
        own=spread.own.max(),
        has_one_mark=spread.mark.min() == spread.mark.max(),
    )
    is_regular = (who["first"] == who["last"]) & (who.own < 0)
    regular = who.filter(is_regular).select(_ACTIVITY).cache()
    odd = who.filter(~is_regular).select(*_ACTIVITY, "has_one_mark").cache()
    years = marked.semi_join(regular, _ACTIVITY).select(*_WHO, "period").distinct().cache()
    even = _regular_cells(spread.semi_join(regular, _ACTIVITY), years, codes)
    uneven = _odd_cells(spread.inner_join(odd, _ACTIVITY), rows.inner_join(odd, _ACTIVITY), codes)
    return {grain: _finished(even[grain], uneven[grain], by) for grain, by in GRAINS.items()}


def _regular_cells(spread: ir.Table, years: ir.Table, codes: Codes) -> dict[str, ir.Table]:
    """Cells of regular activities: combinations of their nodes, places and years, each rolled up on its own."""
    up = _up(spread, codes.node_up, "node")
    nodes = up.group_by([*_WHO, "node"]).aggregate(state_rank=up.state_rank.min(), is_confirmed=up.is_confirmed.any())
    nodes = nodes.cache()
    places = _up(spread, codes.place_up, "place").select(*_WHO, "place").distinct().cache()
    # Nothing of a regular activity is unvalued: unvalued money is a row of its own transaction.
    nodes = nodes.mutate(is_unvalued=ibis.literal(False))
    node_places = nodes.inner_join(places, _WHO)
    return {
        "node": _tallied(nodes),
        "node_place": _tallied(node_places, "place"),
        "node_period": _tallied(nodes.inner_join(years, _WHO), "period"),
        "node_place_period": _tallied(node_places.inner_join(years, _WHO), "place", "period"),
        "node_partner": _tallied(_single(up, "org_id"), "org_id"),
    }


def _odd_cells(spread: ir.Table, rows: ir.Table, codes: Codes) -> dict[str, ir.Table]:
    """Cells of the other activities: every leaf rolled up, then made distinct.

    Args:
        spread, rows: with `has_one_mark`, whether all that is told of the activity is under one marking.
    """
    leaves = _single(rows, "has_one_mark", "place", "period")
    moving = _single(_up(leaves, codes.node_up, "node"), "has_one_mark", "place", "period").cache()
    still = _single(moving, "has_one_mark", "place").cache()
    found = {
        "node": still,
        "node_place": _up(still, codes.place_up, "place"),
        "node_period": moving,
        "node_place_period": _up(moving, codes.place_up, "place"),
        "node_partner": _up(spread, codes.node_up, "node"),
    }
    return {grain: _odd_tallied(rolled, codes, *GRAINS[grain]) for grain, rolled in found.items()}


def _odd_tallied(rolled: ir.Table, codes: Codes, *by: str) -> ir.Table:
    """Counts of what was rolled up; only what is told under several markings is looked through for repetitions."""
    if len(codes.words.marks) == 1:
        return _tallied(_single(rolled, *by), *by)
    once = _tallied(_single(rolled.filter(rolled.has_one_mark), *by), *by)
    return once.union(_tallied(_once(_single(rolled.filter(~rolled.has_one_mark), *by), codes, *by), *by))


def _single(rows: ir.Table, *by: str) -> ir.Table:
    """One row per activity and marking in each cell."""
    return rows.group_by([*_WHO, "node", *by]).aggregate(
        state_rank=rows.state_rank.min(), is_confirmed=rows.is_confirmed.any(), is_unvalued=rows.is_unvalued.any()
    )


def _once(single: ir.Table, codes: Codes, *by: str) -> ir.Table:
    """Without rows whose every reader sees the same activity in the same cell already, told under a wider marking.

    So counts add up over the markings one may see, although several sources tell of one activity. What remains double
    is an activity told only under markings of different groups, for one who belongs to both.
    """
    marks = codes.marks.select("mark", "width", "is_for_partners")
    rows = single.inner_join(marks, "mark")
    widest = rows.mutate(widest=rows.width.min().over(ibis.window(group_by=[*_ACTIVITY, "node", *by])))
    is_seen_anyway = (widest.widest == 0) | ((widest.widest == 1) & widest.is_for_partners)
    return widest.filter((widest.width == widest.widest) | ~is_seen_anyway)


def _tallied(single: ir.Table, *by: str) -> ir.Table:
    """Counts per cell and state of rows that are distinct already."""
    return single.group_by(["node", "mark", *by, "state_rank"]).aggregate(
        activities=single.count(),
        confirmed=single.count(where=single.is_confirmed),
        unvalued=single.count(where=single.is_unvalued),
    )


def _finished(even: ir.Table, uneven: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """One row per cell, the states side by side."""
    names = ("node", "mark", *by, "state_rank", "activities", "confirmed", "unvalued")
    tallied = ibis.union(even.select(names), uneven.select(names))
    by_state = {
        state: tallied.activities.sum(where=tallied.state_rank == rank)
        for rank, state in enumerate((*STATES, "state_unknown"))
    }
    return tallied.group_by(["node", "mark", *by]).aggregate(
        activities=tallied.activities.sum(),
        confirmed=tallied.confirmed.sum(),
        unvalued=tallied.unvalued.sum(),
        **{state: count.fill_null(0) for state, count in by_state.items()},
    )


def _up(rows: ir.Table, pairs: ir.Table, column: str) -> ir.Table:
    joined = rows.inner_join(pairs, column)
    return joined.mutate(**{column: joined.up}).drop("up")
