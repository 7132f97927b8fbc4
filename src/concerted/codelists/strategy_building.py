"""Rows of a strategy file as a `Framework`.

Place on the way: between `strategy_rows.py` and `strategy.py`. Every problem is noted in the document with its place
and the remedy, and none stops the reading of the others: an owner wants to mend a file once.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import cast

from concerted.codelists import lists
from concerted.codelists.frameworks import (
    FORMER_PLACES,
    SUPPLY_KINDS,
    WHOLE,
    CellRule,
    Cost,
    Crosswalk,
    FormerCode,
    Framework,
    Indicator,
    Node,
    OwnCode,
    Relation,
    Status,
    load_framework,
    shipped_frameworks,
)
from concerted.codelists.strategy_cells import YEARS, Cells
from concerted.codelists.strategy_problems import Problem, Where
from concerted.codelists.strategy_rows import Document
from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN

#: Node ids that tables use for something else.
RESERVED = (ALL, UNCLASSIFIED, REGIONAL, UNKNOWN)
#: Vocabularies whose codes can be checked, and the list of these codes.
_CHECKED = {"1": "Sector", "2": "SectorCategory", "7": "SDGGoals", "8": "SDGTargets"}


def build_framework(document: Document, places: Collection[str]) -> Framework | None:
    """The strategy that the rows make; null, or one with gaps, where `document.problems` is not empty.

    Args:
        document: rows of the file; problems are added to it.
        places: place ids that may be named.
    """
    rows = {table: [Cells(document, table, row) for row in found] for table, found in document.tables.items()}
    if not rows["strategy"]:
        document.problems.append(Problem("no_strategy"))
        return None
    top = rows["strategy"][0]
    framework_id = top.text("id", required=True) or ""
    if framework_id in shipped_frameworks():
        top.problem("shipped_id", "id", found=framework_id)
    place_id = top.place("place", places)
    nodes = _nodes(document, rows["nodes"])
    costs = _costs(rows["costs"], nodes, places, place_id)
    indicators = _indicators(rows["indicators"], nodes)
    valid_from, valid_to = top.day("valid_from"), top.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        top.problem("days_swapped", "valid_to", found=valid_to, start=valid_from)
    status = top.word("status", "strategy_status") or "draft"
    adopted_by, adopted_date = top.text("adopted_by"), top.day("adopted_date")
    if status == "adopted" and not (adopted_by and adopted_date):
        top.problem("no_act")
    author = top.text("author")
    return Framework(
        id=framework_id,
        version=top.text("version", required=True) or "",
        name=_names(top),
        nodes=tuple(
            replace(node, costs=tuple(costs.get(node_id, ())), indicators=tuple(indicators.get(node_id, ())))
            for node_id, node in nodes.items()
        ),
        source=top.text("source"),
        author=author,
        valid_from=valid_from,
        valid_to=valid_to,
        status=cast(Status, status),
        adopted_by=adopted_by,
        adopted_date=adopted_date,
        is_strategy=True,
        place_id=place_id,
        note=top.texts("note"),
        cell_rule=_rule(top),
        own_codes=(*_own_codes(rows["codes"], nodes), *_published_codes(top, nodes)),
        crosswalks=_crosswalks(rows["crosswalks"], nodes, framework_id, author),
        former_codes=_former_codes(rows["former"], nodes, author),
    )


def _nodes(document: Document, rows: list[Cells]) -> dict[str, Node]:
    """Nodes by id in the order of the file, parents and ids checked."""
    if not rows:
        document.problems.append(Problem("no_node"))
    nodes: dict[str, Node] = {}
    parents: list[tuple[Cells, str]] = []
    for cells in rows:
        node_id = cells.text("id", required=True)
        if node_id is None:
            continue
        if node_id in nodes:
            cells.problem("node_twice", "id", found=node_id)
            continue
        if node_id in RESERVED:
            cells.problem("node_reserved", "id", found=node_id)
        parent_id = cells.text("parent")
        if parent_id is not None:
            parents.append((cells, parent_id))
        is_pve = cells.word("pve_specific", "yes_no")
        nodes[node_id] = Node(
            id=node_id,
            code=cells.text("code") or node_id,
            name=_names(cells),
            parent_id=parent_id,
            definition=cells.texts("definition"),
            lexicon=cells.terms("words"),
            exclusions=cells.terms("exclusions"),
            is_pve_specific=None if is_pve is None else is_pve == "yes",
            lead=cells.text("lead"),
        )
    for cells, parent_id in parents:
        if parent_id not in nodes:
            cells.problem("no_parent", "parent", found=parent_id)
    return nodes


def _names(cells: Cells) -> dict[str, str]:
    names = cells.texts("name")
    if not names:
        cells.problem("no_name", "name")
    return names


def _node(cells: Cells, nodes: dict[str, Node]) -> str | None:
    node_id = cells.text("node", required=True)
    if node_id is None or node_id in nodes:
        return node_id
    cells.problem("unknown_node", "node", found=node_id)
    return None


def _costs(
    rows: list[Cells], nodes: dict[str, Node], places: Collection[str], place_id: str | None
) -> dict[str, list[Cost]]:
    """Costs by node; one per node, place and year."""
    costs: dict[str, list[Cost]] = {}
    seen: dict[tuple[str, str | None, int], Where] = {}
    for cells in rows:
        node_id = _node(cells, nodes)
        place, year = cells.place("place", places), cells.whole("year", YEARS, required=True)
        low, high, currency = cells.amount("low"), cells.amount("high"), cells.currency("currency")
        if place is None and place_id is None and cells.text("place") is None:
            cells.problem("cost_nowhere", "place")
        if low is None or high is None:
            if cells.text("low") is None or cells.text("high") is None:
                cells.problem("cost_ends")
            continue
        if low > high:
            cells.problem("cost_order", low=f"{low:f}", high=f"{high:f}")
        if node_id is None or year is None or currency is None:
            continue
        key = (node_id, place or place_id, year)
        if key in seen:
            cells.problem("cost_twice", node=node_id, year=year, seen=seen[key])
            continue
        seen[key] = cells.where
        costs.setdefault(node_id, []).append(Cost(year, low, high, currency, place, cells.text("source")))
    return costs


def _indicators(rows: list[Cells], nodes: dict[str, Node]) -> dict[str, list[Indicator]]:
    indicators: dict[str, list[Indicator]] = {}
    seen: set[str] = set()
    for cells in rows:
        node_id, indicator_id = _node(cells, nodes), cells.text("id", required=True)
        if indicator_id in seen:
            cells.problem("indicator_twice", "id", found=indicator_id)
        if node_id is None or indicator_id is None:
            continue
        seen.add(indicator_id)
        indicators.setdefault(node_id, []).append(
            Indicator(
                id=indicator_id,
                name=_names(cells),
                unit=cells.text("unit"),
                baseline=cells.text("baseline"),
                baseline_year=cells.whole("baseline_year", YEARS),
                target=cells.text("target"),
                target_year=cells.whole("target_year", YEARS),
            )
        )
    return indicators


def _own_codes(rows: list[Cells], nodes: dict[str, Node]) -> list[OwnCode]:
    codes: list[OwnCode] = []
    for cells in rows:
        node_id, code = _node(cells, nodes), cells.text("code", required=True)
        relation = cells.word("relation", "relation", ("exact", "narrower")) or "exact"
        if node_id is not None and code is not None:
            is_exact = relation == "exact"
            codes.append(
                OwnCode(
                    code=code,
                    node_id=node_id,
                    relation="exact" if is_exact else "narrower",
                    vocabulary_uri=cells.text("vocabulary_uri"),
                    column=cells.text("column"),
                )
            )
    return codes


def _published_codes(top: Cells, nodes: dict[str, Node]) -> list[OwnCode]:
    """With the strategy's vocabulary address, partners who publish under it name nodes by their own codes and ids."""
    uri = top.text("vocabulary_uri")
    if uri is None:
        return []
    pairs = dict.fromkeys((code, node.id) for node in nodes.values() for code in (node.id, node.code))
    return [OwnCode(code, node_id, "exact", uri) for code, node_id in pairs]


