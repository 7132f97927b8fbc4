"""Declared relations between activities, and what they say about money that two statements may both hold.

Place on the way: resolve. Enters: statements with their activity, and every identifier of another activity that they
declare. Leaves: `activity_link`, and `double_risk` of every statement. Only exact identifiers; the chain of money that
the ranges are narrowed with comes with its own issue.
"""

import ibis
import ibis.expr.types as ir

from concerted.resolve.activities import fold_identifier

#: Transaction types by the end of the money they describe (IATI TransactionType).
INCOMING, OUTGOING = ("1", "11", "13"), ("2", "3", "12")
#: Which statement is counted first where several sources tell of one activity.
_KIND_ORDER = {"iati": 0, "project": 1, "presence": 2}


def known_identifiers(statements: ir.Table) -> ir.Table:
    """(ident, other_activity_id, other_org_id): each identifier by which a current statement can be referred to, once.

    Args:
        statements: record_id, ident, activity_id, org_id, kind, is_current.
    """
    usable = statements.filter(statements.is_current & statements.ident.notnull() & (statements.kind == "iati"))
    window = ibis.window(group_by="ident", order_by=[ibis.asc("activity_id"), ibis.asc("record_id")])
    ranked = usable.mutate(place=ibis.row_number().over(window))
    first = ranked.filter(ranked.place == 0)
    return first.select("ident", other_activity_id=first.activity_id, other_org_id=first.org_id)


def declared_links(
    statements: ir.Table,
    known: ir.Table,
    related: ir.Table,
    participating: ir.Table,
    identifiers: ir.Table,
    transactions: ir.Table,
) -> ir.Table:
    """`activity_link`: one row per statement, kind, type and identifier; references to itself are left out.

    An other-identifier is a relation only where it is the identifier of an activity here.
    """
    none = ibis.null("string")
    parts = [
        related.select("record_id", "type_code", "ref", kind=ibis.literal("related")),
        participating.select(
            "record_id", kind=ibis.literal("participating"), type_code=participating.role_code, ref="activity_ref"
        ),
        identifiers.select("record_id", "type_code", "ref", kind=ibis.literal("other_identifier")),
        transactions.select("record_id", kind=ibis.literal("provider"), type_code=none, ref="provider_activity_ref"),
        transactions.select("record_id", kind=ibis.literal("receiver"), type_code=none, ref="receiver_activity_ref"),
    ]
    parts = [p.select("record_id", "kind", "type_code", "ref").filter(p.ref.notnull()) for p in parts]
    declared = ibis.union(*parts, distinct=True)
    declared = declared.mutate(ident=fold_identifier(declared.ref))
    declared = declared.filter(declared.ident.notnull())
    found = declared.left_join(known, "ident").drop("ident_right")
    found = found.filter((found.kind != "other_identifier") | found.other_activity_id.notnull())
    mine = statements.select("record_id", "activity_id", "org_id")
    linked = found.inner_join(mine, "record_id")
    linked = linked.filter(linked.other_activity_id.isnull() | (linked.other_activity_id != linked.activity_id))
    crosses = linked.org_id.fill_null(0) != linked.other_org_id.fill_null(0)
    return linked.select(
        "record_id",
        "activity_id",
        "kind",
        "type_code",
        "ref",
        "other_activity_id",
        is_cross_publisher=ibis.ifelse(linked.other_activity_id.isnull(), ibis.null("boolean"), crosses),
    )


