"""What is missing from each statement, and how much money and which activity it holds back.

Place on the way: picture, before quality. Enters: allocations. Leaves: one row per statement and gain, so that the
fixes that would help most can be told by what they would bring.
"""

import ibis
import ibis.expr.types as ir

from concerted.codelists.issues import Gain
from concerted.model.tables import UNCLASSIFIED, UNKNOWN

SPENT, COMMITTED = ("disbursement", "expenditure"), ("commitment",)

#: Under which code a statement's lack is told where no issue tells it already. What could not be valued always has one.
CODE_OF_GAIN: dict[Gain, str] = {
    "placed": "place_missing",
    "classified": "node_missing",
    "confirmed": "node_unconfirmed",
    "valued": "money_unvalued",
    "dated": "activity_undated",
    "counted_once": "double_possible",
}


def record_gaps(allocation: ir.Table, framework: str) -> ir.Table:
    """What each counted statement lacks in one framework.

    Args:
        allocation: `out_allocation`.
        framework: the strategy, or the framework that stands for it.
    Returns:
        record_id, activity_id, gain, usd: the money (high) that is held back, spent where the statement spends, else
        committed; null = it states no such money, or it could not be valued.
    """
    rows = allocation.filter((allocation.framework_id == framework) & (allocation["view"] == "precise"))
    lacks: dict[Gain, ir.BooleanValue] = {
        "placed": rows.place_id == UNKNOWN,
        "classified": rows.node_id == UNCLASSIFIED,
        "confirmed": ~rows.is_confirmed & (rows.node_id != UNCLASSIFIED),
        "valued": rows.is_unvalued,
        "dated": rows.period.isnull(),
        "counted_once": (rows.double_risk == "possible") & rows.high_usd.notnull(),
    }
    spends, commits = rows.finance_kind.isin(SPENT), rows.finance_kind.isin(COMMITTED)
    measures: dict[str, ir.Value] = {"spent": rows.high_usd.sum(where=spends)}
    for gain, lack in lacks.items():
        measures[f"has_{gain}"] = lack.fill_null(False).any()
        measures[f"spent_{gain}"] = rows.high_usd.sum(where=spends & lack)
        measures[f"committed_{gain}"] = rows.high_usd.sum(where=commits & lack)
    per_record = rows.group_by(["record_id", "activity_id"]).aggregate(**measures).cache()
    return ibis.union(*(_rows_of(per_record, gain) for gain in lacks))


def _rows_of(per_record: ir.Table, gain: Gain) -> ir.Table:
    """The statements that lack something, with their money; a statement that spends, but not there, lacks nothing."""
    found = per_record.filter(per_record[f"has_{gain}"])
    spent = ibis.ifelse(found.spent.notnull(), found[f"spent_{gain}"].fill_null(0), ibis.null("decimal(38,2)"))
    money = ibis.coalesce(spent, found[f"committed_{gain}"]).cast("decimal(18,2)")
    usd = ibis.null("decimal(18,2)") if gain == "valued" else money
    return found.select("record_id", "activity_id", gain=ibis.literal(gain), usd=usd)
