"""The tables of a chunk from its typed columns, with what comes from a row's place among others.

Place on the way: after the typing. Enters: `Work` with all arrays. Leaves: tables of the field dictionary, places as
points, codes on their lists, money valued.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.codelists.lists import codes
from concerted.model.tables import ON_ACTIVITY, rec_schema
from concerted.records.money import add_values
from concerted.sources.iati import mapping
from concerted.sources.iati.columns import Columns, positions
from concerted.sources.iati.locations import points
from concerted.sources.iati.names import Ints
from concerted.sources.iati.work import Work, note_rows

_STATES = {"1": "planned", "2": "ongoing", "3": "completed", "4": "completed", "5": "cancelled"}
_DATE_COLUMNS = {"1": "start_planned_date", "2": "start_actual_date", "3": "end_planned_date", "4": "end_actual_date"}


def table_of(work: Work, name: str) -> pa.Table:
    """A table with the columns that come from its place among other rows."""
    columns, more = work.tables[name], {}
    kinds = list(mapping.TABLES[name].kinds.values())
    if "kind" in _types(name):
        more["kind"] = pa.array(kinds, pa.string()).take(pa.array(columns.kind))
    if name in ("sector", "recipient"):
        more["transaction_seq"] = _int32(transaction_seq(work, columns))
    for column, around in (("location_seq", "location"), ("result_seq", "result"), ("indicator_seq", "indicator")):
        if column in _types(name):
            more[column] = _int32(seq_around(work.tables[around], columns.elements))
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
    return with_columns(work, name, more) if name not in finish else finish[name](work, name, more)


def activity_table(work: Work, lines: Ints) -> pa.Table:
    """The table of activities, with what the source and the file say of all of them."""
    count = len(work.tables["activity"].elements)
    sources = [stretch.source for stretch in work.stretches]
    configs = [source.config for source in sources]
    text, of = pa.string(), pa.array(work.stretch_of)

    def each(values: Iterable[object], type_: pa.DataType) -> pa.Array:
        return pa.array(values, type_).take(of)

    more = {
        "line": pa.array(lines),
        "source_id": each((config.source_id for config in configs), text),
        "input_path": each((source.name for source in sources), text),
        "kind": pa.repeat(pa.scalar("iati"), count),
        "marking_key": each((config.marking.precise for config in configs), text),
        "coarse_marking_key": each((config.marking.coarse for config in configs), text),
        "is_partner_hidden": each((config.marking.is_partner_hidden for config in configs), pa.bool_()),
        "is_counted_hidden": each((config.marking.is_counted_hidden or None for config in configs), pa.bool_()),
        "is_supply": each((config.is_supply for config in configs), pa.bool_()),
        "coarse_place_level": each(
            (None if m.coarse is None else m.coarse_place_level for m in (config.marking for config in configs)),
            pa.int32(),
        ),
    }
    none = pa.nulls(count, text)
    more["state"] = _states(work.arrays.get(("activity", "activity_status_code"), none))
    more |= _activity_dates(work, count)
    version = each((stretch.version for stretch in work.stretches), text)
    more["iati_version"] = pc.coalesce(work.arrays.get(("activity", "iati_version"), none), version)
    return with_columns(work, "activity", more)


def with_columns(work: Work, table: str, more: dict[str, pa.Array]) -> pa.Table:
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
            array = pa.array(work.tree.lines(columns.elements))
        arrays.append(pa.nulls(count, type_) if array is None else array)
    return pa.Table.from_arrays(arrays, schema=rec_schema(table))


def transaction_seq(work: Work, columns: Columns) -> Ints:
    """Number of the transaction around each element, -1 for none."""
    tree = work.tree
    parents = tree.parent[columns.elements]
    is_inside = tree.path[parents] == tree.layout.number["transaction"]
    return np.where(is_inside, seq_around(work.tables["transaction"], parents), ON_ACTIVITY)


def seq_around(columns: Columns, elements: Ints) -> Ints:
    """The `seq` of the row in or under which each element stands (rows of a table never nest)."""
    if not len(columns.elements):
        return np.zeros(len(elements), np.int64)
    order = np.argsort(columns.elements, kind="stable")
    found: Ints = columns.seq[order[np.searchsorted(columns.elements[order], elements, side="right") - 1]]
    return found


@cache
def _types(table: str) -> dict[str, pa.DataType]:
    """The columns of a table; a schema makes its names and types anew each time it is asked."""
    return {column.name: column.type for column in rec_schema(table)}


@cache
def _sector_codes() -> dict[str, pa.Array]:
    """DAC codes by the vocabulary that they belong to; the other vocabularies are open."""
    return {"1": pa.array(sorted(codes("Sector"))), "2": pa.array(sorted(codes("SectorCategory")))}


def _sector(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    table = with_columns(work, name, more)
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
    return with_columns(work, name, more)


def _location(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    none = pa.nulls(len(work.tables[name]), pa.string())
    position, latitude, longitude = (work.arrays.get((name, c), none) for c in ("_position", "_latitude", "_longitude"))
    typed, more["longitude"] = points(position, latitude, longitude)
    more["latitude"] = typed.array
    for code, rows in typed.faults.items():
        note_rows(work, code, name, "point", rows, pc.coalesce(position, latitude, longitude))
    return with_columns(work, name, more)


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
    return with_columns(work, name, more)


def _money(work: Work, name: str, more: dict[str, pa.Array]) -> pa.Table:
    table = with_columns(work, name, more)
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


def _int32(numbers: Ints) -> pa.Array:
    return pa.array(numbers.astype(np.int32))
