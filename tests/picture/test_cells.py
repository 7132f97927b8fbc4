"""The cubes on small random worlds: equal to a plain-Python oracle, and the same whichever way one goes."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allocation_oracle
import picture_oracle as oracle
from concerted.marking.rows import RowFilter
from concerted.picture.cells import cell_rows
from concerted.picture.codes import make_codes
from worlds import AS_OF, MARKINGS, PLACES, TREES, Row, World, a_world, on_duckdb, rows_of, shuffled

#: Few worlds, drawn once for all laws; the slow test draws many.
seeds = st.integers(0, 2)
few = settings(max_examples=3, deadline=None)
TREE = {(framework, node): parent for framework, tree in TREES.items() for node, parent in tree.items()}


def draw(world: World) -> tuple[list[Row], list[Row]]:
    """(allocations, cells) of a world; the allocations come from the oracle."""
    allocated = allocation_oracle.allocate(world, list(TREES), AS_OF, 0.5).values()
    cents = [{n: None if r[n] is None else Decimal(r[n]) / 100 for n in oracle.STATED} for r in allocated]
    world.tables["allocation"] = [row | money for row, money in zip(allocated, cents, strict=True)]
    allocation = on_duckdb(world, ["out_allocation"])["out_allocation"]
    places = {place: parent for place, (_, parent) in PLACES.items()}
    codes = make_codes(allocation, TREE, places, {place: place[:2] for place in PLACES})
    return world.tables["allocation"], rows_of(cell_rows(allocation, codes), "cell")


@cache
def a_picture(seed: int) -> tuple[list[Row], list[Row]]:
    """(allocations, cells) of the world of a seed."""
    return draw(a_world(seed, 8, negative=True))


def key_of(row: Row) -> tuple[Any, ...]:
    marks = (row["view"], row["marking_key"], row["precise_marking_key"])
    cell = tuple(row[n] for n in ("framework_id", "grain", "node_id", "place_id", "period", "org_id"))
    return (*cell, marks, row["finance_kind"])


@few
@given(seeds)
def test_cells_equal_the_oracle(seed: int) -> None:
    allocation, cells = a_picture(seed)
    expected = oracle.cells(allocation)
    found = {key_of(row): row for row in cells}
    assert len(found) == len(cells)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert {name: found[key][name] for name in row} == row


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.integers(3, 2**32))
def test_cells_equal_the_oracle_in_many_worlds(seed: int) -> None:
    test_cells_equal_the_oracle.hypothesis.inner_test(seed)  # type: ignore[attr-defined]


def visible(rows: Iterable[Row], permitted: frozenset[str]) -> list[Row]:
    allowed = RowFilter(permitted)
    return [r for r in rows if allowed.keeps(r["view"], r["marking_key"], r["precise_marking_key"])]


def money(rows: Iterable[Row], bound: str = "high_usd") -> Decimal:
    return sum((r[bound] for r in rows if r[bound] is not None), Decimal(0))


@settings(max_examples=20, deadline=None)
@given(seeds, st.sets(st.sampled_from(MARKINGS)))
def test_any_path_of_clicks_gives_the_headline_and_fewer_keys_never_show_more(seed: int, keys: set[str]) -> None:
    allocation, cells = a_picture(seed)
    permitted = frozenset(keys)
    seen = visible(cells, permitted)
    for framework in TREES:
        of = [r for r in seen if r["framework_id"] == framework and r["node_id"] == "ALL"]
        for kind in {r["finance_kind"] for r in of if r["finance_kind"] != "ANY"}:
            paths = {
                grain: money(
                    r
                    for r in of
                    if r["grain"] == grain
                    and r["finance_kind"] == kind
                    # Tops of the place trees: what lies below them is in them.
                    and ("place" not in grain or oracle.places_above(r["place_id"]) == [r["place_id"]])
                )
                for grain in oracle.GRAINS
            }
            rows = [
                r
                for r in visible(allocation, permitted)
                if r["framework_id"] == framework and r["finance_kind"] == kind and r["node_id"] != "UNCLASSIFIED"
            ]
            assert set(paths.values()) == {money(rows)}
    records = {r["record_id"] for r in visible(allocation, permitted)}
    fewer = {r["record_id"] for r in visible(allocation, permitted - {"CLEAR"})}
    assert fewer <= records
    assert {r["marking_key"] for r in seen} <= permitted


@settings(max_examples=1, deadline=None)
@given(seeds)
def test_a_viewer_of_the_coarse_view_sees_the_same_total_as_one_of_the_precise_view(seed: int) -> None:
    world = a_world(seed, 8)
    for activity in world.rows("activity"):
        activity["marking_key"], activity["coarse_marking_key"] = "AMBER:a", "CLEAR"
        for name in ("activity_id", "is_current", "org_id", "double_risk"):
            activity[f"coarse_{name}"] = activity[name]
    _, cells = draw(world)
    totals = [
        {
            (r["framework_id"], r["node_id"], r["period"], r["finance_kind"]): (money([r]), r["activities"])
            for r in visible(cells, permitted)
            if r["grain"] == "node_period"
        }
        for permitted in (frozenset({"CLEAR"}), frozenset({"CLEAR", "AMBER:a"}))
    ]
    assert totals[0] == totals[1]


@settings(max_examples=1, deadline=None)
@given(seeds)
def test_cells_do_not_depend_on_the_order_of_rows(seed: int) -> None:
    assert draw(shuffled(a_world(seed, 8, negative=True), seed))[1] == a_picture(seed)[1]
