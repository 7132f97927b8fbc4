"""Step `resolve`: who is who, which statements are one activity, which of them is counted, how they are linked.

Enters: typed records of every source. Leaves: the same records with canonical ids, the organisations and the declared
links. Activities are joined by exact identifiers only; organisations also by the likeness of their names (`matching`).
People's judgements enter through `Params.same_organisations` and `Params.same_activities`, organisations' decisions of
which of their sources counts through `Params.precedence`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.judgements.decisions import Decision, activity_pairs, organisation_pairs
from concerted.judgements.precedence import Choice
from concerted.marking import EvidenceOrder
from concerted.marking.keys import Label
from concerted.model.tables import full_schema
from concerted.resolve.activities import fold_identifier, identify_activities, mark_current, replaced_issues
from concerted.resolve.aliases import load_aliases
from concerted.resolve.groups import group_pairs
from concerted.resolve.links import VIEW, activity_links, declared_links, double_risk, known_identifiers
from concerted.resolve.matching.collect import Spelt, collect_profiles
from concerted.resolve.matching.joining import JoinParams, Judged
from concerted.resolve.matching.kept import kept_matches
from concerted.resolve.matching.known import load_known_names
from concerted.resolve.matching.match import Matches
from concerted.resolve.matching.table import match_table
from concerted.resolve.organisations import Identified, Mention, identify_mentions, resolve_organisations
from concerted.resolve.precedence import (
    Decided,
    aside_issues,
    both_sources,
    joined_tellers,
    no_precedence,
    precedence_rows,
    with_counted_fields,
)
from concerted.resolve.projects.find import ProjectParams
from concerted.resolve.projects.relations import find_relations
from concerted.resolve.says import own_fields, said_of
from concerted.resolve.views import statement_views, with_known_marking, with_org
from concerted.sources.run import InputReport
from concerted.store.step import StepResult, Tables

NAME = "resolve"
INPUTS = (
    "rec_activity",
    "rec_participating_org",
    "rec_transaction",
    "rec_identifier",
    "rec_related_activity",
    "rec_organisation_name",
    "rec_recipient",
    "rec_location",
    "rec_sector",
    "rec_budget",
    "rec_people",
    "rec_indicator",
    "rec_indicator_period",
)
_ENDS = ("provider", "receiver")
#: What is learnt per input beforehand (`rec_project_tokens`); without it the texts are read here.
PER_INPUT = "concerted.resolve.projects.reading"
#: Judgements about two activities that stay two.
_OF_TWO = ("part_of", "funds", "successor_of", "different")
#: OrganisationRole of who funds.
_FUNDING = "1"
OUTPUTS = (
    "core_activity",
    "core_participating_org",
    "core_transaction",
    "core_organisation",
    "core_organisation_match",
    "core_activity_link",
    "core_activity_relation",
    "core_precedence",
)
#: What readers call the workspace's registry among their kinds of input.
_WORKSPACE = "registry"


@dataclass(frozen=True)
class Params:
    """What resolve is told.

    Attributes:
        as_of: day of the edition; dates after it are not taken as news.
        file_dates: (input path, day for which its source says it stands), for statements that carry no date. The
            day of another file of the same source says nothing: not everybody may know of it.
        restricted_files: (input path, marking key) of inputs that not everybody may see, for what they list beside
            statements.
        same_organisations: pairs of keys (`ref:XM-DAC-41114`, `name:folded name`) judged to be one organisation.
        different_organisations: pairs of keys judged to be two organisations.
        units: (unit, parent) keys, judged.
        same_activities: pairs of activity ids judged to be one activity; the smallest id of a group stands for it.
        judgements: (decision, left, right) about activities that stay two.
        likeness: when names that are alike are taken as one organisation; None = never.
        projects: when activities are proposed to be one project told in other words; None = never.
        precedence: which of an organisation's two sources counts, where it decided.
    """

    as_of: date
    file_dates: tuple[tuple[str, date], ...] = ()
    restricted_files: tuple[tuple[str, str], ...] = ()
    same_organisations: tuple[tuple[str, str], ...] = ()
    same_activities: tuple[tuple[int, int], ...] = ()
    different_organisations: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    judgements: tuple[tuple[str, int, int], ...] = ()
    likeness: JoinParams | None = field(default_factory=JoinParams)
    projects: ProjectParams | None = field(default_factory=ProjectParams)
    precedence: Decided = field(default_factory=Decided)


class Context(Protocol):
    """What this step takes from the build's context."""

    @property
    def as_of(self) -> date:
        """Day of the edition."""
        ...

    @property
    def reports(self) -> Sequence[InputReport]:
        """What the inputs say of themselves."""
        ...

    @property
    def decisions(self) -> Sequence[Decision]:
        """What people decided."""
        ...

    @property
    def precedence(self) -> Sequence[Choice]:
        """Which of their sources counts, as organisations decided."""
        ...


