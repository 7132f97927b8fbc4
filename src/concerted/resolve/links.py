"""Declared relations between activities, and what they say about money that two statements may both hold.

Place on the way: resolve. Enters: views of statements with their activity, and every identifier of another activity
that they declare. Leaves: `activity_link`, and `double_risk` of every view. Only exact identifiers; the chain of money
that the ranges are narrowed with comes with its own issue.

A relation is known to those who see the statement that declares it. It bears on views that they alone see: where one
end is more open than the other, the narrower end is the one that may be double.
"""

import ibis
import ibis.expr.types as ir

from concerted.model.tables import KIND_ORDER, full_schema
from concerted.resolve.activities import fold_identifier

#: Transaction types by the end of the money they describe (IATI TransactionType).
INCOMING, OUTGOING = ("1", "11", "13"), ("2", "3", "12")
#: What names one view of one statement.
VIEW = ["record_id", "view"]


def known_identifiers(views: ir.Table, pairs: ir.Table) -> ir.Table:
    """(ident, mark, other_activity_id, other_org_id): what each identifier refers to for views of each mark.

    The most open current statement of the identifier, then the smallest activity and record.

    Args:
        views: record_id, ident, mark, activity_id, org_id, kind, is_current.
        pairs: (mark, evidence).
    """
    usable = views.filter(views.is_current & views.ident.notnull() & (views.kind == "iati"))
    usable = usable.select("ident", "record_id", "activity_id", "org_id", evidence="mark")
    known = usable.inner_join(pairs, "evidence")
    order = [ibis.asc(name) for name in ("evidence", "activity_id", "record_id")]
    ranked = known.mutate(place=ibis.row_number().over(ibis.window(group_by=["ident", "mark"], order_by=order)))
    first = ranked.filter(ranked.place == 0)
    return first.select("ident", "mark", other_activity_id=first.activity_id, other_org_id=first.org_id)


def declared_links(
    views: ir.Table,
    known: ir.Table,
    related: ir.Table,
    participating: ir.Table,
    identifiers: ir.Table,
    transactions: ir.Table,
) -> ir.Table:
    """Columns of `activity_link`, and view, mark, ident and flow: one row per view, kind, type, flow and identifier.

    References to itself are left out. `flow` is `in` or `out` for references of money that comes in or goes out, else
    null.
    """
    none = ibis.null("string")
    flow = ibis.cases(
        (transactions.type_code.isin(INCOMING), "in"), (transactions.type_code.isin(OUTGOING), "out"), else_=none
    )
    money = {"kind": ibis.literal("provider"), "type_code": none, "flow": flow}
    parts = [
        related.select("record_id", "type_code", "ref", kind=ibis.literal("related"), flow=none),
        participating.select(
            "record_id",
            kind=ibis.literal("participating"),
            type_code=participating.role_code,
            ref="activity_ref",
            flow=none,
        ),
        identifiers.select("record_id", "type_code", "ref", kind=ibis.literal("other_identifier"), flow=none),
        transactions.select("record_id", **money, ref="provider_activity_ref"),
        transactions.select("record_id", **money | {"kind": ibis.literal("receiver")}, ref="receiver_activity_ref"),
    ]
    parts = [p.select("record_id", "kind", "type_code", "flow", "ref").filter(p.ref.notnull()) for p in parts]
    declared = ibis.union(*parts, distinct=True)
    declared = declared.mutate(ident=fold_identifier(declared.ref))
    declared = declared.filter(declared.ident.notnull())
    mine = views.select(*VIEW, "mark", "activity_id", "org_id")
    found = declared.inner_join(mine, "record_id").left_join(known, ["ident", "mark"])
    linked = found.drop("ident_right", "mark_right")
    linked = linked.filter(linked.other_activity_id.isnull() | (linked.other_activity_id != linked.activity_id))
    crosses = linked.org_id.fill_null(0) != linked.other_org_id.fill_null(0)
    return linked.select(
        *VIEW,
        "mark",
        "activity_id",
        "kind",
        "type_code",
        "flow",
        "ref",
        "ident",
        "other_activity_id",
        is_cross_publisher=ibis.ifelse(linked.other_activity_id.isnull(), ibis.null("boolean"), crosses),
    )


