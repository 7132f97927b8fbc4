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
from concerted.web.edition.money import Money, money_columns, money_of, money_sums
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.ranked import count_ranked, ranked
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
    return scope.remember(key, lambda: _count(scope, outside))


def _count(scope: Scope, filters: Filters) -> int:
    sought = _sought(scope, filters.q)
    return 0 if sought and not len(sought.activities) else count_ranked(scope, filters, sought and sought.activities)


def _list(scope: Scope, filters: Filters, lang: str, size: int) -> ActivityPage:
    sought = _sought(scope, filters.q)
    if sought and not len(sought.activities):  # no visible statement holds what is sought: there is nothing to sum
        return ActivityPage((), 0, Money())
    ids = None if filters.needs_rows else _richest(scope, filters, size)
    if ids is None:
        page = ranked(scope, filters, size, sought and sought.activities)
        rows, count, money = page.rows, page.count, money_of(page.sums, filters.currency)
    else:  # the figure that led here is stored; summing it again would take longer than all else
        found = _sums(scope, filters, ids)
        rows = [found[i] for i in ids]
        count, money = cell(scope, filters, filters.node or ALL).activities, net_total(scope, filters)
    facts = _facts(scope, [row[0] for row in rows], lang)
    listed = tuple(_listed(row, facts.get(row[0], _Facts()), filters.currency) for row in rows)
    return ActivityPage(listed, count, money, bool(sought and sought.is_near))


@dataclass(frozen=True)
class _Sought:
    """The activities that were found by words; `is_near` where none holds the words themselves."""

    activities: pa.Table
    is_near: bool

    @property
    def nbytes(self) -> int:
        return int(self.activities.nbytes)


def _sought(scope: Scope, text: str) -> _Sought | None:
    """Activities with a visible statement that holds the words; where there is none, one that holds words like them.
    None where no words are sought.

    What follows depends on what is visible alone, so that a word of hidden records takes no longer to be not found than
    another.
    """
    if not text:
        return None

    def find() -> _Sought:
        found = _visible(scope, scope.edition.words.find(text))
        return (
            _Sought(found, False) if len(found) else _Sought(_visible(scope, scope.edition.words.find_near(text)), True)
        )

    return scope.lately(("sought", text), find)


def _visible(scope: Scope, records: Any) -> pa.Table:
    rows = scope.rows(
        "SELECT DISTINCT activity_id FROM core_activity JOIN sought_words USING (record_id)"
        f" WHERE {scope.filter.sql_precise()}",
        beside={"sought_words": pa.table({"record_id": records})},
    )
    return pa.table({"activity_id": pa.array([row[0] for row in rows], pa.int64())})


def _richest(scope: Scope, filters: Filters, size: int) -> list[int] | None:
    """The ids of a page, most money first, from rows of the chosen kind alone: a fraction of all rows.

    None where the page reaches activities of which no such money is known: their order needs every row.
    """
    _, best, high = money_columns(filters.currency)
    behind = allocated(filters)
    found = scope.rows(
        f"""
        SELECT a.activity_id, sum({best}) AS best, sum({high}) AS high FROM {behind.source}
        WHERE {behind.where} AND {scope.filter.sql("a")} AND a.finance_kind = $kind GROUP BY a.activity_id
        ORDER BY best DESC NULLS LAST, high DESC NULLS LAST, activity_id
        LIMIT {int(size)} OFFSET {int(filters.start)}""",
        behind.parameters,
    )
    is_whole = len(found) == size and found[-1][1] is not None
    return [row[0] for row in found] if is_whole else None


def _sums(scope: Scope, filters: Filters, ids: list[int]) -> dict[int, tuple[Any, ...]]:
    """What the listed rows say of each activity. The ids are our own numbers; written out, they cut the scan short."""
    behind = allocated(filters)
    listed = ", ".join(str(int(i)) for i in ids)
    rows = scope.rows(
        f"""
        SELECT a.activity_id, {money_sums(filters.currency, _OF_KIND)}, min(a.state),
               bool_or(a.node_id <> '{UNCLASSIFIED}'),
               bool_or(is_confirmed AND a.node_id <> '{UNCLASSIFIED}'), bool_or(is_unvalued)
        FROM {behind.source} WHERE {behind.where} AND {scope.filter.sql("a")} AND a.activity_id IN ({listed})
        GROUP BY a.activity_id""",
        behind.parameters,
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
