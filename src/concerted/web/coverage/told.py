"""A total as it is shown: net, with gross and what is told twice beside it.

Stored cells hold all of it; what no stored cell holds under the filters is summed over the allocations.
"""

from concerted.model.tables import ALL
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.cells import stored_kinds
from concerted.web.coverage.filters import Filters
from concerted.web.edition.money import Money, money_of, money_sums
from concerted.web.edition.scope import Scope


def net_by_kind(scope: Scope, filters: Filters) -> dict[str, Money]:
    """The money of each kind under the filters, with what is told twice of it."""
    kept = filters.but(opened=frozenset(), by="place", q="", state=None, kind="", node=filters.node or ALL)
    stored = stored_kinds(scope, kept, kept.node or ALL)
    return scope.remember(("net", kept), lambda: _summed(scope, kept)) if stored is None else stored


def net_total(scope: Scope, filters: Filters, node: str | None = None) -> Money:
    """The money of the filters' kind, of `node` or of the filters' own; unknown where nothing is known."""
    return net_by_kind(scope, filters.but(node=node or filters.node)).get(filters.kind, Money())


def _summed(scope: Scope, filters: Filters) -> dict[str, Money]:
    behind = allocated(filters)
    behind.parameters.pop("kind")
    rows = scope.rows(
        f"""
        SELECT a.finance_kind, {money_sums(filters.currency)}
        FROM {behind.source}
        WHERE {behind.where} AND a.finance_kind <> 'presence' AND {scope.filter.sql("a")} GROUP BY 1""",
        behind.parameters,
    )
    return {kind: money_of(values, filters.currency) for kind, *values in rows}
