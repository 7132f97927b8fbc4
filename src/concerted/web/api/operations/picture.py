"""The picture: the headline, the matrix, a cell, the map, what ends."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from concerted.model.ids import id_text
from concerted.model.tables import ALL
from concerted.web.api import shapes
from concerted.web.api.asked import FilterQuery, Language, Text, asked, language_in_use, scope_of
from concerted.web.config.policy import Access, declares
from concerted.web.coverage.cells import cell as read_cell
from concerted.web.coverage.cliffs import list_ends, list_months
from concerted.web.coverage.concentration import list_concentrations
from concerted.web.coverage.filters import NotThere
from concerted.web.coverage.headline import build_headline
from concerted.web.coverage.indicators import list_indicators
from concerted.web.coverage.matrix import Matrix, build_matrix
from concerted.web.coverage.people import people_in_cell
from concerted.web.coverage.reasons import explain_state
from concerted.web.coverage.told import net_by_kind, net_total
from concerted.web.coverage.unshown import unshown
from concerted.web.edition.frameworks import Tree

router = Router(tags=["picture"])


class FrameworkShape(Schema):
    """A framework by which figures are grouped; each holds the whole money of an activity."""

    id: str
    version: str
    label: str
    is_strategy: bool
    status: str | None
    place: str | None


class NodeShape(Schema):
    """A line of a framework."""

    id: str
    code: str
    label: str
    parent: str | None
    depth: int


class Framework(FrameworkShape):
    """A framework with its lines, in their order."""

    nodes: list[NodeShape]


class EditionShape(Schema):
    """What is shown: the id of what you see of the edition, and the day that it speaks of."""

    id: str
    as_of: date | None
    is_invented: bool
    is_old_copy: bool
    frameworks: list[FrameworkShape]


class PlaceShape(Schema):
    """A place of reference."""

    id: str
    level: int
    label: str
    parent: str | None
    longitude: float | None
    latitude: float | None


class GapShape(Schema):
    """A cell that lacks most, in dollars."""

    node: str
    place: str
    state: str
    least: shapes.Amount
    most: shapes.Amount
    activities: int
    confirmed: int


class QuestionShape(Schema):
    """An activity whose answer would narrow the range, and by how much."""

    activity: shapes.Id
    title: str | None
    partner: str | None
    width: shapes.Amount
    is_double: bool
    is_unconfirmed: bool


class OverviewShape(Schema):
    """The first page in figures. `states` counts the lowest nodes of the framework."""

    nodes: int
    states: dict[str, int]
    whole: shapes.CellShape
    unclassified: shapes.CellShape
    net: shapes.MoneyShape
    by_kind: dict[str, shapes.MoneyShape]
    not_shown: shapes.UnshownShape
    next_ends: list[shapes.EndShape]
    gaps: list[GapShape]
    questions: list[QuestionShape]
    statements: int
    statements_of_90_days: int
    latest: date | None


class CellPage(Schema):
    """What is behind one cell."""

    cell: shapes.CellShape
    net: shapes.MoneyShape
    not_shown: shapes.UnshownShape
    people: list[shapes.Values]
    judged: shapes.Values | None
    claimed_by: list[dict[str, str]]
    concentrations: list[shapes.Values]
    indicators: list[shapes.Values]
    ends: list[shapes.EndShape]


class MapPlace(PlaceShape):
    """A place of the map with its cell and state; `is_apart`: it is no place among others."""

    is_apart: bool
    state: str | None
    cell: shapes.CellShape


class MapShape(Schema):
    """The places below the chosen one, for the chosen node."""

    node: str
    total: shapes.CellShape
    places: list[MapPlace]


class EndsShape(Schema):
    """What ends within 24 months: the soonest by name, and every month with all that ends in it."""

    count: int
    ends: list[shapes.EndShape]
    months: list[shapes.MonthShape]


@router.get("/edition", response=EditionShape, summary="Which edition is shown, and its frameworks")
@declares(Access.RECORDS)
def edition(request: HttpRequest, query: Query[Language]) -> Any:
    """The edition as far as you see it; its id changes when anything that you see does."""
    scope = scope_of(request)
    return EditionShape(
        id=scope.edition_id,
        as_of=scope.edition.as_of,
        is_invented=scope.edition.is_invented,
        is_old_copy=request.is_old_copy,  # type: ignore[attr-defined]
        frameworks=[FrameworkShape(**_framework(tree)) for tree in scope.edition.frameworks.values()],
    )


@router.get("/frameworks/{framework}", response=Framework, summary="A framework with its lines")
@declares(Access.RECORDS)
def framework(request: HttpRequest, framework: str, query: Query[Language]) -> Any:
    """The tree of a framework, which is the same for everybody."""
    tree = scope_of(request).edition.frameworks.get(framework)
    if tree is None:
        raise NotThere("framework")
    lang = language_in_use()
    nodes = [
        NodeShape(id=n.id, code=n.code, label=n.label(lang), parent=n.parent_id, depth=n.depth)
        for n in tree.nodes.values()
    ]
    return Framework(**_framework(tree), nodes=nodes)


def _framework(tree: Tree) -> dict[str, Any]:
    return {
        "id": tree.id,
        "version": tree.version,
        "label": tree.label(language_in_use()),
        "is_strategy": tree.is_strategy,
        "status": tree.status,
        "place": tree.place_id,
    }


class PlaceQuery(Language):
    """Which places."""

    below: Text = None


@router.get("/places", response=list[PlaceShape], summary="Places of reference")
@declares(Access.RECORDS)
def places(request: HttpRequest, query: Query[PlaceQuery]) -> Any:
    """The countries, or the places right below one."""
    known, lang = scope_of(request).edition.places, language_in_use()
    if query.below is not None and query.below not in known:
        raise NotThere("place")
    wanted = sorted(known[query.below].children) if query.below else [p.id for p in known.values() if p.level == 0]
    return [_place(known[each], lang) for each in wanted]


def _place(place: Any, lang: str) -> dict[str, Any]:
    return {
        "id": place.id,
        "level": place.level,
        "label": place.label(lang),
        "parent": place.parent_id,
        "longitude": place.longitude,
        "latitude": place.latitude,
    }


@router.get("/overview", response=OverviewShape, summary="The first page in figures")
@declares(Access.RECORDS)
def overview(request: HttpRequest, query: Query[FilterQuery]) -> Any:
    """How many nodes are in which state, the money, what ends next, the largest gaps, what would help."""
    ask = asked(request, query)
    scope, filters = ask.scope, ask.filters.but(by="place", node=None, opened=frozenset())
    found = build_headline(scope, filters, ask.lang)
    return {
        "nodes": found.nodes,
        "states": found.states,
        "whole": shapes.cell(found.whole),
        "unclassified": shapes.cell(found.unclassified),
        "net": shapes.money(found.net),
        "by_kind": {kind: shapes.money(m) for kind, m in sorted(net_by_kind(scope, filters).items())},
        "not_shown": shapes.unshown(unshown(scope, filters)),
        "next_ends": shapes.ends(found.ends),
        "gaps": [
            {
                "node": g.node,
                "place": g.place,
                "state": g.state,
                "least": shapes.amount(g.least),
                "most": shapes.amount(g.most),
                "activities": g.activities,
                "confirmed": g.confirmed,
            }
            for g in found.gaps
        ],
        "questions": [
            {
                "activity": id_text(q.activity_id),
                "title": q.title,
                "partner": q.partner,
                "width": shapes.amount(q.width),
                "is_double": q.is_double,
                "is_unconfirmed": q.is_unconfirmed,
            }
            for q in found.questions
        ],
        "statements": found.records,
        "statements_of_90_days": found.fresh_90,
        "latest": found.latest,
    }


@router.get("/coverage", response=shapes.MatrixShape, summary="The matrix")
@declares(Access.RECORDS)
def coverage(request: HttpRequest, query: Query[FilterQuery]) -> Any:
    """Nodes by places, years or partners. The first row and the first column are cells of their own, not sums."""
    ask = asked(request, query)
    matrix = build_matrix(ask.scope, ask.filters, ask.lang)
    tree, filters = ask.scope.edition.frameworks[ask.filters.framework], ask.filters
    return shapes.MatrixShape(
        framework=filters.framework,
        by=filters.by,
        kind=filters.kind,
        currency=filters.currency,
        columns=[
            shapes.ColumnShape(key=_key(filters.by, c.key), label=c.label, is_apart=c.is_apart) for c in matrix.columns
        ],
        rows=[
            shapes.RowShape(
                node=row.node,
                code=row.code,
                label=row.label,
                depth=row.depth,
                has_children=row.node in tree.nodes and bool(tree.nodes[row.node].children),
                cells=[shapes.MatrixCell(**shapes.cell(each.cell), state=each.state) for each in row.cells],
            )
            for row in matrix.rows
        ],
        hidden_columns=matrix.hidden_columns,
    )


def _key(by: str, key: str | int | None) -> str | None:
    if key is None:
        return None
    return id_text(key) if by == "partner" and isinstance(key, int) else str(key)


@router.get("/coverage/cell", response=CellPage, summary="What is behind one cell")
@declares(Access.RECORDS)
def coverage_cell(request: HttpRequest, query: Query[FilterQuery]) -> Any:
    """Why its state, who is there together, what ends. Its activities: `/activities` under the same filters."""
    ask = asked(request, query)
    scope, filters, lang = ask.scope, ask.filters, ask.lang
    node = filters.node or ALL
    found, reasons = read_cell(scope, filters, node), explain_state(scope, filters, node, lang)
    return {
        "cell": shapes.cell(found),
        "net": shapes.money(net_total(scope, filters, node)),
        "not_shown": shapes.unshown(unshown(scope, filters, node)),
        "people": [_bound(b) for b in people_in_cell(scope, filters, node, found)],
        "judged": shapes.judged(reasons.verdict) if reasons else None,
        "claimed_by": [{"id": i, "name": name} for i, name in (reasons.sources if reasons else ())],
        "concentrations": [
            {
                "activities": [{"id": id_text(i), "title": title, "partner": org} for i, title, org in pair.sides],
                "reasons": list(pair.reasons),
                "score": pair.score,
            }
            for pair in list_concentrations(scope, filters, lang)
        ],
        "indicators": [shapes.plain(_members(i)) for i in list_indicators(scope, filters, node, lang)],
        "ends": shapes.ends(list_ends(scope, filters, lang)),
    }


def _members(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _bound(bound: Any) -> dict[str, Any]:
    return _members(bound)


@router.get("/map", response=MapShape, summary="The places of the map")
@declares(Access.RECORDS)
def map_places(request: HttpRequest, query: Query[FilterQuery]) -> Any:
    """One node (or the whole) over the places below the chosen one, and what has no place among them."""
    ask = asked(request, query)
    filters = ask.filters.but(by="place", opened=frozenset())
    matrix: Matrix = build_matrix(ask.scope, filters, ask.lang)
    known = ask.scope.edition.places
    listed = []
    for column, shown in list(zip(matrix.columns, matrix.rows[0].cells, strict=True))[1:]:
        place = known.get(str(column.key))
        facts = _place(place, ask.lang) if place else dict.fromkeys(("parent", "longitude", "latitude")) | {"level": 0}
        facts |= {"id": str(column.key), "label": column.label}
        listed.append({**facts, "is_apart": column.is_apart, "state": shown.state, "cell": shapes.cell(shown.cell)})
    return {"node": filters.node or ALL, "total": shapes.cell(matrix.total.cell), "places": listed}


@router.get("/ends", response=EndsShape, summary="What ends within 24 months")
@declares(Access.RECORDS)
def what_ends(request: HttpRequest, query: Query[FilterQuery]) -> Any:
    """Activities that end, soonest first, with the yearly money that ends with them."""
    ask = asked(request, query)
    by_month = list_months(ask.scope, ask.filters)
    return {
        "count": sum(month.count for month in by_month),
        "ends": shapes.ends(list_ends(ask.scope, ask.filters, ask.lang)),
        "months": shapes.months(by_month),
    }
