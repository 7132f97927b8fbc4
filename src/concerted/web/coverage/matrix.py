"""The coverage matrix: rows of a framework's tree, columns of places, years or partners, one cell each.

Enters: a scope and filters. Leaves: a `Matrix` of values, ready to be drawn, written as a table or as CSV; each cell
carries the query part of its address. The total row and column are cells of their own, not sums of the others: counts
are distinct. What is said of a country as a whole, of several countries or of no known place stands apart.
"""

from dataclasses import dataclass, replace
from urllib.parse import quote

from django.utils.translation import gettext

from concerted.model.ids import id_text
from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.web.coverage.cells import EMPTY, Cell, Key, cells
from concerted.web.coverage.filters import NO_PARTNER, NO_YEAR, Filters, default_filters
from concerted.web.coverage.names import node_label, place_label
from concerted.web.coverage.states import Judged, judge
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope

#: Columns on one page; the rest is a link away, and the total column always holds them all.
WIDTH = {"place": 24, "period": 14, "partner": 14}
EXACT = "EXACT"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is the place, year or partner in the tables; `part` is what it adds to a cell's address."""

    key: str | int | None
    label: str
    part: str
    drill: Filters | None = None
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as a page shows it; `state` is None where a state would make no sense (partners, unknown places)."""

    cell: Cell
    state: str | None
    query: str


@dataclass(frozen=True, slots=True)
class Row:
    """One node with its cells; `toggle` is the address part that opens or closes its children."""

    node: str
    code: str
    label: str
    depth: int
    cells: tuple[ShownCell, ...]
    toggle: Filters | None = None
    is_open: bool = False
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole, its first column and its first row being the totals."""

    filters: Filters
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    hidden_columns: int = 0

    @property
    def total(self) -> ShownCell:
        """The headline: the whole framework under the filters."""
        return self.rows[0].cells[0]


def build_matrix(scope: Scope, filters: Filters, lang: str) -> Matrix:
    """The matrix under the filters; a node filter shows that node and what is below it."""
    tree = scope.edition.frameworks[filters.framework]
    nodes = _shown_nodes(scope, filters)
    whole = replace(filters, exact=False) if filters.by == "place" else filters
    totals = cells(scope, whole, nodes)
    grid = cells(scope, whole, nodes, filters.by, _wanted(scope, filters))
    columns, hidden = _columns(scope, filters, grid, lang)
    exact = _exact_cells(scope, filters, nodes)
    placed = [n for n in nodes if n != UNCLASSIFIED]
    judged = judge(scope, whole, placed, [c.key for c in columns[1:] if not c.is_apart])
    if filters.by == "place":
        columns = _silent_last(columns, placed, judged, _activities_by_column(grid))
    root = filters.node or ALL
    base = _cell_base(scope, filters)
    rows = []
    for node in nodes:
        shown = []
        here = f"{base}node={quote(node)}"
        for number, column in enumerate(columns):
            if number == 0:
                found = totals.get((node, None), EMPTY)
            elif column.key == EXACT:
                found = exact.get((node, None), EMPTY)
            else:
                found = grid.get((node, column.key), EMPTY)
            key = None if number == 0 else column.key
            verdict = None if column.is_apart else judged.get((node, key))
            state = verdict.state if verdict else None
            shown.append(ShownCell(found, state, here + column.part))
        depth = tree.nodes[node].depth if node in tree.nodes else 0
        can_open = node in tree.nodes and tree.nodes[node].children and node != root
        is_open = node in filters.opened
        opened = filters.opened - {node} if is_open else filters.opened | {node}
        rows.append(
            Row(
                node=node,
                code=tree.nodes[node].code if node in tree.nodes else "",
                label=node_label(scope, filters, node, lang),
                depth=depth,
                cells=tuple(shown),
                toggle=filters.but(opened=opened, start=filters.start) if can_open else None,
                is_open=is_open,
                is_apart=node == UNCLASSIFIED,
            )
        )
    return Matrix(filters, columns, tuple(rows), hidden)


def _shown_nodes(scope: Scope, filters: Filters) -> list[str]:
    tree = scope.edition.frameworks[filters.framework]
    if filters.node in (None, ALL):
        first, below, last = ALL, tree.top, [UNCLASSIFIED]
    elif filters.node == UNCLASSIFIED:
        return [UNCLASSIFIED]
    else:
        first, below, last = filters.node, tree.nodes[filters.node].children, []
    shown = [first]
    stack = list(reversed(below))
    while stack:
        node = stack.pop()
        shown.append(node)
        if node in filters.opened:
            stack.extend(reversed(tree.nodes[node].children))
    return shown + last


def _wanted(scope: Scope, filters: Filters) -> list[str] | None:
    """Places to ask for: the children of the chosen place, or every country; and what stands apart."""
    if filters.by != "place":
        return None
    return [*child_places(scope, filters.place), REGIONAL, UNKNOWN]


def child_places(scope: Scope, place: str | None) -> list[str]:
    """Places right below a place, by id; every country where there is none."""
    places = scope.edition.places
    if place is None:
        return [p.id for p in places.values() if p.level == 0]
    return sorted(places[place].children) if place in places else []


def _exact_cells(scope: Scope, filters: Filters, nodes: list[str]) -> dict[Key, Cell]:
    if filters.by != "place" or filters.place not in scope.edition.places:
        return {}
    return cells(scope, replace(filters, exact=True), nodes)


