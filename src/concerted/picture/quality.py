"""Per source and partner, what is wrong or missing in its records, and what mending it would bring.

Place on the way: picture. Enters: the issues of every step before, statements, transactions and what statements lack.
Leaves: `out_quality`, ranked within source and marking.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.codelists.issues import Gain
from concerted.picture.gains import CODE_OF_GAIN

SPENT, COMMITTED = ("3", "4"), "2"

_BY = ["source_id", "org_id", "code", "marking_key"]


def quality_rows(
    issues: ir.Table,
    statements: ir.Table,
    transactions: ir.Table,
    gaps: ir.Table,
    gain_of_code: Mapping[str, Gain],
) -> ir.Table:
    """`out_quality`: one row per source, partner, code and marking of the records touched.

    Errors and warnings, and whatever else moves a figure when mended. What a statement lacks stands under the code of
    the issue that says why, or else under the code of what is missing.

    Args:
        issues: rows of table `issue` of all steps, with their markings.
        statements: every statement, current or not (record_id, source_id, org_id, marking_key).
        transactions: record_id, type_code, value_usd.
        gaps: `gains.record_gaps`.
        gain_of_code: what mending an issue brings, for codes that move a figure.
    """
    brings = _table(code=list(gain_of_code), gain=list(gain_of_code.values()))
    known = issues.filter(issues.source_id.notnull()).left_join(brings, "code").drop("code_right")
    problems = known.filter(known.severity.isin(("error", "warning")) | known.gain.notnull())
    marked = problems.left_join(statements.select("record_id", "org_id"), "record_id").drop("record_id_right")
    found = marked.select(
        "source_id",
        "org_id",
        "code",
        "record_id",
        "gain",
        "marking_key",
        count=marked["count"].fill_null(1),
    )
    touched = found.filter(found.record_id.notnull()).select(*_BY, "record_id", "gain").distinct()
    missing = _missing(gaps, touched, statements).cache()
    rows = ibis.union(touched, missing.select(touched.columns))
    counted = ibis.union(
        found.select(*_BY, "gain", "count"), missing.select(*_BY, "gain", count=ibis.literal(1, "int64"))
    )
    told = counted.group_by([*_BY, "gain"]).aggregate(issues=counted["count"].sum())
    return _ranked(_beside(told, _measured(rows, gaps, transactions)))


def _beside(told: ir.Table, measured: ir.Table) -> ir.Table:
    """How often beside how much. A union, because a join would lose rows of no partner (null)."""
    money, whole = ibis.null("decimal(18,2)"), ibis.null("int64")
    parts = ibis.union(
        told.select(*_BY, "gain", "issues", records=whole, usd_affected=money, usd_gain=money, activities_gain=whole),
        measured.select(*_BY, "gain", "records", "usd_affected", "usd_gain", "activities_gain", issues=whole).select(
            *_BY, "gain", "issues", "records", "usd_affected", "usd_gain", "activities_gain"
        ),
    )
    both = parts.group_by([*_BY, "gain"]).aggregate(
        **{name: parts[name].sum() for name in ("issues", "records", "activities_gain")},
        **{name: parts[name].sum().cast("decimal(18,2)") for name in ("usd_affected", "usd_gain")},
    )
    return both.mutate(records=both.records.fill_null(0))


def _missing(gaps: ir.Table, touched: ir.Table, statements: ir.Table) -> ir.Table:
    """What statements lack and no issue explains, under the code of what is missing."""
    told = touched.filter(touched.gain.notnull()).select("record_id", "gain").distinct()
    codes = _table(gain=list(CODE_OF_GAIN), code=list(CODE_OF_GAIN.values()))
    silent = gaps.anti_join(told, ["record_id", "gain"]).inner_join(codes, "gain")
    return silent.inner_join(statements.select("record_id", "source_id", "org_id", "marking_key"), "record_id")


def _measured(rows: ir.Table, gaps: ir.Table, transactions: ir.Table) -> ir.Table:
    """Per source, partner, code and marking: distinct records, their money, and what they would bring.

    A record that an issue touches but that lacks nothing brings zero; where money is lacking and none of it is known,
    the gain is unknown.
    """
    money = _money(transactions.semi_join(rows, "record_id"))
    valued = rows.left_join(money, "record_id").drop("record_id_right")
    lack = gaps.select("record_id", "gain", "activity_id", usd_lacking="usd")
    full = valued.left_join(lack, ["record_id", "gain"])
    lacking = full.activity_id.notnull()
    grouped = full.group_by([*_BY, "gain"]).aggregate(
        records=full.count(),
        usd_affected=full.usd.sum().cast("decimal(18,2)"),
        known=full.usd_lacking.sum(),
        lacking=lacking.sum(),
        activities=full.activity_id.nunique(),
    )
    has_gain = grouped.gain.notnull()
    nothing = ibis.literal(0).cast("decimal(38,2)")
    gained = ibis.ifelse(grouped.lacking == 0, nothing, grouped.known.cast("decimal(38,2)"))
    return grouped.select(
        *_BY,
        "gain",
        "records",
        "usd_affected",
        usd_gain=ibis.ifelse(has_gain, gained, ibis.null("decimal(38,2)")).cast("decimal(18,2)"),
        activities_gain=ibis.ifelse(has_gain, grouped.activities, ibis.null("int64")),
    )


def _ranked(rows: ir.Table) -> ir.Table:
    """Rows with `rank`: what could not be read at all may hold anything and comes first."""
    is_unread = (rows.gain == "read").fill_null(False).cast("int8")
    ordered = rows.mutate(is_unread=is_unread)
    window = ibis.window(
        group_by=["source_id", "marking_key"],
        order_by=[
            ibis.desc("is_unread"),
            ibis.desc("usd_gain", nulls_first=False),
            ibis.desc("activities_gain", nulls_first=False),
            ibis.desc("usd_affected", nulls_first=False),
            ibis.desc("records"),
            ibis.desc("issues"),
            ibis.asc("code"),
            ibis.asc("org_id", nulls_first=True),
        ],
    )
    return ordered.mutate(rank=(ibis.row_number().over(window) + 1).cast("int32")).drop("is_unread")


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


def _table(**columns: list[str]) -> ir.Table:
    return ibis.memtable(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
