"""Changes tried on the matrix of one viewer: each cell before and after.

Enters: a scope, filters, changes. Leaves: the matrix as the coverage page has it, and beside each cell what it would
be. The cells come from what the page has in memory; of the changes only the rows that they touch are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from concerted.matching.what_if.applying import apply, still_known
from concerted.matching.what_if.changes import Change, Problem
from concerted.matching.what_if.effect import Effect
from concerted.matching.what_if.ground import NO_YEAR, Ground, Key, read_ground
from concerted.matching.what_if.written import ChangeError
from concerted.model.tables import UNCLASSIFIED
from concerted.picture.informed import Informed
from concerted.picture.state import cell_state
from concerted.web.coverage.cells import Cell
from concerted.web.coverage.filters import NO_YEAR as NO_PERIOD
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.matrix import EXACT, Column, Matrix, ShownCell, build_matrix
from concerted.web.coverage.states import Judged, judge
from concerted.web.edition.money import Money
from concerted.web.edition.scope import Scope


@dataclass(frozen=True, slots=True)
class Pair:
    """A cell before and after."""

    before: ShownCell
    after: Cell
    state: str | None

    @property
    def is_changed(self) -> bool:
        """Whether anything of it is another."""
        was, now = self.before.cell, self.after
        return (was.activities, _ends(was), self.before.state) != (now.activities, _ends(now), self.state)

    @property
    def more(self) -> Decimal | None:
        """How much more best money; null where that is unknown on either side."""
        was, now = self.before.cell.money.best, self.after.money.best
        return None if was is None or now is None else now - was


@dataclass(frozen=True)
class Tried:
    """A matrix with what each of its cells would be, by row and column; and the changes that do nothing."""

    matrix: Matrix
    pairs: tuple[tuple[Pair, ...], ...]
    problems: tuple[Problem, ...]

    @property
    def changed(self) -> int:
        """How many cells of the matrix are others: as many as are coloured, those of its first row and column too."""
        return sum(pair.is_changed for row in self.pairs for pair in row)


def own_filters(scope: Scope, filters: Filters) -> Filters:
    """The filters that make sense here: money of the kind that the rule compares, in dollars, of everybody."""
    rule = scope.edition.frameworks[filters.framework].rule
    return replace(
        filters, kind=rule.supply_kind, currency="USD", partner=None, state=None, validation=None, q="", exact=False,
        by="period" if filters.by == "period" else "place",
    )  # fmt: skip


def ground_of(scope: Scope, framework: str) -> Ground:
    """The trees on which changes fall."""
    return scope.remember(("what-if ground", framework), lambda: read_ground(scope.edition.rows, framework))


def is_there(scope: Scope, framework: str, change: Change) -> bool:
    """Whether all that a change names is in the edition: lists that are kept outlive places and priorities."""
    try:
        ground_of(scope, framework).check([change])
    except ChangeError:
        return False
    return True


def effect_of(scope: Scope, framework: str, changes: Sequence[Change]) -> Effect:
    """What the changes do together for the viewer. Not remembered: one may be large, and the page is kept as it is."""
    ground, rule = ground_of(scope, framework), scope.edition.frameworks[framework].rule
    return apply(scope, scope.edition.rows, ground, rule, changes, scope.edition.as_of)


def try_out(scope: Scope, filters: Filters, effect: Effect, lang: str) -> Tried:
    """The matrix under `own_filters`, with what an effect makes of each cell."""
    matrix = build_matrix(scope, filters, lang)
    supply = matrix
    if effect.rule.supply_kind != filters.kind:
        supply = build_matrix(scope, replace(filters, kind=effect.rule.supply_kind), lang)
    nodes = [row.node for row in matrix.rows if row.node != UNCLASSIFIED]
    judged = judge(scope, filters, nodes, [c.key for c in matrix.columns[1:] if not c.is_apart])
    home = scope.edition.frameworks[filters.framework].place_id
    fresh = None if effect.fresh is None else Informed(effect.fresh, (home,) if home else ())
    after = [
        [
            _changed(effect, _key(filters, row.node, column, number), shown.cell, is_exact=column.key == EXACT)
            for number, (column, shown) in enumerate(zip(matrix.columns, row.cells, strict=True))
        ]
        for row in supply.rows
    ]
    unknown = _unknown(scope, filters, effect, matrix, after)
    pairs = []
    for row, cells in zip(matrix.rows, after, strict=True):
        pairs_of_row = []
        for number, (column, before, cell) in enumerate(zip(matrix.columns, row.cells, cells, strict=True)):
            key = _key(filters, row.node, column, number)
            if (key, column.key == EXACT) in unknown:
                cell = replace(cell, money=Money())
            verdict = None if column.is_apart else judged.get((row.node, None if number == 0 else column.key))
            pairs_of_row.append(Pair(before, cell, _state(effect, key, cell, verdict, fresh)))
        pairs.append(tuple(pairs_of_row))
    return Tried(matrix, tuple(pairs), effect.problems)


def _key(filters: Filters, node: str, column: Column, number: int) -> Key:
    """The cell of the picture that stands in a column."""
    place, year = filters.place, NO_YEAR if filters.period == NO_PERIOD else filters.year
    if number and filters.by == "period":
        year = column.key if isinstance(column.key, int) else NO_YEAR
    elif number and column.key != EXACT:
        place = str(column.key)
    return node, place, year


def _changed(effect: Effect, key: Key, cell: Cell, *, is_exact: bool) -> Cell:
    before = _ends(cell)
    after = effect.money_after(key, before, exact=is_exact)
    money = cell.money if after == before else Money(*after)
    return replace(cell, money=money, activities=effect.count_after(key, cell.activities, exact=is_exact))


def _unknown(
    scope: Scope, filters: Filters, effect: Effect, matrix: Matrix, after: list[list[Cell]]
) -> frozenset[tuple[Key, bool]]:
    """Cells that lost all that was known of them, each with whether it is of a place as a whole: not zero, unknown."""
    empty: dict[bool, set[Key]] = {False: set(), True: set()}
    for row, cells in zip(matrix.rows, after, strict=True):
        for number, (column, cell) in enumerate(zip(matrix.columns, cells, strict=True)):
            key, is_exact = _key(filters, row.node, column, number), column.key == EXACT
            if effect.may_be_unknown(key, _ends(cell), exact=is_exact):
                empty[is_exact].add(key)
    ground = ground_of(scope, filters.framework)
    return frozenset(
        (key, is_exact)
        for is_exact, keys in empty.items()
        for key in keys - still_known(scope, ground, effect, keys, exact=is_exact)
    )


def _state(effect: Effect, key: Key, cell: Cell, verdict: Judged | None, fresh: Informed | None) -> str | None:
    if verdict is None:
        return None
    low, high = verdict.need.low, verdict.need.high
    if effect.needs is not None:
        low, high = effect.needs.get(key, (None, None))
    is_informed = verdict.need.is_informed if fresh is None else fresh.at(key[1], key[2])
    return cell_state(cell.money.low, cell.money.high, low, high, is_informed, cell.activities, effect.rule)


def _ends(cell: Cell) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return cell.money.low, cell.money.best, cell.money.high
