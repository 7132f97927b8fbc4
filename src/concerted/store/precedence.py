"""What is set aside because its organisation decided that another source counts: what later steps make of it.

Place on the way: for resolve and the steps behind it. Enters: `precedence`, and rows of statements. Leaves: those that
count. Amounts that are set aside are left out; of other fields a statement takes over those of the one that counts. The
rows that its own source gave stay in their tables: both claims are kept, side by side.
"""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from concerted.model.finance import BUDGET, KIND_OF_TYPE, PLANNED, UNKNOWN_KIND


def transaction_kind(transactions: ir.Table) -> ir.StringValue:
    """The kind of money of each transaction."""
    return transactions.type_code.cases(*KIND_OF_TYPE.items(), else_=UNKNOWN_KIND)


def budget_kind(budgets: ir.Table) -> ir.StringValue:
    """The kind of money of each budget and planned disbursement."""
    return ibis.ifelse(budgets.kind == PLANNED, PLANNED, BUDGET)


def set_aside(precedence: ir.Table) -> ir.Table:
    """(record_id, subject) that another source counts."""
    return precedence.filter(~precedence.is_counted).select("record_id", "subject")


def without_aside(rows: ir.Table, aside: ir.Table, subject: Callable[[ir.Table], ir.StringValue] | str) -> ir.Table:
    """`rows` (with record_id) of which `subject` is not set aside for their statement.

    Args:
        aside: see `set_aside`.
        subject: of each row, or one of all.
    """
    if isinstance(subject, str):
        return rows.anti_join(aside.filter(aside.subject == subject), "record_id")
    return rows.anti_join(aside, [rows.record_id == aside.record_id, subject(rows) == aside.subject])


def columns_taken_over(statements: ir.Table, precedence: ir.Table, subject: str, columns: tuple[str, ...]) -> ir.Table:
    """`statements` (one row for each record_id), `columns` of those set aside being those of the one that counts."""
    aside = precedence.filter(~precedence.is_counted & (precedence.subject == subject))
    taken = {f"_{name}": name for name in columns}
    others = statements.select(_other="record_id", **taken)
    others = aside.select("record_id", _other="other_record_id").inner_join(others, "_other")
    joined = statements.left_join(others.select("record_id", *taken, is_taken=ibis.literal(True)), "record_id")
    is_taken = joined.is_taken.fill_null(False)
    said = joined.mutate(**{name: ibis.ifelse(is_taken, joined[f"_{name}"], joined[name]) for name in columns})
    return said.select(statements.columns)


def rows_taken_over(rows: ir.Table, others: ir.Table, precedence: ir.Table, subject: str) -> ir.Table:
    """`rows` (with record_id), those of statements set aside being those that `others` has of the one that counts.

    Args:
        others: of `rows`, those that another statement may take over.
    """
    aside = precedence.filter(~precedence.is_counted & (precedence.subject == subject))
    pairs = aside.select(_mine="record_id", _other="other_record_id")
    taken = others.inner_join(pairs, others.record_id == pairs["_other"])
    taken = taken.mutate(record_id=taken["_mine"]).select(rows.columns)
    return ibis.union(rows.anti_join(aside, "record_id"), taken)
