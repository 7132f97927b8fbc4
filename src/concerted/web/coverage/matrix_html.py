"""The matrix as HTML, put together without the template engine: a page has up to a thousand cells.

Every text that comes from data is escaped where it enters; all else is ours. Measured in benchmarks/pages.py.
"""

from functools import cache, lru_cache

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from concerted.web.coverage.cells import STATE_COUNTS, Cell
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.matrix import Column, Matrix, Row, ShownCell
from concerted.web.edition.money import Money
from concerted.web.ui.formats import language, money_short, number, plain_range
from concerted.web.ui.labels import GLYPHS, STATE_CLASS, activity_state, cell_state

#: More columns than this get upright headings.
_MANY = 15
#: So many columns of which nothing is known are drawn as one where room is short.
_FOLD = 3
#: Fewer columns than this do not fill the page's width.
_FEW = 8


def silent_columns(matrix: Matrix) -> list[int]:
    """Columns of places of which nothing at all is known, when there are enough of them to be told in one word."""
    found = [
        i
        for i, column in enumerate(matrix.columns)
        if i and not column.is_apart and all(_is_silent(row.cells[i]) for row in matrix.rows)
    ]
    return found if len(found) >= _FOLD else []


def _is_silent(shown: ShownCell) -> bool:
    return not shown.cell.activities and shown.state in (None, "no_information")


def matrix_html(matrix: Matrix, defaults: Filters, *, is_full: bool) -> SafeString:
    """The table. `is_full` adds the five counts and the money to the sign and the count of each cell.

    Places of which nothing is known are narrow columns of a full table; of a small one they are a single column, and
    the page names them below it.
    """
    cell_url, page_url = reverse("coverage-cell"), reverse("coverage")
    silent = silent_columns(matrix)
    folded = set() if is_full else set(silent[1:])
    width = len(matrix.columns) - len(folded)
    classes = "matrix" + (" full" if is_full else " many" if width > _MANY else "") + (" few" if width < _FEW else "")
    boost = 'hx-boost="true" hx-target="#panel" hx-select="#cell" hx-swap="innerHTML" hx-push-url="false"'
    parts = [f'<table class="{classes}" {boost if is_full else ""}><thead><tr><th scope="col" class="corner">']
    parts.append(f'<span class="v">{escape(gettext("Priority"))}</span></th>')
    first_apart = next((i for i, c in enumerate(matrix.columns) if c.is_apart), None)
    full_url = page_url + escape(matrix.filters.query(defaults))
    for i, column in enumerate(matrix.columns):
        if i in folded:
            continue
        css = _classes(i in (1, first_apart), is_slim=is_full and i in silent)
        if silent and not is_full and i == silent[0]:
            parts.append(f'<th scope="col"{css}>{escape(_silent_label(len(silent)))}</th>')
        else:
            parts.append(_head(column, page_url, defaults, css))
    parts.append("</tr></thead><tbody>")
    words = {state: escape(cell_state(state)) for state in GLYPHS}
    for row in matrix.rows:
        parts.append(_row_head(row, page_url, defaults, is_total=row is matrix.rows[0]))
        for i, shown in enumerate(row.cells):
            gap = " gap" if i in (1, first_apart) else ""
            if i in folded:
                continue
            if silent and i == silent[0] and not is_full:
                if row is matrix.rows[0]:
                    parts.append(_silent_cell(full_url, words["no_information"], gap, len(matrix.rows)))
                continue
            slim = " slim" if is_full and i in silent else ""
            parts.append(_cell(shown, cell_url, words, gap + slim, matrix.filters.currency, is_full=is_full))
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return mark_safe("".join(parts))  # noqa: S308 (each part is escaped above)


def legend_html(*, is_full: bool) -> SafeString:
    """What the signs mean; with `is_full` also the order of the five counts."""
    items = [f'<li><b class="{STATE_CLASS[s]}">{GLYPHS[s]}</b>{escape(cell_state(s))}</li>' for s in GLYPHS]
    items.append(f'<li><b class="x">·</b>{escape(gettext("counted, no state of its own"))}</li>')
    if is_full:
        order = " · ".join(activity_state(state) for state in STATE_COUNTS[:5])
        items.append(f'<li><b class="x wide">0·0·0·0·0</b>{escape(order)}</li>')
    return mark_safe(f'<ul class="legend">{"".join(items)}</ul>')  # noqa: S308 (escaped above)


def _silent_label(count: int) -> str:
    return ngettext("%(n)s other place", "%(n)s other places", count) % {"n": number(count)}


def _silent_cell(url: str, word: str, gap: str, rows: int) -> str:
    """One tall cell for every column of which nothing is known; it leads to the matrix, where each stands by itself."""
    return (
        f'<td class="u silent{gap}" rowspan="{rows}"><a href="{url}" title="{word}"><i aria-hidden="true">?</i>'
        f'<span class="v">{word}</span></a></td>'
    )


def _classes(has_gap: bool, *, is_slim: bool) -> str:
    names = " ".join(name for name, has in (("gap", has_gap), ("slim", is_slim)) if has)
    return f' class="{names}"' if names else ""


def _head(column: Column, page_url: str, defaults: Filters, css: str) -> str:
    label = escape(column.label)
    inner = f"<span>{label}</span>"
    if column.drill:
        inner = f'<a hx-boost="false" href="{page_url}{escape(column.drill.query(defaults))}">{label}</a>'
    return f'<th scope="col"{css}>{inner}</th>'


def _row_head(row: Row, page_url: str, defaults: Filters, *, is_total: bool) -> str:
    kind = "total" if is_total else "apart" if row.is_apart else ""
    label: str = escape(row.label)
    if row.toggle:
        sign = "▾" if row.is_open else "▸"
        query = escape(row.toggle.query(defaults))
        expanded = "true" if row.is_open else "false"
        label = (
            f'<a hx-boost="false" href="{page_url}{query}" aria-expanded="{expanded}">'
            f'<span class="open" aria-hidden="true">{sign}</span><span>{label}</span></a>'
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
    lang = language()
    parts = [word] if word else []
    parts.append(_counted(lang, cell.activities))
    parts += [f"{name}: {count}" for name, count in zip(_states(lang), cell.by_state, strict=True) if count]
    if cell.money.is_known:
        parts.append(plain_range(cell.money, currency))
    if cell.money.is_net:
        gross = Money(cell.money.gross, cell.money.gross, cell.money.gross)
        parts.append(gettext("gross: %(amount)s") % {"amount": plain_range(gross, currency)})
    return " · ".join(parts)


@lru_cache(4096)
def _counted(lang: str, count: int) -> str:
    """`lang` is the active language: a matrix says the same few numbers many times."""
    return ngettext("%(n)s activity", "%(n)s activities", count) % {"n": number(count)}


@cache
def _states(lang: str) -> tuple[str, ...]:
    return tuple(activity_state(name.removeprefix("state_")) for name in STATE_COUNTS)
