"""What allocate could not place in a year or a kind, counted per statement.

Place on the way: allocate. Enters: the same rows as the amounts. Leaves: issue rows with their `count`; the money
itself is in the table all the same, under period null or kind `unknown`.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from concerted.allocate.amounts import LONGEST_BUDGET_YEARS
from concerted.allocate.kinds import KIND_OF_TYPE


def findings(statements: ir.Table, transactions: ir.Table, budgets: ir.Table, years: ir.Table, as_of: date) -> ir.Table:
    """Issue rows.

    Issues:
        transaction_kind_unknown (warning): type is none of the 13 of IATI; kept apart as kind `unknown`.
        transaction_undated (warning): no date, so its year is unknown.
        date_future (warning): a transaction dated after the day of the edition; it stays in its year.
        money_unvalued (warning): a transaction without value in USD or EUR; unknown, not zero.
        budget_period_unknown (warning): absent, reversed or too long period, so its year is unknown.
        activity_too_long (warning): the dates span more years than an activity can last; its years are unknown.
    """
    is_kind = transactions.type_code.isin(tuple(KIND_OF_TYPE)).fill_null(False)
    span = budgets.period_end_date.year() - budgets.period_start_date.year()
    is_dated = (budgets.period_start_date <= budgets.period_end_date) & (span < LONGEST_BUDGET_YEARS)
    has_one_end = budgets.period_start_date.isnull() != budgets.period_end_date.isnull()
    found = [
        ("transaction_kind_unknown", "transaction/transaction-type", transactions.filter(~is_kind)),
        (
            "transaction_undated",
            "transaction/transaction-date",
            transactions.filter(transactions.transaction_date.isnull()),
        ),
        (
            "date_future",
            "transaction/transaction-date",
            transactions.filter(transactions.transaction_date > ibis.literal(as_of)),
        ),
        (
            "money_unvalued",
            "transaction/value",
            transactions.filter(transactions.value_usd.isnull() | transactions.value_eur.isnull()),
        ),
        ("budget_period_unknown", "budget/period-start", budgets.filter(~(is_dated | has_one_end).fill_null(False))),
        ("activity_too_long", "activity-date", years.filter(years.is_too_long.fill_null(False))),
    ]
    return ibis.union(*(_counted(code, field, rows, statements) for code, field, rows in found))


def _counted(code: str, field: str, rows: ir.Table, statements: ir.Table) -> ir.Table:
    """One issue per statement, so that its marking holds; `count` says how many rows it stands for."""
    line = rows.line if "line" in rows.columns else ibis.null("int64")
    origin = statements.select("record_id", "source_id", "input_path", own_line="line")
    where = rows.select("record_id", line=line).inner_join(origin, "record_id")
    where = where.mutate(line=where.line.coalesce(where.own_line))
    counted = where.group_by(["source_id", "input_path", "record_id"]).aggregate(
        count=where.count(), line=where.line.min()
    )
    return counted.mutate(
        severity=ibis.literal("warning"),
        code=ibis.literal(code),
        step=ibis.literal("allocate"),
        field=ibis.literal(field),
        values=ibis.literal("{}"),
    )
