"""Changes as rows of a preview keep them, and by what taking a row again is held against what was shown."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from concerted.intake.preview import PreviewRow
from concerted.statements.changes import Change
from concerted.statements.rows import Row


def changes_to_json(changes: Iterable[Change]) -> list[Any]:
    """Changes as JSON holds them."""
    return [[_row_to_json(c.row), c.column, c.old, c.new, c.kind] for c in changes]


def changes_from_json(stored: Sequence[Any]) -> list[Change]:
    """The changes that `changes_to_json` wrote."""
    return [Change(_row_from_json(row), column, old, new, kind) for row, column, old, new, kind in stored]


def digest(row: PreviewRow) -> str:
    """A hash of what a row does; texts of a row that is refused are in none."""
    text = json.dumps([row.outcome, row.record, changes_to_json(row.changes)], ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _row_to_json(row: Row) -> list[Any]:
    return [row.table, list(row.name), row.number, _row_to_json(row.parent) if row.parent else None]


def _row_from_json(stored: Sequence[Any]) -> Row:
    table, name, number, parent = stored
    return Row(table, tuple(name), number, _row_from_json(parent) if parent else None)
