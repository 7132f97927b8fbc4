"""The map as SVG, made here: real boundaries where the edition has them, else neutral tiles.

Enters: the columns and one row of a matrix. Leaves: an SVG whose shapes are links with colour, sign and name. What is
said of a country as a whole, of several countries or of no known place is no shape: it stands in a strip beside it. A
map is never mirrored in right-to-left pages.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import shapely
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry.base import BaseGeometry

from concerted.codelists.places import load_tiles
from concerted.web.coverage.matrix import Column, ShownCell
from concerted.web.coverage.matrix_html import cell_title
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import number
from concerted.web.ui.labels import GLYPHS, STATE_CLASS, cell_state

#: Width of the drawing in its own units, and the tolerance that keeps a country's outline below some 40 kB.
WIDTH = 560.0
TOLERANCE = 1.1
_TILE, _GAP, _TALL = 66, 4, 46


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place on the map: its column and the cell that colours it.

    Attributes:
        sign, words: what stands on it and what is said of it, where that is not just the state and the count.
        is_plain: it has no colour, as where only what differs has one.
    """

    column: Column
    shown: ShownCell
    sign: str = ""
    words: str = ""
    is_plain: bool = False


def map_svg(
    scope: Scope, places: Iterable[MapPlace], url: str, currency: str, title: str
) -> tuple[SafeString, list[MapPlace]]:
    """The drawing, and the places that it could not show, to be named beside it.

    Boundaries where at least half of the places have one, else tiles; empty when no place has either.
    """
    found = list(places)
    shapes = boundaries(scope, tuple(str(p.column.key) for p in found))
    tiles = load_tiles()
    drawn = [p for p in found if p.column.key in shapes]
    if len(drawn) * 2 < len(found) or not drawn:
        drawn = [p for p in found if p.column.key in tiles]
        box, body = _tiles(drawn, tiles, url, currency)
    else:
        box, body = _outlines(drawn, shapes, url, currency)
    shown = {p.column.key for p in drawn}
    missing = [p for p in found if p.column.key not in shown]
    if not drawn:
        return SafeString(""), missing
    hatch = (
        '<defs><pattern id="hatch" width="7" height="7" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">'
        '<rect class="h0" width="7" height="7"/><rect class="h1" width="2" height="7"/></pattern></defs>'
    )
    drawing = mark_safe(  # noqa: S308 (texts are escaped where they enter)
        f'<svg viewBox="{box}" role="group" aria-label="{escape(title)}" dir="ltr">{hatch}{body}</svg>'
    )
    return drawing, missing


def _tiles(places: list[MapPlace], tiles: Mapping[str, tuple[int, int]], url: str, currency: str) -> tuple[str, str]:
    if not places:
        return "0 0 0 0", ""
    spots = {p.column.key: tiles[str(p.column.key)] for p in places}
    left, top = min(c for c, _ in spots.values()), min(r for _, r in spots.values())
    parts = []
    for place in places:
        column, row = spots[place.column.key]
        x, y = (column - left) * (_TILE + _GAP), (row - top) * (_TALL + _GAP)
        shape = f'<rect class="{_css(place)}" x="{x}" y="{y}" width="{_TILE}" height="{_TALL}" rx="3"/>'
        middle = x + _TILE / 2
        name = _short(place.column.label, 12)
        texts = (
            f'<text x="{middle:g}" y="{y + 19}">{escape(name)}</text>'
            f'<text x="{middle:g}" y="{y + 36}">{_sign(place)}</text>'
        )
        parts.append(_link(place, url, currency, shape + texts))
    width = (max(c for c, _ in spots.values()) - left + 1) * (_TILE + _GAP)
    height = (max(r for _, r in spots.values()) - top + 1) * (_TALL + _GAP)
    return f"-3 -3 {width + 2} {height + 2}", "".join(parts)


def _outlines(places: list[MapPlace], shapes: Mapping[str, BaseGeometry], url: str, currency: str) -> tuple[str, str]:
    west, south, east, north = shapely.total_bounds([shapes[str(p.column.key)] for p in places])
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze or 1)
    height = (north - south) * scale

    def point(lon: float, lat: float) -> tuple[float, float]:
        return (lon - west) * squeeze * scale, (north - lat) * scale

    whole = [shapes[str(p.column.key)] for p in places]
    parts, labels = [], []
    # Neighbours are simplified together, so that a common border stays one line.
    for place, shape in zip(places, shapely.coverage_simplify(whole, TOLERANCE / scale), strict=True):
        path = "".join(_ring(ring, point) for ring in _rings(shape))
        parts.append(_link(place, url, currency, f'<path class="{_css(place)}" d="{path}"/>'))
        inside = shape.representative_point()
        x, y = point(inside.x, inside.y)
        name = escape(_short(place.column.label, 16))
        labels += [
            f'<text class="halo" x="{x:.0f}" y="{y + down:.0f}" aria-hidden="true">{text}</text>'
            for down, text in ((0, name), (12, _sign(place)))
        ]
    return f"-4 -4 {WIDTH + 8:.0f} {height + 8:.0f}", f'{"".join(parts)}<g pointer-events="none">{"".join(labels)}</g>'


def _rings(shape: BaseGeometry) -> Iterable[list[tuple[float, float]]]:
    for part in getattr(shape, "geoms", [shape]):
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                yield list(ring.coords)


def _ring(ring: list[tuple[float, float]], point: Callable[[float, float], tuple[float, float]]) -> str:
    projected = [point(x, y) for x, y, *_ in ring]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in projected[:-1]) + "Z"


def _link(place: MapPlace, url: str, currency: str, inner: str) -> str:
    word = cell_state(place.shown.state) if place.shown.state else ""
    label = escape(f"{place.column.label}: {place.words or cell_title(place.shown.cell, word, currency)}")
    link = f'class="on-{_css(place)}" href="{url}{escape(place.shown.query)}" aria-label="{label}"'
    return f"<a {link}><title>{label}</title>{inner}</a>"


def _css(place: MapPlace) -> str:
    return STATE_CLASS[place.shown.state] if place.shown.state and not place.is_plain else "x"


def _sign(place: MapPlace) -> str:
    if place.sign:
        return escape(place.sign)
    sign = GLYPHS[place.shown.state] if place.shown.state else ""
    count = number(place.shown.cell.activities) if place.shown.cell.activities else ""
    return f"{sign} {count}".strip()


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def boundaries(scope: Scope, places: tuple[str, ...]) -> dict[str, BaseGeometry]:
    """Boundary by place, of those that have one; reference data, the same for everybody."""
    cache = scope.edition.cache
    key = ("boundaries", places)
    if key not in cache:
        rows = scope.edition.rows(
            "SELECT place_id, first(geometry_wkb ORDER BY source_id) FROM core_place"
            " WHERE geometry_wkb IS NOT NULL AND place_id IN (SELECT unnest($places)) GROUP BY place_id",
            {"places": list(places)},
        )
        cache[key] = {place: shapely.from_wkb(wkb) for place, wkb in rows}
    found: dict[str, BaseGeometry] = cache[key]
    return found
