"""What is known of every activity that can be compared: words, codes, partners, places, days and sums, as arrays.

Place on the way: resolve. Enters: views of statements and their child tables. Leaves: one `Facts` for all markings; the
world of one marking is a part of it (`Facts.world`), so that nothing of what is hidden enters what is more open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concerted.resolve.projects.sets import Ints, Sets
from concerted.store.exact import to_cents
from concerted.store.ordering import is_first

#: Sets of an activity, by what their values are.
WORDS, CODES, ORGS, COUNTRIES, PLACES, SECTORS, AMOUNTS = [
    "words",
    "codes",
    "orgs",
    "countries",
    "places",
    "sectors",
    "amounts",
]
#: The sets, and the list that their values are positions in.
SETS: Mapping[str, str] = {
    "title": WORDS,
    "text": WORDS,
    "own_codes": CODES,
    "named_codes": CODES,
    "funders": ORGS,  # who funds, or gave
    "doers": ORGS,  # who does the work, or received
    "others": ORGS,  # who else takes part
    "countries": COUNTRIES,
    "places": PLACES,
    "sectors": SECTORS,
    "amounts": AMOUNTS,
}
#: Days are days since 1970; where none is known this stands.
NO_DAY = -(2**31)
#: Sums of money in cents; where none is known this stands.
NO_SUM = -1
#: An amount below this (in its own currency) is too common to compare.
MIN_AMOUNT = 1_000
_OUT, _IN, _PROMISED, _PROMISED_IN = ("3", "4"), ("1",), ("2",), ("11",)


@dataclass(frozen=True)
class Facts:
    """Activities of one or all worlds, in the order of their ids and marks; arrays of one length and sets of as many
    owners.

    Attributes:
        activity: ids.
        mark: number of the marking under which this is told.
        org: organisation that reports; 0 = unknown.
        start, end: days since 1970, NO_DAY.
        titles, letters: tokens of the title, and its words as they are written, both in the order of the alphabet.
        size: the largest of its sums (committed, budgeted, spent, received), dollar cents, NO_SUM.
        sets: by the names of `SETS`.
        names: what each value of a list stands for, by the lists of `SETS`.
    """

    activity: Ints
    mark: Ints
    org: Ints
    start: Ints
    end: Ints
    size: Ints
    titles: pa.Array
    letters: pa.Array
    sets: Mapping[str, Sets]
    names: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.activity)

    def digest(self) -> str:
        """A hash of everything that is known."""
        told = sha256()
        for name in ("activity", "mark", "org", "start", "end", "size"):
            told.update(np.ascontiguousarray(getattr(self, name)).tobytes())
        for texts in (self.titles, self.letters, *(self.names[name] for name in sorted(self.names))):
            for part in _bytes(texts):
                told.update(part)
        for name in sorted(self.sets):
            told.update(name.encode() + self.sets[name].owner.tobytes() + self.sets[name].value.tobytes())
        return told.hexdigest()

    def world(self, marks: Ints) -> "Facts":
        """What those know who may see these marks: of each activity what is told most openly."""
        seen = np.flatnonzero(np.isin(self.mark, marks))
        rows = seen[is_first(self.activity[seen])]
        if len(rows) == len(self):
            return self
        place = np.full(len(self), -1, np.int32)
        place[rows] = np.arange(len(rows))
        sets = {name: whole.of_owners(place, len(rows)) for name, whole in self.sets.items()}
        columns = (getattr(self, name)[rows] for name in ("activity", "mark", "org", "start", "end", "size"))
        texts = (text.take(pa.array(rows)) for text in (self.titles, self.letters))
        activity, mark, org, start, end, size = columns
        titles, letters = texts
        return Facts(activity, mark, org, start, end, size, titles, letters, sets, self.names)


def collect_facts(
    views: ir.Table, activity: ir.Table, participating: ir.Table, ends: ir.Table, tables: Mapping[str, ir.Table]
) -> Facts:
    """The facts of every activity and mark.

    Args:
        views: record_id, view, mark, activity_id, org_id, is_current, is_supply. Precise views count: a coarse one
            leaves out what would tell which activity it is.
        activity: `rec_activity`.
        participating: with org_id, as resolve found it.
        ends: record_id, type_code, provider_org_id, receiver_org_id of transactions.
        tables: `rec_project_tokens`, `rec_recipient`, `rec_location`, `rec_sector`, `rec_budget`, `rec_transaction`.
    """
    told = views.filter((views["view"] == "precise") & views.is_current & views.is_supply)
    told = told.select("record_id", "activity_id", "mark", "org_id").cache()
    unit = told.order_by(["activity_id", "mark", "record_id"]).to_pyarrow()
    number, keys, firsts = _units(unit)
    records = _ints(unit["record_id"])
    by_record = np.argsort(records, kind="stable")
    count = len(keys)

    def owner(record: Any) -> Ints:
        return number[by_record[np.searchsorted(records, _ints(record), sorter=by_record)]]

    def rows(table: ir.Table) -> pa.Table:
        return table.semi_join(told, "record_id").to_pyarrow()

    sets, names = {}, {}
    tokens = rows(tables["rec_project_tokens"]).sort_by("record_id")
    whose = owner(tokens["record_id"])
    for kind, columns in ((WORDS, ("title", "text")), (CODES, ("own_codes", "named_codes"))):
        parts = {name: _split(tokens[name]) for name in columns}
        coded, names[kind] = _coded([value for _, value in parts.values()])
        for (name, (at, _)), values in zip(parts.items(), coded, strict=True):
            sets[name] = Sets.of(whose[at], values, count, len(names[kind]))
    partners = _partners(rows(_roles(participating, ends)), owner)
    reporter = _ints(unit["org_id"])[firsts]
    names[ORGS], inverse = _distinct(np.concatenate([reporter, *(p[1] for p in partners.values())]))
    start = count
    for name, (at, org) in partners.items():
        sets[name] = Sets.of(at, inverse[start : start + len(org)], count, len(names[ORGS]))
        start += len(org)
    for name, kind, table in (
        ("countries", COUNTRIES, rows(_countries(tables["rec_recipient"]))),
        ("places", PLACES, rows(_places(tables["rec_location"]))),
        ("sectors", SECTORS, rows(_sectors(tables["rec_sector"]))),
    ):
        values = _folded(table["value"]) if kind == PLACES else table["value"]
        (value,), names[kind] = _coded([values])
        sets[name] = Sets.of(owner(table["record_id"]), value, count, len(names[kind]))
    money = rows(_money(tables["rec_transaction"], tables["rec_budget"]))
    sums = owner(money["record_id"])
    (amounts,), names[AMOUNTS] = _coded([money["amount"]])
    is_telling = np.asarray(pc.is_valid(money["amount"]).to_numpy(zero_copy_only=False), np.bool_)
    sets["amounts"] = Sets.of(sums[is_telling], amounts[is_telling], count, len(names[AMOUNTS]))
    sets["countries"] = _with_title_countries(sets["countries"], sets["title"], names)
    days = rows(_days(activity))
    of_day = owner(days["record_id"])
    begin, finish = np.full(count, 2**31), np.full(count, NO_DAY)
    np.minimum.at(begin, of_day, _ints(days["start"], 2**31))
    np.maximum.at(finish, of_day, _ints(days["end"], NO_DAY))
    begin[begin == 2**31] = NO_DAY
    # An activity of several rows is called as the first of them calls it.
    first_row = np.full(count, -1, np.int64)
    first_row[whose[::-1]] = np.arange(len(whose))[::-1]
    called = pa.array(first_row, pa.int64(), mask=first_row < 0)
    titles, letters = (tokens[name].combine_chunks().take(called).fill_null("") for name in ("title", "letters"))
    return Facts(
        keys[:, 0], keys[:, 1], reporter, begin, finish, _sizes(sums, money, count), titles, letters, sets, names
    )


def _units(unit: pa.Table) -> tuple[Ints, Ints, Ints]:
    """Which unit each row is of, the (activity, mark) of each unit, and its first row."""
    key = np.stack([_ints(unit["activity_id"]), _ints(unit["mark"])], axis=1)
    is_first = np.ones(len(key), np.bool_)
    is_first[1:] = (key[1:] != key[:-1]).any(axis=1)
    return np.cumsum(is_first) - 1, key[is_first], np.flatnonzero(is_first)


def _roles(participating: ir.Table, ends: ir.Table) -> ir.Table:
    """(record_id, role, org_id): who is named how, by statements and by their transactions."""
    role = ibis.cases((participating.role_code == "1", "1"), (participating.role_code == "4", "4"), else_="2")
    named = participating.filter(participating.org_id.notnull())
    parts = [named.select("record_id", role=role, org_id=named.org_id)]
    for types, end, told in ((("1", "11"), "provider", "1"), (("2", "3"), "receiver", "4")):
        paid = ends.filter(ends.type_code.isin(types) & ends[f"{end}_org_id"].notnull())
        parts.append(paid.select("record_id", role=ibis.literal(told), org_id=f"{end}_org_id"))
    return ibis.union(*parts, distinct=True)


def _partners(found: pa.Table, owner: Any) -> dict[str, tuple[Ints, Ints]]:
    at, org = owner(found["record_id"]), _ints(found["org_id"])
    role = np.asarray(found["role"].to_numpy(zero_copy_only=False))
    return {
        name: (at[role == code], org[role == code])
        for name, code in (("funders", "1"), ("doers", "4"), ("others", "2"))
    }


def _countries(recipient: ir.Table) -> ir.Table:
    own = recipient.filter((recipient.kind == "country") & recipient.code.notnull())
    return own.select("record_id", value=own.code).distinct()


def _with_title_countries(countries: Sets, title: Sets, names: dict[str, pa.Array]) -> Sets:
    """Where no recipient country is given, those that the title names."""
    words = names[WORDS]
    is_country = np.asarray(pc.starts_with(words, "@").to_numpy(zero_copy_only=False), np.bool_)
    code = _ints(pc.index_in(pc.utf8_slice_codeunits(words, 1), names[COUNTRIES]), -1)
    kept = is_country[title.value] & (code[title.value] >= 0) & (countries.sizes[title.owner] == 0)
    return Sets.of(
        np.r_[countries.owner, title.owner[kept]],
        np.r_[countries.value, code[title.value[kept]]],
        countries.count,
        countries.width,
    )


def _places(location: ir.Table) -> ir.Table:
    parts = [
        location.select("record_id", value=location[name]).filter(location[name].notnull())
        for name in ("name", "admin1_name", "admin2_name", "admin3_name")
    ]
    return ibis.union(*parts, distinct=True)


def _sectors(sector: ir.Table) -> ir.Table:
    own = sector.filter(sector.vocabulary_code.isin(["1", "2"]) & sector.code.notnull())
    return own.select("record_id", value=own.code.substr(0, 3)).distinct()


def _money(transaction: ir.Table, budget: ir.Table) -> ir.Table:
    """(record_id, kind, usd, amount): sums by kind in dollar cents, and what single amounts are called."""
    kind = ibis.cases(
        (transaction.type_code.isin(_OUT), "out"),
        (transaction.type_code.isin(_IN), "in"),
        (transaction.type_code.isin(_PROMISED), "promised"),
        (transaction.type_code.isin(_PROMISED_IN), "promised_in"),
        else_=ibis.null("string"),
    )
    paid = transaction.select("record_id", "currency", "value", "value_usd", kind=kind)
    planned = budget.filter(budget.kind == "budget")
    planned = planned.select("record_id", "currency", "value", "value_usd", kind=ibis.literal("budget"))
    both = ibis.union(paid.filter(paid.kind.notnull()), planned)
    both = both.filter(both.value.notnull() & (both.value > 0))
    summed = both.group_by(["record_id", "kind", "currency"]).aggregate(
        usd=to_cents(both.value_usd).sum().cast("int64"), value=both.value.sum(), largest=both.value.max()
    )
    parts = [
        summed.select(
            "record_id",
            kind=summed.kind if is_sum else ibis.null("string"),
            usd=summed.usd,
            amount=ibis.ifelse(
                amount >= MIN_AMOUNT,
                summed.currency + " " + amount.round(0).cast("int64").cast("string"),
                ibis.null("string"),
            ),
        )
        for amount, is_sum in ((summed.value, True), (summed.largest, False))
    ]
    return ibis.union(*parts)


def _sizes(at: Ints, money: pa.Table, count: int) -> Ints:
    """The largest of each owner's sums over its records and currencies."""
    kinds = money["kind"].combine_chunks().dictionary_encode()
    kind = _ints(kinds.indices, -1)
    usd = _ints(money["usd"], 0)
    width = max(len(kinds.dictionary), 1)
    kept = kind >= 0
    total = np.zeros(count * width, np.int64)
    np.add.at(total, at[kept] * width + kind[kept], usd[kept])
    size = total.reshape(count, width).max(axis=1) if count else np.empty(0, np.int64)
    size[size <= 0] = NO_SUM
    return size


