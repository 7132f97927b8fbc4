"""The money of each statement by kind and calendar year, before it is spread.

Place on the way: allocate. Enters: transactions and budgets of the statements that are counted. Leaves: one row per
statement, kind, year and spread, in cents. Valued transactions of one kind and year that are spread alike are summed
here: four fifths of the rows go away before they are multiplied by nodes and places.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from concerted.allocate.kinds import BUDGET, KIND_OF_TYPE, NUMBER_OF_KIND, PLANNED, UNKNOWN_KIND
from concerted.model.tables import ON_ACTIVITY
from concerted.store.exact import part, to_cents

#: A budget of more years than this has a wrong date; its year is then unknown.
LONGEST_BUDGET_YEARS = 30

#: Columns of `core_double` that hold money.
MONEY_TWICE = ("low_usd", "best_usd", "high_usd", "low_eur", "best_eur", "high_eur")

_NUMBER_OF_TYPE = {code: NUMBER_OF_KIND[kind] for code, kind in KIND_OF_TYPE.items()}
_GROUP = ["record_id", "spread_seq", "transaction_seq", "finance_kind", "period", "is_unvalued"]


def transaction_amounts(transactions: ir.Table, own: ir.Table) -> ir.Table:
    """Money of transactions.

    Args:
        transactions: of statements that are counted.
        own: (record_id, transaction_seq) of transactions with a spread of their own.
    Returns:
        record_id, spread_seq (which spread: -1 the activity's), transaction_seq (-1 on sums), finance_kind (number),
        period, is_unvalued, usd, eur (cents, null = unknown), transactions (how many).
    """
    rows = _grouped(transactions, own)
    return _summed(rows.select(*_GROUP, usd=to_cents(rows.value_usd), eur=to_cents(rows.value_eur)))


def told_twice(transactions: ir.Table, own: ir.Table, doubles: ir.Table) -> ir.Table:
    """What others tell again of these amounts, per view: columns of `_GROUP`, view, and cents as `twice_low_usd`, ..

    Args:
        doubles: `core_double`.
    """
    named = doubles.rename(seq="transaction_seq")
    joined = _grouped(transactions, own).inner_join(named, ["record_id", "seq"])
    keys = [*_GROUP, "view"]
    return joined.group_by(keys).aggregate(
        **{f"twice_{name}": to_cents(joined[name]).sum().fill_null(0).cast("int64") for name in MONEY_TWICE}
    )


def _grouped(transactions: ir.Table, own: ir.Table) -> ir.Table:
    """Transactions with the columns of `_GROUP`."""
    mine = own.select("record_id", own_seq="transaction_seq")
    joined = transactions.left_join(mine, [transactions.record_id == mine.record_id, transactions.seq == mine.own_seq])
    unvalued = joined.value_usd.isnull() | joined.value_eur.isnull()
    spread = joined.own_seq.fill_null(ON_ACTIVITY).cast("int32")
    return joined.select(
        "record_id",
        "seq",
        "value_usd",
        "value_eur",
        spread_seq=spread,
        transaction_seq=ibis.ifelse(unvalued, joined.seq, spread).cast("int32"),
        finance_kind=joined.type_code.cases(*_NUMBER_OF_TYPE.items(), else_=NUMBER_OF_KIND[UNKNOWN_KIND]).cast("int32"),
        period=joined.transaction_date.year().cast("int32"),
        is_unvalued=unvalued,
    )


def current_budgets(budgets: ir.Table) -> ir.Table:
    """`budgets` without the originals that a revised one of the same kind and period replaces."""
    same = ["record_id", "kind", "period_start_date", "period_end_date"]
    revised = budgets.filter(budgets.type_code == "2").select(same).distinct()
    is_revised = budgets.type_code.fill_null("1") == "2"
    originals = budgets.filter(~is_revised).anti_join(revised, same)
    return ibis.union(budgets.filter(is_revised), originals)


def budget_amounts(budgets: ir.Table) -> ir.Table:
    """Money of budgets and planned disbursements, each split over the calendar years of its period by days.

    A period with one end only lies in that year; a reversed, absent or longer than `LONGEST_BUDGET_YEARS` one in no
    known year. Columns as `transaction_amounts`.
    """
    begin = ibis.coalesce(budgets.period_start_date, budgets.period_end_date)
    end = ibis.coalesce(budgets.period_end_date, budgets.period_start_date)
    dated = budgets.mutate(begin=begin, end=end)
    usable = (dated.begin <= dated.end) & (dated.end.year() - dated.begin.year() < LONGEST_BUDGET_YEARS)
    dated = dated.mutate(is_dated=usable.fill_null(False))
    unvalued = dated.value_usd.isnull() | dated.value_eur.isnull()
    rows = dated.select(
        "record_id",
        "begin",
        "end",
        "is_dated",
        spread_seq=ibis.literal(ON_ACTIVITY, "int32"),
        transaction_seq=ibis.ifelse(unvalued, dated.seq, ON_ACTIVITY).cast("int32"),
        finance_kind=ibis.ifelse(dated.kind == PLANNED, NUMBER_OF_KIND[PLANNED], NUMBER_OF_KIND[BUDGET]).cast("int32"),
        is_unvalued=unvalued,
        usd=to_cents(dated.value_usd),
        eur=to_cents(dated.value_eur),
    )
    undated = rows.filter(~rows.is_dated).mutate(period=ibis.null("int32"))
    yearly = _by_year(rows.filter(rows.is_dated))
    return _summed(ibis.union(undated.select(*_GROUP, "usd", "eur"), yearly.select(*_GROUP, "usd", "eur")))


def _by_year(rows: ir.Table) -> ir.Table:
    """Each row once per calendar year of (begin, end), its cents split by cumulative days."""
    first, last = rows.begin.year(), rows.end.year()
    # A column of its own: Spark does not unnest inside another expression.
    years = rows.mutate(year=ibis.range(first, last + 1).unnest())
    years = years.mutate(period=years.year.cast("int32"))
    total = _day(years.end) - _day(years.begin) + 1
    # Days of the period before the year begins, and up to its end.
    before = ibis.greatest(_first_day(years.period) - _day(years.begin), 0)
    upto = ibis.least(_first_day(years.period + 1) - _day(years.begin), total)
    split = years.mutate(total=total, before=before, upto=upto)
    return split.mutate(
        usd=part(split.usd, split.before, split.upto, split.total),
        eur=part(split.eur, split.before, split.upto, split.total),
    )


def _day(day: ir.DateValue) -> ir.IntegerValue:
    """Days since 1970-01-01."""
    return day.delta(ibis.literal(date(1970, 1, 1)), unit="day")


def _first_day(year: ir.IntegerValue) -> ir.IntegerValue:
    return _day(ibis.date(year, 1, 1))


def _summed(rows: ir.Table) -> ir.Table:
    return rows.group_by(_GROUP).aggregate(usd=rows.usd.sum(), eur=rows.eur.sum(), transactions=rows.count())
