"""The calendar years in which an activity is at work, so that help without money is in the picture too.

Place on the way: allocate. Enters: statements with their dates. Leaves: one row per statement and year.
"""

from datetime import date

import ibis
import ibis.expr.types as ir


def active_years(statements: ir.Table, as_of: date, longest: int) -> ir.Table:
    """(record_id, period, is_too_long): the years from start to end, actual dates before planned ones.

    Without an end a planned, ongoing or requested activity lasts at least until the year of `as_of`, any other is
    present in its first year; without a start it is present in its last year. Without dates, with dates in the wrong
    order or over more than `longest` years the period is unknown (null), never left out.

    Args:
        statements: record_id, state and the four dates of `activity`.
        as_of: day of the edition.
        longest: number of years beyond which the dates are taken for a mistake (`is_too_long`).
    """
    start = ibis.coalesce(statements.start_actual_date, statements.start_planned_date).year()
    end = ibis.coalesce(statements.end_actual_date, statements.end_planned_date).year()
    is_open = statements.state.isin(("ongoing", "planned", "requested")).fill_null(False)
    until = ibis.ifelse(is_open, ibis.greatest(start, as_of.year), start)
    spans = statements.select("record_id", first=ibis.coalesce(start, end), last=ibis.coalesce(end, until))
    is_known = (spans["first"] <= spans["last"]).fill_null(False)
    spans = spans.mutate(is_too_long=is_known & (spans["last"] - spans["first"] >= longest))
    is_known = ((spans["first"] <= spans["last"]) & ~spans.is_too_long).fill_null(False)
    dated, undated = spans.filter(is_known), spans.filter(~is_known)
    years = dated.mutate(year=ibis.range(dated["first"], dated["last"] + 1).unnest())
    return ibis.union(
        years.select("record_id", "is_too_long", period=years.year.cast("int32")),
        undated.select("record_id", "is_too_long", period=ibis.null("int32")),
    )
