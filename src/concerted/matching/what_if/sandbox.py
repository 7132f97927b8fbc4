"""Changes tried on an edition from the command line: every cell that would be another, before and after.

Place on the way: beside matching, on a finished edition. A viewer and changes enter; a matrix of differences leaves:
low, best, high, activities and state, for every cell that changed with all cells above it. The site does the same with
the cells that it has in memory (`web/what_if`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from concerted.codelists.frameworks import CellRule, read_cell_rule
from concerted.marking import RowFilter, Viewer
from concerted.matching.what_if.applying import apply, still_known
from concerted.matching.what_if.changes import Change, Problem
from concerted.matching.what_if.effect import Effect, Need, Range
from concerted.matching.what_if.ground import NO_YEAR, Asker, Ground, Key, Reference, read_ground
from concerted.model.tables import REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.picture.informed import Informed
from concerted.picture.state import CellState, cell_state
from concerted.publish.visible import filter_of
from concerted.store.edition import read_manifest
from concerted.store.query import open_edition

_NOT_KNOWN: Range = (None, None, None)
#: Grains of the cube in which differences are told, with what each sets beside the node.
_GRAINS = {"node": "", "node_place": "p", "node_period": "y", "node_place_period": "py"}


@dataclass(frozen=True, slots=True)
class Side:
    """A cell on one side of the comparison; the state is null where none makes sense."""

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    activities: int
    state: CellState | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell before and after; place null = everywhere, period null = all years."""

    node: str
    place: str | None
    period: int | None
    before: Side
    after: Side


@dataclass(frozen=True)
class Compared:
    """What changes do together, in the order of (node, place, period), and the changes that do nothing."""

    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Asker:
    """One viewer's questions to one connection."""

    connection: duckdb.DuckDBPyConnection
    filter: RowFilter

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        own = self.filter.parameters if self.filter.permitted else {}
        return self.connection.execute(sql, {**own, **(parameters or {})}).fetchall()


