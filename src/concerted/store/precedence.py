"""Money that is set aside because its organisation decided that another source counts: what later steps leave out.

Place on the way: for the steps behind resolve. Enters: `precedence`, and rows of money. Leaves: those that count. The
rows stay in their tables: both claims are kept, side by side.
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
    """(record_id, finance_kind) that another source counts."""
    return precedence.filter(~precedence.is_counted).select("record_id", "finance_kind")


def without_aside(rows: ir.Table, aside: ir.Table, kind: Callable[[ir.Table], ir.StringValue]) -> ir.Table:
    """`rows` (with record_id) of which `kind` is not set aside for their statement."""
    return rows.anti_join(aside, [rows.record_id == aside.record_id, kind(rows) == aside.finance_kind])