def load() -> None:
    """Load the names of well-known organisations; a build has time for that while its inputs are read."""
    load_known_names()


def params(context: Context) -> Params:
    """The day for which each input stands where its source says so, and the markings of restricted inputs."""
    sources = [report.source for report in context.reports]
    days = [(source.name, source.config.as_of) for source in sources if source.config.as_of is not None]
    restricted = [(s.name, s.config.marking.precise) for s in sources if not s.config.marking.is_open]
    workspaces = [s.config.source_id for s in sources if s.kind == _WORKSPACE]
    return Params(
        context.as_of,
        tuple(sorted(days)),
        tuple(sorted(restricted)),
        organisation_pairs(context.decisions, "same_organisation"),
        activity_pairs(context.decisions, "same"),
        organisation_pairs(context.decisions, "different_organisation"),
        organisation_pairs(context.decisions, "unit_of"),
        tuple((kind, left, right) for kind in _OF_TWO for left, right in activity_pairs(context.decisions, kind)),
        precedence=Decided.of(context.precedence, workspaces),
    )


def run(tables: Tables, params: Params) -> StepResult:
    """Resolve every record.

    Issues:
        identifier_replaced (info): a statement gives way to another one with the same identifier.
        other_source_counts (info): its organisation counts what its other source tells of a subject.
        judgement_contradicted (warning): a file speaks against what a person decided.
    """
    activity, transaction = with_known_marking(tables["rec_activity"]), tables["rec_transaction"]
    order = _order(activity)
    marks, pairs = ibis.memtable(order.marks_table), ibis.memtable(order.pairs_table)
    identified = identify_mentions(_mentions(tables, params.restricted_files), load_aliases())
    matches = _matches(activity, tables, identified, params)
    organisations = resolve_organisations(identified, params.same_organisations, matches)
    # Without those who are nobody: a null among 64-bit numbers would reach Spark as floats.
    owner = ibis.memtable(organisations.mapping.drop_null())
    identified = identify_activities(
        statement_views(activity, owner, marks), pairs, _same_activities(params.same_activities)
    )
    views = mark_current(identified, pairs).cache()
    known = known_identifiers(views, pairs).cache()
    links = declared_links(
        views,
        known,
        tables["rec_related_activity"],
        tables["rec_participating_org"].mutate(ref=tables["rec_participating_org"].activity_ref),
        tables["rec_identifier"],
        transaction,
    ).cache()
    marked = with_known_marking(tables["rec_activity"]).select("record_id", "marking_key")
    participating = with_org(
        tables["rec_participating_org"].inner_join(marked, "record_id"), owner, "ref", "name", "org_id"
    ).cache()
    mentions = (f"{end}_org_{part}" for end in _ENDS for part in ("ref", "name"))
    paid = transaction.select("record_id", "seq", "type_code", *mentions)
    # Kept in the engine before anybody asks for those that are known: with that condition DuckDB would join markings
    # with organisations first, 60 million rows at national size.
    ends = _with_ends(paid.inner_join(marked, "record_id"), owner)
    ends = ends.select("record_id", "seq", "type_code", *(f"{end}_org_id" for end in _ENDS)).cache()
    relations = find_relations(
        views, links, order, participating, ends, tables, params.judgements, params.same_activities, params.projects
    )
    funders = _funders(tables["rec_participating_org"], views, owner, marks, pairs)
    joined, precedence = _precedence(views, tables, pairs, params.precedence)
    risk = double_risk(views, links, funders, pairs, relations.doubtful, joined)
    learnt = views.inner_join(risk, VIEW).cache()
    precise = learnt.filter(learnt["view"] == "precise")
    learnt_names = ("activity_id", "is_current", "org_id", "double_risk")
    coarse = learnt.filter(learnt["view"] == "coarse")
    coarse = coarse.select("record_id", **{f"coarse_{name}": coarse[name] for name in learnt_names})
    core_activity = activity.inner_join(precise.select("record_id", *learnt_names), "record_id")
    core_activity = core_activity.left_join(coarse, "record_id").drop("record_id_right")
    core_activity = core_activity.inner_join(_freshness(activity, transaction, params), "record_id")
    asides = []
    if params.precedence.is_something:
        core_activity = with_counted_fields(core_activity, precedence)
        asides.append(aside_issues(activity, precedence))
    marked = precise.select("record_id", "marking_key", "mark")
    return StepResult(
        tables={
            "core_activity": core_activity.select(full_schema("activity").names),
            "core_participating_org": participating.select(full_schema("participating_org").names),
            "core_transaction": _money(transaction.inner_join(marked, "record_id"), ends.drop("type_code"), known),
            "core_organisation": ibis.memtable(organisations.table),
            "core_organisation_match": ibis.memtable(match_table(matches, organisations.ids)),
            "core_activity_link": activity_links(links),
            "core_activity_relation": relations.table,
            "core_precedence": precedence,
        },
        issues=[replaced_issues(precise), *asides, *relations.issues],
    )


