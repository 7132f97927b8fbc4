"""Per source, the problems of its records and how much money stands in those records: the fixes that would help most.

Place on the way: picture. Enters: issues, statements and transactions. Leaves: `out_quality`, ranked within source and
marking.
"""

import ibis
import ibis.expr.types as ir

SPENT, COMMITTED = ("3", "4"), "2"


def quality_rows(issues: ir.Table, statements: ir.Table, transactions: ir.Table, source_markings: ir.Table) -> ir.Table:
    """`out_quality`: one row per source, issue code and marking of the records touched; errors and warnings only.

    Args:
        issues: rows of table `issue`; one without a record that is known here takes the marking of its source.
        statements: every statement, current or not (record_id, source_id, marking_key).
        transactions: record_id, type_code, value_usd.
        source_markings: (source_id, source_marking) as sources are configured; others are CLEAR.
    """
    problems = issues.filter(issues.severity.isin(("error", "warning")) & issues.source_id.notnull())
    marked = problems.left_join(statements.select("record_id", statement_marking="marking_key"), "record_id")
    marked = marked.drop("record_id_right").left_join(source_markings, "source_id").drop("source_id_right")
    rows = marked.select(
        "source_id",
        "code",
        "record_id",
        count=marked["count"].fill_null(1),
        marking_key=ibis.coalesce(marked.statement_marking, marked.source_marking, "CLEAR"),
    )
    touched = rows.filter(rows.record_id.notnull()).select("source_id", "code", "marking_key", "record_id").distinct()
    money = _money(transactions.semi_join(touched, "record_id"))
    by = ["source_id", "code", "marking_key"]
    valued = touched.left_join(money, "record_id")
    records = valued.group_by(by).aggregate(records=valued.count(), usd_affected=valued.usd.sum().cast("decimal(18,2)"))
    counted = rows.group_by(by).aggregate(issues=rows["count"].sum())
    joined = counted.left_join(records, by)
    merged = joined.select(*by, "issues", "usd_affected", records=joined.records.fill_null(0))
    window = ibis.window(
        group_by=["source_id", "marking_key"],
        order_by=[
            ibis.desc("usd_affected", nulls_first=False),
            ibis.desc("records"),
            ibis.desc("issues"),
            ibis.asc("code"),
        ],
    )
    return merged.mutate(rank=(ibis.row_number().over(window) + 1).cast("int32"))


def _money(transactions: ir.Table) -> ir.Table:
    """(record_id, usd): what a record spends; where it states no spending, what it commits."""
    usd = transactions.value_usd
    return (
        transactions.group_by("record_id")
        .aggregate(
            spent=usd.sum(where=transactions.type_code.isin(SPENT)),
            committed=usd.sum(where=transactions.type_code == COMMITTED),
        )
        .select("record_id", usd=lambda t: ibis.coalesce(t.spent, t.committed))
    )
