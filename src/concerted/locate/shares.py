"""How each statement, and each transaction with a place of its own, spreads over places.

Place on the way: last part of locate. In go recipient countries and regions with their percentages, and located places;
out come whole-number shares that sum to ONE for every (record, transaction).
"""

from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from concerted.locate.recipients import GROUP, HUNDRED, PCT_SCALE, TOLERANCE, attach, members, thousandths
from concerted.model.tables import ON_ACTIVITY, ONE, REGIONAL, UNKNOWN
from concerted.store.exact import cumulative_share

#: Precision by coarseness; a place that is named twice is as precise as its coarsest mention.
_COARSENESS = {"site": 0, "admin2": 1, "admin1": 2, "country": 3, "region": 4, "unknown": 5}
_COLUMNS = (*GROUP, "place_id", "precision", "share", "basis")


class Spread(NamedTuple):
    """Rows of `place_share`, and the (record, transaction) whose percentages do not add up."""

    shares: ir.Table
    issues: ir.Table


def spread_over_places(activity: ir.Table, recipient: ir.Table, placed: ir.Table) -> Spread:
    """Shares per (record_id, transaction_seq) over places, summing to ONE.

    Countries come first, by their stated percentages; the share of a country is split over the located places in it, by
    stated percentages where every location has one, else equally by location. A country without a located place stays
    nationwide. A region, or several countries without percentages, is REGIONAL, unless every one of these countries has
    a located place. Nothing at all is UNKNOWN. The order of rows does not matter: shares are cut in order of place_id.

    Args:
        activity: record_id of every statement.
        recipient: rec_recipient with known country codes; percentages 0 to 100.
        placed: record_id, place_id (not null), country_code, level, precision, pct, one row per location.
    Issues:
        share_sum: stated percentages miss 100 by more than 0.5; they are scaled to 100.
        share_partial: some of several recipients have no percentage; they share equally what the others leave.
    """
    spots, member = _spots(placed), members(recipient)
    stats = _stats(member, spots)
    own = activity.select("record_id", transaction_seq=ibis.literal(ON_ACTIVITY, "int32"))
    groups = attach(own.union(member.select(*GROUP)).distinct(), stats, GROUP)
    has_spots = spots.select("record_id").distinct().mutate(has_spots=True)
    groups = attach(groups, has_spots, ["record_id"])
    groups = groups.mutate(
        is_split=((groups.members == 1) | (groups.stated_total > 0)).fill_null(False),
        is_covered=groups.has_spots.fill_null(False) & (groups.covered == groups.members).fill_null(True),
    )
    by_country = _by_country(member, groups.filter(groups.is_split), spots)
    by_spot = _by_spot(groups.filter(~groups.is_split & groups.is_covered), member, spots)
    shares = _cut(by_country.union(by_spot.select(by_country.columns)))
    rest = groups.filter(~groups.is_split & ~groups.is_covered)
    whole = rest.select(
        *GROUP,
        place_id=rest.members.isnull().ifelse(UNKNOWN, REGIONAL),
        precision=rest.members.isnull().ifelse("unknown", "region"),
        share=ibis.literal(ONE, "int64"),
        basis=ibis.literal("whole"),
    )
    return Spread(shares.select(_COLUMNS).union(whole.select(_COLUMNS)), _issues(stats, placed))


def _spots(placed: ir.Table) -> ir.Table:
    """Distinct places of a record with their weight: the number of locations, or stated thousandths of a percent."""
    rows = placed.mutate(stated=thousandths(placed.pct), coarse=placed.precision.cases(*_COARSENESS.items(), else_=5))
    of_record = rows.group_by("record_id").aggregate(
        is_stated=(rows.stated.count() == rows.count()) & (rows.stated.sum() > 0)
    )
    rows = rows.join(of_record, "record_id")
    spots = rows.group_by(["record_id", "country_code", "place_id"]).aggregate(
        spot_weight=rows.is_stated.ifelse(rows.stated, 1).sum().cast("int64"),
        coarse=rows.coarse.max(),
        level=rows.level.max(),
        is_stated=rows.is_stated.max(),
    )
    names = [(number, name) for name, number in _COARSENESS.items()]
    return spots.filter(spots.spot_weight > 0).mutate(precision=spots.coarse.cases(*names, else_="unknown"))


def _stats(member: ir.Table, spots: ir.Table) -> ir.Table:
    """Per (record, transaction): members, those with a percentage and its sum, those with a located place inside."""
    inside = spots.filter(spots.level > 0).select("record_id", member=spots.country_code).distinct()
    seen = attach(member, inside.mutate(is_inside=1), ["record_id", "member"])
    return seen.group_by(GROUP).aggregate(
        members=seen.count(),
        stated=seen.weight.count(),
        stated_total=seen.weight.sum().fill_null(0).cast("int64"),
        covered=seen.is_inside.sum().fill_null(0),
    )


