"""Which of its two sources counts where an organisation publishes an activity and keeps it in the workspace too.

Place on the way: resolve, behind which statement is current. Enters: views of current statements, what each of them
tells, what organisations decided. Leaves: `precedence`, a row per statement and subject, and with which source a
statement of the workspace speaks as one. What is said of a statement rests only on statements that all its viewers see:
those of a wider marking, or of the same one. Docs: decisions/0016-one-source-counts.md.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.judgements.precedence import Choice, completed
from concerted.model.finance import MONEY_KINDS
from concerted.model.subjects import COLUMNS_OF, TAKEN_OVER
from concerted.model.tables import full_schema
from concerted.resolve.links import VIEW, teller_of
from concerted.store.precedence import columns_taken_over
from concerted.store.rowwise import rowwise

_GROUP = ["activity_id", "org_id"]
_CHOSEN = pa.schema(
    [("ref", pa.string()), ("subject", pa.string()), ("chosen_here", pa.bool_()), ("decided_on", pa.date32())]
)


@dataclass(frozen=True)
class Decided:
    """What organisations decided, and which statements are of the workspace.

    Attributes:
        choices: all that holds, see `completed`.
        workspaces: ids of the sources that are the workspace's registry.
    """

    choices: tuple[Choice, ...] = ()
    workspaces: tuple[str, ...] = ()

    @classmethod
    def of(cls, choices: Iterable[Choice], workspaces: Iterable[str]) -> "Decided":
        """With what follows from the choices; where there are none, as a build without a workspace."""
        held = completed(choices)
        return cls(held, tuple(sorted(set(workspaces))) if held else ())

    @property
    def is_something(self) -> bool:
        """Whether anything can follow from it."""
        return bool(self.choices and self.workspaces)

    def deciders(self, *, of_money: bool = False) -> list[str]:
        """References of the organisations that decided of anything, or of money."""
        return sorted({c.organisation for c in self.choices if c.subject in MONEY_KINDS or not of_money})


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
    here = told.filter(told.is_here & told.ref.isin(decided.deciders()))
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


def joined_tellers(both: ir.Table, pairs: ir.Table, decided: Decided) -> ir.Table:
    """(record_id, joined): statements of the workspace, and the teller of the published one that they speak with.

    Of two that the same people see one kind of money counts from one of them only, so neither tells the other's again.
    """
    of_money = both.filter(both.ref.isin(decided.deciders(of_money=True)))
    here, there = of_money.filter("is_here"), of_money.filter(~of_money.is_here)
    same = _heard(here, there, pairs.filter(~pairs.is_wider))
    return same.group_by("record_id").aggregate(joined=same["_teller"].min())


def precedence_rows(
    both: ir.Table, joined: ir.Table, says: ir.Table, own: ir.Table, pairs: ir.Table, decided: Decided
) -> ir.Table:
    """`precedence`.

    Of each subject, and for those who may see a statement, the source counts that was decided, where it is among the
    most open statements that they see telling of it; else the other one. So what fewer people see never takes away
    what more people count, and a source that says nothing of a subject stands in nobody's way. Of fields of which an
    activity has one value, a statement that says nothing takes over what the other one says.

    Args:
        both, joined: see `both_sources`, `joined_tellers`.
        says: see `says.said_of`.
        own: see `own_fields`.
        pairs: (mark, evidence, is_wider).
    """
    told = both.inner_join(says.filter("tells").drop("tells"), "record_id").cache()
    asking = both.inner_join(says, "record_id").cache()
    views = _ways(_beside(asking, told, pairs), decided)
    # A statement gives way as a whole: to all who see any view of it, and to one statement, or not at all.
    ways = views.group_by(["record_id", "subject"]).aggregate(
        ways=views.gives_way.sum(), others=views.other.nunique(where=views.gives_way)
    )
    knows_both = _heard(both, both, pairs)
    knows_both = knows_both.filter(knows_both["_is_here"] != knows_both.is_here)
    precise = views.filter(views["view"] == "precise").semi_join(
        knows_both.filter(knows_both["view"] == "precise"), "record_id"
    )
    precise = precise.inner_join(ways, ["record_id", "subject"])
    precise = precise.left_join(joined, "record_id").drop("record_id_right")
    precise = precise.left_join(own, ["record_id", "subject"]).drop("record_id_right", "subject_right")
    is_amount = ~precise.subject.isin(TAKEN_OVER)
    is_aside = (precise.ways == ibis.ifelse(precise.is_whole, 1, 2)) & (
        is_amount | ((precise.others == 1) & (precise.parts == 1))
    )
    has_decided = ibis.ifelse(precise.chosen_here, precise.any_here, precise.any_there)
    rule = ibis.cases(
        (precise.gives_way & ~is_aside & ~is_amount & (precise.parts > 1), "parts"),
        (precise.gives_way & ~is_aside, "coarse_view"),
        (precise.here_counts == precise.chosen_here, "decided"),
        (has_decided, "more_open"),
        else_="alone",
    )
    rows = precise.select(
        "record_id",
        "subject",
        source=_source(precise.is_here),
        decided=_source(precise.chosen_here),
        decided_on="decided_on",
        is_counted=~is_aside,
        rule=rule,
        other_record_id=ibis.ifelse(is_aside, precise.other, ibis.null("int64")),
        own=ibis.ifelse(is_aside, precise.own, ibis.null("string")),
        tells="tells",
        teller="joined",
    )
    return rows.filter(rows.tells | ~rows.is_counted).drop("tells")


def _beside(asking: ir.Table, told: ir.Table, pairs: ir.Table) -> ir.Table:
    """Each statement's view and subject, with who tells of it among those that its viewers see.

    Returns:
        record_id, view, subject, tells, ref, is_here, is_whole, any_here, any_there (the source tells of it),
        open_here, open_there (among the most open), here_record, there_record (which statement then), here_parts,
        there_parts (how many statements of one source: rows of a sheet are parts).
    """
    heard = _heard(asking, told, pairs)
    heard = heard.filter(heard["_subject"] == heard.subject)
    mine = [*VIEW, "subject"]
    heard = heard.mutate(open_mark=heard["_mark"].min().over(ibis.window(group_by=mine)))
    heard = heard.mutate(is_open=heard["_mark"] == heard.open_mark)
    of_side = ibis.window(group_by=[*mine, "_is_here"])
    first = ibis.ifelse(heard.is_open, heard["_teller"], ibis.null("string")).min().over(of_side)
    heard = heard.mutate(is_first=(heard.is_open & (heard["_teller"] == first)).fill_null(False))
    here, there = heard["_is_here"], ~heard["_is_here"]
    return heard.group_by([*mine, "tells", "ref", "is_here", "is_whole"]).aggregate(
        any_here=here.any(),
        any_there=there.any(),
        open_here=(heard.is_open & here).any(),
        open_there=(heard.is_open & there).any(),
        here_record=heard["_record_id"].min(where=heard.is_first & here),
        there_record=heard["_record_id"].min(where=heard.is_first & there),
        here_parts=heard["_record_id"].nunique(where=heard.is_first & here),
        there_parts=heard["_record_id"].nunique(where=heard.is_first & there),
    )


def _ways(beside: ir.Table, decided: Decided) -> ir.Table:
    """`beside`, of the subjects that were decided, with which source counts and whether the statement gives way."""
    rows = [
        {
            "ref": c.organisation,
            "subject": c.subject,
            "chosen_here": c.source == "workspace",
            "decided_on": c.decided_on,
        }
        for c in decided.choices
    ]
    chosen = ibis.memtable(pa.Table.from_pylist(rows, schema=_CHOSEN))
    found = beside.inner_join(chosen, ["ref", "subject"])
    found = found.mutate(here_counts=ibis.ifelse(found.chosen_here, found.open_here, ~found.open_there))
    return found.mutate(
        gives_way=found.is_here != found.here_counts,
        other=ibis.ifelse(found.here_counts, found.here_record, found.there_record),
        parts=ibis.ifelse(found.here_counts, found.here_parts, found.there_parts),
    )


def _source(is_here: ir.BooleanValue) -> ir.StringValue:
    return ibis.ifelse(is_here, "workspace", "published")


def with_counted_fields(activity: ir.Table, precedence: ir.Table) -> ir.Table:
    """`activity`, each statement with the fields that count of its organisation's two sources."""
    for subject, columns in COLUMNS_OF.items():
        activity = columns_taken_over(activity, precedence, subject, columns)
    return activity


