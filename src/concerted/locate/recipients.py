"""Recipient countries and regions of each statement and transaction, as members with a stated weight or none.

Place on the way: inside locate, before shares. In go rows of `rec_recipient`; out come one row per (record,
transaction, country), and one REGIONAL row where a region counts beside or instead of countries.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.locate.reference import Reference
from concerted.model.tables import ON_ACTIVITY, REGIONAL, UNKNOWN

#: Percentages count in thousandths: 100 % = 100,000.
PCT_SCALE = 1_000
HUNDRED = 100 * PCT_SCALE
#: How far stated percentages may miss 100 without an issue: half a percent.
TOLERANCE = PCT_SCALE // 2

GROUP = ("record_id", "transaction_seq")


_ALIAS = pa.schema([("known_code", pa.string()), ("country", pa.string())])


def with_known_codes(recipient: ir.Table, ref: Reference) -> ir.Table:
    """Recipients whose country codes are alpha-2 or UNKNOWN, with `given_code` as written and `is_known`.

    Alpha-3 codes are read as alpha-2. Three digits as a country are a DAC region, as publishers of 1.x wrote them:
    their kind becomes region, and they stay not known, so that the publisher is told.
    """
    alpha2 = {p.id: p.id for p in ref.places.values() if p.level == 0}
    aliases = {**{a: c for a, c in ref.iso2_of.items() if c in alpha2}, **alpha2}
    table = ibis.memtable(pa.table([list(aliases), list(aliases.values())], schema=_ALIAS))
    rows = recipient.mutate(given_code=recipient.code, lookup=recipient.code.strip().upper())
    rows = rows.left_join(table, rows.lookup == table.known_code)
    is_country = rows.kind == "country"
    is_region = is_country & rows.lookup.re_search("^[0-9]{3}$").fill_null(False)
    return rows.mutate(
        is_known=(rows.kind != "country") | rows.country.notnull(),
        kind=is_region.ifelse("region", rows.kind),
        code=(is_country & ~is_region).ifelse(rows.country.fill_null(UNKNOWN), rows.code),
    ).drop("lookup", "known_code", "country")


def attach(left: ir.Table, right: ir.Table, keys: Sequence[str]) -> ir.Table:
    """A left join on columns of the same names, which appear once."""
    return left.left_join(right, list(keys)).drop(*(f"{key}_right" for key in keys))


def thousandths(pct: ir.FloatingValue) -> ir.IntegerValue:
    """A percentage in whole thousandths, at most 100 %; below zero counts as not given."""
    return (pct >= 0).ifelse(ibis.least(pct, 100.0) * PCT_SCALE, ibis.null("float64")).round().cast("int64")


def members(recipient: ir.Table) -> ir.Table:
    """record_id, transaction_seq, member (a country code or REGIONAL), weight (thousandths of a percent, or null).

    A statement that names recipients on its transactions only spreads over all of these, in unknown parts. Regions in a
    second vocabulary repeat those of the first. A region beside countries counts when the countries leave something
    over; without that it only says where they lie.
    """
    rows = recipient.select(*GROUP, "kind", "vocabulary_code", "code", weight=thousandths(recipient.pct))
    on_activity = rows.filter(rows.transaction_seq == ON_ACTIVITY).select("record_id").distinct()
    lifted = rows.anti_join(on_activity, "record_id")
    lifted = lifted.mutate(transaction_seq=ibis.literal(ON_ACTIVITY, "int32"), weight=ibis.null("int64"))
    rows = rows.union(lifted.select(rows.columns).distinct())

    countries = _summed(rows.filter(rows.kind == "country"), "code").rename(member="code")
    regional = rows.filter(rows.kind == "region").mutate(vocabulary_code=lambda t: t.vocabulary_code.fill_null("1"))
    first = regional.group_by(GROUP).aggregate(first=regional.vocabulary_code.min())
    regional = regional.join(first, list(GROUP))
    regions = _summed(regional.filter(regional.vocabulary_code == regional.first))
    sums = countries.group_by(GROUP).aggregate(
        countries=countries.count(), stated=countries.weight.count(), total=countries.weight.sum()
    )
    beside = attach(regions, sums, GROUP)
    leaves_over = (beside.countries == beside.stated) & (beside.total < HUNDRED - TOLERANCE) & (beside.weight > 0)
    counts = beside.filter(beside.countries.isnull() | leaves_over.fill_null(False))
    return countries.union(
        counts.select(*GROUP, member=ibis.literal(REGIONAL), weight=counts.weight).select(countries.columns)
    )


def _summed(rows: ir.Table, *by: str) -> ir.Table:
    """Weights added within each group (and code); unknown where one of them is."""
    return rows.group_by([*GROUP, *by]).aggregate(
        weight=(rows.weight.count() == rows.count()).ifelse(rows.weight.sum(), ibis.null("int64")).cast("int64")
    )