def _by_country(member: ir.Table, groups: ir.Table, spots: ir.Table) -> ir.Table:
    """Members with their part of the whole, each with the places located in it; itself where there is none."""
    rows = member.join(groups.select(*GROUP, "members", "stated", "stated_total"), list(GROUP))
    missing = rows.members - rows.stated
    left_over = ibis.greatest(HUNDRED - rows.stated_total, 0)
    weight = (
        ibis.cases(
            (rows.members == 1, 1),
            (missing == 0, rows.weight),
            # In parts of 1/missing, so that what is left over splits into whole weights.
            (rows.weight.notnull(), rows.weight * missing),
            else_=left_over,
        )
    ).cast("int64")
    rows = rows.mutate(member_weight=weight)
    rows = rows.mutate(
        member_share=cumulative_share(ONE, rows.member_weight, GROUP, ["member"]),
        member_basis=(rows.members == 1).ifelse("whole", "stated"),
    )
    found = rows.left_join(spots, [rows.record_id == spots.record_id, rows.member == spots.country_code])
    return found.select(
        *(rows[c] for c in (*GROUP, "member", "member_share", "member_basis")),
        place_id=spots.place_id.coalesce(rows.member),
        precision=spots.precision.coalesce(
            rows.member.cases((REGIONAL, "region"), (UNKNOWN, "unknown"), else_="country")
        ),
        spot_weight=spots.spot_weight.fill_null(1),
        is_stated=spots.is_stated.fill_null(False),
    )


def _by_spot(groups: ir.Table, member: ir.Table, spots: ir.Table) -> ir.Table:
    """The located places of groups without countries, or in those countries when they say nothing of their parts."""
    free = groups.filter(groups.members.isnull()).select(*GROUP).join(spots, "record_id")
    stated = member.join(groups.select(*GROUP), list(GROUP)).select(*GROUP, country_code="member")
    bound = stated.join(spots, ["record_id", "country_code"])
    return free.union(bound.select(free.columns)).select(
        *GROUP, "place_id", "precision", "spot_weight", "is_stated",
        member=ibis.literal(UNKNOWN), member_share=ibis.literal(ONE, "int64"), member_basis=ibis.literal("whole"),
    )  # fmt: skip


def _cut(rows: ir.Table) -> ir.Table:
    """The share of each member cut over its places."""
    within = [*GROUP, "member"]
    rows = rows.mutate(
        share=cumulative_share(rows.member_share, rows.spot_weight, within, ["place_id"]),
        spots=rows.count().over(ibis.window(group_by=within)),
    )
    basis = ibis.cases((rows.spots == 1, rows.member_basis), (rows.is_stated, "stated"), else_="equal")
    return rows.mutate(basis=basis).filter(rows.share > 0)


def _issues(stats: ir.Table, placed: ir.Table) -> ir.Table:
    """record_id, field, code and values where stated percentages do not add up."""
    is_partial = (stats.members > stats.stated) & (stats.stated > 0)
    is_off = (stats.members == stats.stated) & ((stats.stated_total - HUNDRED).abs() > TOLERANCE)
    found = stats.filter(is_partial | is_off)
    recipients = found.select(
        "record_id",
        field=(found.transaction_seq == ON_ACTIVITY).ifelse("recipient", "transaction/recipient"),
        code=(found.members > found.stated).ifelse("share_partial", "share_sum"),
        values=_sum_json(found.stated_total),
    )
    weight = thousandths(placed.pct)
    sums = placed.group_by("record_id").aggregate(
        total=weight.sum().fill_null(0).cast("int64"), stated=weight.count(), rows=placed.count()
    )
    off = sums.filter((sums.stated == sums.rows) & ((sums.total - HUNDRED).abs() > TOLERANCE))
    locations = off.select(
        "record_id", field=ibis.literal("location"), code=ibis.literal("share_sum"), values=_sum_json(off.total)
    )
    return recipients.union(locations).distinct()


def _sum_json(total: ir.IntegerValue) -> ir.StringValue:
    """{"sum": percent} of whole thousandths, as text made of whole numbers, the same on every engine."""
    rest = total % PCT_SCALE
    percent = ((total - rest) / PCT_SCALE).round().cast("int64").cast("string")
    return ibis.literal('{"sum": "') + percent + "." + rest.cast("string").lpad(3, "0") + '"}'
