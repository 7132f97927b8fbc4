"""Money as a drawing: boxes in columns, bands between them as wide as their amounts.

Enters: boxes and bands. Leaves: SVG made on the server. Colours come from the style sheet; a table tells the same.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

_WIDE, _COLUMN, _PAD = 1080, 250, 14
_LINE, _GAP = 18, 8
#: Letters that fit into a box.
_LONGEST = 34
#: Width of the largest band, and of the thinnest that can still be seen.
_BROAD, _THIN = 14.0, 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody or something that money passes; `note` is a second line, `url` where it opens to."""

    label: str
    column: int
    note: str = ""
    url: str = ""
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """Money between two boxes (their positions in the list); not likely = possible only."""

    begin: int
    end: int
    amount: Decimal
    words: str
    is_likely: bool = True


def flow_svg(boxes: Sequence[Box], bands: Sequence[Band], title: str) -> SafeString:
    """The drawing; empty without bands. Mirrored for languages read from the right."""
    if not bands:
        return SafeString("")
    is_rtl, depth = get_language_bidi(), max(box.column for box in boxes)
    tall = _LINE * (2 if any(box.note for box in boxes) else 1) + _GAP
    counts = Counter(box.column for box in boxes)
    height = max(counts.values()) * (tall + _GAP)
    seen: Counter[int] = Counter()
    places = []
    for box in boxes:
        # A short column stands in the middle of a long one.
        top = (height - counts[box.column] * (tall + _GAP)) / 2 + seen[box.column] * (tall + _GAP)
        x = 1 + box.column * (_WIDE - 2 - _COLUMN) / max(depth, 1)  # a line's width from either edge
        places.append((_WIDE - x - _COLUMN if is_rtl else x, _PAD + top))
        seen[box.column] += 1
    most = max(band.amount for band in bands) or Decimal(1)
    parts = [_band(band, places, most, tall, is_rtl=is_rtl) for band in bands]
    parts += [_box(box, place, tall, is_rtl=is_rtl) for box, place in zip(boxes, places, strict=True)]
    return mark_safe(  # noqa: S308 (labels are escaped, the rest is ours)
        f'<svg class="chain" viewBox="0 0 {_WIDE} {height + 2 * _PAD:.0f}" role="group" aria-label="{escape(title)}"'
        f' dir="ltr">{"".join(parts)}</svg>'
    )


def _band(band: Band, places: Sequence[tuple[float, float]], most: Decimal, tall: int, *, is_rtl: bool) -> str:
    (x1, y1), (x2, y2) = places[band.begin], places[band.end]
    begin, end = (x1, x2 + _COLUMN) if is_rtl else (x1 + _COLUMN, x2)
    middle, above, below = (begin + end) / 2, y1 + tall / 2, y2 + tall / 2
    width = max(_THIN, _BROAD * float(band.amount / most))
    line = f"M{begin:.0f} {above:.0f}C{middle:.0f} {above:.0f} {middle:.0f} {below:.0f} {end:.0f} {below:.0f}"
    css = "band-of" if band.is_likely else "band-of maybe"
    title = f"<title>{escape(band.words)}</title>"
    return f'<path class="{css}" d="{line}" stroke-width="{width:.1f}">{title}</path>'


def _box(box: Box, place: tuple[float, float], tall: int, *, is_rtl: bool) -> str:
    x, y = place
    anchor, inside = ("end", x + _COLUMN - 8) if is_rtl else ("start", x + 8)
    lines = [text for text in (box.label, box.note) if text]
    first = y + tall / 2 + 4 - (len(lines) - 1) * _LINE / 2
    texts = "".join(
        f'<text class="{css}" x="{inside:.0f}" y="{first + at * _LINE:.0f}" text-anchor="{anchor}">'
        f"{escape(_cut(text))}</text>"
        for at, (text, css) in enumerate(zip(lines, ("", "note"), strict=False))
    )
    css = "who main" if box.is_main else "who"
    rect = f'<rect class="{css}" x="{x:.0f}" y="{y:.0f}" width="{_COLUMN}" height="{tall}" rx="3"/>'
    body = f"<title>{escape(' · '.join(lines))}</title>{rect}{texts}"
    return f'<a href="{escape(box.url)}">{body}</a>' if box.url else f"<g>{body}</g>"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
