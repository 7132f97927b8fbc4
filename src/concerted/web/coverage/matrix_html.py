"""The matrix as HTML, put together without the template engine: a page has up to a thousand cells.

Every text that comes from data is escaped where it enters; all else is ours. Measured in benchmarks/pages.py.
"""

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from concerted.web.coverage.cells import STATE_COUNTS, Cell
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.matrix import Column, Matrix, Row, ShownCell
from concerted.web.ui.formats import money_short, number, plain_range
from concerted.web.ui.labels import GLYPHS, STATE_CLASS, activity_state, cell_state

#: More columns than this get upright headings.
_MANY = 15
#: Fewer columns than this do not fill the page's width.
_FEW = 8


def matrix_html(matrix: Matrix, defaults: Filters, *, is_full: bool) -> SafeString:
    """The table. `is_full` adds the five counts and the money to the sign and the count of each cell."""
    cell_url, page_url = reverse("coverage-cell"), reverse("coverage")
    width = len(matrix.columns)
    classes = "matrix" + (" full" if is_full else " many" if width > _MANY else "") + (" few" if width < _FEW else "")
    boost = 'hx-boost="true" hx-target="#panel" hx-select="#cell" hx-swap="innerHTML" hx-push-url="false"'
    parts = [f'<table class="{classes}" {boost if is_full else ""}><thead><tr><th scope="col" class="corner">']
    parts.append(f'<span class="v">{escape(gettext("Node"))}</span></th>')
    first_apart = next((i for i, c in enumerate(matrix.columns) if c.is_apart), None)
    for i, column in enumerate(matrix.columns):
        parts.append(_head(column, page_url, defaults, has_gap=i in (1, first_apart)))
    parts.append("</tr></thead><tbody>")
    words = {state: escape(cell_state(state)) for state in GLYPHS}
    for row in matrix.rows:
        parts.append(_row_head(row, page_url, defaults, is_total=row is matrix.rows[0]))
        for i, shown in enumerate(row.cells):
            gap = " gap" if i in (1, first_apart) else ""
            parts.append(_cell(shown, cell_url, words, gap, matrix.filters.currency, is_full=is_full))
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return mark_safe("".join(parts))  # noqa: S308 (each part is escaped above)


def legend_html(*, is_full: bool) -> SafeString:
    """What the signs mean; with `is_full` also the order of the five counts."""
    items = [f'<li><b class="{STATE_CLASS[s]}">{GLYPHS[s]}</b>{escape(cell_state(s))}</li>' for s in GLYPHS]
    items.append(f'<li><b class="x">·</b>{escape(gettext("counted, no state of its own"))}</li>')
    if is_full:
        order = " · ".join(activity_state(state) for state in STATE_COUNTS[:5])
        items.append(f'<li><b class="x">0·0</b>{escape(order)}</li>')
    return mark_safe(f'<ul class="legend">{"".join(items)}</ul>')  # noqa: S308 (escaped above)


def _head(column: Column, page_url: str, defaults: Filters, *, has_gap: bool) -> str:
    label = escape(column.label)
    inner = f"<span>{label}</span>"
    if column.drill:
        inner = f'<a hx-boost="false" href="{page_url}{escape(column.drill.query(defaults))}">{label}</a>'
    return f'<th scope="col"{" class=gap" if has_gap else ""}>{inner}</th>'


def _row_head(row: Row, page_url: str, defaults: Filters, *, is_total: bool) -> str:
    kind = "total" if is_total else "apart" if row.is_apart else ""
    label: str = escape(row.label)
    if row.toggle:
        sign = "▾" if row.is_open else "▸"
        query = escape(row.toggle.query(defaults))
        expanded = "true" if row.is_open else "false"
        label = (
            f'<a hx-boost="false" href="{page_url}{query}" aria-expanded="{expanded}">'
            f'<span class="open" aria-hidden="true">{sign}</span>{label}</a>'
        )
    elif not is_total and not row.is_apart:
        label = f'<span class="open" aria-hidden="true"></span>{label}'
    return f'<tr class="{kind}"><th scope="row" class="d{min(row.depth, 3)}">{label}</th>'


def _cell(shown: ShownCell, url: str, words: dict[str, SafeString], gap: str, currency: str, *, is_full: bool) -> str:
    cell, state = shown.cell, shown.state
    if state is None and not cell.activities:
        return f'<td class="{gap.strip()}"></td>'
    css = STATE_CLASS[state] if state else "x"
    glyph = f'<i aria-hidden="true">{GLYPHS[state]}</i>' if state else ""
    word = f'<span class="v">{words[state]}</span>' if state else ""
    count = number(cell.activities) if cell.activities or state in ("covered", "partly") else ""
    title = escape(cell_title(cell, words[state] if state else "", currency))
    more = ""
    if is_full and cell.activities:
        five = "·".join(map(str, cell.by_state[:5]))
        more = f'<span class="five" aria-hidden="true">{five}</span><span class="sum">{money_short(cell.money)}</span>'
    return (
        f'<td class="{css}{gap}"><a href="{url}{escape(shown.query)}" title="{title}">'
        f'<span class="first">{glyph}{count}{word}</span>{more}</a></td>'
    )


def cell_title(cell: Cell, word: str, currency: str) -> str:
    """A cell in words: state, activities by state, money."""
    parts = [word] if word else []
    parts.append(ngettext("%(n)s activity", "%(n)s activities", cell.activities) % {"n": number(cell.activities)})
    named = zip(STATE_COUNTS, cell.by_state, strict=True)
    parts += [f"{activity_state(name.removeprefix('state_'))}: {count}" for name, count in named if count]
    if cell.money.is_known:
        parts.append(plain_range(cell.money, currency))
    return " · ".join(parts)
