"""How activities belong together: what files declare, what people judged, what is proposed; and what follows from it.

Place on the way: resolve. Enters: views of statements, declared links, judgements. Leaves: `activity_relation`, the
activities whose money another one may have told before, and issues about judgements that files now contradict.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking import EvidenceOrder
from concerted.model.tables import full_schema
from concerted.resolve.activities import fold_identifier
from concerted.resolve.groups import group_pairs
from concerted.resolve.projects import reading
from concerted.resolve.projects.declared import declared_relations
from concerted.resolve.projects.facts import Facts, collect_facts
from concerted.resolve.projects.find import ProjectParams, kept_proposals
from concerted.resolve.projects.judged import (
    Contradiction,
    Judged,
    Told,
    issue_values,
    judged_rows,
    sameness_against,
)
from concerted.resolve.projects.known import Declared
from concerted.resolve.projects.table import doubtful, open_proposals, proposal_rows
from concerted.store.exact import to_cents
from concerted.store.step import Tables

#: A judgement with its ids as people wrote them: left DECISION right.
Judgement = tuple[str, int, int]
_ISSUE_COLUMNS = ("source_id", "input_path", "line", "record_id")


@dataclass(frozen=True)
class Relations:
    """`table`: `activity_relation`. `doubtful`: (activity_id, evidence), see `table.doubtful`. `issues`: rows."""

    table: ir.Table
    doubtful: ir.Table
    issues: list[ir.Table]


def find_relations(
    views: ir.Table,
    links: ir.Table,
    order: EvidenceOrder,
    participating: ir.Table,
    ends: ir.Table,
    tables: Tables,
    judgements: Sequence[Judgement],
    same: Sequence[tuple[int, int]],
    params: ProjectParams | None,
) -> Relations:
    """Everything that is known of pairs of activities.

    Args:
        views: `activities.mark_current`, with told_as, the id before judgements.
        links: `links.declared_links`.
        participating: with org_id.
        ends: record_id, type_code, provider_org_id, receiver_org_id of transactions.
        tables: the record tables of the step.
        judgements: about activities that stay two; of pairs that are one now, `same` tells.
        params: when a pair is proposed; null = nothing is proposed.
    Issues:
        judgement_contradicted (warning): a file speaks against what a person decided.
    """
    marks = ibis.memtable(order.marks_table)
    key_of = {number: key for (view, key), number in sorted(order.numbers.items(), reverse=True) if view == "precise"}
    declared = declared_relations(links, marks)
    parts = [declared.select(full_schema("activity_relation").names)]
    proposals = []
    facts = None
    if params is not None or judgements:
        given = tables if "rec_project_tokens" in tables else {**tables, **_read_here(tables)}
        facts = collect_facts(views, tables["rec_activity"], participating, ends, given)
    stands_for = group_pairs(same, int)
    said = [Judged(kind, stands_for.get(a, a), stands_for.get(b, b)) for kind, a, b in judgements]
    judged = _with_marks([j for j in said if j.left != j.right], facts, order)
    known = Declared.of(declared, order) if params is not None or judged else None
    if known is not None and params is not None and facts is not None:
        settled = [(one.left, one.right) for one in said]
        proposals = open_proposals(kept_proposals(facts, order.pairs, params), settled, known.settles)
        parts.append(ibis.memtable(proposal_rows(proposals, key_of)))
    found: list[Contradiction] = []
    if known is not None and judged:
        found = _contradicted(judged, known, links)
        doubted = {(one, mark) for one, mark in judged if known.against(one, mark) is not None}
        parts.append(ibis.memtable(judged_rows(judged, doubted, key_of)))
    if same:
        found += _doubtful_sameness(same, views, tables, order)
    return Relations(
        ibis.union(*parts) if len(parts) > 1 else parts[0],
        ibis.memtable(doubtful(proposals, params or ProjectParams())),
        [_issues(found, views, key_of)] if found else [],
    )


def _read_here(tables: Tables) -> dict[str, ir.Table]:
    """`rec_project_tokens` where it was not read per input beforehand: without the titles in further languages."""
    given = {name: tables[f"rec_{name}"].to_pyarrow() for name in reading.INPUTS if f"rec_{name}" in tables}
    given["narrative"] = pa.table({"record_id": pa.array([], pa.int64()), "field": pa.array([], pa.string()),
                                   "text": pa.array([], pa.string())})  # fmt: skip
    return {"rec_project_tokens": ibis.memtable(reading.compute(given, None, ""))}


def _with_marks(judged: Sequence[Judged], facts: Facts | None, order: EvidenceOrder) -> list[tuple[Judged, int]]:
    """Each judgement with every mark whose viewers see both activities and one of them not more openly."""
    if facts is None or not judged:
        return []
    told: dict[int, list[int]] = {}
    for activity, mark in zip(facts.activity.tolist(), facts.mark.tolist(), strict=True):
        told.setdefault(activity, []).append(mark)
    evidence: dict[int, set[int]] = {}
    for mark, other in order.pairs:
        evidence.setdefault(mark, set()).add(other)
    found = []
    for one in sorted(judged, key=lambda j: (j.decision, j.left, j.right)):
        for mark in sorted({*told.get(one.left, ()), *told.get(one.right, ())}):
            firsts = [
                min((m for m in told.get(end, ()) if m in evidence[mark]), default=None)
                for end in (one.left, one.right)
            ]
            if None not in firsts and mark in firsts:
                found.append((one, mark))
    return found


def _contradicted(judged: Sequence[tuple[Judged, int]], known: Declared, links: ir.Table) -> list[Contradiction]:
    """Judgements against which a file declares something, known to those who see the statement that declares it."""
    pairs = {frozenset((one.left, one.right)): one for one, _ in judged}
    ends = pa.table({"activity_id": pa.array(sorted({end for pair in pairs for end in pair}), pa.int64())})
    told = links.filter((links["view"] == "precise") & links.other_activity_id.notnull())
    told = told.semi_join(ibis.memtable(ends), "activity_id")
    rows = told.select("record_id", "mark", "activity_id", "other_activity_id").distinct()
    found: dict[tuple[Judged, int], Contradiction] = {}
    for row in rows.order_by(["record_id", "mark"]).to_pyarrow().to_pylist():
        one = pairs.get(frozenset((row["activity_id"], row["other_activity_id"])))
        if one is not None and (why := known.against(one, row["mark"])) is not None:
            found.setdefault((one, row["mark"]), Contradiction(one, why, row["mark"], row["record_id"]))
    return list(found.values())


def _doubtful_sameness(
    same: Sequence[tuple[int, int]], views: ir.Table, tables: Tables, order: EvidenceOrder
) -> list[Contradiction]:
    ids = pa.table({"told_as": pa.array(sorted({end for pair in same for end in pair}), pa.int64())})
    mine = views.filter((views["view"] == "precise") & views.is_supply).semi_join(ibis.memtable(ids), "told_as")
    rows = mine.select("record_id", "told_as", "mark", "ident").order_by(["mark", "record_id"]).to_pyarrow()
    evidence = set(order.pairs)
    told = _told([_Statement(**row) for row in rows.to_pylist()], tables, evidence)
    found = []
    for left, right in sorted(same):
        for one in told.get(left, ()):
            for other in told.get(right, ()):
                wide, narrow = sorted((one, other), key=lambda t: t.mark)
                if (narrow.mark, wide.mark) in evidence and (why := sameness_against(one, other, left, right)):
                    found.append(Contradiction(Judged("same", left, right), why, narrow.mark, narrow.record_id))
    return found


@dataclass(frozen=True)
class _Statement:
    """A statement with the id it has before judgements, and its folded identifier."""

    record_id: int
    told_as: int
    mark: int
    ident: str | None


def _told(
    statements: Sequence[_Statement], tables: Tables, evidence: Collection[tuple[int, int]]
) -> dict[int, list[Told]]:
    """What the statements under each id say, by mark; a handful of records.

    Args:
        evidence: (mark, mark that is evidence for it).
    """
    records = ibis.memtable(pa.table({"record_id": pa.array([one.record_id for one in statements], pa.int64())}))

    def children(name: str, *columns: str) -> dict[int, list[dict[str, object]]]:
        table = tables[f"rec_{name}"].semi_join(records, "record_id").select("record_id", *columns)
        found: dict[int, list[dict[str, object]]] = {}
        for row in table.to_pyarrow().to_pylist():
            found.setdefault(row["record_id"], []).append(row)
        return found

    codes = children("identifier", "type_code", "owner_org_ref", "ref")
    transaction, budget = tables["rec_transaction"], tables["rec_budget"]
    promised = transaction.filter((transaction.type_code == "2") & transaction.value_usd.notnull())
    planned = budget.filter((budget.kind == "budget") & budget.value_usd.notnull())
    sums: dict[int, dict[str, int]] = {}
    for kind, table in (("promised", promised), ("planned", planned)):
        kept = table.semi_join(records, "record_id")
        for row in (
            kept.group_by("record_id")
            .aggregate(usd=to_cents(kept.value_usd).sum().cast("int64"))
            .to_pyarrow()
            .to_pylist()
        ):
            sums.setdefault(row["record_id"], {})[kind] = row["usd"]
    refs: dict[int, set[str]] = {}
    for name, columns in reading.NAMED_IN.items():
        for column in columns:
            table = tables[f"rec_{name}"].semi_join(records, "record_id")
            folded = table.select("record_id", ident=fold_identifier(table[column]))
            for row in folded.filter(folded.ident.notnull()).distinct().to_pyarrow().to_pylist():
                refs.setdefault(row["record_id"], set()).add(row["ident"])
    ids_of: dict[str, set[tuple[int, int]]] = {}
    for one in statements:
        if one.ident is not None:
            ids_of.setdefault(one.ident, set()).add((one.told_as, one.mark))
    groups: dict[tuple[int, int], list[int]] = {}
    for one in statements:
        groups.setdefault((one.told_as, one.mark), []).append(one.record_id)
    found: dict[int, list[Told]] = {}
    for (activity, mark), members in sorted(groups.items()):
        owned = frozenset(
            (str(row["type_code"]), str(row["owner_org_ref"]), str(row["ref"]).strip().upper())
            for record in members
            for row in codes.get(record, ())
            if row["ref"] and row["type_code"] and row["owner_org_ref"]
        )
        totals = [sum(sums.get(record, {}).get(kind, 0) for record in members) for kind in ("promised", "planned")]
        # An identifier that only narrower statements tell is nobody's to those who see this one.
        names = frozenset(
            other
            for record in members
            for ref in refs.get(record, ())
            for other, where in ids_of.get(ref, ())
            if (mark, where) in evidence
        ) - {activity}
        size = max(totals)
        found.setdefault(activity, []).append(Told(min(members), mark, owned, size / 100 if size > 0 else None, names))
    return found


def _issues(found: Sequence[Contradiction], views: ir.Table, key_of: Mapping[int, str]) -> ir.Table:
    rows = pa.table(
        {
            "record_id": pa.array([c.record_id for c in found], pa.int64()),
            "values": [issue_values(c) for c in found],
            "marking_key": [key_of[c.mark] for c in found],
        }
    )
    precise = views.filter(views["view"] == "precise").select(*_ISSUE_COLUMNS)
    joined = ibis.memtable(rows).inner_join(precise, "record_id")
    return joined.mutate(
        severity=ibis.literal("warning"),
        code=ibis.literal("judgement_contradicted"),
        step=ibis.literal("resolve"),
        field=ibis.literal("iati-identifier"),
    )
