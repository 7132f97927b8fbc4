"""Which of its two sources counts where an organisation publishes an activity and keeps it in the workspace too.

Place on the way: resolve, behind which statement is current. Enters: views of current statements, their kinds of money,
what organisations decided. Leaves: `precedence`, a row per statement and kind, and with which source a statement of the
workspace speaks as one. What is said of a statement rests only on statements that all its viewers see: those of a wider
marking, or of the same one. Docs: decisions/0016-one-source-counts.md.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.judgements.precedence import fold_reference
from concerted.model.tables import full_schema
from concerted.resolve.links import VIEW, teller_of
from concerted.store.precedence import budget_kind, transaction_kind

_GROUP = ["activity_id", "org_id"]


@dataclass(frozen=True)
class Decided:
    """What organisations decided, and which statements are of the workspace.

    Attributes:
        deciders: references of organisations that have decided, folded.
        kept_here: (reference, finance kind) for which the workspace counts; for the others it is what is published.
        workspaces: ids of the sources that are the workspace's registry.
    """

    deciders: tuple[str, ...] = ()
    kept_here: tuple[tuple[str, str], ...] = ()
    workspaces: tuple[str, ...] = ()

    @property
    def is_something(self) -> bool:
        """Whether anything can follow from it."""
        return bool(self.deciders and self.workspaces)


def no_precedence() -> ir.Table:
    """`precedence` where nobody decided."""
    return ibis.memtable(full_schema("precedence").empty_table())


def both_sources(views: ir.Table, decided: Decided) -> ir.Table:
    """The counted views of activities of which an organisation that decided tells in both sources.

    Args:
        views: with activity_id, org_id, mark, is_current.
    Returns:
        record_id, view, mark, activity_id, org_id, ref (which decided), is_here (of the workspace), is_whole (nobody
        gets a coarse view of the statement), teller.
    """
    counted = views.filter(views.is_current & views.is_supply & views.org_id.notnull())
    coarse = counted.filter(counted["view"] == "coarse").select("record_id", has_coarse=True).distinct()
    told = counted.left_join(coarse, "record_id").drop("record_id_right")
    told = told.select(
        *VIEW,
        "mark",
        *_GROUP,
        "kind",
        "source_id",
        ref=told.reporting_org_ref.strip().upper(),
        is_here=told.source_id.isin(decided.workspaces),
        is_whole=told.has_coarse.isnull(),
    )
    told = told.mutate(teller=teller_of(told)).drop("kind", "source_id").cache()
    deciders = [fold_reference(each) for each in decided.deciders]
    here = told.filter(told.is_here & told.ref.isin(deciders))
    groups = here.group_by(_GROUP).aggregate(decider=here.ref.min())
    there = told.filter(~told.is_here).inner_join(groups, _GROUP)
    there = there.mutate(ref=there.decider).drop("decider")
    both = ibis.union(here, there.select(here.columns))
    # Where only one of both is there nothing is to be decided.
    has_both = both.group_by(_GROUP).aggregate(sides=both.is_here.nunique())
    return both.semi_join(has_both.filter(has_both.sides == 2), _GROUP).cache()


def _heard(mine: ir.Table, others: ir.Table, pairs: ir.Table) -> ir.Table:
    """`mine` beside those of `others` (columns with `_`) of its activity that all who see it see too, as it is decided.

    Of two that the same people see, each is heard by the other only where neither has a coarse view: where one source
    goes on for some who see a view of it, and not for others, neither can give way.
    """
    known = pairs.select("mark", _mark="evidence", is_wider="is_wider")
    renamed = others.rename({f"_{name}": name for name in others.columns})
    beside = mine.inner_join(known, "mark")
    beside = beside.inner_join(
        renamed,
        [beside["_mark"] == renamed["_mark"], *(beside[name] == renamed[f"_{name}"] for name in _GROUP)],
    )
    is_heard = beside.is_wider | (beside["_is_here"] == beside.is_here) | (beside["_is_whole"] & beside.is_whole)
    return beside.filter(is_heard)


def joined_tellers(both: ir.Table, pairs: ir.Table) -> ir.Table:
    """(record_id, joined): statements of the workspace, and the teller of the published one that they speak with.

    Of two that the same people see one kind of money counts from one of them only, so neither tells the other's again.
    """
    same = _heard(both.filter("is_here"), both.filter(~both.is_here), pairs.filter(~pairs.is_wider))
    return same.group_by("record_id").aggregate(joined=same["_teller"].min())


def precedence_rows(
    both: ir.Table, joined: ir.Table, transactions: ir.Table, budgets: ir.Table, pairs: ir.Table, decided: Decided
) -> ir.Table:
    """`precedence`.

    Of each kind of money, and for those who may see a statement, the source counts that was decided, where it is among
    the most open statements that they see telling of it; else the other one. So what fewer people see never takes away
    what more people count, and a source that says nothing of a kind stands in nobody's way.

    Args:
        both, joined: see `both_sources`, `joined_tellers`.
        transactions, budgets: `rec_transaction`, `rec_budget`.
        pairs: (mark, evidence, is_wider).
    """
    kinds = _kinds(transactions.semi_join(both, "record_id"), budgets.semi_join(both, "record_id"))
    claims = both.inner_join(kinds, "record_id").cache()
    heard = _heard(claims, claims, pairs)
    heard = heard.filter(heard["_finance_kind"] == heard.finance_kind)
    mine = [*VIEW, "finance_kind"]
    heard = heard.mutate(open_mark=heard["_mark"].min().over(ibis.window(group_by=mine)))
    is_open = heard["_mark"] == heard.open_mark
    there, here = ~heard["_is_here"], heard["_is_here"]
    found = heard.group_by([*mine, "ref", "is_here", "is_whole"]).aggregate(
        open_here=(is_open & here).any(),
        open_there=(is_open & there).any(),
        any_here=here.any(),
        any_there=there.any(),
        here_record=heard["_record_id"].min(where=is_open & here),
        there_record=heard["_record_id"].min(where=is_open & there),
    )
    found = found.left_join(_chosen(decided), ["ref", "finance_kind"]).drop("ref_right", "finance_kind_right")
    here_decided = found.chosen_here.fill_null(False)
    here_counts = ibis.ifelse(here_decided, found.open_here, ~found.open_there)
    # A statement gives way as a whole: to all who see any view of it, or to none.
    views = found.mutate(gives_way=found.is_here != here_counts, here_decided=here_decided, here_counts=here_counts)
    ways = views.group_by(["record_id", "finance_kind"]).aggregate(ways=views.gives_way.sum())
    knows_both = _heard(both, both, pairs)
    knows_both = knows_both.filter(knows_both["_is_here"] != knows_both.is_here)
    precise = views.filter(views["view"] == "precise").semi_join(
        knows_both.filter(knows_both["view"] == "precise"), "record_id"
    )
    precise = precise.inner_join(ways, ["record_id", "finance_kind"])
    precise = precise.left_join(joined, "record_id").drop("record_id_right")
    is_aside = precise.ways == ibis.ifelse(precise.is_whole, 1, 2)
    has_decided = ibis.ifelse(precise.here_decided, precise.any_here, precise.any_there)
    rule = ibis.cases(
        (precise.gives_way & ~is_aside, "coarse_view"),
        (precise.here_counts == precise.here_decided, "decided"),
        (has_decided, "more_open"),
        else_="alone",
    )
    other = ibis.ifelse(precise.here_counts, precise.here_record, precise.there_record)
    return precise.select(
        "record_id",
        "finance_kind",
        source=_source(precise.is_here),
        decided=_source(precise.here_decided),
        is_counted=~is_aside,
        rule=rule,
        other_record_id=ibis.ifelse(is_aside, other, ibis.null("int64")),
        teller="joined",
    )


def _source(is_here: ir.BooleanValue) -> ir.StringValue:
    return ibis.ifelse(is_here, "workspace", "published")


def _kinds(transactions: ir.Table, budgets: ir.Table) -> ir.Table:
    """(record_id, finance_kind) of which a statement tells an amount; one without an amount says nothing."""
    paid = transactions.filter(transactions.value.notnull())
    planned = budgets.filter(budgets.value.notnull())
    return ibis.union(
        paid.select("record_id", finance_kind=transaction_kind(paid)),
        planned.select("record_id", finance_kind=budget_kind(planned)),
        distinct=True,
    )


def _chosen(decided: Decided) -> ir.Table:
    """(ref, finance_kind, chosen_here)."""
    rows = [{"ref": fold_reference(ref), "finance_kind": kind} for ref, kind in decided.kept_here]
    schema = pa.schema([("ref", pa.string()), ("finance_kind", pa.string())])
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema)).mutate(chosen_here=True)