def _days(activity: ir.Table) -> ir.Table:
    start = ibis.coalesce(activity.start_actual_date, activity.start_planned_date)
    end = ibis.coalesce(activity.end_actual_date, activity.end_planned_date)
    return activity.select("record_id", start=start, end=end)


def _split(column: pa.ChunkedArray) -> tuple[Ints, Any]:
    """(row, token) of texts of tokens joined by blanks."""
    lists = pc.split_pattern(column.combine_chunks(), " ")
    at, value = np.asarray(pc.list_parent_indices(lists)).astype(np.int64), pc.list_flatten(lists)
    kept = np.asarray(pc.not_equal(value, "").to_numpy(zero_copy_only=False), np.bool_)
    return at[kept], value.filter(pa.array(kept))


def _coded(columns: list[Any]) -> tuple[list[Ints], pa.Array]:
    """Columns of texts as positions in one sorted list; null = 0."""
    parts = [c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in columns]
    whole = pa.concat_arrays([p.cast(pa.string()) for p in parts]).dictionary_encode()
    order = pc.array_sort_indices(whole.dictionary)
    place = np.empty(len(order), np.int64)
    place[np.asarray(order).astype(np.int64)] = np.arange(len(order))
    index = _ints(whole.indices, 0)
    coded = place[index] if len(place) else index
    ends = np.cumsum([len(p) for p in parts])
    return np.split(coded, ends[:-1]), whole.dictionary.take(order)


def _folded(column: pa.ChunkedArray) -> pa.Array:
    """Names of places as they are compared, each distinct one folded once."""
    from concerted.codelists.lexicon import fold

    coded = column.combine_chunks().dictionary_encode()
    folded = pa.array([fold(name) for name in coded.dictionary.to_pylist()], pa.string())
    return folded.take(coded.indices)


def _bytes(column: pa.Array) -> Iterator[Any]:
    """All that a column without nulls holds: numbers, or how long each text is and the texts."""
    if not pa.types.is_string(column.type):
        yield column.to_numpy().tobytes()
        return
    yield pc.binary_length(column).to_numpy().tobytes()
    if len(column):
        _, offsets, letters = column.buffers()
        ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
        yield memoryview(letters)[ends[0] : ends[-1]] if letters is not None else b""


def _distinct(values: Ints) -> tuple[pa.Array, Ints]:
    found, inverse = np.unique(values, return_inverse=True)
    return pa.array(found, pa.int64()), inverse.astype(np.int64)


def _ints(column: Any, null: int = 0) -> npt.NDArray[np.int64]:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return np.asarray(pc.fill_null(column.cast(pa.int64()), null).to_numpy(zero_copy_only=False)).astype(np.int64)
