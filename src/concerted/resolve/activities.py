"""Which statements are about one activity, and which of them is current.

Place on the way: resolve. Enters: statements, the organisation of each reporter, people's judgements. Leaves:
activity_id and is_current of every statement, and an issue for each one that gives way. The same identifier is the
same activity.
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


def identify_activities(statements: ir.Table, same: ir.Table | None = None) -> ir.Table:
    """Every statement with its `activity_id`.

    An IATI identifier holds for everybody, except where several organisations report it, none of them as secondary
    reporter and none whose reference it begins with: then each means its own (`1`, `PROJECT-A`). A sheet's row joins
    an IATI activity when it names its identifier; else rows of one source go together by group_key, else by identifier.

    Args:
        statements: columns of `activity` with org_id.
        same: (activity_id, same_as) for activities that people judged to be one; null = no judgements.
    Returns:
        (record_id, activity_id, ident, is_own): `ident` is the folded identifier, `is_own` whether it begins with the
        reporter's reference.
    """
    ident = fold_identifier(statements.identifier)
    own = ident.startswith(statements.reporting_org_ref.strip().upper() + "-").fill_null(False)
    base = statements.select(
        "record_id", "source_id", "kind", "group_key", "org_id", "is_secondary_reporter", ident=ident, is_own=own
    )
    iati = base.filter((base.kind == "iati") & base.ident.notnull())
    claims = iati.group_by("ident").aggregate(
        has_owner=iati.is_own.any(),
        claimants=iati.org_id.fill_null(0).nunique(where=~iati.is_secondary_reporter.fill_null(False)),
    )
    claims = claims.select("ident", is_shared=claims.has_owner | (claims.claimants <= 1))
    joined = base.left_join(claims, "ident").drop("ident_right")
    named = (joined.kind == "iati") | joined.is_shared.fill_null(False)
    key = ibis.cases(
        (joined.ident.notnull() & named & joined.is_shared, "id\x1f" + joined.ident),
        (
            joined.ident.notnull() & named,
            "own\x1f" + joined.org_id.fill_null(0).cast("string") + "\x1f" + joined.ident,
        ),
        (joined.group_key.notnull(), "group\x1f" + joined.source_id + "\x1f" + joined.group_key),
        (joined.ident.notnull(), "row\x1f" + joined.source_id + "\x1f" + joined.ident),
        else_="record\x1f" + joined.record_id.cast("string"),
    )
    found = joined.select("record_id", "ident", "is_own", activity_id=activity_hash(key))
    if same is None:
        return found
    judged = found.left_join(same, "activity_id")
    return judged.select("record_id", "ident", "is_own", activity_id=judged.same_as.fill_null(judged.activity_id))


def mark_current(statements: ir.Table) -> ir.Table:
    """`statements` (with activity_id, is_own) and `is_current`, `kept_path`: which statement is counted.

    Of the IATI statements of an activity one is current: that of the organisation the identifier names, else one that
    is not by a secondary reporter, else the newest; ties go to the first input path, then record_id. Rows of a sheet
    tell parts of an activity: all rows of the newest date of a source are current.
    """
    newest = ibis.desc("last_updated", nulls_first=False)
    # One window for both kinds: IATI statements compete in the activity, rows of a sheet within their source.
    arena = statements.mutate(arena=ibis.ifelse(statements.kind == "iati", "", statements.source_id))
    window = ibis.window(
        group_by=["activity_id", "arena"],
        order_by=[
            ibis.desc(arena.is_own & (arena.kind == "iati")),
            ibis.asc(arena.is_secondary_reporter.fill_null(False)),
            newest,
            ibis.asc("input_path"),
            ibis.asc("record_id"),
        ],
    )
    whole = ibis.window(group_by=["activity_id", "arena"])
    ranked = arena.mutate(
        place=ibis.row_number().over(window),
        kept_path=arena.input_path.first().over(window),
        latest=arena.last_updated.max().over(whole),
    )
    same_date = (ranked.last_updated == ranked.latest) | (ranked.last_updated.isnull() & ranked.latest.isnull())
    return ranked.mutate(
        is_current=ibis.ifelse(ranked.kind == "iati", ranked.place == 0, same_date.fill_null(False))
    ).drop("arena", "place", "latest")


def replaced_issues(statements: ir.Table) -> ir.Table:
    """An issue for each statement that gives way to another one of the same activity.

    Issues:
        identifier_replaced (info): a newer or the owner's statement with the same identifier is counted instead.
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
