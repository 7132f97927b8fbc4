"""Coverage: the overview, the matrix, the cell behind each figure, the map and what ends soon."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.web.config.policy import Access, declares
from concerted.web.coverage.cells import cell
from concerted.web.coverage.cliffs import by_month, list_ends, list_months
from concerted.web.coverage.concentration import list_concentrations
from concerted.web.coverage.filter_bar import filter_bar
from concerted.web.coverage.filters import COLUMNS, Filters, default_filters
from concerted.web.coverage.headline import build_headline, gap_lines
from concerted.web.coverage.indicators import list_indicators
from concerted.web.coverage.map_html import MapPlace, map_svg
from concerted.web.coverage.matrix import Matrix, build_matrix
from concerted.web.coverage.matrix_html import legend_html, matrix_html, silent_columns
from concerted.web.coverage.money_html import money_bars
from concerted.web.coverage.names import node_label, place_label
from concerted.web.coverage.people import people_in_cell
from concerted.web.coverage.reasons import explain_state
from concerted.web.coverage.sentence_html import sentence_html
from concerted.web.coverage.time_html import time_svg
from concerted.web.coverage.told import net_total
from concerted.web.coverage.unshown import unshown
from concerted.web.edition.scope import Scope
from concerted.web.registry.activities import list_activities
from concerted.web.ui.formats import language
from concerted.web.ui.pages import reads_edition

#: Ends within so many months stand open in the table; later ones are folded.
SOON = 12
#: A matrix of more rows scrolls below its headings.
TALL = 14


@declares(Access.RECORDS)
@reads_edition
def overview(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """The landing page: one sentence, the matrix, the map, the money, what ends, what would help."""
    lang, defaults = language(), default_filters(scope.edition)
    filters = filters.but(by="place", node=None, opened=frozenset())
    matrix = build_matrix(scope, filters, lang)
    headline = build_headline(scope, filters, lang)
    silent = [matrix.columns[i] for i in silent_columns(matrix)]
    context = _map(scope, matrix) | {
        "filters": filters,
        "bar": filter_bar(scope, filters, lang),
        "silent": [(c.label, reverse("coverage") + filters.but(place=c.key).query(defaults)) for c in silent],
        "framework": scope.edition.frameworks[filters.framework],
        "headline": headline,
        "sentence": sentence_html(scope, filters, headline),
        "gap_lines": gap_lines(scope, filters, headline, lang),
        "matrix": matrix_html(matrix, defaults, is_full=False),
        "legend": legend_html(is_full=False),
        "bars": money_bars(scope, filters),
        "people": people_in_cell(scope, filters, ALL, headline.whole),
        "unshown": unshown(scope, filters),
        "query": filters.query(defaults),
    }
    return render(request, "coverage/overview.html", context)


@declares(Access.RECORDS)
@reads_edition
def coverage(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """The matrix with its filters; columns are places, years or partners."""
    lang, defaults = language(), default_filters(scope.edition)
    matrix = build_matrix(scope, filters, lang)
    is_full = request.GET.get("cells") != "small"
    labels = {"place": gettext("Places"), "period": gettext("Years"), "partner": gettext("Partners")}
    context = {
        "filters": filters,
        "bar": filter_bar(scope, filters, lang),
        "tab": "matrix",
        "query": filters.but(opened=frozenset(), by="place").query(defaults),
        "columns": [(labels[by], filters.but(by=by).query(defaults), by == filters.by) for by in COLUMNS],
        "matrix": matrix_html(matrix, defaults, is_full=is_full),
        "total": matrix.total,
        "unshown": unshown(scope, filters),
        "net": net_total(scope, filters),
        "legend": legend_html(is_full=is_full),
        "is_full": is_full,
        "is_tall": len(matrix.rows) > TALL,
        "size_query": _with(filters.query(defaults), "" if not is_full else "cells=small"),
        "csv_query": filters.query(defaults),
        "hidden_columns": matrix.hidden_columns,
        "next_query": filters.but(start=filters.start + len(matrix.columns) - 1).query(defaults),
        "first_query": filters.query(defaults) if filters.start == 0 else filters.but(start=0).query(defaults),
        "framework": scope.edition.frameworks[filters.framework],
    }
    return render(request, "coverage/matrix.html", context)


@declares(Access.RECORDS)
@reads_edition
def cell_page(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """What is behind one cell: why its state, its records, who is there together, what ends."""
    lang, defaults = language(), default_filters(scope.edition)
    bar = filter_bar(scope, filters, lang)
    node = filters.node or ALL
    context = {
        "filters": filters,
        "bar": bar,
        "heading": _cell_heading(scope, filters, lang),
        "cell": cell(scope, filters, node),
        "net": net_total(scope, filters, node),
        "people": people_in_cell(scope, filters, node, cell(scope, filters, node)),
        "unshown": unshown(scope, filters, node),
        "reasons": explain_state(scope, filters, node, lang),
        "activities": list_activities(scope, filters.but(node=node), lang),
        "concentrations": list_concentrations(scope, filters, lang),
        "ends": list_ends(scope, filters, lang)[:5],
        "query": filters.query(defaults),
        "list_query": filters.but(node=node).query(defaults),
        "indicators": list_indicators(scope, filters, node, lang),
        "is_unclassified": node == UNCLASSIFIED,
        "what_if": _what_if_query(filters, defaults),
        "matches_query": _matches_query(scope, filters),
    }
    return render(request, "coverage/cell.html", context)


@declares(Access.RECORDS)
@reads_edition
def map_page(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """The map of one node (or the whole), with a strip for what has no place, and the same as a table."""
    lang, defaults = language(), default_filters(scope.edition)
    filters = filters.but(by="place", opened=frozenset())
    context = _map(scope, build_matrix(scope, filters, lang)) | {
        "filters": filters,
        "bar": filter_bar(scope, filters, lang),
        "tab": "map",
        "query": filters.query(defaults),
        "legend": legend_html(is_full=False),
        "node_name": node_label(scope, filters, filters.node or ALL, lang),
        "nodes": _node_choices(scope, filters, lang),
    }
    return render(request, "coverage/map.html", context)


@declares(Access.RECORDS)
@reads_edition
def timeline(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """What ends within 6, 12 and 24 months."""
    lang, defaults = language(), default_filters(scope.edition)
    ends = list_ends(scope, filters, lang)
    listed, months = by_month(ends), list_months(scope, filters)
    count = sum(m.count for m in months)
    horizons = ((gettext("within 6 months"), 6), (gettext("within 12 months"), 12), (gettext("within 24 months"), 24))
    context = {
        "filters": filters,
        "bar": filter_bar(scope, filters, lang, dated=False),
        "tab": "timeline",
        "query": filters.query(defaults),
        "drawing": time_svg(months, filters.currency),
        "soon": [m for m in listed if m[1] <= SOON],
        "later": [m for m in listed if m[1] > SOON],
        "count": count,
        "is_cut": count > len(ends),
        "later_count": sum(e.months > SOON for e in ends),
        "ends": ends,
        "horizons": [(label, sum(m.count for m in months if m.horizon <= most)) for label, most in horizons],
        "places": {p: place_label(scope, p, lang) for e in ends for p in e.places},
        "nodes": {n: node_label(scope, filters, n, lang) for e in ends for n in e.nodes},
    }
    return render(request, "coverage/timeline.html", context)


def _map(scope: Scope, matrix: Matrix) -> dict[str, Any]:
    """Drawing, strip and table twin of the first row of a matrix by place."""
    cells = list(zip(matrix.columns, matrix.rows[0].cells, strict=True))
    placed = [MapPlace(column, shown) for column, shown in cells[1:] if not column.is_apart]
    drawing, missing = map_svg(
        scope, placed, reverse("coverage-cell"), matrix.filters.currency, gettext("Map of coverage")
    )
    return {
        "map": drawing,
        "unplaced": [(p.column.label, p.shown) for p in missing] if drawing else [],
        "strip": [(c.label, s.cell, s.query) for c, s in cells[1:] if c.is_apart],
        "map_rows": [(c.label, s.state, s.cell, s.query, c.is_apart) for c, s in cells[1:]],
        "map_total": matrix.total,
        "net": net_total(scope, matrix.filters),
    }


def _cell_heading(scope: Scope, filters: Filters, lang: str) -> list[str]:
    parts = [node_label(scope, filters, filters.node or ALL, lang)]
    if filters.place:
        name = place_label(scope, filters.place, lang)
        parts.append(f"{name}, {place_label(scope, filters.place, lang, exact=True)}" if filters.exact else name)
    if filters.period:
        parts.append(filters.period if filters.year else gettext("Year unknown"))
    return parts


def _what_if_query(filters: Filters, defaults: Filters) -> str:
    """The page on which changes are tried, with money that goes out of this cell as the first thought."""
    around = filters.but(node=None, place=defaults.place, exact=False, partner=None, opened=frozenset()).query(defaults)
    cell = {"node": filters.node if filters.node != ALL else None, "place": filters.place, "year": filters.year}
    stated = {f"move-from_{name}": value for name, value in cell.items() if value is not None}
    return f"{around}{'&' if around else '?'}{urlencode({'form': 'move'} | stated)}#change"


def _node_choices(scope: Scope, filters: Filters, lang: str) -> list[tuple[str, str, bool]]:
    defaults, tree = default_filters(scope.edition), scope.edition.frameworks[filters.framework]
    chosen = filters.node or ALL
    around = tree.nodes[chosen].children or [chosen] if chosen in tree.nodes else tree.top
    ids = [ALL, *reversed(tree.chain(chosen)), *(n for n in around if n != chosen)]
    return [
        (node_label(scope, filters, n, lang), filters.but(node=None if n == ALL else n).query(defaults), n == chosen)
        for n in ids
    ]


def _matches_query(scope: Scope, filters: Filters) -> str | None:
    """Where proposals for the needs of a cell stand: of the strategy's lines; null for other frameworks."""
    strategy = next(iter(scope.edition.frameworks.values()))
    if filters.framework != strategy.id:
        return None
    node = filters.node if filters.node in strategy.nodes else None
    place = filters.place if filters.place in scope.edition.places else None
    said = {name: value for name, value in (("node", node), ("place", place)) if value}
    return f"?{urlencode(said)}" if said else ""


def _with(query: str, part: str) -> str:
    return query if not part else f"{query}&{part}" if query else f"?{part}"
