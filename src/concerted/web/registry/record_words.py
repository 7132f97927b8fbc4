"""Small words that the parts of a record's page share: codes and days, empty where nothing is stated."""

from datetime import date, datetime
from typing import Any

from concerted.web.registry.record import Values
from concerted.web.ui.formats import day
from concerted.web.ui.labels import code_label


def code(list_id: str, value: str | None) -> str:
    """The name of a code; empty where none is stated."""
    return code_label(list_id, value) if value else ""


def day_of(value: date | datetime | None) -> str:
    """A day in words; empty where it is unknown."""
    return day(value) if value else ""


def different(rows: list[Values], *columns: str) -> list[Values]:
    """The rows without repetitions: several statements often say the same."""
    seen: dict[tuple[Any, ...], Values] = {}
    for row in rows:
        seen.setdefault(tuple(row[c] for c in columns), row)
    return list(seen.values())
