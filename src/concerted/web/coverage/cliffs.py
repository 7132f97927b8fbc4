"""What ends soon: per month, which activities end and what yearly money ends with them.

Enters: a scope and filters. Leaves: ends, one per activity and cell, soonest first. Money is the activity's yearly best
in the cell; a cliff is a date, so the state and the year filters do not apply.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from concerted.picture.cliff import YEARLY
from concerted.publish.told import twice_sql
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import Filters
from concerted.web.edition.money import column_suffix, in_currency
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.titles import activity_titles

MOST = 400


@dataclass(frozen=True, slots=True)
class End:
    """An activity that ends in one or several cells. `title` is None where only a coarse view is visible.

    `not_counted` says why `yearly` is zero although money is stated: `linked`, a declared link shows it in another
    statement, or `uncertain`, it is in the high figure only. None where the amount speaks for itself. `is_net` where a
    part of its money is told twice and left out of `yearly`.
    """

    activity_id: int
    end_date: date
    months: int
    nodes: tuple[str, ...]
    places: tuple[str, ...]
    yearly: Decimal | None
    title: str | None
    title_lang: str | None
    partner: str | None
    partner_id: int | None
    not_counted: Literal["linked", "uncertain"] | None = None
    is_net: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month with the distinct activities that end in it and what is known of their yearly money.

    `horizon` is the smallest of 6, 12 and 24 months that it falls in; 0 where nothing ends.
    """

    first: date
    horizon: int
    count: int
    yearly: Decimal | None


def list_ends(scope: Scope, filters: Filters, lang: str) -> list[End]:
    """The first `MOST` activities that end within 24 months of the edition's day, soonest first."""
    kept = filters.but(opened=frozenset(), by="place", q="", state=None, period=None)
    return scope.remember(("ends", kept, lang), lambda: _ends(scope, kept, lang))


def list_months(scope: Scope, filters: Filters) -> list[Month]:
    """Every month from the first end to the last, all ends counted, however many the list shows."""
    kept = filters.but(opened=frozenset(), by="place", q="", state=None, period=None)
    return scope.remember(("months of ends", kept), lambda: _months(scope, kept))


def _months(scope: Scope, filters: Filters) -> list[Month]:
    hits, parameters = _hits(scope, filters)
    rows = scope.rows(
        f"""
        WITH hits AS ({hits}),
             one AS (SELECT min(end_date) AS ends, min(months) AS months, sum(yearly) AS yearly
                     FROM hits GROUP BY activity_id)
        SELECT CAST(date_trunc('month', ends) AS DATE), min(months), count(*), sum(yearly) FILTER (yearly > 0)
        FROM one GROUP BY 1 ORDER BY 1""",
        parameters,
    )
    found = {r[0]: Month(r[0], r[1], r[2], in_currency(r[3], filters.currency)) for r in rows}
    if not found:
        return []
    month, result = min(found), []
    while month <= max(found):
        result.append(found.get(month) or Month(month, 0, 0, None))
        month = (month.replace(day=28) + timedelta(days=5)).replace(day=1)
    return result


def _hits(scope: Scope, filters: Filters) -> tuple[str, dict[str, Any]]:
    """The rows of `out_cliff` under the filters, as a query and its parameters."""
    behind = allocated(filters)
    behind.parameters.pop("kind")
    source = behind.source.replace("out_allocation a", "out_cliff a", 1)
    sql = f"""
        SELECT DISTINCT a.activity_id, a.end_date, a.months, a.node_id, a.place_id, a.org_id, a.view, a.marking_key,
               a.best_{column_suffix(filters.currency)} AS yearly
        FROM {source} WHERE {behind.where} AND {scope.filter.sql("a")}"""
    return sql, behind.parameters


def _ends(scope: Scope, filters: Filters, lang: str) -> list[End]:
    hits, parameters = _hits(scope, filters)
    rows = scope.rows(
        f"""
        WITH hits AS ({hits})
        SELECT activity_id, min(end_date), min(months), list(DISTINCT node_id ORDER BY node_id),
               list(DISTINCT place_id ORDER BY place_id), sum(yearly), min(org_id)
        FROM hits GROUP BY activity_id ORDER BY 2, 6 DESC NULLS LAST, 1 LIMIT {MOST}""",
        parameters,
    )
    doubles = _told_twice(scope, [r[0] for r in rows if r[5] is not None], filters.currency)
    titles = activity_titles(scope, (r[0] for r in rows), lang)
    names = organisation_names(scope, (r[6] for r in rows), lang)
    return [
        End(
            activity_id=r[0],
            end_date=r[1],
            months=r[2],
            nodes=tuple(r[3]),
            places=tuple(r[4]),
            yearly=in_currency(r[5], filters.currency),
            title=titles.get(r[0], (None, None))[0],
            title_lang=titles.get(r[0], (None, None))[1],
            partner=names.get(r[6]) if r[6] is not None else None,
            partner_id=r[6] if r[6] in names else None,
            not_counted=("linked" if doubles[r[0]] else "uncertain") if r[5] == 0 and r[0] in doubles else None,
            is_net=bool(r[5]) and doubles.get(r[0], False),
        )
        for r in rows
    ]


def _told_twice(scope: Scope, ids: list[int], currency: str) -> dict[int, bool]:
    """Of these activities, those that state money, and whether some of it is likely told twice.

    A bare zero would say that they have none; an amount without a word that nothing was left out of it.
    """
    if not ids:
        return {}
    likely, _ = twice_sql(column_suffix(currency))
    kinds = ", ".join(f"'{kind}'" for names in YEARLY for kind in names)
    rows = scope.rows(
        f"""
        SELECT a.activity_id, bool_or({likely} > 0) FROM out_allocation a
        WHERE a.activity_id IN (SELECT unnest($ids)) AND a.gross_usd > 0 AND a.finance_kind IN ({kinds})
          AND {scope.filter.sql("a")} GROUP BY 1""",
        {"ids": ids},
    )
    return {activity: bool(is_twice) for activity, is_twice in rows}


def by_month(ends: Iterable[End]) -> list[tuple[date, int, list[End]]]:
    """(first of the month, the smallest horizon that it falls in, its ends) of the months in which some are listed."""
    grouped: dict[date, list[End]] = defaultdict(list)
    for end in ends:
        grouped[end.end_date.replace(day=1)].append(end)
    return [(month, min(e.months for e in here), here) for month, here in sorted(grouped.items())]