def _crosswalks(
    rows: list[Cells], nodes: dict[str, Node], framework_id: str, author: str | None
) -> tuple[Crosswalk, ...]:
    found: list[Crosswalk] = []
    for cells in rows:
        node_id, code = _node(cells, nodes), cells.text("from_code", required=True)
        vocabulary = cells.text("from_vocabulary", required=True)
        relation = cells.word("relation", "relation")
        row_author = cells.text("author") or author
        day = cells.day("date")
        if relation is None and cells.text("relation") is None:
            cells.problem("no_relation", "relation")
        if row_author is None:
            cells.problem("nobody_says", "author")
        if day is None and cells.text("date") is None:
            cells.problem("no_day_said", "date")
        if vocabulary is not None and code is not None:
            _check_code(cells, vocabulary, code)
        if node_id and code and vocabulary and relation and row_author and day:
            found.append(
                Crosswalk(
                    from_vocabulary=vocabulary,
                    from_code=code,
                    framework_id=framework_id,
                    node_id=node_id,
                    relation=cast(Relation, relation),
                    author=row_author,
                    date=day,
                    note=cells.text("note"),
                )
            )
    return tuple(found)


def _former_codes(rows: list[Cells], nodes: dict[str, Node], author: str | None) -> tuple[FormerCode, ...]:
    """Words of earlier versions; the shares of each one sum to the whole."""
    found: list[FormerCode] = []
    sums: dict[tuple[str, str, str | None, str | None], tuple[Cells, int]] = {}
    for cells in rows:
        node_id, code, version = _node(cells, nodes), cells.text("code", required=True), cells.text("version")
        place = cells.text("place") or "node"
        if place not in FORMER_PLACES:
            cells.problem("one_of", "place", found=place, expected=", ".join(FORMER_PLACES))
        share = cells.percent("share")
        day, row_author = cells.day("date"), cells.text("author") or author
        if row_author is None:
            cells.problem("nobody_decided", "author")
        if day is None and cells.text("date") is None:
            cells.problem("no_day_decided", "date")
        if not (node_id and code and row_author and day and share is not None and place in FORMER_PLACES):
            continue
        uri, column = cells.text("vocabulary_uri"), cells.text("column")
        parts = round(share * WHOLE / 100)
        row = FormerCode(version or "", place, code, node_id, parts, row_author, day, uri, column)
        found.append(row)
        first, so_far = sums.get((place, code, uri, column), (cells, 0))
        sums[place, code, uri, column] = (first, so_far + parts)
    for (_place, code, *_more), (cells, total) in sums.items():
        if total != WHOLE:
            cells.problem("shares", "share", found=code, sum=f"{total * 100 / WHOLE:g}")
    return tuple(found)


