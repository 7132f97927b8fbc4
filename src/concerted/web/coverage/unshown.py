"""What a cell holds of records that are not shown, where it may be told: beside its figures, never in them.

Enters: a scope, filters, a node. Leaves: the told total, the same for every reader, or nothing. It is told of all years
and partners together and in dollars, so under such a filter there is none.
"""

from dataclasses import dataclass
from decimal import Decimal

from concerted.model.tables import ALL
from concerted.web.coverage.filters import Filters
from concerted.web.edition.scope import Scope

_COUNTED = "ANY"


@dataclass(frozen=True, slots=True)
class Unshown:
    """A total of at least three organisations.

    Attributes:
        high: at most so many USD of the filters' kind; null = not told.
        records: how many records lie wholly in the cell; null = not told.
    """

    high: Decimal | None = None
    records: int | None = None

    def __bool__(self) -> bool:
        return self.high is not None or self.records is not None


def unshown(scope: Scope, filters: Filters, node: str | None = None) -> Unshown:
    """What is told of the cell of `node` (or of the filters' own)."""
    if filters.partner or filters.exact or filters.period:
        return Unshown()
    wanted = {
        "framework": filters.framework,
        "node": node or filters.node or ALL,
        "place": filters.place or ALL,
        "kinds": [filters.kind, _COUNTED],
    }
    rows = scope.remember(
        ("unshown", wanted["framework"], wanted["node"], wanted["place"], filters.kind),
        lambda: scope.rows(
            f"""
            SELECT max(high_usd), max(records) FROM out_unshown_total
            WHERE framework_id = $framework AND node_id = $node AND place_id = $place
              AND finance_kind IN (SELECT unnest($kinds)) AND {scope.filter.sql_precise()}""",
            wanted,
        ),
    )
    return Unshown(*rows[0])