def _columns(scope: Scope, filters: Filters, grid: dict[Key, Cell], lang: str) -> tuple[tuple[Column, ...], int]:
    whole = Column(None, _whole_label(scope, filters, lang), _whole_part(filters))
    match filters.by:
        case "place":
            normal, apart = _place_columns(scope, filters, grid, lang)
        case "period":
            normal, apart = _period_columns(filters, grid)
        case "partner":
            normal, apart = _partner_columns(scope, filters, grid, lang)
    width = WIDTH[filters.by]
    start = min(filters.start, max(0, len(normal) - 1))
    shown = normal[start : start + width]
    return (whole, *shown, *apart), len(normal) - len(shown)


def _whole_label(scope: Scope, filters: Filters, lang: str) -> str:
    match filters.by:
        case "place":
            return place_label(scope, filters.place, lang) if filters.place else gettext("All places")
        case "period":
            return gettext("All years")
        case "partner":
            return gettext("All partners")


def _whole_part(filters: Filters) -> str:
    match filters.by:
        case "place":
            return f"&place={quote(filters.place or 'all')}"
        case "period":
            return f"&period={filters.period or 'all'}"
        case "partner":
            return f"&partner={filters.partner}" if filters.partner else ""


def _place_columns(
    scope: Scope, filters: Filters, grid: dict[Key, Cell], lang: str
) -> tuple[list[Column], list[Column]]:
    places = scope.edition.places
    busy = _activities_by_column(grid)
    found = [p for p in child_places(scope, filters.place) if busy.get(p) or _is_standing(scope, filters, p)]
    if filters.place is None:
        found.sort(key=lambda p: (-busy.get(p, 0), p))
    normal = [
        Column(
            p,
            places[p].label(lang),
            f"&place={quote(p)}",
            filters.but(place=p) if places[p].children else None,
        )
        for p in found
    ]
    apart = []
    if filters.place in places:
        label = place_label(scope, filters.place, lang, exact=True)
        apart.append(Column(EXACT, label, f"&place={quote(filters.place)}&exact=1", is_apart=True))
    if filters.place is None or filters.place == default_filters(scope.edition, filters.framework).place:
        apart += [Column(p, place_label(scope, p, lang), f"&place={p}", is_apart=True) for p in (REGIONAL, UNKNOWN)]
    return normal, apart


def _silent_last(
    columns: tuple[Column, ...], nodes: list[str], judged: dict[Key, Judged], busy: dict[str | int | None, int]
) -> tuple[Column, ...]:
    """Places of which less is known stand behind those of which more is: a phone shows few columns.

    First those with a state, then those where only what no node claims is known, then those of which nothing is.
    """

    def silence(column: Column) -> int:
        found = [judged[node, column.key] for node in nodes if (node, column.key) in judged]
        if not found or any(f.state != "no_information" for f in found):
            return 0
        return 1 if busy.get(column.key) else 2

    whole, *rest = columns
    normal = sorted((c for c in rest if not c.is_apart), key=silence)
    return (whole, *normal, *(c for c in rest if c.is_apart))


def _is_standing(scope: Scope, filters: Filters, place: str) -> bool:
    """A place of the day below a chosen place is a column even when empty: that nothing is known there is news."""
    return filters.place is not None and scope.edition.places[place].stands


def _period_columns(filters: Filters, grid: dict[Key, Cell]) -> tuple[list[Column], list[Column]]:
    years = sorted({key for _, key in grid if isinstance(key, int)}, reverse=True)
    normal = [Column(y, str(y), f"&period={y}", filters.but(period=str(y), by="place")) for y in years]
    apart = [Column(None, gettext("Year unknown"), f"&period={NO_YEAR}", is_apart=True)]
    return normal, apart


def _partner_columns(
    scope: Scope, filters: Filters, grid: dict[Key, Cell], lang: str
) -> tuple[list[Column], list[Column]]:
    busy = _activities_by_column(grid)
    ids = sorted((k for k in busy if isinstance(k, int)), key=lambda k: (-busy[k], k))
    names = organisation_names(scope, ids, lang)
    normal = [
        Column(
            i,
            names.get(i) or gettext("Name not stated"),
            f"&partner={id_text(i)}",
            filters.but(partner=id_text(i), by="place"),
        )
        for i in ids
    ]
    hidden = Column(None, gettext("Partner not shown"), f"&partner={NO_PARTNER}", is_apart=True)
    return normal, [hidden] if any(key is None for _, key in grid) else []


def _activities_by_column(grid: dict[Key, Cell]) -> dict[str | int | None, int]:
    """The largest count of a column's cells: enough to order columns and to tell empty ones."""
    busy: dict[str | int | None, int] = {}
    for (_, column), found in grid.items():
        busy[column] = max(busy.get(column, 0), found.activities)
    return busy


def _cell_base(scope: Scope, filters: Filters) -> str:
    """The part of a cell's address that all cells share; node and column are written behind it."""
    defaults = default_filters(scope.edition)
    kept = replace(
        filters, node=None, opened=frozenset(), by="place", start=0, q="", state=None, exact=False, place=defaults.place
    )
    if filters.by != "place":
        kept = replace(kept, place=filters.place, exact=filters.exact).without(filters.by)
    query = kept.query(defaults)
    return f"{query}&" if query else "?"
