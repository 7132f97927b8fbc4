"""Step `resolve`: who is who, which statements are one activity, which of them is counted, how they are linked.

Enters: typed records of every source. Leaves: the same records with canonical ids, the organisations and the declared
links. Exact identifiers and a small table of well-known names only: the probabilistic resolver and people's judgements
enter through `Params.same_organisations` and `Params.same_activities`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking.keys import Label
from concerted.model.tables import full_schema
from concerted.resolve.activities import fold_identifier, identify_activities, mark_current, replaced_issues
from concerted.resolve.aliases import load_aliases
from concerted.resolve.groups import group_pairs
from concerted.resolve.links import declared_links, double_risk, known_identifiers
from concerted.resolve.organisations import Mention, resolve_organisations
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
)
OUTPUTS = (
    "core_activity",
    "core_participating_org",
    "core_transaction",
    "core_organisation",
    "core_activity_link",
)


@dataclass(frozen=True)
class Params:
    """What resolve is told.

    Attributes:
        as_of: day of the edition; dates after it are not taken as news.
        source_dates: (source_id, day for which the source says it stands), for statements that carry no date.
        restricted_files: (input path, marking key) of inputs that not everybody may see, for what they list beside
            statements.
        same_organisations: pairs of keys (`ref:XM-DAC-41114`, `name:folded name`) judged to be one organisation.
        same_activities: pairs of activity ids judged to be one activity; the smallest id of a group stands for it.
    """

    as_of: date
    source_dates: tuple[tuple[str, date], ...] = ()
    restricted_files: tuple[tuple[str, str], ...] = ()
    same_organisations: tuple[tuple[str, str], ...] = ()
    same_activities: tuple[tuple[int, int], ...] = ()


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


def params(context: Context) -> Params:
    """The days for which sources say they stand (where inputs of one source differ, the latest), and their markings."""
    days: dict[str, date] = {}
    for config in (report.source.config for report in context.reports):
        if config.as_of is not None:
            days[config.source_id] = max(config.as_of, days.get(config.source_id, config.as_of))
    restricted = [
        (report.source.name, report.source.config.marking.precise)
        for report in context.reports
        if not report.source.config.marking.is_open
    ]
    return Params(context.as_of, tuple(sorted(days.items())), tuple(sorted(restricted)))


def run(tables: Tables, params: Params) -> StepResult:
    """Resolve every record.

    Issues:
        identifier_replaced (info): a statement gives way to another one with the same identifier.
    """
    activity, transaction = tables["rec_activity"], tables["rec_transaction"]
    organisations = resolve_organisations(
        _mentions(tables, params.restricted_files), load_aliases(), params.same_organisations
    )
    # Without those who are nobody: a null among 64-bit numbers would reach Spark as floats.
    owner = ibis.memtable(organisations.mapping.drop_null())
    reporters = _with_org(activity, owner, "reporting_org_ref", "reporting_org_name", "org_id")
    identified = identify_activities(reporters, _same_activities(params.same_activities))
    narrow = reporters.select(
        "record_id", "source_id", "input_path", "line", "kind", "identifier", "org_id", "is_secondary_reporter",
        "last_updated", "is_supply",
    )  # fmt: skip
    statements = mark_current(narrow.inner_join(identified, "record_id")).cache()
    known = known_identifiers(statements).cache()
    money = _with_activities(_with_partners(transaction, owner), known)
    participating = _with_org(tables["rec_participating_org"], owner, "ref", "name", "org_id")
    links = declared_links(
        statements,
        known,
        tables["rec_related_activity"],
        tables["rec_participating_org"].mutate(ref=tables["rec_participating_org"].activity_ref),
        tables["rec_identifier"],
        transaction,
    ).cache()
    risk = double_risk(statements, links, money, participating)
    fresh = _freshness(activity, transaction, params)
    learnt = statements.select("record_id", "activity_id", "is_current", "org_id")
    core_activity = (
        activity.inner_join(learnt, "record_id").inner_join(risk, "record_id").inner_join(fresh, "record_id")
    )
    return StepResult(
        tables={
            "core_activity": core_activity.select(full_schema("activity").names),
            "core_participating_org": participating,
            "core_transaction": money.select(full_schema("transaction").names),
            "core_organisation": ibis.memtable(organisations.table),
            "core_activity_link": links,
        },
        issues=[replaced_issues(statements)],
    )


def _mentions(tables: Tables, restricted_files: tuple[tuple[str, str], ...]) -> list[Mention]:
    """Every distinct way to name somebody; a small set beside the records, so it is taken out as Arrow."""
    activity = tables["rec_activity"]
    marked = activity.mutate(marking_key=activity.marking_key.fill_null(str(Label.NOBODY)))
    # Few statements are restricted: the many rows below all statements look them up in a small table.
    restricted = marked.filter(marked.marking_key != str(Label.CLEAR)).select("record_id", "marking_key")
    participating = _with_marking(tables["rec_participating_org"], restricted, "record_id")
    transaction = _with_marking(tables["rec_transaction"], restricted, "record_id")
    listed = _with_marking(tables["rec_organisation_name"], _marked_files(restricted_files), "input_path")
    nothing, once, never = ibis.null("string"), ibis.literal(1, "int64"), ibis.literal(0, "int64")
    reporter = {"ref": "reporting_org_ref", "name": "reporting_org_name", "type_code": "reporting_org_type_code"}
    # A coarse view that does not hide the partner names the reporter to those who see it.
    shown = marked.filter(marked.coarse_marking_key.notnull() & ~marked.is_partner_hidden.fill_null(False))
    shown = shown.filter(shown.coarse_marking_key != shown.marking_key)
    parts = [
        marked.select("marking_key", **reporter, lang=nothing, reports=once),
        shown.select(**reporter, marking_key="coarse_marking_key", lang=nothing, reports=once),
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
    counted = [
        p.group_by(["ref", "name", "type_code", "lang", "marking_key"]).aggregate(
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


def _with_org(table: ir.Table, owner: ir.Table, ref: str, name: str, target: str) -> ir.Table:
    """`table` and column `target`: the organisation that its columns `ref` and `name` mention."""
    renamed = owner.select(_ref="ref", _name="name", **{target: "org_id"})
    joined = table.left_join(
        renamed, [table[ref].fill_null("") == renamed["_ref"], table[name].fill_null("") == renamed["_name"]]
    )
    return joined.drop("_ref", "_name")


def _with_partners(transaction: ir.Table, owner: ir.Table) -> ir.Table:
    provided = _with_org(transaction, owner, "provider_org_ref", "provider_org_name", "provider_org_id")
    return _with_org(provided, owner, "receiver_org_ref", "receiver_org_name", "receiver_org_id")


def _with_activities(transaction: ir.Table, known: ir.Table) -> ir.Table:
    """The activities at both ends of the money, where the data holds them."""
    for end in ("provider", "receiver"):
        ends = known.select(_ident="ident", **{f"{end}_activity_id": "other_activity_id"})
        joined = transaction.left_join(ends, fold_identifier(transaction[f"{end}_activity_ref"]) == ends["_ident"])
        transaction = joined.drop("_ident")
    return transaction


def _freshness(activity: ir.Table, transaction: ir.Table, params: Params) -> ir.Table:
    """(record_id, freshness_date): the statement's own date, else its newest transaction, else its source's day."""
    today = ibis.literal(params.as_of)
    past = transaction.filter(transaction.transaction_date <= today)
    newest = past.group_by("record_id").aggregate(newest=past.transaction_date.max())
    rows = [{"source_id": s, "source_date": d} for s, d in sorted(params.source_dates)]
    days = ibis.memtable(
        pa.Table.from_pylist(rows, schema=pa.schema([("source_id", pa.string()), ("source_date", pa.date32())]))
    )
    updated = activity.select("record_id", "source_id", updated=activity.last_updated.date())
    joined = updated.left_join(newest, "record_id").left_join(days, "source_id")
    in_time = ibis.ifelse(joined.updated <= today, joined.updated, ibis.null("date"))
    return joined.select("record_id", freshness_date=ibis.coalesce(in_time, joined.newest, joined.source_date))


def _same_activities(pairs: tuple[tuple[int, int], ...]) -> ir.Table | None:
    """(activity_id, same_as) of every judged activity; the smallest id of a group of judged pairs stands for it."""
    if not pairs:
        return None
    rows = [{"activity_id": key, "same_as": first} for key, first in sorted(group_pairs(pairs, int).items())]
    return ibis.memtable(
        pa.Table.from_pylist(rows, schema=pa.schema([("activity_id", pa.int64()), ("same_as", pa.int64())]))
    )