def _precedence(views: ir.Table, tables: Tables, pairs: ir.Table, decided: Decided) -> tuple[ir.Table | None, ir.Table]:
    """`joined_tellers` and `precedence`; where nobody decided, nothing is asked."""
    if not decided.is_something:
        return None, no_precedence()
    both = both_sources(views, decided)
    joined = joined_tellers(both, pairs, decided).cache()
    statements = tables["rec_activity"].semi_join(both, "record_id").cache()
    says, own = said_of(statements, tables), own_fields(statements)
    return joined, precedence_rows(both, joined, says, own, pairs, decided).cache()


def _matches(activity: ir.Table, tables: Tables, identified: Sequence[Identified], params: Params) -> Matches:
    """Who is who by likeness, from what the records of each marking say."""
    if params.likeness is None:
        return Matches({}, ())
    own = [found for found in identified if found.mention.marking_key == found.marking_key]
    spelt = [Spelt(found.mentioned, found.mention.type_code, found.mention.count) for found in own]
    keys = {found.mentioned: found.key for found in identified}
    statements = activity.select("record_id", "reporting_org_ref", "reporting_org_name", "marking_key")
    profiles = collect_profiles(statements, tables["rec_participating_org"], tables["rec_recipient"], spelt, keys)
    judged = Judged(params.same_organisations, params.different_organisations, params.units)
    return kept_matches(profiles, params.likeness, judged)


def _order(activity: ir.Table) -> EvidenceOrder:
    """The markings that occur; a handful, taken out as Arrow."""

    def keys(column: str) -> list[str]:
        found = activity.filter(activity[column].notnull()).select(column).distinct()
        values: list[str] = found.to_pyarrow()[column].to_pylist()
        return values

    return EvidenceOrder.of(keys("marking_key"), keys("coarse_marking_key"))


def _funders(participating: ir.Table, views: ir.Table, owner: ir.Table, marks: ir.Table, pairs: ir.Table) -> ir.Table:
    """(record_id, view, mark, funder): who funds a statement, as its view's mark and every narrower one know it."""
    named = participating.filter(participating.role_code == _FUNDING).select("record_id", "ref", "name")
    seen = views.select(*VIEW, evidence="mark").inner_join(pairs.select("mark", "evidence"), "evidence")
    key_of = marks.group_by("mark").aggregate(marking_key=marks.marking_key.min())
    # Kept apart: in one query with the owners an engine may first pair every owner with every view of one marking.
    asked = named.inner_join(seen, "record_id").inner_join(key_of, "mark").cache()
    found = with_org(asked, owner, "ref", "name", "funder")
    return found.filter(found.funder.notnull()).select(*VIEW, "mark", "funder").distinct().cache()


def _mentions(tables: Tables, restricted_files: tuple[tuple[str, str], ...]) -> list[Mention]:
    """Every distinct way to name somebody; a small set beside the records, so it is taken out as Arrow."""
    marked = with_known_marking(tables["rec_activity"])
    # Few statements are restricted: the many rows below all statements look them up in a small table.
    restricted = marked.filter(marked.marking_key != str(Label.CLEAR)).select("record_id", "marking_key")
    participating = _with_marking(tables["rec_participating_org"], restricted, "record_id")
    transaction = _with_marking(tables["rec_transaction"], restricted, "record_id")
    listed = _with_marking(tables["rec_organisation_name"], _marked_files(restricted_files), "input_path")
    nothing, once, never = ibis.null("string"), ibis.literal(1, "int64"), ibis.literal(0, "int64")
    reporter = {"ref": "reporting_org_ref", "name": "reporting_org_name", "type_code": "reporting_org_type_code"}
    # A coarse view that does not hide the partner names the reporter to those who see it. Of hidden partners, and of
    # funders, it only has to know who they are.
    coarse = marked.filter(marked.coarse_marking_key.notnull() & (marked.coarse_marking_key != marked.marking_key))
    hides = coarse.is_partner_hidden.fill_null(False)
    shown, hidden = coarse.filter(~hides), coarse.filter(hides)
    funding = tables["rec_participating_org"].filter(tables["rec_participating_org"].role_code == _FUNDING)
    funding = funding.inner_join(coarse.select("record_id", "coarse_marking_key"), "record_id")
    untold = {"lang": nothing, "reports": never, "is_told": ibis.literal(False)}
    parts = [
        marked.select("marking_key", **reporter, lang=nothing, reports=once),
        shown.select(**reporter, marking_key="coarse_marking_key", lang=nothing, reports=once),
        hidden.select(**reporter, marking_key="coarse_marking_key", **untold),
        funding.select("ref", "name", "type_code", marking_key="coarse_marking_key", **untold),
        participating.select("marking_key", "ref", "name", "type_code", lang="name_lang", reports=never),
        listed.select("marking_key", "ref", "name", "type_code", "lang", reports=never),
        *(
            transaction.select(
                "marking_key", ref=f"{end}_org_ref", name=f"{end}_org_name", type_code=f"{end}_org_type_code",
                lang=nothing, reports=never,
            )
            for end in ("provider", "receiver")
        ),
    ]  # fmt: skip
    parts = [p if "is_told" in p.columns else p.mutate(is_told=ibis.literal(True)) for p in parts]
    counted = [
        p.group_by(["ref", "name", "type_code", "lang", "marking_key", "is_told"]).aggregate(
            count=p.count(), reports=p.reports.sum()
        )
        for p in parts
    ]
    rows = ibis.union(*counted).to_pyarrow().to_pylist()
    return [Mention(**row) for row in rows if row["ref"] or row["name"]]


