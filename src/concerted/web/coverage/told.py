"""A total as it is shown: net, with gross and what is told twice beside it.

The stored cube holds gross and the range; how much of the range is a double, and not a suggestion that nobody has
confirmed, only the allocations tell. They are summed once per total and kept while the edition is served.
"""

from concerted.model.tables import ALL
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import Filters
from concerted.web.edition.money import Money, money_of, money_sums
from concerted.web.edition.scope import Scope


def net_by_kind(scope: Scope, filters: Filters) -> dict[str, Money]:
    """The money of each kind under the filters, with what is told twice of it."""
    kept = filters.but(opened=frozenset(), by="place", q="", state=None, kind="", node=filters.node or ALL)
    return scope.remember(("net", kept), lambda: _net(scope, kept))


def net_total(scope: Scope, filters: Filters, node: str | None = None) -> Money:
    """The money of the filters' kind, of `node` or of the filters' own; unknown where nothing is known."""
    return net_by_kind(scope, filters.but(node=node or filters.node)).get(filters.kind, Money())


def _net(scope: Scope, filters: Filters) -> dict[str, Money]:
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
