"""Several partners with the same node, place and year: pairs with the reasons to ask whether that is meant.

Place on the way: picture. Enters: precise presence rows, purposes, funders and declared links. Leaves:
`out_concentration` and issues with what was not listed. Pairs are made only within small cells: their number grows with
the square of a cell, and a cell of fifty activities needs a meeting, not a list of 1,225 pairs. How large a cell is,
and which pairs are its strongest, is judged for each pair by what all who may see the pair see.
"""

import json
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from concerted.model.tables import UNCLASSIFIED
from concerted.picture.observers import Observers, observers
from concerted.store.rowwise import rowwise

#: Places at least as fine as the first administrative level: a whole country is no coincidence.
FINE = ("site", "admin2", "admin1")
#: What each reason adds; sums of eighths are exact in floating point.
SAME_CELL, SAME_PURPOSE, SAME_FUNDER, BOTH_CONFIRMED = 0.5, 0.25, 0.125, 0.125

_CELL = ("framework_id", "node_id", "place_id", "period")
#: A cell as certain people see it.
_SEEN = (*_CELL, "observer")


def _reasons_json(purpose: str, funder: int, is_confirmed: bool) -> str:
    reasons: list[dict[str, object]] = [{"id": "concentration.same_cell"}]
    if purpose:
        reasons.append({"id": "concentration.same_purpose", "code": purpose})
    if funder:
        reasons.append({"id": "concentration.same_funder", "org_id": funder})
    if is_confirmed:
        reasons.append({"id": "concentration.both_confirmed"})
    return json.dumps(reasons, ensure_ascii=False, sort_keys=True)


#: The JSON list of message ids with values; an empty purpose and a funder of zero are none.
reasons_json = rowwise("concerted_reasons", _reasons_json, ["string", "int64", "boolean"], "string")


@dataclass(frozen=True)
class Limits:
    """What is listed: pairs only in cells of at most `largest_cell` activities, and of each cell the `most_pairs`."""

    largest_cell: int = 20
    most_pairs: int = 20


LISTED = Limits()


def concentrations(
    allocation: ir.Table,
    statements: ir.Table,
    sectors: ir.Table,
    participating: ir.Table,
    links: ir.Table,
    as_of: date,
    limits: Limits = Limits(),
) -> tuple[ir.Table, ir.Table]:
    """`out_concentration`, and issues with what it does not hold (see `concentration_issues`).

    Args:
        statements: record_id, marking_key.
    """
    found = candidates(allocation, as_of).cache()
    who = observers(statements.select("marking_key").distinct().to_pyarrow()["marking_key"].to_pylist())
    sizes = cell_sizes(found, who).cache()
    related = related_pairs(links, statements, who)
    numbered = ranked(pairs(found, sizes, who, sectors, participating, related, limits.largest_cell)).cache()
    return concentration_rows(numbered, limits.most_pairs), concentration_issues(sizes, numbered, who, limits)


def candidates(allocation: ir.Table, as_of: date) -> ir.Table:
    """Who is in which cell: one row per leaf cell, activity and marking, from the year of `as_of` on.

    Only the precise view, named partners, places from the first administrative level down, and what is not cancelled.
    """
    rows = allocation.filter(
        (allocation["view"] == "precise")  # `.view` is a method of Ibis
        & (allocation.node_id != UNCLASSIFIED)
        & allocation.precision.isin(FINE)
        & (allocation.period >= as_of.year)
        & allocation.org_id.notnull()
        & (allocation.state.fill_null("") != "cancelled")
    )
    return rows.group_by([*_CELL, "activity_id", "marking_key"]).aggregate(
        record_id=rows.record_id.min(), org_id=rows.org_id.min(), is_confirmed=rows.is_confirmed.any()
    )


def cell_sizes(found: ir.Table, who: Observers) -> ir.Table:
    """(cell, observer, activities, partners) of cells in which an observer of some pair sees two partners at least."""
    present = found.select(*_CELL, "marking_key").distinct()
    both = present.inner_join(present.rename(other_marking_key="marking_key"), _CELL)
    needed = both.inner_join(who.of_pair, ["marking_key", "other_marking_key"]).select(_SEEN).distinct()
    seen = found.inner_join(needed, _CELL).semi_join(who.sees, ["observer", "marking_key"])
    sizes = seen.group_by(_SEEN).aggregate(activities=seen.activity_id.nunique(), partners=seen.org_id.nunique())
    return sizes.filter(sizes.partners > 1)


def related_pairs(links: ir.Table, statements: ir.Table, who: Observers) -> ir.Table:
    """(activity_id, other_activity_id, observer): relations that a statement declares which the observers see."""
    declared = links.filter(links.other_activity_id.notnull())
    marked = declared.inner_join(statements.select("record_id", "marking_key"), "record_id")
    related = marked.select(
        "marking_key",
        activity_id=ibis.least(marked.activity_id, marked.other_activity_id),
        other_activity_id=ibis.greatest(marked.activity_id, marked.other_activity_id),
    )
    return related.distinct().inner_join(who.sees, "marking_key").drop("marking_key").distinct()