def _with_marking(table: ir.Table, restricted: ir.Table, key: str) -> ir.Table:
    """`table` and the marking of each row: that which `restricted` has for its `key`, else CLEAR."""
    joined = table.left_join(restricted, key)
    return joined.mutate(marking_key=joined.marking_key.fill_null(str(Label.CLEAR)))


def _marked_files(restricted_files: tuple[tuple[str, str], ...]) -> ir.Table:
    rows = [{"input_path": path, "marking_key": key} for path, key in restricted_files]
    schema = pa.schema([("input_path", pa.string()), ("marking_key", pa.string())])
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))


def _money(transaction: ir.Table, organisations: ir.Table, known: ir.Table) -> ir.Table:
    """`core_transaction`: partners at both ends, and their activities where those who see the money see these too.

    Args:
        transaction: with marking_key and mark of its statement.
        organisations: record_id, seq, provider_org_id, receiver_org_id.
    """
    transaction = transaction.inner_join(organisations, ["record_id", "seq"])
    for end in _ENDS:
        ends = known.select(_ident="ident", _mark="mark", **{f"{end}_activity_id": "other_activity_id"})
        joined = transaction.left_join(
            ends,
            [
                fold_identifier(transaction[f"{end}_activity_ref"]) == ends["_ident"],
                transaction.mark == ends["_mark"],
            ],
        )
        transaction = joined.drop("_ident", "_mark")
    return transaction.select(full_schema("transaction").names)


def _with_ends(transaction: ir.Table, owner: ir.Table) -> ir.Table:
    """`transaction` with provider_org_id and receiver_org_id, as its marking_key knows them."""
    for end in _ENDS:
        transaction = with_org(transaction, owner, f"{end}_org_ref", f"{end}_org_name", f"{end}_org_id")
    return transaction


def _freshness(activity: ir.Table, transaction: ir.Table, params: Params) -> ir.Table:
    """(record_id, freshness_date): the statement's own date, else its newest transaction, else its file's day."""
    today = ibis.literal(params.as_of)
    past = transaction.filter(transaction.transaction_date <= today)
    newest = past.group_by("record_id").aggregate(newest=past.transaction_date.max())
    rows = [{"input_path": path, "file_date": day} for path, day in sorted(params.file_dates)]
    days = ibis.memtable(
        pa.Table.from_pylist(rows, schema=pa.schema([("input_path", pa.string()), ("file_date", pa.date32())]))
    )
    updated = activity.select("record_id", "input_path", updated=activity.last_updated.date())
    joined = updated.left_join(newest, "record_id").left_join(days, "input_path")
    in_time = ibis.ifelse(joined.updated <= today, joined.updated, ibis.null("date"))
    return joined.select("record_id", freshness_date=ibis.coalesce(in_time, joined.newest, joined.file_date))


def _same_activities(pairs: tuple[tuple[int, int], ...]) -> ir.Table | None:
    """(activity_id, same_as) of every judged activity; the smallest id of a group of judged pairs stands for it."""
    if not pairs:
        return None
    rows = [{"activity_id": key, "same_as": first} for key, first in sorted(group_pairs(pairs, int).items())]
    return ibis.memtable(
        pa.Table.from_pylist(rows, schema=pa.schema([("activity_id", pa.int64()), ("same_as", pa.int64())]))
    )
