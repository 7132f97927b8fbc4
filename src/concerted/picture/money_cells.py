"""The cube of money: low, best and high per grain, cell, kind and marking, with nodes and places rolled up.

Place on the way: picture. Enters: allocations and codes. Leaves: rows of `out_cell` that hold money. Money is summed
once at the leaves, and rolled up from there, because it adds up.
"""

import ibis.expr.types as ir

from concerted.picture.codes import Codes, coded

MONEY = ("low_usd", "best_usd", "high_usd", "gross_usd", "low_eur", "best_eur", "high_eur", "gross_eur")


def money_cells(allocation: ir.Table, codes: Codes) -> dict[str, ir.Table]:
    """Money rows by grain, with codes: node, mark, kind, and what the grain sets of place, period, org_id.

    Places are rolled up before nodes: they have fewer levels, so that fewer rows are met twice.
    """
    money = allocation.filter(allocation.high_usd.notnull() | allocation.high_eur.notnull())
    leaves = _summed(coded(money, codes, "node", "place", "kind", "mark"), "node", "place", "period").cache()
    placed = _summed(_up(leaves, codes.place_up, "place"), "node", "place", "period")
    wide = _summed(_up(placed, codes.node_up, "node"), "node", "place", "period").cache()
    flat = _summed(leaves, "node", "period")
    by_period = _summed(_up(flat, codes.node_up, "node"), "node", "period").cache()
    partners = _summed(coded(money, codes, "node", "kind", "mark"), "node", "org_id")
    return {
        "node": _summed(by_period, "node"),
        "node_period": by_period,
        "node_place": _summed(wide, "node", "place"),
        "node_place_period": wide,
        "node_partner": _summed(_up(partners, codes.node_up, "node"), "node", "org_id"),
    }


def _summed(rows: ir.Table, *by: str) -> ir.Table:
    return rows.group_by([*by, "kind", "mark"]).aggregate(
        **{name: rows[name].sum().cast("decimal(18,2)") for name in MONEY}
    )


def _up(rows: ir.Table, pairs: ir.Table, column: str) -> ir.Table:
    joined = rows.inner_join(pairs, column)
    return joined.mutate(**{column: joined.up}).drop("up")
