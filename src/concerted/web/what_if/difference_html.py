"""The matrix of differences as HTML, its rows as a table, and the places of its map.

Put together without the template engine, as the matrix of the coverage page is. What has not changed stays there, pale:
a difference means something only beside what it does not touch.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from concerted.web.coverage.cells import Cell
from concerted.web.coverage.map_html import MapPlace
from concerted.web.coverage.matrix import ShownCell
from concerted.web.coverage.matrix_html import cell_title
from concerted.web.edition.money import Money
from concerted.web.ui.formats import language, money_range, money_short, number, plain_short
from concerted.web.ui.labels import GLYPHS, STATE_CLASS, cell_state
from concerted.web.what_if.address import Address
from concerted.web.what_if.tried import Pair, Tried

_USD = "USD"
#: Rows of the table; the rest is counted.
MOST = 120
_MINUS = "\u2212"


def difference_html(tried: Tried, address: Address) -> SafeString:
    """The matrix: sign before and after, and how much more or less."""
    matrix, url = tried.matrix, reverse("coverage-cell")
    parts = ['<table class="matrix diff"><thead><tr><th scope="col" class="corner">']
    parts.append(f'<span class="v">{escape(gettext("Priority"))}</span></th>')
    first_apart = next((i for i, c in enumerate(matrix.columns) if c.is_apart), None)
    for i, column in enumerate(matrix.columns):
        label = escape(column.label)
        inner = f'<a href="{escape(address.to(column.drill))}">{label}</a>' if column.drill else f"<span>{label}</span>"
        parts.append(f'<th scope="col"{_gap(i, first_apart)}>{inner}</th>')
    parts.append("</tr></thead><tbody>")
    for row, pairs in zip(matrix.rows, tried.pairs, strict=True):
        kind = "total" if row is matrix.rows[0] else "apart" if row.is_apart else ""
        parts.append(f'<tr class="{kind}"><th scope="row" class="d{min(row.depth, 3)}">')
        label = escape(row.label)
        if row.toggle:
            expanded = "true" if row.is_open else "false"
            sign = "▾" if row.is_open else "▸"
            label = mark_safe(  # noqa: S308 (escaped where it enters)
                f'<a href="{escape(address.to(row.toggle))}" aria-expanded="{expanded}">'
                f'<span class="open" aria-hidden="true">{sign}</span><span>{label}</span></a>'
            )
        parts.append(f"{label}</th>")
        for i, pair in enumerate(pairs):
            parts.append(_cell(pair, url, " gap" if i in (1, first_apart) else ""))
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return mark_safe("".join(parts))  # noqa: S308 (each part is escaped above)


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A cell that differs, as a row of the table."""

    node: str
    column: str
    pair: Pair
    before: SafeString
    after: SafeString
    more: SafeString
    is_more: bool

    @property
    def query(self) -> str:
        """The address part of the cell as it is."""
        return self.pair.before.query


def changed_rows(tried: Tried) -> list[ChangedRow]:
    """Every cell that differs, the largest first of each row."""
    found = []
    for row, pairs in zip(tried.matrix.rows, tried.pairs, strict=True):
        for column, pair in zip(tried.matrix.columns, pairs, strict=True):
            if pair.is_changed:
                before, after = pair.before.cell.money, pair.after.money
                is_more = pair.more is not None and pair.more != 0
                shown = (money_range(before, _USD), money_range(after, _USD), _more(pair.more))
                found.append(ChangedRow(row.label, column.label, pair, *shown, is_more))
    return found


def map_places(tried: Tried) -> list[MapPlace]:
    """The places of the first row with what changes there."""
    columns = zip(tried.matrix.columns[1:], tried.pairs[0][1:], strict=True)
    return [
        MapPlace(
            column,
            ShownCell(pair.after, pair.state, pair.before.query),
            sign=_sign(pair),
            words=in_words(pair),
            is_plain=not pair.is_changed,
        )
        for column, pair in columns
        if not column.is_apart
    ]


def in_words(pair: Pair) -> str:
    """A cell before and after, in words."""
    before = cell_title(pair.before.cell, _state(pair.before.state), _USD)
    if not pair.is_changed:
        return gettext("unchanged: %(cell)s") % {"cell": before}
    after = cell_title(_without_net(pair.after), _state(pair.state), _USD)
    return gettext("before: %(before)s; after: %(after)s") % {"before": before, "after": after}


def _cell(pair: Pair, url: str, gap: str) -> str:
    shown, state = pair.before, pair.state
    if not pair.is_changed and state is None and not shown.cell.activities:
        return f'<td class="{gap.strip()}"></td>'
    css = (STATE_CLASS[state] if state else "x") if pair.is_changed else "same"
    words = escape(in_words(pair))
    sign = escape(_signs(pair))
    more = ""
    if pair.is_changed:
        texts = []
        if pair.more:
            texts.append(_more(pair.more))
        elif pair.more is None and _known(pair.before.cell) != _known(pair.after):
            unknown = pair.after.money.high is None
            texts.append(escape(gettext("unknown")) if unknown else money_short(pair.after.money))
        if less := pair.after.activities - shown.cell.activities:
            texts.append(escape(f"#{_signed(less)}"))
        more = f'<span class="sum" aria-hidden="true">{" ".join(texts)}</span>'
    return (
        f'<td class="{css}{gap}"><a href="{url}{escape(shown.query)}" title="{words}">'
        f'<span class="first" aria-hidden="true">{sign}</span><span class="v">{words}</span>{more}</a></td>'
    )


def _known(cell: Cell) -> bool:
    return cell.money.high is not None


def _signs(pair: Pair) -> str:
    """The sign of the state, of both where it is another."""
    before, after = (GLYPHS[s] if s else "" for s in (pair.before.state, pair.state))
    if before == after:
        return before or "·"
    arrow = "←" if language() == "ar" else "→"
    return f"{before}{arrow}{after}"


def _sign(pair: Pair) -> str:
    """What stands on a place of the map, which is never mirrored."""
    before, after = (GLYPHS[s] if s else "" for s in (pair.before.state, pair.state))
    if before != after:  # a tile has no room for an amount beside both
        return f"{before}→{after}"
    signs = before
    if not pair.is_changed or not pair.more:
        return signs or "·"
    size = plain_short(Money(abs(pair.more), abs(pair.more), abs(pair.more)))
    return f"{signs} {'+' if pair.more > 0 else _MINUS}{size}"


def _more(value: Decimal | None) -> SafeString:
    """A difference of best money, with its sign."""
    if value is None:
        return SafeString(escape(gettext("unknown")))
    if not value:
        return SafeString("–")
    sign = "+" if value > 0 else _MINUS
    short = money_short(Money(abs(value), abs(value), abs(value)))
    return mark_safe(f'<bdi dir="ltr">{sign}{short}</bdi>')  # noqa: S308 (digits and letters of ours)


def _signed(count: int) -> str:
    return f"+{number(count)}" if count > 0 else f"{_MINUS}{number(-count)}"


def _without_net(cell: Cell) -> Cell:
    """Of a cell as it would be neither what is told twice nor how far its activities are is known."""
    return Cell(Money(cell.money.low, cell.money.best, cell.money.high), cell.activities)


def _state(state: str | None) -> str:
    return cell_state(state) if state else ""


def _gap(number_: int, first_apart: int | None) -> str:
    return ' class="gap"' if number_ in (1, first_apart) else ""
