"""Small random worlds with a picture, a strategy's costs and informed places, and the same with changes made by hand.

The second picture is drawn again from changed allocations by the plain-Python oracle of the cubes: it knows nothing of
differences.
"""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb

import allocation_oracle
import picture_oracle
from concerted.codelists.frameworks import CellRule
from concerted.marking import KEEPER, PUBLIC, Viewer
from concerted.marking.rows import row_filter
from concerted.matching.what_if.sandbox import Sandbox, sandbox_on
from concerted.model.tables import REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.picture.cells import cell_rows
from concerted.picture.codes import make_codes
from concerted.picture.informed import Informed
from concerted.picture.state import cell_state
from concerted.picture.targets import Cost, StatedCost, target_rows
from worlds import AS_OF, MARKINGS, PLACES, TREES, Row, World, a_world, on_duckdb, rows_of

FRAMEWORK = "plan"
#: The rule of the framework: the kind of money that worlds tell of most.
RULE = CellRule(supply_kind="disbursement")
TREE = {(framework, node): parent for framework, tree in TREES.items() for node, parent in tree.items()}
PARENTS = {place: parent for place, (_, parent) in PLACES.items()}
PARTNER = Viewer(person="p", organisation="o")
MEMBER = Viewer(person="p", organisation="o", groups=frozenset({"a"}))
VIEWERS = (PUBLIC, PARTNER, MEMBER, KEEPER)
_TABLES = (
    "core_activity", "core_organisation", "core_node", "core_place", "core_framework", "out_freshness", "out_informed",
    "out_quality", "out_issue", "out_allocation", "out_cell", "out_target",
)  # fmt: skip
Key = tuple[str, str | None, int | None]
Sides = dict[Key, tuple[Decimal | None, Decimal | None, Decimal | None, int, str | None]]


@dataclass
class Picture:
    """A world with all that an edition holds of it."""

    world: World
    costs: list[StatedCost]
    sandboxes: dict[Viewer, Sandbox]

    def sides(
        self,
        viewer: Viewer,
        allocation: Iterable[Row],
        rule: CellRule,
        costs: list[StatedCost],
    ) -> Sides:
        """Every cell of the framework as the viewer sees it, drawn anew from allocations."""
        allowed = row_filter(viewer, [*MARKINGS, None])
        seen = [r for r in allocation if allowed.keeps(r["view"], r["marking_key"], r["precise_marking_key"])]
        money: dict[Key, list[Decimal | None]] = {}
        counts: dict[Key, int] = {}
        for (framework, grain, node, place, period, _, _, kind), row in picture_oracle.cells(seen).items():
            if framework != FRAMEWORK or grain == "node_partner" or ("period" in grain and period is None):
                continue
            key = (node, place, period)
            if kind == "ANY":
                counts[key] = counts.get(key, 0) + row["activities"]
            elif kind == rule.supply_kind:
                known = money.setdefault(key, [None, None, None])
                for i, name in enumerate(("low_usd", "best_usd", "high_usd")):
                    known[i] = row[name] if known[i] is None else known[i] + (row[name] or 0)
        needs = self.needs(costs)
        informed = Informed.of(self.world.rows("informed"), allowed.permitted, ("ML",))
        found: Sides = {}
        for key in {*money, *counts, *needs}:
            low, best, high = money.get(key, [None, None, None])
            state = None
            if key[0] != UNCLASSIFIED and key[1] not in (REGIONAL, UNKNOWN):
                need = needs.get(key, (None, None))
                state = cell_state(low, high, *need, informed.at(key[1], key[2]), counts.get(key, 0), rule)
            found[key] = (low, best, high, counts.get(key, 0), state)
        return found

    def needs(self, costs: list[StatedCost]) -> dict[Key, tuple[Decimal | None, Decimal | None]]:
        """Costs by cell."""
        table = target_rows(costs, {FRAMEWORK: TREES[FRAMEWORK]}, PARENTS, {FRAMEWORK: "ML"})
        return {(r["node_id"], r["place_id"], r["period"]): (r["low_usd"], r["high_usd"]) for r in table.to_pylist()}

    @property
    def allocation(self) -> list[Row]:
        """The allocations as they are."""
        return self.world.tables["allocation"]


