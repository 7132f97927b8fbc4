"""The chain as columns: organisations from who gave to who got, bands as wide as what is likely told twice."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext

from concerted.publish.chain import Link
from concerted.web.ui.formats import amount_short

#: Bands that are drawn, and listed in the table beneath the drawing.
BANDS = 18
_WIDE, _COLUMN, _ROW, _PAD = 1080, 250, 26, 14
_LONGEST = 34


def largest_bands(links: Sequence[Link]) -> list[tuple[tuple[str, str], Decimal]]:
    """((giver, receiver), dollars likely told twice) of links with an organisation at both ends, the largest first."""
    bands: dict[tuple[str, str], Decimal] = {}
    for link in links:
        if link.giver and link.receiver and link.giver != link.receiver and link.best_usd > 0:
            bands[link.giver, link.receiver] = bands.get((link.giver, link.receiver), Decimal(0)) + link.best_usd
    return sorted(bands.items(), key=lambda item: (-item[1], item[0]))[:BANDS]


def chain_svg(largest: Sequence[tuple[tuple[str, str], Decimal]]) -> SafeString:
    """The drawing of `largest_bands`; empty where there are none. Mirrored for languages read from the right."""
    if not largest:
        return SafeString("")
    columns = _columns([pair for pair, _ in largest])
    depth = max(columns.values())
    places: dict[str, tuple[float, float]] = {}
    tallest = 0
    for column in range(depth + 1):
        names = sorted(name for name, at in columns.items() if at == column)
        tallest = max(tallest, len(names))
        for row, name in enumerate(names):
            step = (_WIDE - _COLUMN) / max(depth, 1)
            places[name] = (column * step, _PAD + row * _ROW)
    is_rtl = get_language_bidi()
    top = largest[0][1]
    parts = [_band(places, pair, amount, top, is_rtl) for pair, amount in largest]
    parts += [_name(name, at, is_rtl) for name, at in sorted(places.items())]
    title = escape(gettext("Money that is told twice, from who gave it to who got it"))
    height = _PAD * 2 + tallest * _ROW
    return mark_safe(  # noqa: S308 (labels are escaped, the rest is ours)
        f'<svg class="chain" viewBox="0 0 {_WIDE} {height}" role="group" aria-label="{title}" dir="ltr">'
        f"{''.join(parts)}</svg>"
    )


def _columns(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Column of each name: behind everybody who gives to it. Circles end at the number of names."""
    column = {name: 0 for pair in pairs for name in pair}
    for _ in range(len(column)):
        moved = {receiver: column[giver] + 1 for giver, receiver in pairs if column[receiver] <= column[giver]}
        if not moved:
            break
        column |= moved
    order = {at: rank for rank, at in enumerate(sorted(set(column.values())))}
    return {name: order[at] for name, at in column.items()}


def _band(
    places: dict[str, tuple[float, float]], pair: tuple[str, str], amount: Decimal, top: Decimal, is_rtl: bool
) -> str:
    (x1, y1), (x2, y2) = places[pair[0]], places[pair[1]]
    begin, end = x1 + _COLUMN, x2
    if is_rtl:
        begin, end = _WIDE - begin, _WIDE - end
    middle = (begin + end) / 2
    width = max(1.5, 14 * float(amount / top))
    label = escape(f"{pair[0]} → {pair[1]}: {strip_tags(amount_short(amount, 'USD'))}")
    line = f"M{begin:.0f} {y1 + 8:.0f}C{middle:.0f} {y1 + 8:.0f} {middle:.0f} {y2 + 8:.0f} {end:.0f} {y2 + 8:.0f}"
    return f'<path class="band-of" d="{line}" stroke-width="{width:.1f}"><title>{label}</title></path>'


def _name(name: str, at: tuple[float, float], is_rtl: bool) -> str:
    x, y = at
    x = _WIDE - x - _COLUMN if is_rtl else x
    shown = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    anchor, inside = ("end", x + _COLUMN - 6) if is_rtl else ("start", x + 6)
    return (
        f'<g><title>{escape(name)}</title><rect class="who" x="{x:.0f}" y="{y - 3:.0f}" width="{_COLUMN}" height="22"'
        f' rx="3"/><text x="{inside:.0f}" y="{y + 12:.0f}" text-anchor="{anchor}">{escape(shown)}</text></g>'
    )
