"""The list of activities under the filters: what any figure of the picture opens to.

Enters: a scope and filters. Leaves: one page of rows, with the count and the money of all that match taken from the
same rows, so that the list's total is the cell's to the cent. Titles and names come only from precise rows that the
viewer sees.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.cells import cell
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.told import net_total
from concerted.web.edition.money import AMOUNTS, Money, money_columns, money_of, money_sums
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.titles import activity_titles

PAGE = 50
_OF_KIND = "a.finance_kind = $kind"


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
    """A page of activities; `count` and `money` are of all that match, not of the page.

    `is_near`: nothing holds the words that are sought, and these hold words that differ from them by a letter.
    """

    rows: tuple[ListedActivity, ...]
    count: int
    money: Money
    is_near: bool = False


def list_activities(scope: Scope, filters: Filters, lang: str, size: int = PAGE) -> ActivityPage:
    """The activities behind a figure, most money first; `size` at most, of which only a page's worth is remembered."""
    if size > PAGE:
        return _list(scope, filters, lang, size)
    key = ("activities", filters.but(opened=frozenset(), by="place", start=filters.start), lang, size)
    return scope.remember(key, lambda: _list(scope, filters, lang, size))


def count_validation(scope: Scope) -> dict[str, int]:
    """Activities by how far they are validated, of those that the viewer sees in full; those published elsewhere are in
    none of the counts. One that several records tell counts for each word that one of them bears."""
    sql = (
        "SELECT validation, count(DISTINCT activity_id) FROM core_activity"
        f" WHERE validation IS NOT NULL AND {scope.filter.sql_precise()} GROUP BY 1"
    )
    return scope.remember(("validation",), lambda: dict(scope.rows(sql)))


def count_outside(scope: Scope, filters: Filters) -> int:
    """How many activities match and serve no node: they are in no total, so a list names them apart."""
    if filters.node not in (None, ALL):
        return 0
    outside = filters.but(node=UNCLASSIFIED)
    if not filters.needs_rows:
        return cell(scope, outside, UNCLASSIFIED).activities
    key = ("outside", outside.but(opened=frozenset(), by="place"))
    return scope.remember(key, lambda: _count(scope, _hits(scope, outside)))


def _list(scope: Scope, filters: Filters, lang: str, size: int) -> ActivityPage:
    hits = _hits(scope, filters)
    if hits.is_empty:
        return ActivityPage((), 0, Money())
    ids = None if filters.needs_rows else _richest(scope, filters, hits, size)
    if ids is None:
        ids, count, money = _ordered(scope, filters, hits, size)
    else:  # the figure that led here is stored; summing it again would take longer than all else
        count, money = cell(scope, filters, filters.node or ALL).activities, net_total(scope, filters)
    facts = _facts(scope, ids, lang)
    sums = _sums(scope, filters, ids)
    rows = tuple(_listed(sums[i], facts.get(i, _Facts()), filters.currency) for i in ids)
    return ActivityPage(rows, count, money, hits.is_near)


@dataclass(frozen=True)
class _Hits:
    """The rows of allocations that are listed: FROM and WHERE, the viewer's filter within, and their parameters.

    `beside` holds the activities that were found by the words of their visible statements; `is_near` where none holds
    the words themselves, and words like them were taken.
    """

    source: str
    where: str
    parameters: dict[str, Any]
    beside: dict[str, pa.Table]
    is_near: bool = False

    @property
    def is_empty(self) -> bool:
        """No visible statement holds what is sought: there is nothing to sum."""
        return any(not len(table) for table in self.beside.values())


def _hits(scope: Scope, filters: Filters) -> _Hits:
    behind = allocated(filters)
    where = [behind.where, scope.filter.sql("a")]
    beside, is_near = {}, False
    if filters.q:
        beside["sought"], is_near = _sought(scope, filters.q)
        where.append("a.activity_id IN (SELECT activity_id FROM sought)")
    if filters.state == "unknown":
        where.append("a.state IS NULL")
    elif filters.state:
        behind.parameters["state"] = filters.state
        where.append("a.state = $state")
    if filters.validation:
        behind.parameters["validation"] = filters.validation
        where.append(
            "a.activity_id IN (SELECT activity_id FROM core_activity"
            f" WHERE validation = $validation AND {scope.filter.sql_precise()})"
        )
    return _Hits(behind.source, " AND ".join(where), behind.parameters, beside, is_near)


