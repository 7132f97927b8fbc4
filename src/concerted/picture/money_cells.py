"""The cube of money: range, gross and what is told twice, by grain, cell, kind and marking, nodes and places rolled up.

Place on the way: picture. Enters: allocations and codes. Leaves: rows of `out_cell` that hold money. Money is summed
once at the leaves, and rolled up from there, because it adds up.
"""

import ibis
import ibis.expr.types as ir

from concerted.model.tables import UNCLASSIFIED
from concerted.picture.codes import Codes, coded

CURRENCIES = ("usd", "eur")
_BOUNDS = ("low", "best", "high", "gross", "likely", "most")
MONEY = tuple(f"{bound}_{currency}" for currency in CURRENCIES for bound in _BOUNDS)


def money_cells(allocation: ir.Table, codes: Codes) -> dict[str, ir.Table]:
    """Money rows by grain, with codes: node, mark, kind, and what the grain sets of place, period, org_id.

    Places are rolled up before nodes: they have fewer levels, so that fewer rows are met twice.
    """
    money = with_twice(allocation.filter(allocation.high_usd.notnull() | allocation.high_eur.notnull()))
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


def with_twice(allocation: ir.Table) -> ir.Table:
    """Allocations with what is told twice of each, likely and at most: the rule of `publish.told`, as an expression.

    What is left out of best or low because a priority is only suggested is no double.
    """
    is_sure = allocation.is_confirmed | (allocation.node_id == UNCLASSIFIED)
    found = {}
    for currency in CURRENCIES:
        low, best, high, gross = (allocation[f"{bound}_{currency}"] for bound in _BOUNDS[:4])
        suggested = ibis.ifelse(best != 0, best, high)
        found[f"likely_{currency}"] = gross - ibis.ifelse(is_sure, best, suggested)
        found[f"most_{currency}"] = gross - ibis.ifelse(is_sure, low, suggested)
    return allocation.mutate(**found)


def _summed(rows: ir.Table, *by: str) -> ir.Table:
    return rows.group_by([*by, "kind", "mark"]).aggregate(
        **{name: rows[name].sum().cast("decimal(18,2)") for name in MONEY}
    )


def _up(rows: ir.Table, pairs: ir.Table, column: str) -> ir.Table:
    joined = rows.inner_join(pairs, column)
    return joined.mutate(**{column: joined.up}).drop("up")
