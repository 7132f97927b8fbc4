"""What if: the picture's cells with money moved, projects added or ended, or the rule changed; nothing is saved.

Place on the way: beside matching, on a finished edition. A viewer's cells and a list of changes enter; a matrix of
differences leaves, low, best, high and state, for every cell that changed with all cells above it. Only the stored cube
and the rows of what is touched are read, so that the answer takes well under a second.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from concerted.codelists.frameworks import CellRule
from concerted.marking import Viewer
from concerted.model.errors import ConfigError
from concerted.model.tables import ALL
from concerted.picture.state import CellState, cell_state
from concerted.publish.visible import filter_of
from concerted.store.query import open_edition

Key = tuple[str, str, int]  # node, place, year
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Money:
    """A range in USD; null = unknown."""

    low: Decimal | None = None
    best: Decimal | None = None
    high: Decimal | None = None

    def plus(self, other: "Money", sign: int = 1) -> "Money":
        """The sum; unknown and something known is what is known, as in the picture's sums."""
        return Money(*(_sum(a, b, sign) for a, b in zip(self.parts, other.parts, strict=True)))

    @property
    def parts(self) -> tuple[Decimal | None, ...]:
        """Low, best, high."""
        return self.low, self.best, self.high


@dataclass(frozen=True)
class Move:
    """Move an amount of best money from one cell to another; uncertain money stays as uncertain as it is."""

    source: Key
    target: Key
    usd: Decimal


@dataclass(frozen=True)
class Add:
    """A new project in a cell."""

    target: Key
    money: Money


@dataclass(frozen=True)
class End:
    """A project ends: its money of later years is gone."""

    activity_id: int
    after: int


@dataclass(frozen=True)
class Rule:
    """Another rule of what counts as covered, and what things cost: targets times a factor, by node."""

    rule: CellRule
    factor: Mapping[str, Decimal] = field(default_factory=dict)


Change = Move | Add | End | Rule


@dataclass(frozen=True)
class Side:
    """A cell on one side of the comparison."""

    money: Money
    activities: int
    state: CellState


@dataclass(frozen=True)
class Difference:
    """A cell before and after."""

    node: str
    place: str
    period: int
    before: Side
    after: Side