def _sought(scope: Scope, text: str) -> tuple[pa.Table, bool]:
    """Activities with a visible statement that holds the words; where there is none, one that holds words like them.

    What follows depends on what is visible alone, so that a word of hidden records takes no longer to be not found than
    another.
    """
    found = _visible(scope, scope.edition.words.find(text))
    if len(found):
        return found, False
    return _visible(scope, scope.edition.words.find_near(text)), True


def _visible(scope: Scope, records: Any) -> pa.Table:
    rows = scope.rows(
        "SELECT DISTINCT activity_id FROM core_activity JOIN sought_words USING (record_id)"
        f" WHERE {scope.filter.sql_precise()}",
        beside={"sought_words": pa.table({"record_id": records})},
    )
    return pa.table({"activity_id": pa.array([row[0] for row in rows], pa.int64())})


def _richest(scope: Scope, filters: Filters, hits: _Hits, size: int) -> list[int] | None:
    """The ids of a page, most money first, from rows of the chosen kind alone: a fraction of all rows.

    None where the page reaches activities of which no such money is known: their order needs every row.
    """
    _, best, high = money_columns(filters.currency)
    found = scope.rows(
        f"""
        SELECT a.activity_id, sum({best}) AS best, sum({high}) AS high FROM {hits.source}
        WHERE {hits.where} AND a.finance_kind = $kind GROUP BY a.activity_id
        ORDER BY best DESC NULLS LAST, high DESC NULLS LAST, activity_id
        LIMIT {int(size)} OFFSET {int(filters.start)}""",
        hits.parameters,
    )
    is_whole = len(found) == size and found[-1][1] is not None
    return [row[0] for row in found] if is_whole else None


def _ordered(scope: Scope, filters: Filters, hits: _Hits, size: int) -> tuple[list[int], int, Money]:
    """The ids of a page, those without known money last, and the count and the money of all that match."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in AMOUNTS)
    found = scope.rows(
        f"""
        WITH one AS (SELECT a.activity_id, {money_sums(filters.currency, _OF_KIND)} FROM {hits.source}
                     WHERE {hits.where} GROUP BY a.activity_id),
             whole AS (SELECT count(*) AS n, {sums} FROM one)
        SELECT page.activity_id, whole.* FROM whole LEFT JOIN (
            SELECT activity_id, best, high FROM one ORDER BY best DESC NULLS LAST, high DESC NULLS LAST, activity_id
            LIMIT {int(size)} OFFSET {int(filters.start)}) page ON true
        ORDER BY page.best DESC NULLS LAST, page.high DESC NULLS LAST, page.activity_id""",
        hits.parameters,
        hits.beside,
    )
    return [row[0] for row in found if row[0] is not None], found[0][1], money_of(found[0][2:], filters.currency)


def _count(scope: Scope, hits: _Hits) -> int:
    if hits.is_empty:
        return 0
    sql = f"SELECT count(DISTINCT a.activity_id) FROM {hits.source} WHERE {hits.where}"
    ((count,),) = scope.rows(sql, {k: v for k, v in hits.parameters.items() if k != "kind"}, hits.beside)
    return int(count)


def _sums(scope: Scope, filters: Filters, ids: list[int]) -> dict[int, tuple[Any, ...]]:
    """What the listed rows say of each activity. The ids are our own numbers; written out, they cut the scan short."""
    if not ids:
        return {}
    hits = _hits(scope, filters.but(q=""))  # the ids hold what is sought already
    listed = ", ".join(str(int(i)) for i in ids)
    rows = scope.rows(
        f"""
        SELECT a.activity_id, {money_sums(filters.currency, _OF_KIND)}, min(a.state),
               bool_or(a.node_id <> '{UNCLASSIFIED}'),
               bool_or(is_confirmed AND a.node_id <> '{UNCLASSIFIED}'), bool_or(is_unvalued)
        FROM {hits.source} WHERE {hits.where} AND a.activity_id IN ({listed}) GROUP BY a.activity_id""",
        hits.parameters,
    )
    return {row[0]: row for row in rows}


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
    money: tuple[Decimal | None, ...] = row[1:7]
    return ListedActivity(
        activity_id=row[0],
        title=facts.title,
        title_lang=facts.title_lang,
        partners=facts.partners,
        state=row[7],
        money=money_of(money, currency),
        serves=row[8],
        is_confirmed=row[9],
        is_unvalued=row[10],
        source=facts.source,
    )
