"""What differs between two versions of a statement, field by field.

Place on the way: for a record's history, the queue of changed values, the preview of a sheet. Two documents enter; the
changes leave, in the order of the field dictionary.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from concerted.statements.document import MAIN, Document, stated_columns, statement_tables
from concerted.statements.rows import Row, document_of, rows_of


@dataclass(frozen=True)
class Change:
    """One field that says something else; null = it says nothing.

    Attributes:
        kind: whether the whole row is new or gone, or stays with another value in this column.
    """

    row: Row
    column: str
    old: Any
    new: Any
    kind: Literal["row_new", "row_gone", "field"]


def changes_between(old: Document, new: Document) -> list[Change]:
    """Every field that differs; of a row that is new or gone each of its fields."""
    before, after = rows_of(old), rows_of(new)
    found: list[Change] = []
    for row in sorted(before.keys() | after.keys(), key=_order):
        was, becomes = before.get(row), after.get(row)
        kind: Literal["row_new", "row_gone", "field"]
        kind = "row_new" if was is None else "row_gone" if becomes is None else "field"
        was, becomes = was or {}, becomes or {}
        for column in stated_columns(row.table):
            if was.get(column) != becomes.get(column):
                found.append(Change(row, column, was.get(column), becomes.get(column), kind))
    return found


def apply_changes(old: Document, changes: Iterable[Change]) -> Document:
    """`old` with some changes; with all those between it and a newer version, what that one says.

    Raises:
        ValueError: a field no longer says what the change began from.
        KeyError: a row would belong to one that is not there.
    """
    rows = rows_of(old)
    for change in changes:
        stated = rows.setdefault(change.row, {})
        if stated.get(change.column) != change.old:
            raise ValueError(f"{change.row.table}.{change.column} has changed since")
        if change.new is None:
            del stated[change.column]
        else:
            stated[change.column] = change.new
    # A row that says nothing is none; the activity itself stays.
    return document_of(
        {row: stated for row, stated in rows.items() if stated or not row.name}, old["record"], old["version"]
    )


def _order(row: Row) -> tuple[int, tuple[Any, ...]]:
    tables = (*MAIN, *statement_tables(), "term")  # what a document is about stands first
    return tables.index(row.table), _names(row)


def _names(row: Row) -> tuple[Any, ...]:
    """The row's name behind that of the one it belongs to; a row of the activity itself stands first."""
    return (row.parent is not None, *(_names(row.parent) if row.parent else ()), row.name, row.number)
