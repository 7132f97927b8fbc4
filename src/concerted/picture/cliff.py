"""What ends soon: activities whose end lies within 6, 12 or 24 months, with what the cell loses each year.

Place on the way: picture. Enters: allocations and the ends of statements. Leaves: `out_cliff`, in both views.
"""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

HORIZONS = (6, 12, 24)
#: Kinds that tell what an activity costs in a year, the first that is known; spending first, promises last.
YEARLY = (("disbursement", "expenditure"), ("budget",), ("commitment",))

_KEY = ("framework_id", "node_id", "place_id", "activity_id", "view", "marking_key", "precise_marking_key")


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def cliff_rows(allocation: ir.Table, statements: ir.Table, as_of: date, horizons: Sequence[int] = HORIZONS) -> ir.Table:
    """`out_cliff`: one row per cell and activity that ends after `as_of` within the longest horizon.

    Money is the best of the activity's fullest calendar year in the cell, in the first of `YEARLY` that it states; null
    where it states none.

    Args:
        statements: statements of supply with their end dates; what is counted of them is in `allocation`.
    """
    ends = [months_after(as_of, months) for months in sorted(horizons)]
    end = ibis.coalesce(statements.end_actual_date, statements.end_planned_date)
    ending = statements.mutate(end_date=end).filter((end > as_of) & (end <= ends[-1]))
    ending = ending.filter(~ending.state.isin(("completed", "cancelled")).fill_null(False))
    rows = allocation.inner_join(ending.select("record_id", "end_date"), "record_id")
    yearly = rows.group_by([*_KEY, "period"]).aggregate(
        record_id=rows.record_id.min(),
        org_id=rows.org_id.min(),
        end_date=rows.end_date.max(),
        **{
            f"{currency}_{i}": rows[f"best_{currency}"].sum(where=rows.finance_kind.isin(kinds)).cast("decimal(18,2)")
            for currency in ("usd", "eur")
            for i, kinds in enumerate(YEARLY)
        },
    )
    whole = yearly.group_by(_KEY).aggregate(
        record_id=yearly.record_id.min(),
        org_id=yearly.org_id.min(),
        end_date=yearly.end_date.max(),
        best_usd=ibis.coalesce(*(yearly[f"usd_{i}"].max() for i in range(len(YEARLY)))),
        best_eur=ibis.coalesce(*(yearly[f"eur_{i}"].max() for i in range(len(YEARLY)))),
    )
    months = ibis.cases(
        *((whole.end_date <= last, months) for last, months in zip(ends, sorted(horizons), strict=True))
    )
    return whole.mutate(months=months.cast("int32"))
