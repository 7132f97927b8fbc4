"""The timeline as SVG: one bar per month, as tall as the activities that end in it. Runs from the start of the line."""

from collections.abc import Sequence

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, ngettext

from concerted.web.coverage.cliffs import Month
from concerted.web.ui.formats import amount_short, month, month_short, number

_WIDE, _TALL, _FOOT = 1080, 150, 34


def time_svg(months: Sequence[Month], currency: str) -> SafeString:
    """The drawing, each bar a link to its month in the table below; empty without ends. Mirrored by position."""
    if not months:
        return SafeString("")
    tallest = max(m.count for m in months)
    step = _WIDE / max(len(months), 12)
    is_rtl = get_language_bidi()
    parts = []
    for i, found in enumerate(months):
        first = found.first
        middle = (i + 0.5) * step
        x = _WIDE - middle if is_rtl else middle
        height = _TALL * found.count / tallest
        if found.count:
            label = escape(_label(found, currency))
            parts.append(
                f'<a href="#m{first:%Y-%m}" aria-label="{label}"><title>{label}</title>'
                f'<rect class="bar m{found.horizon}" x="{x - step * 0.36:.1f}" y="{_TALL - height + 16:.1f}"'
                f' width="{step * 0.72:.1f}" height="{height:.1f}" rx="2"/>'
                f'<text x="{x:.1f}" y="{_TALL - height + 11:.1f}">{number(found.count)}</text></a>'
            )
        if len(months) <= 18 or i % 2 == 0:
            parts.append(f'<text x="{x:.1f}" y="{_TALL + 31}">{escape(month_short(first))}</text>')
        if i == 0 or first.month == 1:
            parts.append(f'<text x="{x:.1f}" y="{_TALL + 45}">{first.year}</text>')
    title = escape(gettext("Activities that end, by month"))
    return mark_safe(  # noqa: S308 (labels are escaped, the rest is ours)
        f'<svg class="axis" viewBox="0 0 {_WIDE} {_TALL + _FOOT + 18}" role="group" aria-label="{title}" dir="ltr">'
        f'<path d="M0 {_TALL + 16.5}H{_WIDE}" />{"".join(parts)}</svg>'
    )


def _label(found: Month, currency: str) -> str:
    count = ngettext("%(n)s activity ends", "%(n)s activities end", found.count) % {"n": number(found.count)}
    if found.yearly is None:
        return f"{month(found.first)}: {count}"
    return f"{month(found.first)}: {count}, {strip_tags(amount_short(found.yearly, currency))}"