def _aside_values(subject: str, kept: str, decided_on: str) -> str:
    return json.dumps({"subject": subject, "kept": kept, "decided_on": decided_on}, ensure_ascii=False, sort_keys=True)


_values = rowwise("concerted_aside_values", _aside_values, ["string"] * 3, "string")


def aside_issues(activity: ir.Table, precedence: ir.Table) -> ir.Table:
    """An issue for each subject of which a statement's own claim is kept beside.

    Args:
        activity: `rec_activity`.
        precedence: what counts instead is seen by everybody who sees the statement.
    Issues:
        other_source_counts (info): by a decision of its organisation, what its other source tells is counted instead.
    """
    mine = precedence.filter(~precedence.is_counted).inner_join(
        activity.select("record_id", "source_id", "input_path", "line"), "record_id"
    )
    other = activity.select(other_record_id="record_id", _path="input_path", _line="line")
    found = mine.inner_join(other, "other_record_id")
    kept = found["_path"] + ":" + found["_line"].cast("string")
    return found.select(
        "source_id",
        "input_path",
        "line",
        "record_id",
        severity=ibis.literal("info"),
        code=ibis.literal("other_source_counts"),
        step=ibis.literal("resolve"),
        field="subject",
        values=_values(found.subject, kept, found.decided_on.cast("string")),
    )
