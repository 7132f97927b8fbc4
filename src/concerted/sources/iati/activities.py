"""One chunk of activities as typed tables with their issues.

Place on the way: the end of step 1 and all of step 2 for IATI. Enters: a tree of elements. Leaves: a `Sheaf` with every
`rec_` table that IATI can fill, records identified, defaults filled in, money valued.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.records.screening.texts import codes_of
from concerted.sources.base import Batch, Sheaf
from concerted.sources.iati import mapping
from concerted.sources.iati.columns import Columns, columns_of, layout, positions
from concerted.sources.iati.fields import Rows
from concerted.sources.iati.names import Ints
from concerted.sources.iati.narratives import want_narratives
from concerted.sources.iati.stretches import Stretch
from concerted.sources.iati.tables import activity_table, table_of, transaction_seq
from concerted.sources.iati.tree import Tree
from concerted.sources.iati.work import Work, type_all

#: What an activity must have at least one of.
_CONTENT = ("identifier", "title", "description")


def read_activities(tree: Tree, stretches: Sequence[Stretch]) -> Sheaf:
    """The activities of a chunk.

    Args:
        tree: the chunk, scanned with `columns.layout()`.
        stretches: of the chunk; the caller may have added to their findings.

    Returns:
        A sheaf with a batch for each stretch, of which seen = read + set_aside; its issues are those of its findings.
    """
    elements = tree.of(layout().number[""])
    everything = np.ones(len(elements), bool)
    activity = columns_of(mapping.ACTIVITY, tree, elements, everything)
    kept = _has_content(tree, activity)
    lines = tree.lines(elements)
    stretch_of = tree.stretch(elements)
    records = _identify(tree, activity, kept, lines, stretches, stretch_of)
    work = Work(tree, stretches, stretch_of, records)
    for name, rows in {**mapping.TABLES, "_date": mapping.DATES, "_category": mapping.CATEGORIES}.items():
        work.tables[name] = columns_of(rows, tree, elements, kept)
    for name in ("sector", "recipient"):
        if len(work.tables[name]):
            work.tables[name] = _by_transaction(work, work.tables[name])
    _fill_language(work, activity)
    _want_all(work, "activity", mapping.ACTIVITY, activity, activity)
    for name, rows in {**mapping.TABLES, "_date": mapping.DATES, "_category": mapping.CATEGORIES}.items():
        if len(work.tables[name]):
            _want_all(work, name, rows, work.tables[name], activity)
    narrative = want_narratives(work, activity, kept)
    work.tables["activity"] = activity
    type_all(work)
    tables = {name: table_of(work, name) for name in mapping.TABLES if len(work.tables[name])}
    if len(work.tables["narrative"]):
        tables["narrative"] = narrative(work)
    if kept.any():
        table = activity_table(work, lines)
        tables["activity"] = table if kept.all() else table.filter(pa.array(kept))
    _note_refused(work, elements)
    unread = _unread(work)
    seen, read = (np.bincount(of, minlength=len(stretches)).tolist() for of in (stretch_of, stretch_of[kept]))
    batches = tuple(
        Batch({}, stretch.findings.issues(), seen[n], read[n], seen[n] - read[n], dict(unread[n]))
        for n, stretch in enumerate(stretches)
    )
    return Sheaf(tables, batches, _rows(work, tables, read))


def _rows(work: Work, tables: Mapping[str, pa.Table], read: Sequence[int]) -> tuple[dict[str, int], ...]:
    """How many rows of each table are of each stretch."""
    rows: tuple[dict[str, int], ...] = tuple({} for _ in work.stretches)
    for name in tables:
        of = work.stretch_of[work.tables[name].activity]
        counts = read if name == "activity" else np.bincount(of, minlength=len(rows)).tolist()
        for of_stretch, count in zip(rows, counts, strict=True):
            if count:
                of_stretch[name] = count
    return rows


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
    stretches: Sequence[Stretch],
    stretch_of: Ints,
) -> Ints:
    """Record ids; 0 for activities that are set aside."""
    identifiers = tree.values.take(activity.numbers["identifier"]).to_pylist()
    records = np.zeros(len(identifiers), np.int64)
    for i, (identifier, of) in enumerate(zip(identifiers, stretch_of.tolist(), strict=True)):
        line, findings = int(lines[i]), stretches[of].findings
        if not kept[i]:
            findings.add("activity_empty", line=line, field="activity")
            continue
        content = tree.content(int(activity.elements[i])) if identifier is None else b""
        records[i], before = stretches[of].identities.record_id(identifier, content)
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


def _fill_language(work: Work, activity: Columns) -> None:
    """The language of an activity that states none is its source's."""
    langs = [stretch.source.config.lang for stretch in work.stretches]
    if any(langs):
        constants = np.array([work.tree.values.constant(lang) if lang else 0 for lang in langs])
        column = activity.numbers["default_lang"]
        activity.numbers["default_lang"] = np.where(column == 0, constants[work.stretch_of], column)
        activity.absent.discard("default_lang")


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
        at = int(np.searchsorted(activities, element, side="right")[0]) - 1
        if record := int(work.records[at]):  # an activity that is set aside has its own issue
            line = int(tree.lines(element)[0])
            for code in codes_of(refused.traces):
                findings = work.stretches[int(work.stretch_of[at])].findings
                findings.add(code, line=line, record_id=record, field=refused.field)


def _unread(work: Work) -> list[Counter[str]]:
    """Elements that are not read, by name; what stands beside the activities and is none is an issue too."""
    tree = work.tree
    unread = tree.unread()
    beside = (tree.strangers, tree.stretch(tree.strangers), tree.lines(tree.strangers))
    for element, of, line in zip(*(column.tolist() for column in beside), strict=True):
        tag = tree.tag(element)
        unread[of][f"../{tag}"] += 1
        work.stretches[of].findings.add("element_unknown", line=line, field=f"../{tag}", found=tag)
    for path in _singles():
        if not tree.count(path):
            continue
        first = tree.first(path)
        first = first[first >= 0]
        if len(first) < tree.count(path):
            repeated = tree.stretch(np.delete(tree.of(path), first))
            for of, count in enumerate(np.bincount(repeated).tolist()):
                if count:
                    unread[of][f"{layout().paths[path]} (repeated)"] += count
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