def _check_code(cells: Cells, vocabulary: str, code: str) -> None:
    """A code of a vocabulary whose codes are known must be one of them."""
    if vocabulary in shipped_frameworks():
        known: Collection[str] = {node.id for node in load_framework(vocabulary).nodes}
    elif vocabulary in _CHECKED:
        known = lists.codes(_CHECKED[vocabulary])
    elif vocabulary in lists.codes("SectorVocabulary") or vocabulary in ("policy_marker", "cluster"):
        return
    else:
        expected = ", ".join((*shipped_frameworks(), "1, 2, 7, 8, 99, policy_marker, cluster"))
        cells.problem("one_of", "from_vocabulary", found=vocabulary, expected=expected)
        return
    if code not in known:
        cells.problem("unknown_code", "from_code", found=code, vocabulary=vocabulary)


def _rule(top: Cells) -> CellRule:
    """The rule for cells, what is not said as it is at the start."""
    start = CellRule()
    covered, not_covered = top.share("covered"), top.share("not_covered")
    months = top.whole("freshness_months", range(1, 121))
    rule = CellRule(
        covered=start.covered if covered is None else covered,
        not_covered=start.not_covered if not_covered is None else not_covered,
        freshness_months=start.freshness_months if months is None else months,
        supply_kind=top.word("supply_kind", "finance_kind", SUPPLY_KINDS) or start.supply_kind,
    )
    if rule.not_covered > rule.covered:
        top.problem("rule_order", "not_covered", found=f"{rule.not_covered:f}", covered=f"{rule.covered:f}")
    return rule
