"""The overview in figures: how many nodes are in which state, the money, the next cliff, the largest gaps, freshness.

Enters: a scope and filters. Leaves: a `Headline`; each figure comes with the address that opens it. Nodes are counted
at the lowest level of the tree, each once; nothing here is computed from a rounded figure.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString

from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.picture.state import STATES
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.cells import Cell, Key, cell
from concerted.web.coverage.cliffs import End, list_ends
from concerted.web.coverage.filters import Filters, default_filters
from concerted.web.coverage.matrix import child_places
from concerted.web.coverage.money_html import range_svg
from concerted.web.coverage.names import node_label, place_label
from concerted.web.coverage.states import Judged, judge
from concerted.web.coverage.told import net_total
from concerted.web.edition.money import Money, money_columns, money_of
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.titles import activity_titles

LINES = 5
#: Nodes that are still told apart as squares.
SQUARES = 150


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell that lacks most: least and most missing (USD), and how much of its supply is confirmed."""

    node: str
    place: str
    state: str
    least: Decimal
    most: Decimal
    activities: int
    confirmed: int
    url: str


@dataclass(frozen=True, slots=True)
class Question:
    """An activity whose answer would narrow the range, by how much, and what is to be answered."""

    activity_id: int
    title: str | None
    title_lang: str | None
    partner: str | None
    width: Decimal
    is_double: bool
    is_unconfirmed: bool


@dataclass(frozen=True, slots=True)
class Square:
    """One of the lowest nodes, its state, and the cell that says why."""

    label: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Pillar:
    """A node of the first level with the lowest nodes below it."""

    label: str
    url: str
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Headline:
    """What the first page says. `states` counts the lowest nodes of the tree; it is empty where a partner is chosen.

    `glance` shows each of these nodes as a square; it is empty for a flat framework, whose matrix shows the same, and
    for one of more than `SQUARES` nodes.
    """

    nodes: int
    states: dict[str, int]
    whole: Cell
    net: Money
    unclassified: Cell
    next_end: End | None
    ends: tuple[End, ...]
    next_place: str | None
    next_url: str
    gaps: tuple[Gap, ...]
    has_costs: bool
    questions: tuple[Question, ...]
    records: int
    fresh_90: int
    latest: date | None
    urls: dict[str, str]
    glance: tuple[Pillar, ...] = ()

    @property
    def fresh_share(self) -> float | None:
        """Share of the statements that were true less than 90 days before the edition's day."""
        return self.fresh_90 / self.records if self.records else None


def build_headline(scope: Scope, filters: Filters, lang: str) -> Headline:
    """The figures of the overview."""
    kept = filters.but(opened=frozenset(), by="place", node=None, q="", state=None)
    return scope.remember(("headline", kept, lang), lambda: _build(scope, kept, lang))


def _build(scope: Scope, filters: Filters, lang: str) -> Headline:
    tree, defaults = scope.edition.frameworks[filters.framework], default_filters(scope.edition)
    leaves = [node.id for node in tree.nodes.values() if not node.children]
    places = child_places(scope, filters.place) if filters.place else []
    judged = judge(scope, filters, leaves, places)
    states = Counter(judged[leaf, None].state for leaf in leaves if judged)
    ends = list_ends(scope, filters, lang)
    end = ends[0] if ends else None
    known = scope.edition.places
    here = next((p for p in end.places if p in known and known[p].level > 0), None) if end else None
    records, fresh, latest = _freshness(scope)
    page = reverse("coverage")
    list_page, timeline = reverse("activities"), reverse("coverage-timeline")
    return Headline(
        nodes=len(leaves),
        states={state: states.get(state, 0) for state in STATES} if judged else {},
        whole=cell(scope, filters, ALL),
        net=net_total(scope, filters, ALL),
        unclassified=cell(scope, filters, UNCLASSIFIED),
        next_end=end,
        ends=tuple(ends[:LINES]),
        next_place=place_label(scope, here, lang) if here else None,
        next_url=f"{timeline}{filters.query(defaults)}" + (f"#m{end.end_date:%Y-%m}" if end else ""),
        gaps=_gaps(scope, filters, judged),
        has_costs=any(verdict.need.is_known for verdict in judged.values()),
        questions=_questions(scope, filters, lang),
        records=records,
        fresh_90=fresh,
        latest=latest,
        urls={
            "nodes": page + filters.but(opened=_parents(scope, filters)).query(defaults),
            "money": list_page + filters.but(node=ALL).query(defaults),
            "unclassified": list_page + filters.but(node=UNCLASSIFIED).query(defaults),
        },
        glance=_glance(scope, filters, leaves, judged, lang),
    )


