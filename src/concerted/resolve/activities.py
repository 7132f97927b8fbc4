"""Which statements are about one activity, and which of them is current.

Place on the way: resolve. Enters: views of statements, the organisation of each reporter, people's judgements. Leaves:
activity_id and is_current of every view, and an issue for each statement that gives way. The same identifier is the
same activity. What is said of a view rests only on views that are evidence for it (`marking.order`).
"""

import json

import ibis
import ibis.expr.types as ir

from concerted.model.ids import hash_id
from concerted.store.rowwise import rowwise

#: Identifiers that identify nothing; the statement then stands alone or in its group.
_NO_IDENTIFIER = ("", "0", "N/A", "NA", "NONE", "NULL", "TBD", "TBC", "UNKNOWN", "TEST", "-", "XXX")


def _activity_hash(key: str) -> int:
    return hash_id("activity", key)


def _replaced_values(identifier: str, kept: str) -> str:
    return json.dumps({"identifier": identifier, "kept": kept}, ensure_ascii=False, sort_keys=True)


#: `hash_id` of an activity's key, as a column.
activity_hash = rowwise("concerted_activity_hash", _activity_hash, ["string"], "int64")
#: The `values` of an issue about a statement that gives way.
replaced_values = rowwise("concerted_replaced_values", _replaced_values, ["string", "string"], "string")


def fold_identifier(identifier: ir.StringValue) -> ir.StringValue:
    """An identifier as it is compared: no blanks at its ends, upper case; null when it identifies nothing."""
    folded = identifier.strip().upper()
    return ibis.ifelse(folded.isin(_NO_IDENTIFIER), ibis.null("string"), folded)


def identify_activities(views: ir.Table, pairs: ir.Table, same: ir.Table | None = None) -> ir.Table:
    """Every view of a statement with its `activity_id`.

    An IATI identifier holds for everybody, except where several organisations report it, none of them as secondary
    reporter and none whose reference it begins with: then each means its own (`1`, `PROJECT-A`). A sheet's row joins
    an IATI activity when it names its identifier; else rows of one source go together by group_key, else by identifier.

    Each view goes by what its evidence says. Where that joins an identifier which more open views, who know less, keep
    apart, the view joins the most open of these, so that it is still known to be the same.

    Args:
        views: `statement_views`.
        pairs: (mark, evidence, is_wider).
        same: (activity_id, same_as) for activities that people judged to be one; null = no judgements.
    Returns:
        `views` with activity_id, told_as (the same before judgements), ident, is_own: `ident` is the folded identifier,
        `is_own` whether it begins with the reporter's reference.
    """
    ident = fold_identifier(views.identifier)
    own = ident.startswith(views.reporting_org_ref.strip().upper() + "-").fill_null(False)
    base = views.mutate(ident=ident, is_own=own)
    named = base.filter(base.ident.notnull())
    claimed = named.filter(named.kind == "iati").inner_join(_known_to(pairs), [named.mark == pairs.evidence])
    claims = claimed.group_by(["ident", "known_to"]).aggregate(
        has_owner=claimed.is_own.any(),
        claimants=claimed.org_id.fill_null(0).nunique(where=~claimed.is_secondary_reporter.fill_null(False)),
    )
    claims = claims.select("ident", mark="known_to", is_shared=claims.has_owner | (claims.claimants <= 1))
    joined = base.left_join(claims, ["ident", "mark"]).drop("ident_right", "mark_right")
    is_named = joined.ident.notnull() & ((joined.kind == "iati") | joined.is_shared.fill_null(False))
    joins = is_named & joined.is_shared.fill_null(False)
    key = ibis.cases(
        (joins, "id\x1f" + joined.ident),
        (is_named, "own\x1f" + joined.org_id.fill_null(0).cast("string") + "\x1f" + joined.ident),
        (joined.group_key.notnull(), "group\x1f" + joined.source_id + "\x1f" + joined.group_key),
        (joined.ident.notnull(), "row\x1f" + joined.source_id + "\x1f" + joined.ident),
        else_="record\x1f" + joined.record_id.cast("string"),
    )
    keyed = joined.mutate(key=key, joins=joins)
    apart = _kept_apart(keyed, pairs)
    settled = keyed.left_join(apart, ["ident", "mark"]).drop("ident_right", "mark_right")
    one = ibis.ifelse(settled.joins & settled.other_key.notnull(), settled.other_key, settled.key)
    found = settled.mutate(activity_id=activity_hash(one)).drop("key", "joins", "is_shared", "other_key")
    found = found.mutate(told_as=found.activity_id)
    if same is None:
        return found
    return _judged(found, pairs, same)


