"""People reached and targeted in a cell or by an activity, as bounds; those who tell no figure are counted apart.

Enters: a scope, filters or an activity. Leaves: bounds per kind. Figures tell no year and are not kept by partner, so
under such a filter there are none. An edition of an older version has none for the public: nobody looked which of its
counts are small.
"""

from dataclasses import dataclass

from concerted.model.tables import ALL
from concerted.publish.visible import counts_sql
from concerted.store.people import KINDS
from concerted.web.coverage.cells import Cell
from concerted.web.coverage.filters import Filters
from concerted.web.edition.scope import Scope


@dataclass(frozen=True, slots=True)
class Bound:
    """How many different people: at least the largest figure, at most the sum of those that may overlap.

    Attributes:
        suppressed: figures that the viewer is not told, since they count few people or would tell such a count.
        told: activities that tell a figure.
        untold: activities here that tell none: unknown, not zero.
    """

    kind: str
    at_least: int
    at_most: int
    told: int
    untold: int
    suppressed: int = 0


def people_in_cell(scope: Scope, filters: Filters, node: str | None, cell: Cell) -> list[Bound]:
    """The bounds of a cell, people reached first; `cell` is the same cell, with its activities."""
    if filters.partner or filters.exact or filters.period:
        return []
    wanted = {"framework": filters.framework, "node": node or ALL, "place": filters.place}
    rows = scope.remember(
        ("people", *wanted.values()),
        lambda: scope.rows(
            f"""
            SELECT kind, max(at_least), CAST(sum(at_most) AS BIGINT), CAST(sum(activities) AS BIGINT),
                   CAST(sum(suppressed) AS BIGINT)
            FROM {counts_sql(scope.filter, "out_people_bound")}
            WHERE framework_id = $framework AND node_id = $node AND place_id IS NOT DISTINCT FROM $place
              AND {scope.filter.sql_precise()} GROUP BY kind HAVING max(at_least) IS NOT NULL""",
            wanted,
        ),
    )
    found = [
        Bound(kind, least, most, told, max(cell.activities - told, 0), suppressed)
        for kind, least, most, told, suppressed in rows
    ]
    return sorted(found, key=lambda bound: KINDS.index(bound.kind))


def people_of_activity(scope: Scope, activity: int) -> list[Bound]:
    """The bounds of one activity, over the statements that the viewer sees in full."""
    rows = scope.rows(
        f"""
        SELECT kind, max(told_least), CAST(coalesce(sum(told_most) FILTER (NOT is_part), 0) AS BIGINT),
               count(*) FILTER (is_suppressed)
        FROM {counts_sql(scope.filter, "out_people_figure")}
        WHERE activity_id = $activity AND record_id IN (
            SELECT record_id FROM core_activity WHERE activity_id = $activity AND {scope.filter.sql_precise()})
        GROUP BY kind HAVING max(told_least) IS NOT NULL""",
        {"activity": activity},
    )
    return sorted(
        (Bound(kind, least, most, 1, 0, suppressed) for kind, least, most, suppressed in rows),
        key=lambda bound: KINDS.index(bound.kind),
    )
