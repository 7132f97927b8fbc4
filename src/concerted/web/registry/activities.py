"""The list of activities under the filters: what any figure of the picture opens to.

Enters: a scope and filters. Leaves: one page of rows, with the count and the money of all that match taken from the
same rows, so that the list's total is the cell's to the cent. Titles and names come only from precise rows that the
viewer sees.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from concerted.marking import RowFilter
from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.cells import cell
from concerted.web.coverage.filters import Filters
from concerted.web.edition.money import Money, money_columns, money_of
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.titles import activity_titles

PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedActivity:
    """One activity with its share of what is listed. `title` is None for those seen in their coarse view only.

    `serves` says whether it has a node, confirmed or suggested; without one there is nothing to confirm.
    """

    activity_id: int
    title: str | None
    title_lang: str | None
    partners: tuple[tuple[int, str], ...]
    state: str | None
    money: Money
    serves: bool
    is_confirmed: bool
    is_unvalued: bool
    source: str | None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """A page of activities; `count` and `money` are of all that match, not of the page."""

    rows: tuple[ListedActivity, ...]
    count: int
    money: Money


def list_activities(scope: Scope, filters: Filters, lang: str, size: int = PAGE) -> ActivityPage:
    """The activities behind a figure, most money first; `size` at most, of which only a page's worth is remembered."""
    if size > PAGE:
        return _list(scope, filters, lang, size)
    key = ("activities", filters.but(opened=frozenset(), by="place", start=filters.start), lang, size)
    return scope.remember(key, lambda: _list(scope, filters, lang, size))


def count_outside(scope: Scope, filters: Filters, lang: str) -> int:
    """How many activities match and serve no node: they are in no total, so a list names them apart."""
    if filters.node not in (None, ALL):
        return 0
    outside = filters.but(node=UNCLASSIFIED)
    if filters.q or filters.state:
        return list_activities(scope, outside, lang, 1).count
    return cell(scope, outside, UNCLASSIFIED).activities


def _list(scope: Scope, filters: Filters, lang: str, size: int) -> ActivityPage:
    low, best, high = money_columns(filters.currency)
    behind = allocated(filters)
    parameters, also = behind.parameters, ""
    if filters.q:
        parameters["q"] = filters.q
        also += f" AND a.activity_id IN ({_matching(scope.filter)})"
    if filters.state == "unknown":
        also += " AND a.state IS NULL"
    elif filters.state:
        parameters["state"] = filters.state
        also += " AND a.state = $state"
    page = f"LIMIT {int(size)} OFFSET {int(filters.start)}"
    sql = f"""
        WITH hits AS (
            SELECT a.activity_id, sum({low}) FILTER (finance_kind = $kind) AS low,
                   sum({best}) FILTER (finance_kind = $kind) AS best,
                   sum({high}) FILTER (finance_kind = $kind) AS high,
                   min(a.state) AS state, bool_or(is_unvalued) AS is_unvalued,
                   bool_or(a.node_id <> '{UNCLASSIFIED}') AS serves,
                   bool_or(is_confirmed AND a.node_id <> '{UNCLASSIFIED}') AS is_confirmed
            FROM {behind.source}
            WHERE {behind.where} AND {scope.filter.sql("a")}{also}
            GROUP BY a.activity_id)
        SELECT activity_id, low, best, high, state, serves, is_confirmed, is_unvalued,
               count(*) OVER (), sum(low) OVER (), sum(best) OVER (), sum(high) OVER ()
        FROM hits ORDER BY best DESC NULLS LAST, high DESC NULLS LAST, activity_id {page}"""
    found = scope.rows(sql, parameters)
    if not found:
        return ActivityPage((), 0, Money())
    facts = _facts(scope, [row[0] for row in found], lang)
    rows = tuple(_listed(row, facts.get(row[0], _Facts()), filters.currency) for row in found)
    return ActivityPage(rows, found[0][8], money_of(found[0][9:12], filters.currency))


def _matching(rule: RowFilter) -> str:
    """Activities with a visible statement whose title, identifier or description holds `$q`, accents and case apart."""
    return f"""
        SELECT activity_id FROM core_activity
        WHERE {rule.sql_precise()} AND (
            contains(strip_accents(lower(title)), strip_accents(lower($q)))
            OR contains(lower(identifier), lower($q))
            OR contains(strip_accents(lower(description)), strip_accents(lower($q))))
        UNION ALL
        SELECT a.activity_id FROM core_narrative n JOIN core_activity a ON a.record_id = n.record_id
        WHERE n.field = 'title' AND {rule.sql_precise("a")}
          AND contains(strip_accents(lower(n.text)), strip_accents(lower($q)))"""


@dataclass(frozen=True, slots=True)
class _Facts:
    title: str | None = None
    title_lang: str | None = None
    partners: tuple[tuple[int, str], ...] = ()
    source: str | None = None


def _facts(scope: Scope, ids: list[int], lang: str) -> dict[int, _Facts]:
    """Title, partners and source of the visible statements; an activity seen in its coarse view only is absent."""
    precise = scope.filter.sql_precise()
    rows = scope.rows(
        f"""
        SELECT activity_id, list(DISTINCT org_id ORDER BY org_id) FILTER (org_id IS NOT NULL), min(source_id)
        FROM core_activity WHERE activity_id IN (SELECT unnest($ids)) AND {precise}
        GROUP BY activity_id""",
        {"ids": ids},
    )
    names = organisation_names(scope, (org for row in rows for org in row[1] or ()), lang)
    titles = activity_titles(scope, ids, lang)
    return {
        activity: _Facts(
            *titles[activity],
            partners=tuple((org, names[org]) for org in orgs or () if org in names),
            source=source,
        )
        for activity, orgs, source in rows
    }


def _listed(row: tuple[Any, ...], facts: _Facts, currency: str) -> ListedActivity:
    money: tuple[Decimal | None, ...] = row[1:4]
    return ListedActivity(
        activity_id=row[0],
        title=facts.title,
        title_lang=facts.title_lang,
        partners=facts.partners,
        state=row[4],
        money=money_of(money, currency),
        serves=row[5],
        is_confirmed=row[6],
        is_unvalued=row[7],
        source=facts.source,
    )