def activity_links(links: ir.Table) -> ir.Table:
    """`activity_link` of `declared_links`: precise views only.

    An other-identifier is a relation only where it is the identifier of an activity that the statement's readers see.
    """
    rows = links.filter(links["view"] == "precise")
    rows = rows.filter((rows.kind != "other_identifier") | rows.other_activity_id.notnull())
    return rows.select(full_schema("activity_link").names).distinct()


def double_risk(
    views: ir.Table,
    links: ir.Table,
    funders: ir.Table,
    pairs: ir.Table,
    doubtful: ir.Table | None = None,
    joined: ir.Table | None = None,
) -> ir.Table:
    """(record_id, view, double_risk) of every view.

    `linked`: the activity stands downstream of another one that is counted (its incoming money names it, an outgoing
    transaction there names this one, it is declared its child, its funding or implementing partner's activity, or a
    third party's report of it), or is told by another source that comes first or is more open. A more open statement
    that names this one does not know it, so this one is the one that is linked.
    `possible`: an organisation that funds it, other than the reporter, publishes statements that are counted here; or
    its reporter funds what a more open statement tells, whose readers cannot know of this one; or another activity is
    likely to tell of the same project in other words.

    Where two activities each name the other as the one above, what is said more openly holds; else the one with the
    smaller id counts as above.

    Args:
        views: record_id, view, mark, activity_id, org_id, source_id, kind, is_current, is_supply.
        links: `declared_links`.
        funders: (record_id, view, mark, funder): who funds a statement, as views of each mark know it; a statement's
            funders are known to the mark of its own views and to narrower ones.
        pairs: (mark, evidence, is_wider).
        doubtful: (activity_id, evidence) of activities of which another one is likely to tell in other words.
        joined: `precedence.joined_tellers`.
    """
    counted = views.filter(views.is_current & views.is_supply)
    below = _downstream(counted, links, pairs).mutate(is_below=True)
    second = _told_elsewhere_first(counted, pairs, joined).mutate(is_second=True)
    possible = _funded_by_a_reporter(counted, funders, pairs)
    if doubtful is not None:
        possible = ibis.union(possible, _told_in_other_words(counted, doubtful, pairs), distinct=True)
    possible = possible.mutate(is_possible=True)
    marked = counted.select(*VIEW)
    for found in (below, second, possible):
        marked = marked.left_join(found, VIEW).drop(*(f"{name}_right" for name in VIEW))
    risk = ibis.cases(
        (marked.is_below.notnull() | marked.is_second.notnull(), "linked"),
        (marked.is_possible.notnull(), "possible"),
        else_="none",
    )
    risks = marked.select(*VIEW, risk=risk).cache()
    named = _named_more_openly(counted, risks, links, pairs).mutate(is_named=True)
    funds = _funds_what_is_told_openly(counted, risks, funders, pairs).mutate(is_funder=True)
    known = views.select(*VIEW)
    for found in (risks, named, funds):
        known = known.left_join(found, VIEW).drop(*(f"{name}_right" for name in VIEW))
    own = known.risk.fill_null("none")
    final = ibis.cases(
        (known.is_named.notnull(), "linked"),
        ((own == "none") & known.is_funder.notnull(), "possible"),
        else_=own,
    )
    return known.select(*VIEW, double_risk=final)


