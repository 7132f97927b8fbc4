"""The timeline as SVG: one bar per month, as tall as the activities that end in it. Runs from the start of the line."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, ngettext

from concerted.web.coverage.cliffs import End
from concerted.web.ui.formats import amount_short, month, month_short, number

_WIDE, _TALL, _FOOT = 1080, 150, 34


def time_svg(months: Sequence[tuple[date, int, list[End]]], currency: str) -> SafeString:
    """The drawing, each bar a link to its month in the table below; empty without ends. Mirrored by position."""
    if not months:
        return SafeString("")
    tallest = max(len(ends) for _, _, ends in months)
    step = _WIDE / max(len(months), 12)
    is_rtl = get_language_bidi()
    parts = []
    for i, (first, horizon, ends) in enumerate(months):
        middle = (i + 0.5) * step
        x = _WIDE - middle if is_rtl else middle
        height = _TALL * len(ends) / tallest
        if ends:
            label = escape(_label(first, ends, currency))
            parts.append(
                f'<a href="#m{first:%Y-%m}" aria-label="{label}"><title>{label}</title>'
                f'<rect class="bar m{horizon}" x="{x - step * 0.36:.1f}" y="{_TALL - height + 16:.1f}"'
                f' width="{step * 0.72:.1f}" height="{height:.1f}" rx="2"/>'
                f'<text x="{x:.1f}" y="{_TALL - height + 11:.1f}">{number(len(ends))}</text></a>'
            )
        if len(months) <= 18 or i % 2 == 0:
            parts.append(f'<text x="{x:.1f}" y="{_TALL + 31}">{escape(month_short(first))}</text>')
        if i == 0 or first.month == 1:
            parts.append(f'<text x="{x:.1f}" y="{_TALL + 45}">{first.year}</text>')
    title = escape(gettext("Activities that end, by month"))
    return mark_safe(  # noqa: S308 (labels are escaped, the rest is ours)
        f'<svg class="axis" viewBox="0 0 {_WIDE} {_TALL + _FOOT + 18}" role="group" aria-label="{title}" dir="ltr">'
        f'<path d="M0 {_TALL + 16.5}H{_WIDE}" stroke="#aab6bd"/>{"".join(parts)}</svg>'
    )


def _label(first: date, ends: Sequence[End], currency: str) -> str:
    known = [e.yearly for e in ends if e.yearly is not None]
    count = ngettext("%(n)s activity ends", "%(n)s activities end", len(ends)) % {"n": number(len(ends))}
    if not known:
        return f"{month(first)}: {count}"
    from django.utils.html import strip_tags

    return f"{month(first)}: {count}, {strip_tags(amount_short(sum(known, Decimal(0)), currency))}"
