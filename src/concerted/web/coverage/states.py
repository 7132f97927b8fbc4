"""States of cells: supply against need, by the one rule of `picture.state`.

Enters: a scope, filters, nodes and columns. Leaves: the need of each cell and its state. The state never depends on the
currency or the kind of money that a reader looks at: it is decided on the kind that the strategy's rule names, in USD.
Under a filter on one partner there is no state: one partner alone covers nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from concerted.picture.informed import Informed
from concerted.picture.state import CellState, cell_state
from concerted.web.coverage.cells import EMPTY, Cell, Key, cells
from concerted.web.coverage.filters import NO_YEAR, By, Filters
from concerted.web.edition.scope import Scope


@dataclass(frozen=True, slots=True)
class Need:
    """What a cell should cost (USD, null = unknown), and whether somebody who claims to be complete has reported."""

    low: Decimal | None = None
    high: Decimal | None = None
    is_informed: bool = False

    @property
    def is_known(self) -> bool:
        """The strategy says what the cell should cost, at least roughly."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Judged:
    """A cell with its supply (of the rule's kind, USD), its need and the state that follows."""

    supply: Cell
    need: Need
    state: CellState

    @property
    def gap(self) -> tuple[Decimal, Decimal] | None:
        """Least and most that is missing, in USD; None where the need is not known at both ends."""
        if self.need.low is None or self.need.high is None:
            return None
        least = max(Decimal(0), self.need.low - (self.supply.money.high or 0))
        most = max(Decimal(0), self.need.high - (self.supply.money.low or 0))
        return least, most


def judge(scope: Scope, filters: Filters, nodes: Sequence[str], columns: Sequence[Any] | None) -> dict[Key, Judged]:
    """The state of every node in every column, and in the total (column None), under the filters.

    Args:
        scope: who looks at which edition.
        filters: `by` says what columns are; partners and unknown years have no states.
        nodes: nodes of the framework; ALL stands for the sum of the first level.
        columns: places or years; None = only the totals.
    """
    if filters.partner or filters.exact or filters.period == NO_YEAR:
        return {}
    rule = scope.edition.frameworks[filters.framework].rule
    by: By | None = None if columns is None or filters.by == "partner" else filters.by
    asked = replace(filters, kind=rule.supply_kind, currency="USD", exact=False)
    supply = dict(cells(scope, asked, nodes))
    needs = _needs(scope, asked, nodes, None, ())
    if by:
        supply |= {k: c for k, c in cells(scope, asked, nodes, by, columns).items() if k[1] is not None}
        needs |= _needs(scope, asked, nodes, by, tuple(columns or ()))
    keys = [(node, column) for node in nodes for column in (None, *(columns or () if by else ()))]
    judged = {}
    for key in keys:
        found, need = supply.get(key, EMPTY), needs.get(key, Need())
        money = found.money
        state = cell_state(money.low, money.high, need.low, need.high, need.is_informed, found.activities, rule)
        judged[key] = Judged(found, need, state)
    return judged


def _needs(
    scope: Scope, filters: Filters, nodes: Sequence[str], by: By | None, columns: tuple[Any, ...]
) -> dict[Key, Need]:
    chosen = filters.without(by)
    return scope.remember(
        ("needs", filters.framework, chosen.place, chosen.period, tuple(nodes), by, columns),
        lambda: _read_needs(scope, chosen, nodes, by, columns),
    )


def _read_needs(
    scope: Scope, filters: Filters, nodes: Sequence[str], by: By | None, columns: tuple[Any, ...]
) -> dict[Key, Need]:
    targets, informed = _targets(scope, filters.framework), _informed(scope, filters)
    needs: dict[Key, Need] = {}
    for column in columns if by else (None,):
        place = column if by == "place" else filters.place
        year = column if by == "period" else filters.year
        is_informed = informed.at(place, year)
        for node in nodes:
            low, high = targets.get((node, place, year), (None, None))
            needs[node, column] = Need(low, high, is_informed)
    return needs


def _targets(
    scope: Scope, framework: str
) -> dict[tuple[str, str | None, int | None], tuple[Decimal | None, Decimal | None]]:
    """Cost by (node, place, year). The picture stores every sum: a null place is the whole scope, a null year all."""

    def read() -> dict[tuple[str, str | None, int | None], tuple[Decimal | None, Decimal | None]]:
        rows = scope.edition.rows(
            "SELECT node_id, place_id, period, low_usd, high_usd FROM out_target WHERE framework_id = $framework",
            {"framework": framework},
        )
        return {(node, place, year): (low, high) for node, place, year, low, high in rows}

    return scope.remember(("targets", framework), read)


def _informed(scope: Scope, filters: Filters) -> Informed:
    """Where somebody who claims to be complete has reported, as far as the viewer may see his reports."""
    home = scope.edition.frameworks[filters.framework].place_id

    def read() -> Informed:
        rows = scope.dicts(
            f"""SELECT place_id, period, is_fresh, marking_key FROM out_informed
                WHERE is_fresh AND {scope.filter.sql_precise()}"""
        )
        return Informed.of(rows, scope.filter.permitted, (home,) if home else ())

    return scope.remember(("informed", home), read)
