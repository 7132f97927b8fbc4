"""Costs of the strategy and their sums: what nobody states stays unknown."""

from decimal import Decimal
from typing import Any

from concerted.picture.targets import Cost, StatedCost, target_rows

TREE: dict[str, str | None] = {"1": None, "1.1": "1", "1.2": "1", "2": None}
PLACES: dict[str, str | None] = {"ML": None, "ML01": "ML", "ML0101": "ML01", "ML02": "ML"}


def stated(node: str, low: int, high: int | None, place: str | None = None, year: int = 2026) -> StatedCost:
    top = None if high is None else Decimal(high)
    return StatedCost("plan", node, place, year, Cost(Decimal(low), top, Decimal(low), top), "law 7")


def targets(*costs: StatedCost, scope: str | None = None) -> dict[tuple[str, Any, Any], tuple[Any, Any]]:
    rows = target_rows(costs, {"plan": TREE}, PLACES, {"plan": scope}).to_pylist()
    found = {(r["node_id"], r["place_id"], r["period"]): (r["low_usd"], r["high_usd"]) for r in rows}
    assert len(found) == len(rows)
    return found


def test_a_parent_costs_what_its_children_cost() -> None:
    found = targets(stated("1.1", 10, 20), stated("1.2", 1, 2), stated("2", 5, 5))
    assert found["1", None, 2026] == (11, 22)
    assert found["ALL", None, 2026] == (16, 27)


def test_a_part_without_cost_makes_the_high_end_unknown() -> None:
    found = targets(stated("1.1", 10, 20))
    assert found["1", None, 2026] == (10, None)
    assert found["ALL", None, None] == (10, None)
    assert ("1.2", None, 2026) not in found


def test_a_cost_of_its_own_counts_before_the_sum() -> None:
    found = targets(stated("1.1", 10, 20), stated("1.2", 1, 2), stated("1", 100, 100), stated("2", 0, 0))
    assert found["1", None, 2026] == (100, 100)
    assert found["ALL", None, 2026] == (100, 100)


def test_years_and_places_add_up() -> None:
    found = targets(stated("1.1", 1, 1, "ML0101"), stated("1.1", 2, 2, "ML02"), stated("1.1", 4, 4, "ML02", 2027))
    assert found["1.1", "ML01", 2026] == (1, 1)
    assert found["1.1", "ML", 2026] == (3, 3)
    assert found["1.1", None, 2026] == (3, 3)
    assert found["1.1", "ML", None] == (7, 7)
    assert found["1.1", None, None] == (7, 7)


def test_a_stated_region_is_not_added_to_its_own_districts() -> None:
    found = targets(stated("1.1", 1, 1, "ML0101"), stated("1.1", 9, 9, "ML01"))
    assert found["1.1", "ML01", 2026] == (9, 9)
    assert found["1.1", None, 2026] == (9, 9)


def test_the_whole_cost_of_a_national_strategy_falls_in_its_country() -> None:
    assert targets(stated("2", 7, 7), scope="ML")["2", "ML", 2026] == (7, 7)


def test_a_child_that_is_not_split_by_place_is_unknown_there() -> None:
    found = targets(stated("1.1", 1, 1, "ML01"), stated("1.2", 5, 5))
    assert found["1", "ML01", 2026] == (1, None)
    assert found["1", None, 2026] == (6, 6)
