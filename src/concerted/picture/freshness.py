"""How old each partner's statements are, per source and marking.

Place on the way: picture. Enters: current statements of supply. Leaves: `out_freshness`; statements without any date
are counted apart, never as old.
"""

from datetime import date, timedelta

import ibis.expr.types as ir


def freshness_rows(statements: ir.Table, as_of: date) -> ir.Table:
    """`out_freshness`: one row per source, reporting organisation and marking."""
    dated = statements.freshness_date
    return statements.group_by(["source_id", "org_id", "marking_key"]).aggregate(
        records=statements.count(),
        latest_date=dated.max(),
        within_90_days=(dated >= as_of - timedelta(days=90)).fill_null(False).sum(),
        within_365_days=(dated >= as_of - timedelta(days=365)).fill_null(False).sum(),
        undated=dated.isnull().sum(),
    )
