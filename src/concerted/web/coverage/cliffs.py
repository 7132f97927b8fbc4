"""What ends soon: per month, which activities end and what yearly money ends with them.

Enters: a scope and filters. Leaves: ends, one per activity and cell, soonest first. Money is the activity's yearly best
in the cell; a cliff is a date, so the state and the year filters do not apply.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import Filters
from concerted.web.edition.money import column_suffix, in_currency
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.activities import activity_titles

MOST = 400


@dataclass(frozen=True, slots=True)
class End:
    """An activity that ends in one or several cells. `title` is None where only a coarse view is visible."""

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


def list_ends(scope: Scope, filters: Filters, lang: str) -> list[End]:
    """The activities that end within 24 months of the edition's day, soonest first."""
    kept = filters.but(opened=frozenset(), by="place", q="", state=None, period=None)
    return scope.remember(("ends", kept, lang), lambda: _ends(scope, kept, lang))


def _ends(scope: Scope, filters: Filters, lang: str) -> list[End]:
    behind = allocated(filters)
    behind.parameters.pop("kind")
    source = behind.source.replace("out_allocation a", "out_cliff a", 1)
    rows = scope.rows(
        f"""
        WITH hits AS (
            SELECT DISTINCT a.activity_id, a.end_date, a.months, a.node_id, a.place_id, a.org_id, a.view, a.marking_key,
                   a.best_{column_suffix(filters.currency)} AS yearly
            FROM {source} WHERE {behind.where} AND {scope.filter.sql("a")})
        SELECT activity_id, min(end_date), min(months), list(DISTINCT node_id ORDER BY node_id),
               list(DISTINCT place_id ORDER BY place_id), sum(yearly), min(org_id)
        FROM hits GROUP BY activity_id ORDER BY 2, 6 DESC NULLS LAST, 1 LIMIT {MOST}""",
        behind.parameters,
    )
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
        )
        for r in rows
    ]


def by_month(ends: Iterable[End]) -> list[tuple[date, int, list[End]]]:
    """(first of the month, months ahead it falls in, its ends), every month from the first end to the last."""
    grouped: dict[date, list[End]] = defaultdict(list)
    for end in ends:
        grouped[end.end_date.replace(day=1)].append(end)
    if not grouped:
        return []
    month, result = min(grouped), []
    while month <= max(grouped):
        here = grouped.get(month, [])
        result.append((month, min((e.months for e in here), default=0), here))
        month = (month.replace(day=28) + timedelta(days=5)).replace(day=1)
    return result
