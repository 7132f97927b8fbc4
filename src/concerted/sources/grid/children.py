"""The tables below a statement made of sheet columns: who, for whom, how much, in which sector, in which words.

Place on the way: called by `statements`. Columns of a batch enter; rows of the child tables leave, numbered per
statement in the order of the columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import pyarrow as pa

from concerted.codelists.sheet_words import fold, sheet_words
from concerted.model.tables import rec_schema
from concerted.records.cells import Cell, parse_count, parse_number
from concerted.records.money import add_values
from concerted.sources.grid.fields import PEOPLE, ROLES, TRANSACTIONS, Column, Plan
from concerted.sources.grid.values import Rows, amount

Texts = list[str | None]


class Child:
    """Rows of one child table, with `seq` counted per statement; kept as tuples, because there are many."""

    def __init__(self, name: str, ids: Sequence[int], *columns: str) -> None:
        self.name = name
        self._ids = ids
        self._columns = ("record_id", "seq", *columns)
        self._next = [0] * len(ids)
        self._rows: list[tuple[Any, ...]] = []

    def add(self, row: int, *values: Any) -> None:
        """One more row below the statement of `row`, with a value for each column."""
        seq = self._next[row]
        self._next[row] = seq + 1
        self._rows.append((self._ids[row], seq, *values))

    def table(self, **same: Any) -> pa.Table:
        """All rows, with the schema of the field dictionary; `same` holds in every row."""
        schema = rec_schema(self.name)
        found = dict(zip(self._columns, zip(*self._rows, strict=True), strict=True)) if self._rows else {}
        count = len(self._rows)
        found |= {name: (value,) * count for name, value in same.items()}
        return pa.table(
            [pa.array(found[f.name], f.type) if f.name in found else pa.nulls(count, f.type) for f in schema],
            schema=schema,
        )


def parties(rows: Rows, plan: Plan) -> Iterator[tuple[str, str, Texts, Texts, Texts, str | None]]:
    """(field, separator, names, refs, type codes, language) of each organisation that a row names."""
    nothing: Texts = [None] * len(rows)
    for base in ("org", "reporting_org", *(f"{role}_org" for role in ROLES)):
        of = {part: plan.of(base + part) for part in ("", "_ref", "_type")}
        keys = list(dict.fromkeys(c.party for part in ("", "_ref") for c in of[part]))
        for key in keys:
            name, ref, kind = (next((c for c in of[part] if c.party == key), None) for part in ("", "_ref", "_type"))
            yield (
                base,
                (name.separator if name else None) or "",
                rows.screened(name) if name else nothing,
                rows.texts(ref) if ref else nothing,
                organisation_types(rows, kind) if kind else nothing,
                name.lang if name else None,
            )


def organisation_types(rows: Rows, column: Column) -> Texts:
    """OrganisationType codes of a column of codes or words."""
    words = sheet_words().organisation_types

    def code(cell: Cell) -> str | None:
        text = fold(
            "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        )
        if text in words.values():
            return text
        if text in sheet_words().missing:
            return None
        if text not in words:
            raise ValueError("not in OrganisationType, and no word for one of its codes")
        return words[text]

    return rows.read(column, code, "organisation_type_unknown")


def participating_orgs(rows: Rows, plan: Plan, ids: Sequence[int]) -> pa.Table:
    """Who takes part: the columns of the four roles; `org` implements where no implementing column says otherwise."""
    child = Child("participating_org", ids, "role_code", "name", "ref", "type_code", "name_lang")
    found = list(parties(rows, plan))
    implemented = [False] * len(rows)
    for base, _, names, refs, _, _ in found:
        if base == "implementing_org":
            implemented = [done or bool(n or r) for done, n, r in zip(implemented, names, refs, strict=True)]
    for base, separator, names, refs, types, lang in found:
        if base == "reporting_org":
            continue
        role = "4" if base == "org" else ROLES[base.removesuffix("_org")]
        for row, (name, ref, kind) in enumerate(zip(names, refs, types, strict=True)):
            if (name is None and ref is None) or (base == "org" and implemented[row]):
                continue
            pieces = [p.strip() for p in name.split(separator) if p.strip()] if separator and name else [name]
            for piece in pieces:
                child.add(row, role, piece, ref if len(pieces) == 1 else None, kind, lang)
    return child.table()


def sectors(rows: Rows, plan: Plan, ids: Sequence[int]) -> pa.Table:
    """Sectors by name and code; a name column and a code column of one list go together."""
    child = Child("sector", ids, "vocabulary_code", "vocabulary_uri", "name", "code")
    for name, code in _sector_pairs(plan):
        nothing: list[list[str]] = [[] for _ in range(len(rows))]
        known = code or name
        vocabulary = known.vocabulary or "99" if known else "99"
        uri = known.vocabulary_uri if known else None
        name_parts = rows.parts(name) if name else nothing
        code_parts = rows.parts(code) if code else nothing
        for row, (names, codes) in enumerate(zip(name_parts, code_parts, strict=True)):
            for one_name, one_code in zip_longest(names, codes):
                child.add(row, vocabulary, uri, one_name, one_code)
    return child.table(transaction_seq=-1)


def _sector_pairs(plan: Plan) -> list[tuple[Column | None, Column | None]]:
    codes = plan.of("sector_code")
    pairs: list[tuple[Column | None, Column | None]] = []
    for name in plan.of("sector"):
        key = (name.party, name.vocabulary, name.vocabulary_uri)
        code = next((c for c in codes if (c.party, c.vocabulary, c.vocabulary_uri) == key), None)
        codes = [c for c in codes if c is not code]
        pairs.append((name, code))
    return [*pairs, *((None, code) for code in codes)]


def tags(rows: Rows, plan: Plan, ids: Sequence[int]) -> pa.Table:
    """Nodes of frameworks that the owner declares."""
    child = Child("tag", ids, "vocabulary_code", "vocabulary_uri", "code")
    for column in plan.of("tag"):
        for row, codes in enumerate(rows.parts(column)):
            for code in codes:
                child.add(row, column.vocabulary or "99", column.vocabulary_uri, code)
    return child.table(kind="tag")


def people(rows: Rows, plan: Plan, ids: Sequence[int]) -> pa.Table:
    """Caseload figures, each with the group its column names."""
    child = Child("people", ids, "kind", "group", "value")
    for column in plan.of(*PEOPLE):
        for row, value in enumerate(rows.read(column, parse_count, "people_wrong")):
            if value is not None:
                child.add(row, column.field, column.group, value)
    return child.table()


def documents(rows: Rows, plan: Plan, ids: Sequence[int]) -> pa.Table:
    """Links, http(s) only: anything else in a link column is not an address that a page may offer."""
    child = Child("document", ids, "url")

    def address(cell: Cell) -> str | None:
        text = "" if cell is None else str(cell).strip()
        if text and not text.lower().startswith(("http://", "https://")):
            raise ValueError("not an http(s) address")
        return text or None

    for column in plan.of("link"):
        for row, url in enumerate(rows.read(column, address, "link_wrong")):
            if url is not None:
                child.add(row, url)
    return child.table()


def attributes(rows: Rows, plan: Plan, ids: Sequence[int]) -> pa.Table:
    """Cells without a field, as they came, but without traces of persons."""
    record, name, value = [], [], []
    for column in plan.of("attribute"):
        for row, text in enumerate(rows.screened(column)):
            if text is not None:
                record.append(ids[row])
                name.append(column.name)
                value.append(text)
    return pa.table([record, name, value], schema=rec_schema("attribute"))


def narratives(
    rows: Rows, plan: Plan, ids: Sequence[int], lang: Texts
) -> tuple[pa.Table, dict[str, tuple[Texts, Texts]]]:
    """All titles and descriptions, and the first of each with its language."""
    found: list[tuple[int, str, str | None, str]] = []
    first: dict[str, tuple[Texts, Texts]] = {}
    for kind in ("title", "description"):
        texts: Texts = [None] * len(rows)
        langs: Texts = [None] * len(rows)
        for column in plan.of(kind):
            for row, text in enumerate(rows.screened(column)):
                if text is None:
                    continue
                said = column.lang or lang[row]
                if texts[row] is None:
                    texts[row], langs[row] = text, said
                elif text == texts[row] and said == langs[row]:
                    continue
                found.append((ids[row], kind, said, text))
        first[kind] = (texts, langs)
    schema = rec_schema("narrative")
    columns = dict(zip(("record_id", "field", "lang", "text"), zip(*found, strict=True), strict=True)) if found else {}
    columns["seq"] = (0,) * len(found)
    arrays = [pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(len(found), f.type) for f in schema]
    return pa.table(arrays, schema=schema), first


def money(
    rows: Rows,
    plan: Plan,
    ids: Sequence[int],
    currency: Texts,
    dates: Mapping[str, Sequence[date | None]],
    lines: Sequence[int],
) -> dict[str, pa.Table]:
    """Budgets and transactions, valued in USD and EUR at the row's day.

    The currency is the column's own, else one written in the cell (`5 000 USD`), else the row's.
    """
    money = ("line", "value", "currency", "value_date")
    budget = Child("budget", ids, *money, "period_start_date", "period_end_date")
    transaction = Child("transaction", ids, *money, "type_code", "transaction_date")
    for column in plan.of("budget", *TRANSACTIONS):

        def value_of(cell: Cell, column: Column = column) -> Decimal | None:
            number = parse_number(cell, column.decimal)
            return None if number is None else amount(number, column.factor)

        own = rows.read(column, lambda cell: currency_in(cell), "currency_unknown")
        for row, value in enumerate(rows.read(column, value_of, "value_wrong")):
            if value is None:
                continue
            day = dates["value"][row]
            said = (lines[row], value, column.currency or own[row] or currency[row], day)
            if column.field == "budget":
                budget.add(row, *said, dates["start"][row], dates["end"][row])
            else:
                transaction.add(row, *said, TRANSACTIONS[column.field], day)
    tables = {"budget": budget.table(kind="budget"), "transaction": transaction.table()}
    return {name: add_values(table) for name, table in tables.items() if table.num_rows}


def currency_in(cell: Cell) -> str | None:
    """The currency written beside the number in a cell, if any."""
    if not isinstance(cell, str):
        return None
    word = fold("".join(c for c in cell if not c.isdecimal() and c not in ".,'()+-"))
    return sheet_words().currencies.get(word)


def currency_of(cell: Cell) -> str | None:
    """ISO 4217 of a currency cell: a code or a word.

    Raises:
        ValueError: neither.
    """
    text = "" if cell is None else fold(str(cell))
    if text in sheet_words().missing:
        return None
    known = sheet_words().currencies.get(text)
    if known is None and not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise ValueError("not an ISO 4217 code, and no word for a currency")
    return known or text.upper()