def _downstream(counted: ir.Table, links: ir.Table, pairs: ir.Table) -> ir.Table:
    """(record_id, view): views whose money another counted activity holds as well, as far as they can know."""
    edges = _edges(counted, links, pairs)
    # What is said the other way round more openly, or as openly by the smaller id, holds.
    back = edges.select(up="down", down="up", evidence="mark").inner_join(pairs, "evidence")
    contrary = edges.inner_join(back, ["up", "down", "mark"])
    contrary = contrary.filter(contrary.is_wider | (contrary.up > contrary.down)).select("up", "down", "mark")
    kept = edges.anti_join(contrary, ["up", "down", "mark"]).select("down", evidence="mark").distinct()
    known = kept.inner_join(pairs.select("mark", "evidence"), "evidence").select("down", "mark").distinct()
    return counted.inner_join(known, [counted.activity_id == known.down, counted.mark == known.mark]).select(*VIEW)


def _edges(counted: ir.Table, links: ir.Table, pairs: ir.Table) -> ir.Table:
    """(up, down, mark): which activity stands above which, as views of `mark` say."""
    mine = links.semi_join(counted, VIEW)
    told = mine.mutate(side=_side(mine, mine.is_cross_publisher.fill_null(False)))
    told = told.filter(told.side.notnull() & told.other_activity_id.notnull())
    told = told.select("activity_id", "other_activity_id", "mark", "side").distinct()
    # The most open mark under which the other activity is counted; without one it is not counted for this view.
    open_of = counted.select("activity_id", evidence="mark").distinct().inner_join(pairs, "evidence")
    open_of = open_of.group_by(["activity_id", "mark"]).aggregate(open_mark=open_of.evidence.min())
    open_of = open_of.select("mark", "open_mark", other_activity_id="activity_id")
    seen = told.inner_join(open_of, ["other_activity_id", "mark"])
    is_smaller = seen.other_activity_id < seen.activity_id
    other_is_up = (seen.open_mark != seen.mark) | (seen.side == "above") | ((seen.side == "twin") & is_smaller)
    edges = seen.select(
        "mark",
        up=ibis.ifelse(other_is_up, seen.other_activity_id, seen.activity_id),
        down=ibis.ifelse(other_is_up, seen.activity_id, seen.other_activity_id),
    )
    return edges.distinct().cache()


def _side(links: ir.Table, crosses: ir.BooleanValue) -> ir.StringValue:
    """Where the other end of a relation stands: above, under, twin; null where both may be counted."""
    is_above = (
        ((links.kind == "provider") & (links.flow == "in"))
        | ((links.kind == "related") & (links.type_code == "1") & crosses)
        | ((links.kind == "participating") & (links.type_code == "1") & crosses)
    )
    is_under = (
        ((links.kind == "receiver") & (links.flow == "out"))
        | ((links.kind == "related") & (links.type_code == "2") & crosses)
        | ((links.kind == "participating") & (links.type_code == "4") & crosses)
    )
    # A third party's report, or another's identifier for the same thing: neither is above, so the smaller id stays.
    is_twin = ((links.kind == "related") & (links.type_code == "5")) | (links.kind == "other_identifier")
    return ibis.cases(
        (is_above.fill_null(False), "above"),
        (is_under.fill_null(False), "under"),
        ((is_twin & crosses).fill_null(False), "twin"),
        else_=ibis.null("string"),
    )


def _named_more_openly(counted: ir.Table, risks: ir.Table, links: ir.Table, pairs: ir.Table) -> ir.Table:
    """(record_id, view): views that a more open statement, itself in best, names as above, under or beside it."""
    telling = counted.anti_join(risks.filter(risks.risk == "linked"), VIEW).select(*VIEW, told_by="org_id")
    told = links.filter(links.other_activity_id.isnull()).inner_join(telling, VIEW)
    told = told.select("ident", "kind", "type_code", "flow", "told_by", evidence="mark")
    told = told.distinct().inner_join(pairs.filter("is_wider"), "evidence")
    mine = counted.filter((counted.kind == "iati") & counted.ident.notnull()).select(*VIEW, "ident", "mark", "org_id")
    named = mine.inner_join(told, ["ident", "mark"])
    crosses = named.org_id.fill_null(0) != named.told_by.fill_null(0)
    return named.filter(_side(named, crosses).notnull()).select(*VIEW).distinct()


