"""One chunk of activities as typed tables with their issues.

Place on the way: the end of step 1 and all of step 2 for IATI. Enters: a tree of elements. Leaves: a `Batch` with every
`rec_` table that IATI can fill, records identified, defaults filled in, money valued.
"""

from collections import Counter
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.records.screening.texts import codes_of
from concerted.sources.base import Batch, Input
from concerted.sources.iati import mapping
from concerted.sources.iati.columns import Columns, columns_of, layout, positions
from concerted.sources.iati.fields import Rows
from concerted.sources.iati.findings import Findings
from concerted.sources.iati.identity import Identities
from concerted.sources.iati.names import Ints
from concerted.sources.iati.narratives import want_narratives
from concerted.sources.iati.tables import activity_table, table_of, transaction_seq
from concerted.sources.iati.tree import Tree
from concerted.sources.iati.work import Work, type_all

#: What an activity must have at least one of.
_CONTENT = ("identifier", "title", "description")


def read_activities(
    tree: Tree, first_line: int, source: Input, version: str | None, identities: Identities, findings: Findings
) -> Batch:
    """The activities of a chunk.

    Args:
        tree: the chunk, scanned with `columns.layout()`.
        first_line: of the document, on which the chunk begins.
        source: for paths, markings and the like.
        version: of IATI, as the root declares it.
        identities: of the part, shared by its chunks.
        findings: of the chunk; the caller may have added to it.

    Returns:
        A batch with seen = read + set_aside; its issues are those of `findings`.
    """
    elements = tree.of(layout().number[""])
    everything = np.ones(len(elements), bool)
    activity = columns_of(mapping.ACTIVITY, tree, elements, everything)
    kept = _has_content(tree, activity)
    lines = tree.lines(elements, first_line)
    records = _identify(tree, activity, kept, lines, identities, findings)
    work = Work(tree, source, findings, first_line, records)
    for name, rows in {**mapping.TABLES, "_date": mapping.DATES, "_category": mapping.CATEGORIES}.items():
        work.tables[name] = columns_of(rows, tree, elements, kept)
    for name in ("sector", "recipient"):
        if len(work.tables[name]):
            work.tables[name] = _by_transaction(work, work.tables[name])
    _fill_language(source, tree, activity)
    _want_all(work, "activity", mapping.ACTIVITY, activity, activity)
    for name, rows in {**mapping.TABLES, "_date": mapping.DATES, "_category": mapping.CATEGORIES}.items():
        if len(work.tables[name]):
            _want_all(work, name, rows, work.tables[name], activity)
    narrative = want_narratives(work, activity, kept)
    work.tables["activity"] = activity
    type_all(work)
    batch = Batch(seen=len(elements), read=int(kept.sum()), set_aside=int((~kept).sum()))
    batch.tables = {name: table_of(work, name) for name in mapping.TABLES if len(work.tables[name])}
    if len(work.tables["narrative"]):
        batch.tables["narrative"] = narrative(work)
    if batch.read:
        table = activity_table(work, lines, version)
        batch.tables["activity"] = table.filter(pa.array(kept)) if batch.set_aside else table
    _note_refused(work, elements)
    batch.unread = dict(_unread(tree, findings, first_line))
    batch.issues = findings.issues()
    return batch


def _has_content(tree: Tree, activity: Columns) -> npt.NDArray[np.bool_]:
    """Which activities say anything at all below their own tag."""
    has = np.zeros(len(activity.elements), bool)
    for column in _CONTENT:
        has |= activity.numbers[column] > 0
    if has.all():
        return has
    # Rare, so it may cost: any other text or attribute that is read, of an element inside.
    inside = tree.given_elements()
    inside = inside[tree.path[inside] != tree.layout.number[""]]
    has[np.searchsorted(activity.elements, inside, side="right") - 1] = True
    return has


