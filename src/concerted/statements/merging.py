"""Two people's changes of one statement joined field by field; what both changed is asked.

Place on the way: behind optimistic locking. The version that both began with and what each made of it enter; what can
be joined without asking leaves, with the fields and rows on which they differ. Nothing is overwritten silently.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from concerted.statements.document import Document
from concerted.statements.rows import Row, Rows, document_of, rows_of


@dataclass(frozen=True)
class Conflict:
    """What both changed, differently; null = it says nothing, or the row is not there.

    Attributes:
        column: empty where one took away a whole row that the other changed or still needs; the values are then all
            fields of the row.
    """

    row: Row
    column: str
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """What was joined. A conflict stands in it as theirs; where it is about a row, as whoever kept the row."""

    rows: Rows
    conflicts: tuple[Conflict, ...]

    def resolved(self, record: str, version: int, takes_mine: Mapping[tuple[Row, str], bool]) -> Document:
        """The document, with an answer for every conflict.

        Args:
            takes_mine: by row and column of each conflict, whether mine is taken; else theirs.

        Raises:
            KeyError: a conflict has no answer, or a row that is kept belongs to one that was taken away.
        """
        rows = {row: dict(stated) for row, stated in self.rows.items()}
        for conflict in self.conflicts:
            said = conflict.mine if takes_mine[conflict.row, conflict.column] else conflict.theirs
            if conflict.column:
                rows[conflict.row] = _without_null({**rows.get(conflict.row, {}), conflict.column: said})
            elif said is None:
                rows.pop(conflict.row, None)
            else:
                rows[conflict.row] = dict(said)
        return document_of(rows, record, version)


def merge(base: Document, mine: Document, theirs: Document) -> Merged:
    """Join what two made of one version."""
    was, my, their = rows_of(base), rows_of(mine), rows_of(theirs)
    joined: Rows = {}
    conflicts: list[Conflict] = []
    for row in dict.fromkeys([*their, *my, *was]):
        sides = was.get(row), my.get(row), their.get(row)
        if row in was and (row in my) != (row in their):
            kept = my.get(row) or their.get(row) or {}
            if kept != was[row]:  # one took it away, the other changed it
                joined[row] = kept
                conflicts.append(Conflict(row, "", *sides))
            continue
        if row in my or row in their:
            joined[row] = {}
        for column in dict.fromkeys(name for side in reversed(sides) for name in side or ()):
            base_value, mine_value, their_value = ((side or {}).get(column) for side in sides)
            if base_value != mine_value != their_value != base_value:
                conflicts.append(Conflict(row, column, base_value, mine_value, their_value))
            value = mine_value if their_value == base_value else their_value
            if value is not None:
                joined[row][column] = value
    for parent in dict.fromkeys(above for row in joined for above in _above(row) if above not in joined):
        # One took it away, the other put something below it.
        joined[parent] = my.get(parent) or their.get(parent) or {}
        conflicts.append(Conflict(parent, "", was.get(parent), my.get(parent), their.get(parent)))
    return Merged(joined, tuple(conflicts))


def _above(row: Row) -> Iterator[Row]:
    while row.parent is not None:
        row = row.parent
        yield row


def _without_null(stated: Mapping[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in stated.items() if value is not None}