@cache
def a_picture(seed: int) -> Picture:
    """The picture of the world of a seed."""
    world = _a_told_world(seed)
    costs = [_a_cost(random.Random(seed + i)) for i in range(6)]  # noqa: S311 (not a secret)
    connection = _edition(world, costs)
    return Picture(world, costs, {viewer: sandbox_on(viewer, connection, FRAMEWORK, AS_OF) for viewer in VIEWERS})


@cache
def public_alone(seed: int) -> Sandbox:
    """The same world without a row that the public may not see."""
    world, costs = _a_told_world(seed), a_picture(seed).costs
    for table in ("allocation", "informed"):
        world.tables[table] = [row for row in world.tables[table] if row["marking_key"] == "CLEAR"]
    for row in world.tables["allocation"]:
        row["precise_marking_key"] = None if row["view"] == "precise" else "RED:somebody"
    return sandbox_on(PUBLIC, _edition(world, costs), FRAMEWORK, AS_OF)


def _a_told_world(seed: int) -> World:
    """A world with allocations, and with places of which sources say that they tell all."""
    world, rnd = a_world(seed, 8, negative=True), random.Random(seed)  # noqa: S311 (not a secret)
    allocated = allocation_oracle.allocate(world, list(TREES), AS_OF, 0.5).values()
    cents = [{n: None if r[n] is None else Decimal(r[n]) / 100 for n in picture_oracle.STATED} for r in allocated]
    world.tables["allocation"] = [row | money for row, money in zip(allocated, cents, strict=True)]
    for place in rnd.sample([*PLACES], 3):
        for year in (None, 2024, 2025):
            for source in "st":
                told = date(2024, 1, 1) if rnd.random() < 0.4 else date(2026, 3, 1)
                said = {"is_fresh": told >= date(2025, 6, 30), "marking_key": rnd.choice(MARKINGS)}
                world.add("informed", place_id=place, period=year, source_id=source, reported_date=told, **said)
    for row in world.tables["framework"]:
        row["place_id"] = "ML" if row["framework_id"] == FRAMEWORK else None
        row["rule"] = json.dumps({"supply_kind": RULE.supply_kind})
    return world


def _edition(world: World, costs: list[StatedCost]) -> duckdb.DuckDBPyConnection:
    """A connection with the tables of an edition of a world; the cubes are drawn by the step."""
    allocation = on_duckdb(world, ["out_allocation"])["out_allocation"]
    codes = make_codes(allocation, TREE, PARENTS, {place: place[:2] for place in PLACES})
    world.tables["cell"] = rows_of(cell_rows(allocation, codes), "cell")
    world.tables["target"] = target_rows(costs, {FRAMEWORK: TREES[FRAMEWORK]}, PARENTS, {FRAMEWORK: "ML"}).to_pylist()
    tables = on_duckdb(world, _TABLES)
    connection: duckdb.DuckDBPyConnection = next(iter(tables.values())).get_backend().con
    return connection


def _a_cost(rnd: random.Random) -> StatedCost:
    low = Decimal(rnd.randrange(10**9)) / 100
    high = None if rnd.random() < 0.2 else low * 2
    place = rnd.choice((None, *PLACES))
    cost = Cost(low, high, low, high)
    return StatedCost(FRAMEWORK, rnd.choice([*TREES[FRAMEWORK]]), place, rnd.choice((2024, 2025, 2026)), cost)


def sides(compared: Any) -> tuple[Sides, Sides]:
    """The cells of a comparison, before and after."""
    before, after = Sides(), Sides()
    for d in compared.differences:
        for into, side in ((before, d.before), (after, d.after)):
            into[d.node, d.place, d.period] = (side.low, side.best, side.high, side.activities, side.state)
    return before, after