def teller_of(statements: ir.Table) -> ir.StringValue:
    """Under what a statement's telling stands among those of its activity: IATI comes before sheets, then by name."""
    order = statements.kind.cases(*KIND_ORDER.items(), else_=len(KIND_ORDER))
    return order.cast("string") + ibis.ifelse(order == 0, "", statements.source_id)


def _told_elsewhere_first(counted: ir.Table, pairs: ir.Table, joined: ir.Table | None) -> ir.Table:
    """(record_id, view): views of an activity that another source tells more openly, or as openly and comes first.

    Rows of one source are parts of one telling, and so are statements that share the kinds of money by a decision.
    """
    ranked = counted.select(*VIEW, "activity_id", "mark", teller=teller_of(counted))
    if joined is not None:
        with_joined = ranked.left_join(joined, "record_id")
        teller = with_joined.joined.fill_null(with_joined.teller)
        ranked = with_joined.select(*VIEW, "activity_id", "mark", teller=teller)
    tellers = ranked.select("activity_id", "teller", evidence="mark").distinct().inner_join(pairs, "evidence")
    tellers = tellers.mutate(open_teller=ibis.ifelse(tellers.is_wider, tellers.teller, ibis.null("string")))
    told = tellers.group_by(["activity_id", "mark"]).aggregate(
        first=tellers.teller.min(where=~tellers.is_wider),
        open_first=tellers.open_teller.min(),
        open_last=tellers.open_teller.max(),
    )
    joined = ranked.inner_join(told, ["activity_id", "mark"])
    is_open = (joined.open_first != joined.teller) | (joined.open_last != joined.teller)
    comes_later = joined["first"] != joined.teller
    return joined.filter((comes_later | is_open.fill_null(False)).fill_null(False)).select(*VIEW)


def _funded_by_a_reporter(counted: ir.Table, funders: ir.Table, pairs: ir.Table) -> ir.Table:
    """(record_id, view): views of which a funder, other than the reporter, reports what is counted."""
    reporters = counted.filter(counted.org_id.notnull()).select(funder="org_id", evidence="mark").distinct()
    reporters = reporters.inner_join(pairs, "evidence").select("funder", "mark").distinct()
    own = counted.inner_join(funders, [*VIEW, "mark"]).semi_join(reporters, ["funder", "mark"])
    return own.filter(own.org_id.isnull() | (own.org_id != own.funder)).select(*VIEW).distinct()


def _told_in_other_words(counted: ir.Table, doubtful: ir.Table, pairs: ir.Table) -> ir.Table:
    """(record_id, view): precise views of the doubtful activities, where their readers can know."""
    known = doubtful.inner_join(pairs.select("mark", "evidence"), "evidence").select("activity_id", "mark").distinct()
    precise = counted.filter(counted["view"] == "precise")
    return precise.semi_join(known, ["activity_id", "mark"]).select(*VIEW)


def _funds_what_is_told_openly(counted: ir.Table, risks: ir.Table, funders: ir.Table, pairs: ir.Table) -> ir.Table:
    """(record_id, view): views whose reporter funds what a more open statement holds for certain.

    Seen from the more open statement the funder reports nothing, so it stays as it is; the money is counted once all
    the same.
    """
    certain = counted.semi_join(risks.filter(risks.risk == "none"), VIEW)
    certain = certain.select(*VIEW, told_by="org_id", evidence="mark").inner_join(pairs.filter("is_wider"), "evidence")
    funded = certain.inner_join(funders, [*VIEW, "mark"])
    funded = funded.filter(funded.told_by.isnull() | (funded.told_by != funded.funder))
    known = funded.select("funder", "mark").distinct()
    mine = counted.filter(counted.org_id.notnull())
    return mine.inner_join(known, [mine.org_id == known.funder, mine.mark == known.mark]).select(*VIEW)
