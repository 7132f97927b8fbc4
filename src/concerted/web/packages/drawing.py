"""The order of a package as SVG: a bar for each part from its first to its last day, the critical path in another
colour, a line from each part to those that wait for it. The table beside it says the same in words.
"""

from datetime import date, timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext

from concerted.web.packages.board import Board, Line
from concerted.web.ui.formats import day, month_short, number

_WIDE, _ROW, _BAR, _HEAD, _SIDE = 720, 30, 16, 40, 34
#: Months between two words of the axis, so that they never touch.
_STEPS = (1, 2, 3, 6, 12, 24, 60)


def order_svg(board: Board) -> SafeString:
    """The drawing, each bar a link to its line in the table; empty where no part has both its days."""
    drawn = [line for line in _in_order(board) if line.times.start and line.times.end]
    if not drawn:
        return SafeString("")
    first = min(line.times.start for line in drawn if line.times.start).replace(day=1)
    last = max(line.times.end for line in drawn if line.times.end)
    scale = _Scale(first, last, is_rtl=get_language_bidi())
    rows = {line.number: at for at, line in enumerate(drawn)}
    tall = _HEAD + _ROW * len(drawn) + 6
    parts = [_axis(scale, first, last, tall)]
    for line in drawn:
        parts += [_link(scale, line, board.lines[other - 1], rows) for other in line.waits_for if other in rows]
    parts += [_bar(scale, line, rows[line.number]) for line in drawn]
    title = escape(gettext("The order of the parts: when each can be done, and the critical path"))
    return mark_safe(  # noqa: S308 (labels are escaped, the rest is ours)
        f'<svg class="axis order" viewBox="0 0 {_WIDE} {tall}" role="group" aria-label="{title}" dir="ltr">'
        f"{''.join(parts)}</svg>"
    )


class _Scale:
    def __init__(self, first: date, last: date, *, is_rtl: bool) -> None:
        self.first, self.days, self.is_rtl = first, (last - first).days + 1, is_rtl

    def at(self, when: date) -> float:
        """Where a day begins."""
        x = _SIDE + (_WIDE - _SIDE - 4) * (when - self.first).days / self.days
        return _WIDE - x if self.is_rtl else x


def _in_order(board: Board) -> list[Line]:
    return [board.line(key) for key in board.schedule.order]


def _axis(scale: _Scale, first: date, last: date, tall: int) -> str:
    months = [date(first.year + m // 12, m % 12 + 1, 1) for m in range(first.month - 1, _months(first, last))]
    step = next((each for each in _STEPS if len(months) / each <= 14), _STEPS[-1])
    found = []
    for at, month in enumerate(months):
        if at % step and month.month != 1:
            continue
        x = scale.at(month)
        found.append(f'<path class="grid" d="M{x:.1f} {_HEAD - 6}V{tall}"/>')
        anchor = "end" if scale.is_rtl else "start"
        if at % step == 0 and step < 12:
            found.append(
                f'<text x="{x:.1f}" y="{_HEAD - 12}" text-anchor="{anchor}">{escape(month_short(month))}</text>'
            )
        if at == 0 or month.month == 1:
            found.append(f'<text x="{x:.1f}" y="{_HEAD - 26}" text-anchor="{anchor}">{month.year}</text>')
    return "".join(found)


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month


def _bar(scale: _Scale, line: Line, row: int) -> str:
    start, end = line.times.start, line.times.end
    if start is None or end is None:
        return ""
    ends = scale.at(start), scale.at(end + timedelta(days=1))
    x, wide, y = min(ends), max(abs(ends[1] - ends[0]), 3.0), _HEAD + row * _ROW
    label = escape(f"{number(line.number)}. {line.fact.title}: {day(start)} – {day(end)}")
    side = (_WIDE - 4, "end") if scale.is_rtl else (4, "start")
    kind = "bar path" if line.is_critical else "bar"
    return (
        f'<a href="#part-{line.row.pk}" aria-label="{label}"><title>{label}</title>'
        f'<text x="{side[0]}" y="{y + 13}" text-anchor="{side[1]}">{number(line.number)}</text>'
        f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_BAR}" rx="3"/></a>'
    )


def _link(scale: _Scale, line: Line, before: Line, rows: dict[int, int]) -> str:
    """From the end of a part to the beginning of one that waits for it."""
    start, end = line.times.start, before.times.end
    if start is None or end is None:
        return ""
    x1, x2 = scale.at(end + timedelta(days=1)), scale.at(start)
    y1, y2 = (_HEAD + rows[each] * _ROW + _BAR / 2 for each in (before.number, line.number))
    kind = "wait path" if line.is_critical and before.is_critical else "wait"
    return f'<path class="{kind}" d="M{x1:.1f} {y1:.1f}V{y2:.1f}H{x2:.1f}"/>'