def double_risk(statements: ir.Table, links: ir.Table, transactions: ir.Table, participating: ir.Table) -> ir.Table:
    """(record_id, double_risk) of every statement.

    `linked`: the statement's activity stands downstream of another one that is counted (its incoming money names it,
    an outgoing transaction there names this one, it is declared its child, its funding or implementing partner's
    activity, or a third party's report of it), or another source tells of the same activity and comes first.
    `possible`: an organisation that funds it, other than the reporter, publishes statements that are counted here.

    Where two activities each name the other as the one above, the one with the smaller id counts as above.

    Args:
        statements: record_id, activity_id, org_id, source_id, kind, is_current, is_supply.
        links: `activity_link`.
        transactions: record_id, type_code, provider_activity_id, receiver_activity_id.
        participating: record_id, role_code, org_id.
    """
    counted = statements.filter(statements.is_current & statements.is_supply)
    below = _downstream(counted, links, transactions)
    second = _told_by_an_earlier_source(counted)
    reporters = counted.filter(counted.org_id.notnull()).select(funder=counted.org_id).distinct()
    funders = participating.filter((participating.role_code == "1") & participating.org_id.notnull())
    funders = funders.select("record_id", funder=funders.org_id).distinct().semi_join(reporters, "funder")
    pairs = counted.inner_join(funders, "record_id")
    possible = pairs.filter(pairs.org_id.isnull() | (pairs.org_id != pairs.funder)).select("record_id").distinct()
    base = statements.select("record_id", "activity_id", is_counted=statements.is_current & statements.is_supply)
    marked = (
        base.left_join(below.mutate(is_below=True), base.activity_id == below.down)
        .left_join(second.mutate(is_second=True), "record_id")
        .left_join(possible.mutate(is_possible=True), "record_id")
    )
    risk = ibis.cases(
        (~marked.is_counted, "none"),
        (marked.is_below.notnull() | marked.is_second.notnull(), "linked"),
        (marked.is_possible.notnull(), "possible"),
        else_="none",
    )
    return marked.select("record_id", double_risk=risk)


def _downstream(counted: ir.Table, links: ir.Table, transactions: ir.Table) -> ir.Table:
    """(down): activities whose money another counted activity holds as well."""
    mine = counted.select("record_id", "activity_id")
    money = transactions.filter(
        transactions.provider_activity_id.notnull() | transactions.receiver_activity_id.notnull()
    ).inner_join(mine, "record_id")
    incoming = money.filter(money.type_code.isin(INCOMING) & money.provider_activity_id.notnull())
    outgoing = money.filter(money.type_code.isin(OUTGOING) & money.receiver_activity_id.notnull())
    cross = links.filter(links.is_cross_publisher.fill_null(False)).semi_join(mine, "record_id")
    other_is_above = ((cross.kind == "related") & (cross.type_code == "1")) | (
        (cross.kind == "participating") & (cross.type_code == "1")
    )
    other_is_below = ((cross.kind == "related") & (cross.type_code == "2")) | (
        (cross.kind == "participating") & (cross.type_code == "4")
    )
    # A third party's report, or another's identifier for the same thing: neither is above, so the smaller id stays.
    is_twin = ((cross.kind == "related") & (cross.type_code == "5")) | (cross.kind == "other_identifier")
    upper, lower = cross.filter(other_is_above), cross.filter(other_is_below)
    twins = cross.filter(is_twin)
    edges = ibis.union(
        incoming.select(up=incoming.provider_activity_id, down=incoming.activity_id),
        outgoing.select(up=outgoing.activity_id, down=outgoing.receiver_activity_id),
        upper.select(up=upper.other_activity_id, down=upper.activity_id),
        lower.select(up=lower.activity_id, down=lower.other_activity_id),
        twins.select(
            up=ibis.least(twins.activity_id, twins.other_activity_id),
            down=ibis.greatest(twins.activity_id, twins.other_activity_id),
        ),
        distinct=True,
    )
    edges = edges.filter(edges.up != edges.down)
    edges = edges.semi_join(counted.select(up=counted.activity_id).distinct(), "up")
    back = edges.select(other=edges.up, up=edges.down)
    mutual = edges.left_join(back, [edges.up == back.up, edges.down == back.other])
    kept = mutual.filter(mutual.other.isnull() | (mutual.up < mutual.down))
    return kept.select("down").distinct()


def _told_by_an_earlier_source(counted: ir.Table) -> ir.Table:
    """(record_id): statements of an activity of which another source comes first; IATI before sheets, then by name."""
    order = counted.kind.cases(*_KIND_ORDER.items(), else_=len(_KIND_ORDER))
    ranked = counted.select(
        "record_id", "activity_id", teller=order.cast("string") + ibis.ifelse(order == 0, "", counted.source_id)
    )
    firsts = ranked.mutate(first=ranked.teller.min().over(ibis.window(group_by="activity_id")))
    return firsts.filter(firsts["teller"] != firsts["first"]).select("record_id")
