"""Exports: what a page shows, as CSV, from the same functions that the page calls, so with the same policy.

Texts that a spreadsheet would run as a formula get a leading apostrophe (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import strip_tags

from concerted.model.ids import id_from_text, id_text
from concerted.web.coverage.cells import STATE_COUNTS, Cell
from concerted.web.coverage.cliffs import list_ends
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.matrix import build_matrix
from concerted.web.coverage.names import place_label
from concerted.web.edition.money import Money
from concerted.web.edition.scope import Scope
from concerted.web.registry.activities import list_activities

_RUNS = ("=", "+", "-", "@", "\t", "\r")
#: Activities in one file; a filter brings the others, and the edition's own tables hold all.
MOST = 20_000
#: Net low, best and high; gross; of gross told twice certainly, likely and at most.
_AMOUNTS = ("low", "best", "high", "gross", "told_twice_low", "told_twice_best", "told_twice_high")
_CELL = ("low", "best", "high", "gross", "activities", *STATE_COUNTS, "confirmed", "unvalued")


def matrix_rows(scope: Scope, filters: Filters, lang: str) -> Iterable[Sequence[Any]]:
    """The matrix, one line per cell; the totals are lines of their own."""
    yield ("framework", "node", "node_name", filters.by, f"{filters.by}_name", "state", "kind", "currency", *_CELL)
    matrix = build_matrix(scope, filters, lang)
    for row in matrix.rows:
        for column, shown in zip(matrix.columns, row.cells, strict=True):
            key = "TOTAL" if column is matrix.columns[0] else column.key
            name = id_text(key) if filters.by == "partner" and isinstance(key, int) else key
            head = (filters.framework, row.node, row.label, name, column.label, shown.state, filters.kind)
            yield (*head, filters.currency, *_cell(shown.cell))


def activity_rows(scope: Scope, filters: Filters, lang: str) -> Iterable[Sequence[Any]]:
    """The list of activities, and the total of all that match as the last line; what is not listed is counted."""
    columns = ("activity", "title", "title_lang", "partners", "state", "kind", "currency", *_AMOUNTS, "source")
    yield columns
    page = list_activities(scope, filters.but(start=0), lang, MOST)
    for a in page.rows:
        partners = "; ".join(name for _, name in a.partners)
        money = _amounts(a.money)
        head = (id_text(a.activity_id), a.title, a.title_lang, partners, a.state)
        yield (*head, filters.kind, filters.currency, *money, a.source)
    if page.count > len(page.rows):
        yield ("NOT LISTED", page.count - len(page.rows), *[None] * (len(columns) - 2))
    yield ("TOTAL", page.count, None, None, None, filters.kind, filters.currency, *_amounts(page.money), None)


def end_rows(scope: Scope, filters: Filters, lang: str) -> Iterable[Sequence[Any]]:
    """What ends soon, one line per activity."""
    yield (
        "activity",
        "title",
        "end_date",
        "within_months",
        "nodes",
        "places",
        "yearly",
        "currency",
        "not_counted",
        "is_net",
        "partner",
    )
    for end in list_ends(scope, filters, lang):
        places = "; ".join(place_label(scope, p, lang) for p in end.places)
        yield (
            id_text(end.activity_id),
            end.title,
            end.end_date,
            end.months,
            "; ".join(end.nodes),
            places,
            end.yearly,
            filters.currency,
            end.not_counted,
            "yes" if end.is_net else "no",
            end.partner,
        )


def activities_in(rows: Sequence[Sequence[Any]]) -> list[int]:
    """The activities that lines of an export are about; sums and cells are about none."""
    if not rows or rows[0][0] != "activity":
        return []
    return [id_from_text(row[0]) for row in rows[1:] if row[0] not in ("NOT LISTED", "TOTAL")]


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """The lines as UTF-8 with the mark that spreadsheets need to see that it is UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return ("\ufeff" + stream.getvalue()).encode("utf-8")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    text = strip_tags(str(value)) if hasattr(value, "__html__") else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_RUNS) else text


def _amounts(money: Money) -> tuple[Decimal | None, ...]:
    return money.low, money.best, money.high, money.gross, money.certain, money.likely, money.most


def _cell(cell: Cell) -> tuple[Any, ...]:
    money = (cell.money.low, cell.money.best, cell.money.high, cell.money.gross)
    return (*money, cell.activities, *cell.by_state, cell.confirmed, cell.unvalued)