def _identify(
    tree: Tree,
    activity: Columns,
    kept: npt.NDArray[np.bool_],
    lines: Ints,
    identities: Identities,
    findings: Findings,
) -> Ints:
    """Record ids; 0 for activities that are set aside."""
    identifiers = tree.values.take(activity.numbers["identifier"]).to_pylist()
    records = np.zeros(len(identifiers), np.int64)
    for i, identifier in enumerate(identifiers):
        line = int(lines[i])
        if not kept[i]:
            findings.add("activity_empty", line=line, field="activity")
            continue
        content = tree.content(int(activity.elements[i])) if identifier is None else b""
        records[i], before = identities.record_id(identifier, content)
        if identifier is None:
            findings.add("identifier_missing", line=line, record_id=int(records[i]), field="activity.identifier")
        elif before:
            findings.add(
                "identifier_duplicate",
                line=line,
                record_id=int(records[i]),
                field="activity.identifier",
                found=identifier,
                occurrence=before + 1,
            )
    return records


def _fill_language(source: Input, tree: Tree, activity: Columns) -> None:
    """The language of an activity that states none is its source's."""
    if source.config.lang is not None:
        column = activity.numbers["default_lang"]
        activity.numbers["default_lang"] = np.where(column == 0, tree.values.constant(source.config.lang), column)


def _by_transaction(work: Work, columns: Columns) -> Columns:
    """Rows of the activity and of its transactions, counted apart from 0."""
    transaction = transaction_seq(work, columns)
    order = np.lexsort((columns.elements, transaction, columns.activity))
    sorted_activity, sorted_transaction = columns.activity[order], transaction[order]
    groups = sorted_activity * (int(transaction.max(initial=0)) + 2) + sorted_transaction + 1
    numbers = {name: column[order] for name, column in columns.numbers.items()}
    seq = positions(groups)
    return Columns(columns.elements[order], sorted_activity, seq, columns.kind[order], numbers, columns.absent)


def _want_all(work: Work, table: str, rows: Rows, columns: Columns, activity: Columns) -> None:
    """Queue every column of a table, with its defaults filled in."""
    for name, field_ in rows.fields.items():
        if name in columns.absent and field_.default is None and field_.otherwise is None:
            continue
        own = filled = columns.numbers[name]
        if field_.default is not None:
            filled = np.where(own == 0, activity.numbers[field_.default][columns.activity], own)
        if field_.otherwise is not None:
            filled = np.where(filled == 0, work.tree.values.constant(field_.otherwise), filled)
        if field_.of is not None:
            of_activity = activity.numbers["default_lang"][columns.activity]
            filled = np.where(columns.numbers[field_.of] == 0, 0, np.where(own == 0, of_activity, own))
        work.want(table, name, field_.kind, field_.codelist, filled, own)


def _note_refused(work: Work, activities: Ints) -> None:
    """Tell where words were not stored."""
    tree = work.tree
    for refused in tree.refused:
        element = np.array([refused.element])
        record = int(work.records[np.searchsorted(activities, element, side="right")[0] - 1])
        if record:  # an activity that is set aside has its own issue
            line = int(tree.lines(element, work.first_line)[0])
            for code in codes_of(refused.traces):
                work.findings.add(code, line=line, record_id=record, field=refused.field)


def _unread(tree: Tree, findings: Findings, first_line: int) -> Counter[str]:
    """Elements that are not read, by name; what stands beside the activities and is none is an issue too."""
    unread = tree.unread()
    for element, line in zip(tree.strangers.tolist(), tree.lines(tree.strangers, first_line).tolist(), strict=True):
        tag = tree.tag(element)
        unread[f"../{tag}"] += 1
        findings.add("element_unknown", line=line, field=f"../{tag}", found=tag)
    for path in _singles():
        count = tree.count(path)
        if count and (repeated := count - int(np.count_nonzero(tree.first(path) >= 0))):
            unread[f"{layout().paths[path]} (repeated)"] += repeated
    return unread


@cache
def _singles() -> tuple[int, ...]:
    """Paths of which only the first element of each parent is read."""
    rows = {
        path
        for r in (mapping.ACTIVITY, mapping.DATES, mapping.CATEGORIES, *mapping.TABLES.values())
        for path in r.paths
    }
    texts = set(mapping.NARRATIVES) | {f"{holder}/narrative" for holder in mapping.NARRATIVES}
    return tuple(i for i, path in enumerate(layout().paths) if i and path and path not in rows | texts)
