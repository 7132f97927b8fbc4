"""A statement as fields with addresses, and back: what can be compared, merged and told of one by one.

Place on the way: below `changes` and `merging`. A document as JSON holds it enters; its rows leave, each with its
columns. Rows have no number here but a name made of what they are about (who in which role, which day and kind of
money), so that a row that is put in front of others is one more row, and not a change of all of them.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from concerted.model.tables import ON_ACTIVITY
from concerted.statements.document import MAIN, Document, main_table, statement_tables

#: What a row is about. Rows that are about the same are told apart by their number among those.
KEYS: dict[str, tuple[str, ...]] = {
    "narrative": ("field", "lang", "type_code"),
    "identifier": ("ref", "type_code"),
    "related_activity": ("ref", "type_code"),
    "participating_org": ("role_code", "ref", "name"),
    "sector": ("vocabulary_code", "vocabulary_uri", "code", "name"),
    "recipient": ("kind", "code", "name"),
    "location": (
        "ref",
        "name",
        "admin3_code",
        "admin2_code",
        "admin1_code",
        "admin3_name",
        "admin2_name",
        "admin1_name",
    ),
    "location_code": ("kind", "vocabulary_code", "code"),
    "policy_marker": ("vocabulary_code", "code"),
    "tag": ("kind", "vocabulary_code", "vocabulary_uri", "code"),
    "budget": ("kind", "type_code", "period_start_date", "period_end_date"),
    "transaction": ("ref", "type_code", "transaction_date"),
    "result": ("type_code", "title"),
    "indicator": ("title",),
    "indicator_period": ("period_start_date", "period_end_date"),
    "document": ("url",),
    "people": ("kind", "group"),
    "attribute": ("name",),
    "term": ("kind", "code"),
}
#: The column by which a row belongs to a row of another table.
PARENTS: dict[str, tuple[str, str]] = {
    "sector": ("transaction_seq", "transaction"),
    "recipient": ("transaction_seq", "transaction"),
    "location_code": ("location_seq", "location"),
    "indicator": ("result_seq", "result"),
    "indicator_period": ("indicator_seq", "indicator"),
}


class Row(NamedTuple):
    """A row of a statement. `name` is what it is about; empty for the activity, need or offer itself.

    `parent` is the row that it belongs to, if any.
    """

    table: str
    name: tuple[str, ...] = ()
    number: int = 0
    parent: "Row | None" = None


#: The stated columns of each row, rows in their order.
Rows = dict[Row, dict[str, Any]]
ACTIVITY = Row("activity")


def rows_of(document: Document) -> Rows:
    """Every row of a document with what it states; null is not stated."""
    main = main_table(document)
    found: Rows = {Row(main): _stated(document.get(main) or {})}
    by_number: dict[str, list[Row]] = {}
    for table in _parents_first():
        met: Counter[Row] = Counter()
        column, above = PARENTS.get(table, ("", ""))
        for stated in document.get(table) or ():
            at = stated.get(column) if column else None
            parent = None if at is None or at == ON_ACTIVITY else by_number[above][at]
            bare = Row(table, tuple(str(stated.get(key) or "") for key in KEYS[table]), 0, parent)
            row = bare._replace(number=met[bare])
            met[bare] += 1
            by_number.setdefault(table, []).append(row)
            found[row] = {name: value for name, value in _stated(stated).items() if name != column}
    return found


def document_of(rows: Mapping[Row, Mapping[str, Any]], record: str, version: int) -> Document:
    """The document of some rows, in their order.

    Raises:
        KeyError: a row belongs to one that is not there.
    """
    main = next((row for row in rows if row.table in MAIN), ACTIVITY)
    document: Document = {"record": record, "version": version, main.table: dict(rows.get(main, {}))}
    numbers: dict[Row, int] = {}
    for row in rows:
        if row != main:
            numbers[row] = len(document.setdefault(row.table, []))
            document[row.table].append({})
    for row, number in numbers.items():
        belongs = {PARENTS[row.table][0]: numbers[row.parent]} if row.parent else {}
        document[row.table][number] |= {**rows[row], **belongs}
    return document


def remove_row(document: Document, table: str, at: int) -> None:
    """Take a row out of a document, with the rows that belong to it."""
    del document[table][at]
    for below, (column, above) in PARENTS.items():
        if above != table:
            continue
        for number in reversed(range(len(document.get(below) or ()))):
            row = document[below][number]
            of = row.get(column, ON_ACTIVITY)
            if of == at:
                remove_row(document, below, number)
            elif of > at:
                row[column] = of - 1


def row_text(row: Row) -> str:
    """A row in words of the field dictionary: `transaction[3, 2026-05-04]`."""
    above = f"{row_text(row.parent)}." if row.parent else ""
    name = ", ".join(part for part in row.name if part) + (f" #{row.number + 1}" if row.number else "")
    return above + (f"{row.table}[{name}]" if row.name else row.table)


def _stated(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _parents_first() -> list[str]:
    """Tables in an order in which a row comes after the one that it belongs to."""
    order = ("transaction", "location", "result", "indicator")
    return [*order, *(name for name in statement_tables() if name not in (*order, "activity")), "term"]