class Sandbox:
    """An edition's cells of one framework as one viewer may see them, ready for questions.

    Args:
        viewer: who asks; what he may not see enters nothing.
        folder: the edition.
        framework: a framework of it.
    """

    def __init__(self, viewer: Viewer, folder: Path, framework: str) -> None:
        self.framework = framework
        self._connection = open_edition(folder)
        self._allowed = filter_of(viewer, self._connection)
        row = self._connection.execute("SELECT rule FROM core_framework WHERE framework_id = ?", [framework]).fetchone()
        if row is None:
            raise ConfigError(f"edition {folder.name} has no framework {framework!r}")
        self.rule = _rule(row[0])
        self._nodes = self._trees("SELECT node_id, parent_id FROM core_node WHERE framework_id = $framework")
        self._places = self._trees(
            """SELECT place_id, coalesce(any_value(parent_id), any_value(country_code)) FROM core_place
            WHERE $framework IS NOT NULL GROUP BY place_id"""
        )
        self.money = self._read_money()
        self.activities = self._read_activities()
        self._targets = self._read_targets()
        self._informed = self._read_informed()

    def close(self) -> None:
        """Let go of the edition."""
        self._connection.close()

    def compare(self, changes: Sequence[Change]) -> list[Difference]:
        """What the changes do together, in the order of (node, place, year); cells that stay the same are left out.

        Raises:
            ConfigError: a cell has less than is moved out of it, or nothing at all is known there.
        """
        money, counts = dict[Key, Money](), dict[Key, int]()
        rule, factor = self.rule, dict[str, Decimal]()
        for change in changes:
            match change:
                case Move():
                    part = self._part(change, money)
                    self._spread(change.source, part, -1, money)
                    self._spread(change.target, part, 1, money)
                case Add():
                    self._spread(change.target, change.money, 1, money)
                    self._count([change.target], 1, counts)
                case End():
                    rows = self._rows_after(change)
                    for key, part in rows:
                        self._spread(key, part, -1, money)
                    self._count([key for key, _ in rows], -1, counts)
                case Rule():
                    rule, factor = change.rule, {**factor, **change.factor}
        is_rule = rule != self.rule or bool(factor)
        touched = {*money, *counts} if not is_rule else {*money, *counts, *self.money, *self.activities, *self._targets}
        found = []
        for key in sorted(touched):
            before = self._side(key, self.money.get(key, Money()), self.activities.get(key, 0), self.rule, {})
            after = self._side(
                key,
                self.money.get(key, Money()).plus(money.get(key, Money())),
                self.activities.get(key, 0) + counts.get(key, 0),
                rule,
                factor,
            )
            if before != after:
                found.append(Difference(*key, before, after))
        return found

    def _part(self, move: Move, moved: Mapping[Key, Money]) -> Money:
        """What is moved: of low and high the same share as of best."""
        there = self.money.get(move.source, Money()).plus(moved.get(move.source, Money()))
        if there.best is None or move.usd > there.best or move.usd <= 0:
            raise ConfigError(
                f"{'/'.join(map(str, move.source))}: {move.usd} USD cannot be moved; likely there: {there.best}"
            )
        share = move.usd / there.best
        low, high = (
            None if v is None else (v * share).quantize(_CENT, ROUND_HALF_EVEN) for v in (there.low, there.high)
        )
        return Money(low, move.usd, high)

    def _spread(self, key: Key, money: Money, sign: int, into: dict[Key, Money]) -> None:
        for up in self._above(key):
            into[up] = into.get(up, Money()).plus(money, sign)

    def _count(self, keys: Iterable[Key], sign: int, into: dict[Key, int]) -> None:
        for up in {up for key in keys for up in self._above(key)}:
            into[up] = into.get(up, 0) + sign

    def _above(self, key: Key) -> list[Key]:
        node, place, year = key
        nodes = (*_chain(self._nodes, node), *((ALL,) if node in self._nodes else ()))
        return [(n, p, year) for n in nodes for p in _chain(self._places, place)]

    def _side(self, key: Key, money: Money, activities: int, rule: CellRule, factor: Mapping[str, Decimal]) -> Side:
        low, high = self._targets.get(key, (None, None))
        by = factor.get(key[0], Decimal(1))
        low, high = (None if value is None else value * by for value in (low, high))
        is_informed = (key[1], key[2]) in self._informed
        return Side(money, activities, cell_state(money.low, money.high, low, high, is_informed, activities, rule))

    def _ask(self, sql: str, **given: Any) -> list[tuple[Any, ...]]:
        """Rows of a query in which `{allowed}` stands for the viewer's filter."""
        query = sql.replace("{allowed}", self._allowed.sql("a"))
        own = self._allowed.parameters if "{allowed}" in sql and self._allowed.permitted else {}
        return self._connection.execute(query, {"framework": self.framework, **given} | own).fetchall()

    def _trees(self, sql: str) -> dict[str, str | None]:
        return {key: parent if parent != key else None for key, parent in self._ask(sql)}

    def _read_money(self) -> dict[Key, Money]:
        rows = self._ask(
            """SELECT node_id, place_id, period, sum(low_usd), sum(best_usd), sum(high_usd) FROM out_cell AS a
            WHERE framework_id = $framework AND grain = 'node_place_period' AND finance_kind = $kind
              AND period IS NOT NULL AND {allowed} GROUP BY ALL""",
            kind=self.rule.supply_kind,
        )
        return {(node, place, year): Money(*values) for node, place, year, *values in rows}

    def _read_activities(self) -> dict[Key, int]:
        rows = self._ask(
            """SELECT node_id, place_id, period, sum(activities) FROM out_cell AS a
            WHERE framework_id = $framework AND grain = 'node_place_period' AND finance_kind = 'ANY'
              AND period IS NOT NULL AND {allowed} GROUP BY ALL"""
        )
        return {(node, place, year): int(count) for node, place, year, count in rows}

    def _read_targets(self) -> dict[Key, tuple[Decimal | None, Decimal | None]]:
        rows = self._ask(
            """SELECT node_id, place_id, period, low_usd, high_usd FROM out_target
            WHERE framework_id = $framework AND period IS NOT NULL AND place_id IS NOT NULL"""
        )
        return {(node, place, year): (low, high) for node, place, year, low, high in rows}

    def _read_informed(self) -> frozenset[tuple[str, int]]:
        sql = "SELECT place_id, period FROM out_informed AS a WHERE is_fresh AND period IS NOT NULL AND "
        allowed = self._allowed.sql_precise("a") if self._allowed.permitted else "false"
        given = self._allowed.parameters if self._allowed.permitted and "$" in allowed else {}
        return frozenset((p, y) for p, y in self._connection.execute(sql + allowed, given).fetchall())

    def _rows_after(self, end: End) -> list[tuple[Key, Money]]:
        rows = self._ask(
            """SELECT node_id, place_id, period,
                 sum(low_usd) FILTER (finance_kind = $kind), sum(best_usd) FILTER (finance_kind = $kind),
                 sum(high_usd) FILTER (finance_kind = $kind)
            FROM out_allocation AS a
            WHERE framework_id = $framework AND activity_id = $activity AND period > $after AND {allowed}
              AND node_id <> 'UNCLASSIFIED'
            GROUP BY ALL ORDER BY ALL""",
            kind=self.rule.supply_kind,
            activity=end.activity_id,
            after=end.after,
        )
        return [((node, place, year), Money(*values)) for node, place, year, *values in rows]


def what_if(viewer: Viewer, folder: Path, framework: str, changes: Sequence[Change]) -> list[Difference]:
    """The difference matrix of some changes; see `Sandbox`.

    Raises:
        ConfigError: no such framework, or a change that cannot be.
    """
    sandbox = Sandbox(viewer, folder, framework)
    try:
        return sandbox.compare(changes)
    finally:
        sandbox.close()


def _rule(text: str | None) -> CellRule:
    import json

    raw = json.loads(text) if text else {}
    plain = CellRule()
    return CellRule(
        Decimal(str(raw.get("covered", plain.covered))),
        Decimal(str(raw.get("not_covered", plain.not_covered))),
        int(raw.get("freshness_months", plain.freshness_months)),
        str(raw.get("supply_kind", plain.supply_kind)),
    )


def _chain(parents: Mapping[str, str | None], key: str) -> tuple[str, ...]:
    """A member with all above it."""
    found, at = [key], parents.get(key)
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return tuple(found)


def _sum(one: Decimal | None, other: Decimal | None, sign: int) -> Decimal | None:
    if other is None:
        return one
    return (one or Decimal(0)) + sign * other
