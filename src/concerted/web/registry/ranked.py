"""Activities in the order of their money, of those that hold words, have a state or are validated.

Enters: a scope, filters, and what was found by words. Leaves: one page of activities with their sums, and the count and
the sums of all that match. What the filters let through is summed once, for every activity, and kept for the searches
that follow: a search then goes through a row for each activity, not through each allocation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from concerted.model.tables import UNCLASSIFIED
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import Filters
from concerted.web.edition.money import AMOUNTS, money_sums
from concerted.web.edition.scope import Scope

_OF_KIND = "a.finance_kind = $kind"
#: What rows say of an activity beside its money: SQL over allocations -> how it is summed further.
_FLAGS = {
    "serves": f"a.node_id <> '{UNCLASSIFIED}'",
    "is_confirmed": f"is_confirmed AND a.node_id <> '{UNCLASSIFIED}'",
    "is_unvalued": "is_unvalued",
}


@dataclass(frozen=True)
class Ranked:
    """One page: (activity_id, sums in the order of `AMOUNTS`, state, serves, is_confirmed, is_unvalued) each; the count
    and the sums of all that match."""

    rows: list[tuple[Any, ...]]
    count: int
    sums: tuple[Any, ...]


def ranked(scope: Scope, filters: Filters, size: int, sought: pa.Table | None) -> Ranked:
    """A page of what matches, most money first, those without known money last.

    Args:
        size: rows of a page; the first is the filters' own.
        sought: activities that hold the words that are sought; None = no words are.
    """
    beside = dict(_narrowed(scope, filters, sought))
    sums = ", ".join(f"sum({name}) AS {name}" for name in AMOUNTS)
    flags = ", ".join(f"bool_or({name}) AS {name}" for name in _FLAGS)
    # Not by `scope.rows`: all these rows were asked for with the viewer's filter, and kept for that filter alone.
    found = scope.edition.rows(
        f"""
        WITH one AS (
            SELECT activity_id, {sums}, min(state) AS state, {flags} FROM summed
            WHERE {_where(filters, beside)} GROUP BY activity_id),
        whole AS (SELECT count(*) AS n, {", ".join(f"sum({name}) AS all_{name}" for name in AMOUNTS)} FROM one)
        SELECT whole.*, page.* FROM whole LEFT JOIN (
            SELECT * FROM one ORDER BY best DESC NULLS LAST, high DESC NULLS LAST, activity_id
            LIMIT {int(size)} OFFSET {int(filters.start)}) AS page ON true
        ORDER BY page.best DESC NULLS LAST, page.high DESC NULLS LAST, page.activity_id""",
        _stated(filters),
        beside | {"summed": _summed(scope, filters)},
    )
    first = 1 + len(AMOUNTS)
    return Ranked([row[first:] for row in found if row[first] is not None], found[0][0], found[0][1:first])


def count_ranked(scope: Scope, filters: Filters, sought: pa.Table | None) -> int:
    """How many activities match."""
    beside = dict(_narrowed(scope, filters, sought))
    ((count,),) = scope.edition.rows(
        f"SELECT count(DISTINCT activity_id) FROM summed WHERE {_where(filters, beside)}",
        _stated(filters),
        beside | {"summed": _summed(scope, filters)},
    )
    return int(count)


def _summed(scope: Scope, filters: Filters) -> pa.Table:
    """Every activity under the filters, whatever its words and its validation, a row for each state that rows of it
    have: some 130 bytes a row."""
    plain = filters.but(opened=frozenset(), by="place", q="", state=None, validation=None)
    behind = allocated(plain)
    flags = ", ".join(f"bool_or({sql}) AS {name}" for name, sql in _FLAGS.items())
    sql = f"""
        SELECT a.activity_id, a.state, {money_sums(plain.currency, _OF_KIND)}, {flags}
        FROM {behind.source} WHERE {behind.where} AND {scope.filter.sql("a")} GROUP BY a.activity_id, a.state"""
    return scope.lately(("ranked", plain), lambda: scope.table(sql, behind.parameters))


def _narrowed(scope: Scope, filters: Filters, sought: pa.Table | None) -> Iterator[tuple[str, pa.Table]]:
    if sought is not None:
        yield "sought", sought
    if filters.validation:
        yield (
            "validated",
            scope.table(
                "SELECT DISTINCT activity_id FROM core_activity"
                f" WHERE validation = $validation AND {scope.filter.sql_precise()}",
                {"validation": filters.validation},
            ),
        )


def _where(filters: Filters, beside: Mapping[str, pa.Table]) -> str:
    conditions = [f"activity_id IN (SELECT activity_id FROM {name})" for name in beside]
    if filters.state:
        conditions.append("state IS NULL" if filters.state == "unknown" else "state = $state")
    return " AND ".join(conditions) or "true"


def _stated(filters: Filters) -> dict[str, Any]:
    return {"state": filters.state} if filters.state not in (None, "unknown") else {}