class Sandbox:
    """One framework of an edition as one viewer may see it, ready for questions.

    Args:
        asker: the viewer's questions; what he may not see enters nothing.
        reference: questions about costs, which are the same for everybody.
        ground: the framework's trees.
        rule: its rule.
        as_of: day of the edition.
    """

    def __init__(
        self, asker: Asker, reference: Reference, ground: Ground, rule: CellRule, as_of: date | None = None
    ) -> None:
        self.ground, self.rule = ground, rule
        self._asker, self._reference, self._as_of = asker, reference, as_of

    def effect(self, changes: Sequence[Change]) -> Effect:
        """What changes do, before any cell is looked at.

        Raises:
            ChangeError: one names what is not in the edition.
        """
        self.ground.check(changes)
        return apply(self._asker, self._reference, self.ground, self.rule, changes, self._as_of)

    def compare(self, changes: Sequence[Change]) -> Compared:
        """Every cell that would be another.

        Raises:
            ChangeError: one names what is not in the edition.
        """
        effect = self.effect(changes)
        keys = {*effect.money, *effect.counts}
        is_other_kind = effect.rule.supply_kind != self.rule.supply_kind
        if not keys and not effect.is_everywhere:
            return Compared((), effect.problems)
        needs, informed = self._needs(), self._informed()
        needs_after = needs if effect.needs is None else effect.needs
        informed_after = informed if effect.fresh is None else Informed(effect.fresh, informed.scope)
        if effect.is_everywhere:  # a cell without a cost has the same state under every rule
            keys |= {*needs, *needs_after}
        nodes = None if is_other_kind else {node for node, _, _ in keys}
        before = self.cells(self.rule.supply_kind, nodes)
        supply = self.cells(effect.rule.supply_kind, nodes) if is_other_kind else before
        if is_other_kind:
            keys |= {*before, *supply}
        after = {}
        for key in keys:
            money, count = supply.get(key, (_NOT_KNOWN, 0))
            after[key] = (effect.money_after(key, money), effect.count_after(key, count))
        empty = {key for key, (money, _) in after.items() if effect.may_be_unknown(key, money)}
        unknown = empty - still_known(self._asker, self.ground, effect, empty)
        found = []
        for key in sorted(keys, key=_order):
            if key[2] == NO_YEAR:
                continue  # what has no year is in the cell of all years
            money, count = after[key]
            was = _side(key, before.get(key, (_NOT_KNOWN, 0)), needs, informed, self.rule)
            now = (_NOT_KNOWN if key in unknown else money, count)
            becomes = _side(key, now, needs_after, informed_after, effect.rule)
            if was != becomes:
                found.append(Difference(*key, was, becomes))
        return Compared(tuple(found), effect.problems)

    def cells(self, kind: str, nodes: Iterable[str] | None = None) -> dict[Key, tuple[Range, int]]:
        """Money of a kind and distinct activities by cell; of some nodes, else of all."""
        given: dict[str, Any] = {"framework": self.ground.framework, "kind": kind, "grains": list(_GRAINS)}
        narrowed = ""
        if nodes is not None:
            narrowed, given["nodes"] = " AND a.node_id IN (SELECT unnest($nodes))", sorted(nodes)
        money = ", ".join(f"sum(a.{end}_usd) FILTER (a.finance_kind = $kind)" for end in ("low", "best", "high"))
        rows = self._asker.rows(
            f"""SELECT a.grain, a.node_id, a.place_id, coalesce(a.period, {NO_YEAR}), {money},
                  coalesce(sum(a.activities) FILTER (a.finance_kind = 'ANY'), 0)
                FROM out_cell a
                WHERE a.framework_id = $framework AND a.grain IN (SELECT unnest($grains))
                  AND a.finance_kind IN ('ANY', $kind) AND {self._asker.filter.sql("a")}{narrowed}
                GROUP BY 1, 2, 3, 4""",  # noqa: S608 (our own words)
            given,
        )
        return {
            (node, place if "p" in _GRAINS[grain] else None, year if "y" in _GRAINS[grain] else None): (
                (low, best, high),
                int(count),
            )
            for grain, node, place, year, low, best, high, count in rows
        }

    def _needs(self) -> dict[Key, Need]:
        rows = self._reference(
            "SELECT node_id, place_id, period, low_usd, high_usd FROM out_target WHERE framework_id = $framework",
            {"framework": self.ground.framework},
        )
        return {(node, place, year): (low, high) for node, place, year, low, high in rows}

    def _informed(self) -> Informed:
        rows = self._asker.rows(
            f"SELECT place_id, period FROM out_informed WHERE is_fresh AND {self._asker.filter.sql_precise()}"  # noqa: S608
        )
        home = self.ground.country
        return Informed(frozenset((place, year) for place, year in rows), (home,) if home else ())


def sandbox_on(
    viewer: Viewer, connection: duckdb.DuckDBPyConnection, framework: str, as_of: date | None = None
) -> Sandbox:
    """A sandbox on a connection with the tables of an edition.

    Raises:
        ConfigError: there is no such framework.
    """

    def reference(sql: str, parameters: Mapping[str, Any] | None = None, /) -> list[tuple[Any, ...]]:
        return connection.execute(sql, dict(parameters or {})).fetchall()

    ground = read_ground(reference, framework)
    ((rule,),) = reference("SELECT rule FROM core_framework WHERE framework_id = $f", {"f": framework})
    asker = _Asker(connection, filter_of(viewer, connection))
    return Sandbox(asker, reference, ground, read_cell_rule(rule), as_of)


def what_if(viewer: Viewer, folder: Path, framework: str, changes: Sequence[Change]) -> Compared:
    """What changes do to the edition in a folder; see `Sandbox`.

    Raises:
        ConfigError: no such framework, or a change names what is not in the edition.
    """
    as_of = read_manifest(folder).get("as_of")
    with open_edition(folder) as connection:
        day = date.fromisoformat(str(as_of)[:10]) if as_of else None
        return sandbox_on(viewer, connection, framework, day).compare(changes)


def _side(key: Key, cell: tuple[Range, int], needs: Mapping[Key, Need], informed: Informed, rule: CellRule) -> Side:
    node, place, year = key
    (low, best, high), activities = cell
    if node == UNCLASSIFIED or place in (REGIONAL, UNKNOWN):
        return Side(low, best, high, activities, None)
    need = needs.get(key, (None, None))
    state = cell_state(low, high, *need, informed.at(place, year), activities, rule)
    return Side(low, best, high, activities, state)


def _order(key: Key) -> tuple[str, str, int]:
    node, place, year = key
    return node, place or "", -1 if year is None else year