def _glance(
    scope: Scope, filters: Filters, leaves: list[str], judged: dict[Key, Judged], lang: str
) -> tuple[Pillar, ...]:
    tree, defaults = scope.edition.frameworks[filters.framework], default_filters(scope.edition)
    if not judged or len(leaves) > SQUARES or all(tree.nodes[leaf].parent_id is None for leaf in leaves):
        return ()
    cell_page, matrix = reverse("coverage-cell"), reverse("coverage")
    below: dict[str, list[Square]] = {top: [] for top in tree.top}
    for leaf in leaves:
        url = cell_page + filters.but(node=leaf).query(defaults)
        below[tree.chain(leaf)[-1]].append(Square(tree.nodes[leaf].label(lang), judged[leaf, None].state, url))
    return tuple(
        Pillar(tree.nodes[top].label(lang), matrix + filters.but(node=top).query(defaults), tuple(squares))
        for top, squares in below.items()
    )


def _parents(scope: Scope, filters: Filters) -> frozenset[str]:
    """Every node with children: opened, the matrix shows each node that the sentence counts."""
    return frozenset(n.id for n in scope.edition.frameworks[filters.framework].nodes.values() if n.children)


def _gaps(scope: Scope, filters: Filters, judged: dict[Key, Judged]) -> tuple[Gap, ...]:
    defaults = default_filters(scope.edition)
    found = []
    for (node, place), verdict in judged.items():
        if place is None or verdict.gap is None or verdict.gap[1] <= 0 or verdict.state == "no_information":
            continue
        url = reverse("coverage-cell") + filters.but(node=node, place=place).query(defaults)
        supply = verdict.supply
        found.append(Gap(node, str(place), verdict.state, *verdict.gap, supply.activities, supply.confirmed, url))
    found.sort(key=lambda g: (-g.least, -g.most, g.node, g.place))
    return tuple(found[:LINES])


def _questions(scope: Scope, filters: Filters, lang: str) -> tuple[Question, ...]:
    """The activities with the widest range: what is not confirmed, or may be somebody else's money."""
    low, _, high = money_columns(filters.currency)
    behind = allocated(filters.but(node=ALL))
    rows = scope.rows(
        f"""
        SELECT a.activity_id, sum({low}), sum({high}), bool_or(a.is_confirmed AND {low} < {high}),
               bool_or(NOT a.is_confirmed), min(a.org_id)
        FROM {behind.source}
        WHERE {behind.where} AND a.finance_kind = $kind AND {scope.filter.sql("a")} AND a.view = 'precise'
        GROUP BY 1 HAVING sum({high}) > sum({low})
        ORDER BY sum({high}) - sum({low}) DESC, 1 LIMIT {LINES}""",
        behind.parameters,
    )
    titles = activity_titles(scope, (row[0] for row in rows), lang)
    found = []
    names = organisation_names(scope, (row[5] for row in rows), lang)
    for activity_id, least, most, is_double, is_unconfirmed, org in rows:
        money = money_of((least, None, most), filters.currency)
        width = (money.high or Decimal(0)) - (money.low or Decimal(0))
        title, title_lang = titles.get(activity_id, (None, None))
        partner = names.get(org) if org is not None else None
        found.append(Question(activity_id, title, title_lang, partner, width, bool(is_double), bool(is_unconfirmed)))
    return tuple(found)


def _freshness(scope: Scope) -> tuple[int, int, date | None]:
    rows = scope.rows(
        "SELECT CAST(coalesce(sum(records), 0) AS BIGINT), CAST(coalesce(sum(within_90_days), 0) AS BIGINT),"
        f" max(latest_date) FROM out_freshness WHERE {scope.filter.sql_precise()}"
    )
    return rows[0][0], rows[0][1], rows[0][2]


def gap_lines(scope: Scope, filters: Filters, headline: Headline, lang: str) -> list[tuple[Gap, str, str, SafeString]]:
    """Each gap with the names of its node and place, and its drawing; all on one scale."""
    top = max((gap.most for gap in headline.gaps), default=None)
    return [
        (
            gap,
            node_label(scope, filters, gap.node, lang),
            place_label(scope, gap.place, lang),
            range_svg(Money(gap.least, None, gap.most), top, "USD"),
        )
        for gap in headline.gaps
    ]
