"""One chunk of activities as typed tables with their issues.

Place on the way: the end of step 1 and all of step 2 for IATI. Enters: a tree of elements. Leaves: a `Batch` with every
`rec_` table that IATI can fill, records identified, defaults filled in, money valued.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concerted.codelists.lists import codes
from concerted.model.tables import ON_ACTIVITY, rec_schema
from concerted.records.money import add_values
from concerted.records.screening.texts import codes_of
from concerted.sources.base import Batch, Input
from concerted.sources.iati import mapping
from concerted.sources.iati.columns import Columns, columns_of, layout, positions, texts_of
from concerted.sources.iati.findings import Findings
from concerted.sources.iati.identity import Identities
from concerted.sources.iati.locations import points
from concerted.sources.iati.names import Ints
from concerted.sources.iati.tree import Tree
from concerted.sources.iati.work import Work, note_rows, type_all

#: What an activity must have at least one of.
_CONTENT = ("identifier", "title", "description")
_STATES = {"1": "planned", "2": "ongoing", "3": "completed", "4": "completed", "5": "cancelled"}
_DATE_COLUMNS = {"1": "start_planned_date", "2": "start_actual_date", "3": "end_planned_date", "4": "end_actual_date"}


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
    narrative = _want_narratives(work, activity, kept)
    work.tables["activity"] = activity
    type_all(work)
    batch = Batch(seen=len(elements), read=int(kept.sum()), set_aside=int((~kept).sum()))
    batch.tables = {name: _table(work, name) for name in mapping.TABLES if len(work.tables[name])}
    if len(work.tables["narrative"]):
        batch.tables["narrative"] = narrative(work)
    if batch.read:
        table = _activity_table(work, lines, version)
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
    transaction = _transaction_seq(work, columns)
    order = np.lexsort((columns.elements, transaction, columns.activity))
    sorted_activity, sorted_transaction = columns.activity[order], transaction[order]
    groups = sorted_activity * (int(transaction.max(initial=0)) + 2) + sorted_transaction + 1
    numbers = {name: column[order] for name, column in columns.numbers.items()}
    seq = positions(groups)
    return Columns(columns.elements[order], sorted_activity, seq, columns.kind[order], numbers, columns.absent)


def _transaction_seq(work: Work, columns: Columns) -> Ints:
    """Number of the transaction around each element, -1 for none."""
    tree = work.tree
    parents = tree.parent[columns.elements]
    is_inside = tree.path[parents] == tree.layout.number["transaction"]
    return np.where(is_inside, _seq_around(work.tables["transaction"], parents), ON_ACTIVITY)


def _seq_around(columns: Columns, elements: Ints) -> Ints:
    """The `seq` of the row in or under which each element stands (rows of a table never nest)."""
    if not len(columns.elements):
        return np.zeros(len(elements), np.int64)
    order = np.argsort(columns.elements, kind="stable")
    found: Ints = columns.seq[order[np.searchsorted(columns.elements[order], elements, side="right") - 1]]
    return found


def _want_all(work: Work, table: str, rows: mapping.Rows, columns: Columns, activity: Columns) -> None:
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


def _want_narratives(work: Work, activity: Columns, kept: npt.NDArray[np.bool_]) -> Callable[[Work], pa.Table]:
    """Queue the texts; returns what makes their table once they are typed."""
    tree = work.tree
    fields, parts = [], []
    for holder, table in mapping.NARRATIVES.items():
        found = texts_of(holder, tree)
        if found is None:
            continue
        _note_empty(work, holder, found.element[found.value == 0], kept)
        at = np.searchsorted(activity.elements, found.holder, side="right") - 1
        use = np.flatnonzero((found.value > 0) & kept[at])
        at, outer, lang, value = at[use], found.holder[use], found.lang[use], found.value[use]
        seq = np.zeros(len(use), np.int64) if table is None else _seq_around(work.tables[table], outer)
        filled = np.where(lang == 0, activity.numbers["default_lang"][at], lang)
        type_ = np.zeros(len(use), np.int64)
        if holder == "description":
            path = layout().number[holder]
            type_ = tree.attributes(path, layout().source_number[holder, "type"])[tree.local[outer]]
        fields.append(holder)
        parts.append((found.element[use], at, seq, filled, lang, value, type_))
    none = tuple(np.zeros(0, np.int64) for _ in range(7))
    elements, at, seq, langs_, own, texts, types = map(np.concatenate, zip(none, *parts, strict=True))
    kinds = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    work.tables["narrative"] = Columns(elements, at, seq, kinds, {"lang": own, "text": texts, "type_code": types})
    work.want("narrative", "lang", "lang", None, langs_, own)
    work.want("narrative", "text", "string", None, texts, texts)
    work.want("narrative", "type_code", "string", None, types, types)
    names = pa.array(fields, pa.string())
    return lambda done: _with_columns(done, "narrative", {"field": names.take(pa.array(kinds))})


def _note_empty(work: Work, holder: str, blank: Ints, kept: npt.NDArray[np.bool_]) -> None:
    """An info for every narrative, and every element meant for text alone, that holds none."""
    tree = work.tree
    if holder.rsplit("/", 1)[-1] in mapping.TEXT_ONLY:
        path = layout().number[holder]
        is_silent = (tree.texts(path)[:-1] == 0) & (tree.first(layout().number[f"{holder}/narrative"])[:-1] < 0)
        if is_silent.any():
            blank = np.union1d(blank, tree.of(path)[is_silent])
    if not len(blank):
        return
    at = np.searchsorted(tree.of(layout().number[""]), blank, side="right") - 1
    blank, at = blank[kept[at]], at[kept[at]]

    def describe(rows: Ints) -> tuple[Sequence[int], Sequence[int], Sequence[str | None]]:
        return tree.lines(blank[rows], work.first_line), work.records[at[rows]], [None] * len(rows)  # type: ignore[return-value]

    work.findings.add_rows("narrative_empty", holder, np.arange(len(blank)), describe)


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


def _with_columns(work: Work, table: str, more: dict[str, pa.Array]) -> pa.Table:
    """A table of the dictionary from typed columns; what IATI cannot fill is null."""
    columns = work.tables[table]
    count = len(columns.elements)
    arrays = []
    for name, type_ in _types(table).items():
        array = more.get(name)
        if array is None:
            array = work.arrays.get((table, name))
        if array is None and name == "record_id":
            array = pa.array(work.records[columns.activity])
        elif array is None and name == "seq":
            array = pa.array(columns.seq.astype(np.int32))
        elif array is None and name == "line":
            array = pa.array(work.tree.lines(columns.elements, work.first_line))
        arrays.append(pa.nulls(count, type_) if array is None else array)
    return pa.Table.from_arrays(arrays, schema=rec_schema(table))


@cache
def _types(table: str) -> dict[str, pa.DataType]:
    """The columns of a table; a schema makes its names and types anew each time it is asked."""
    return {column.name: column.type for column in rec_schema(table)}


def _table(work: Work, name: str) -> pa.Table:
    """A table with the columns that come from its place among other rows."""
    columns, more = work.tables[name], {}
    kinds = list(mapping.TABLES[name].kinds.values())
    if "kind" in _types(name):
        more["kind"] = pa.array(kinds, pa.string()).take(pa.array(columns.kind))
    if name in ("sector", "recipient"):
        more["transaction_seq"] = _int32(_transaction_seq(work, columns))
    for column, around in (("location_seq", "location"), ("result_seq", "result"), ("indicator_seq", "indicator")):
        if column in _types(name):
            more[column] = _int32(_seq_around(work.tables[around], columns.elements))
    if name == "location_code":
        locations = np.searchsorted(work.tables["location"].elements, columns.elements, side="right")
        more["seq"] = _int32(positions(locations))
    finish = {
        "sector": _sector,
        "recipient": _recipient,
        "location": _location,
        "document": _document,
        "budget": _money,
        "transaction": _money,
    }
    return _with_columns(work, name, more) if name not in finish else finish[name](work, name, more)


@cache
def _sector_codes() -> dict[str, pa.Array]:
    """DAC codes by the vocabulary that they belong to; the other vocabularies are open."""
    return {"1": pa.array(sorted(codes("Sector"))), "2": pa.array(sorted(codes("SectorCategory")))}


def _sector(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    table = _with_columns(work, name, more)
    code, vocabulary = table["code"].combine_chunks(), table["vocabulary_code"].combine_chunks()
    for number, known in _sector_codes().items():
        strange = pc.and_(pc.equal(vocabulary, number), pc.invert(pc.is_in(code, value_set=known)))
        rows = np.flatnonzero(np.asarray(pc.and_(strange, code.is_valid()).fill_null(False)))
        note_rows(work, "code_unknown", name, "code", rows, code if len(rows) else None)
    return table


def _recipient(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    none = pa.nulls(len(work.tables[name]), pa.string())
    code, vocabulary = (work.arrays.get((name, column), none) for column in ("code", "vocabulary_code"))
    is_country = pc.equal(more["kind"], "country")
    more["code"] = pc.if_else(is_country, pc.utf8_upper(code), code)
    more["vocabulary_code"] = pc.if_else(is_country, None, vocabulary.fill_null("1"))
    return _with_columns(work, name, more)


def _location(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    none = pa.nulls(len(work.tables[name]), pa.string())
    position, latitude, longitude = (work.arrays.get((name, c), none) for c in ("_position", "_latitude", "_longitude"))
    typed, more["longitude"] = points(position, latitude, longitude)
    more["latitude"] = typed.array
    for code, rows in typed.faults.items():
        note_rows(work, code, name, "point", rows, pc.coalesce(position, latitude, longitude))
    return _with_columns(work, name, more)


def _document(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    documents, categories = work.tables[name], work.tables["_category"]
    found = work.arrays.get(("_category", "code"))
    if found is not None:
        given = np.asarray(found.is_valid())
        parents = work.tree.parent[categories.elements[given]]
        offsets = np.searchsorted(parents, np.append(documents.elements, np.iinfo(np.int64).max))
        lists = pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), found.filter(pa.array(given)))
        joined = pc.binary_join(lists, ",")
        more["category_codes"] = pc.if_else(pc.equal(joined, ""), None, joined)
    return _with_columns(work, name, more)


def _money(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    table = _with_columns(work, name, more)
    value = table["value"].combine_chunks()
    for code, rows in (
        ("currency_missing", pc.and_(value.is_valid(), table["currency"].combine_chunks().is_null())),
        ("value_negative", pc.less(value, pa.scalar(0, value.type)) if name == "budget" else None),
    ):
        if rows is not None:
            found = np.flatnonzero(np.asarray(rows.fill_null(False)))
            note_rows(work, code, name, "value", found, value.cast(pa.string()) if len(found) else None)
    if name == "budget":
        return add_values(table)
    # Where no value-date is stated the day of the transaction serves for the rate; the column stays as stated.
    day = pc.coalesce(table["value_date"], table["transaction_date"])
    return add_values(table.append_column("_day", day), "_day").drop_columns("_day")


def _activity_table(work: Work, lines: Ints, version: str | None) -> pa.Table:
    source, config = work.source, work.source.config
    count = len(work.tables["activity"].elements)

    def constant(value: object, type_: pa.DataType) -> pa.Array:
        return pa.repeat(pa.scalar(value, type_), count)

    text = pa.string()
    more = {
        "line": pa.array(lines),
        "source_id": constant(config.source_id, text),
        "input_path": constant(source.name, text),
        "kind": constant("iati", text),
        "marking_key": constant(config.marking.precise, text),
        "coarse_marking_key": constant(config.marking.coarse, text),
        "is_partner_hidden": constant(config.marking.is_partner_hidden, pa.bool_()),
        "is_supply": constant(config.is_supply, pa.bool_()),
    }
    if config.marking.coarse is not None:
        more["coarse_place_level"] = constant(config.marking.coarse_place_level, pa.int32())
    none = pa.nulls(count, text)
    more["state"] = _states(work.arrays.get(("activity", "activity_status_code"), none))
    more |= _activity_dates(work, count)
    if version is not None:
        more["iati_version"] = work.arrays.get(("activity", "iati_version"), none).fill_null(version)
    return _with_columns(work, "activity", more)


def _states(status: pa.StringArray) -> pa.StringArray:
    """Our five states from ActivityStatus.

    3 (the work is done, accounts are open) counts as completed. 6 (suspended) is neither ongoing nor at an end: the
    state is unknown, the status stays to be seen.
    """
    known, states = list(_STATES), pa.array(_STATES.values(), pa.string())
    return states.take(pc.index_in(status, pa.array(known, pa.string())))


def _activity_dates(work: Work, count: int) -> dict[str, pa.Array]:
    """The first date of each type."""
    kinds, days = work.arrays.get(("_date", "type_code")), work.arrays.get(("_date", "date"))
    if kinds is None or days is None:
        return {}
    found = {}
    activity = work.tables["_date"].activity
    given = np.asarray(days.is_valid())
    for code, column in _DATE_COLUMNS.items():
        rows = np.flatnonzero(np.asarray(pc.equal(kinds, code).fill_null(False)) & given)[::-1]
        at = np.full(count, -1, np.int64)
        at[activity[rows]] = rows  # backwards, so that the first one is written last
        found[column] = days.take(pa.array(at, mask=at < 0))
    return found


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


def _int32(numbers: Ints) -> pa.Array:
    return pa.array(numbers.astype(np.int32))