def pairs(
    found: ir.Table,
    sizes: ir.Table,
    who: Observers,
    sectors: ir.Table,
    participating: ir.Table,
    related: ir.Table,
    largest: int,
) -> ir.Table:
    """All pairs of different partners' activities in cells of at most `largest` activities, with reasons and score.

    Each pair stands under every observer who sees it in such a cell; `is_own` where it is for exactly these observers.
    Activities that declare a relation to each other are left out: they are one chain and know of each other.
    """
    small = sizes.filter(sizes.activities <= largest).select(_SEEN)
    left = (
        found.inner_join(small, _CELL)
        .semi_join(who.sees, ["observer", "marking_key"])
        .select(*_SEEN, "activity_id", "marking_key", "record_id", "org_id", "is_confirmed")
    )
    right = left.select(
        *_SEEN,
        other_activity_id="activity_id",
        other_org_id="org_id",
        other_marking_key="marking_key",
        other_record_id="record_id",
        is_other_confirmed="is_confirmed",
    )
    joined = left.inner_join(right, _SEEN)
    joined = joined.filter((joined.activity_id < joined.other_activity_id) & (joined.org_id != joined.other_org_id))
    owned = joined.inner_join(who.of_pair.rename(own="observer"), ["marking_key", "other_marking_key"])
    owned = owned.mutate(is_own=owned.own == owned.observer).drop("own")
    apart = owned.anti_join(related, ["activity_id", "other_activity_id", "observer"])
    apart = apart.cache()
    both = apart.select("record_id", "other_record_id").distinct().cache()
    purposes = _shared(both, sectors.filter((sectors.vocabulary_code == "1") & sectors.code.notnull()), "code")
    funders = _shared(
        both, participating.filter((participating.role_code == "1") & participating.org_id.notnull()), "org_id"
    )
    ends = ["record_id", "other_record_id"]
    known = apart.left_join(purposes.rename(purpose="shared"), ends).drop("record_id_right", "other_record_id_right")
    known = known.left_join(funders.rename(funder="shared"), ends).drop("record_id_right", "other_record_id_right")
    is_sure = known.is_confirmed & known.is_other_confirmed
    score = (
        SAME_CELL
        + ibis.ifelse(known.purpose.notnull(), SAME_PURPOSE, 0.0)
        + ibis.ifelse(known.funder.notnull(), SAME_FUNDER, 0.0)
        + ibis.ifelse(is_sure, BOTH_CONFIRMED, 0.0)
    )
    return known.mutate(score=score, is_sure=is_sure)


def _shared(both: ir.Table, rows: ir.Table, column: str) -> ir.Table:
    """(record_id, other_record_id, shared): the smallest value of `column` that two records have in common."""
    values = rows.semi_join(both.select("record_id").union(both.select(record_id="other_record_id")), "record_id")
    values = values.select("record_id", shared=values[column]).distinct().cache()
    # Kept apart: joined in one query an engine may first pair every two records with the same value.
    half = both.inner_join(values, "record_id").cache()
    same = half.inner_join(values.rename(other_record_id="record_id"), ["other_record_id", "shared"])
    return same.group_by(["record_id", "other_record_id"]).aggregate(shared=same["shared"].min())


def ranked(made: ir.Table) -> ir.Table:
    """The pairs under their own observers, with the place of each in its cell as these see it, strongest first."""
    window = ibis.window(
        group_by=_SEEN,
        order_by=[
            ibis.desc("score"),
            *(ibis.asc(c) for c in ("activity_id", "other_activity_id", "marking_key", "other_marking_key")),
        ],
    )
    return made.mutate(place_in_cell=ibis.row_number().over(window)).filter("is_own")


def concentration_rows(numbered: ir.Table, most: int) -> ir.Table:
    """`out_concentration`: the `most` strongest pairs of each cell."""
    kept = numbered.filter(numbered.place_in_cell < most)
    kept = kept.mutate(
        purpose=kept.purpose.fill_null(""), funder=kept.funder.fill_null(0), is_sure=kept.is_sure.fill_null(False)
    )
    # Each combination is put into words once: there are far fewer than pairs, and a Python function is slow.
    each = kept.select("purpose", "funder", "is_sure").distinct()
    each = each.mutate(reasons=reasons_json(each.purpose, each.funder, each.is_sure))
    return kept.inner_join(each, ["purpose", "funder", "is_sure"]).select(
        *_CELL,
        "activity_id",
        "other_activity_id",
        "org_id",
        "other_org_id",
        "score",
        "marking_key",
        "other_marking_key",
        "reasons",
        view=ibis.literal("precise"),
    )


def concentration_issues(sizes: ir.Table, numbered: ir.Table, who: Observers, limits: Limits) -> ir.Table:
    """What the list does not hold, per framework and marking.

    Issues:
        concentration_cell_large (info): cells with too many activities; no pairs are listed.
        concentration_pairs_cut (info): pairs beyond the strongest of their cell.
    """
    largest, most = limits.largest_cell, limits.most_pairs
    large = sizes.filter(sizes.activities > largest)
    cut = numbered.filter(numbered.place_in_cell >= most)
    by = ["framework_id", "observer"]
    parts = [
        _issue(large.group_by(by).aggregate(count=large.count()), who, "concentration_cell_large", largest),
        _issue(cut.group_by(by).aggregate(count=cut.count()), who, "concentration_pairs_cut", most),
    ]
    return ibis.union(*parts)


def _issue(counted: ir.Table, who: Observers, code: str, limit: int) -> ir.Table:
    marked = counted.inner_join(who.marking, "observer")
    told = marked.group_by(["framework_id", "marking_key"]).aggregate(count=marked["count"].sum())
    values = '{"framework": "' + told.framework_id + f'", "limit": {limit}' + "}"
    return told.select(
        "count",
        "marking_key",
        severity=ibis.literal("info"),
        code=ibis.literal(code),
        step=ibis.literal("picture"),
        field=told.framework_id,
        values=values,
    )