def _judged(found: ir.Table, pairs: ir.Table, same: ir.Table) -> ir.Table:
    """`found` with judged groups as one activity: that of the most open member, then the smallest id.

    The members that a view's readers may not see have no say in its id.
    """
    members = found.inner_join(same, "activity_id").select("same_as", "activity_id", evidence="mark").distinct()
    known = members.inner_join(_known_to(pairs), "evidence")
    order = [ibis.asc("evidence"), ibis.asc("activity_id")]
    ranked = known.mutate(place=ibis.row_number().over(ibis.window(group_by=["same_as", "known_to"], order_by=order)))
    firsts = ranked.filter(ranked.place == 0).select("same_as", mark="known_to", one="activity_id")
    grouped = found.left_join(same, "activity_id").drop("activity_id_right")
    judged = grouped.left_join(firsts, ["same_as", "mark"])
    return judged.mutate(activity_id=judged.one.fill_null(judged.activity_id)).select(found.columns)


def _known_to(pairs: ir.Table) -> ir.Table:
    return pairs.select("evidence", known_to="mark")


def _kept_apart(keyed: ir.Table, pairs: ir.Table) -> ir.Table:
    """(ident, mark, other_key): for views of `mark`, the most open view that knows the identifier as something else."""
    others = keyed.filter(keyed.ident.notnull() & ~keyed.joins)
    others = others.group_by(["ident", "mark"]).aggregate(key=others.key.min())
    wider = pairs.filter(pairs.is_wider)
    known = others.inner_join(_known_to(wider), [others.mark == wider.evidence])
    return (
        known.group_by(["ident", "known_to"]).aggregate(other_key=known.key.argmin(known.mark)).rename(mark="known_to")
    )


def mark_current(views: ir.Table, pairs: ir.Table) -> ir.Table:
    """`views` (with activity_id, is_own) and `is_current`, `kept_path`: which statement is counted.

    Of the IATI statements of an activity one is current: that of the organisation the identifier names, else one that
    is not by a secondary reporter, else the newest; ties go to the first input path, then record_id. Rows of a sheet
    tell parts of an activity: all rows of the newest date of a source are current.

    Statements compete with those of their own mark. A narrower one gives way to a more open one; rows of a sheet stand
    beside more open rows of the same date, of which they are further parts. Where neither is more open, both stand.
    """
    newest = ibis.desc("last_updated", nulls_first=False)
    # One window for both kinds: IATI statements compete in the activity, rows of a sheet within their source.
    arena = views.mutate(arena=ibis.ifelse(views.kind == "iati", "", views.source_id))
    within = ["activity_id", "arena", "mark"]
    window = ibis.window(
        group_by=within,
        order_by=[
            ibis.desc(arena.is_own & (arena.kind == "iati")),
            ibis.asc(arena.is_secondary_reporter.fill_null(False)),
            newest,
            ibis.asc("input_path"),
            ibis.asc("record_id"),
        ],
    )
    ranked = arena.mutate(
        place=ibis.row_number().over(window),
        own_path=arena.input_path.first().over(window),
        own_latest=arena.last_updated.max().over(ibis.window(group_by=within)),
    )
    wider = pairs.filter(pairs.is_wider)
    heads = ranked.filter(ranked.place == 0)
    heads = heads.select("activity_id", "arena", "mark", open_path="own_path", open_latest="own_latest")
    above = heads.inner_join(_known_to(wider), [heads.mark == wider.evidence])
    first = ibis.row_number().over(ibis.window(group_by=["activity_id", "arena", "known_to"], order_by="mark"))
    above = above.mutate(first=first)
    above = above.filter(above["first"] == 0).select(
        "activity_id", "arena", "open_path", "open_latest", mark="known_to", is_below=True
    )
    joined = ranked.left_join(above, within).drop(*(f"{name}_right" for name in within))
    is_below = joined.is_below.fill_null(False)
    latest = ibis.ifelse(is_below, joined.open_latest, joined.own_latest)
    same_date = (joined.last_updated == latest) | (joined.last_updated.isnull() & latest.isnull())
    is_first = ~is_below & (joined.place == 0)
    return joined.mutate(
        is_current=ibis.ifelse(joined.kind == "iati", is_first, same_date.fill_null(False)),
        kept_path=ibis.ifelse(is_below, joined.open_path, joined.own_path),
    ).drop("arena", "place", "own_path", "own_latest", "open_path", "open_latest", "is_below")


def replaced_issues(statements: ir.Table) -> ir.Table:
    """An issue for each statement that gives way to another one of the same activity.

    Args:
        statements: precise views. What they give way to is seen by everybody who sees them.
    Issues:
        identifier_replaced (info): a newer or the owner's statement with the same identifier, or one that more people
            may see, is counted instead.
    """
    gone = statements.filter(~statements.is_current)
    return gone.select(
        "source_id",
        "input_path",
        "line",
        "record_id",
        severity=ibis.literal("info"),
        code=ibis.literal("identifier_replaced"),
        step=ibis.literal("resolve"),
        field=ibis.literal("iati-identifier"),
        values=replaced_values(gone.identifier.fill_null(""), gone.kept_path),
    )
