"""A place that the drawing cannot show is named beside it, never left out."""

from concerted.web.coverage.cells import Cell
from concerted.web.coverage.map_html import MapPlace, map_svg
from concerted.web.coverage.matrix import Column, ShownCell
from concerted.web.edition.scope import Scope
from web.site import Site


def _place(key: str) -> MapPlace:
    return MapPlace(Column(key, key, ""), ShownCell(Cell(), "no_information", f"?place={key}"))


def test_a_place_without_outline_or_tile_is_handed_back_to_be_listed(site: Site) -> None:
    from concerted.marking import PUBLIC
    from concerted.web.config.middleware import current

    served = current().get()
    assert served
    drawing, missing = map_svg(
        Scope(PUBLIC, served.edition), [_place("ML05"), _place("ML07"), _place("ML0702")], "/cell/", "USD", "Map"
    )
    assert "place=ML05" in drawing
    assert [p.column.key for p in missing] == ["ML0702"]
