"""The laws of allocation on small random worlds, and equality with a plain-Python oracle to the cent."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allocation_oracle as oracle
from concerted.allocate import step
from worlds import AS_OF, TREES, Row, World, a_world, on_duckdb, rows_of, shuffled, without

PARAMS = step.Params(as_of=AS_OF, frameworks=tuple(TREES), best_threshold=0.5)
MONEY = ("low_usd", "best_usd", "high_usd", "gross_usd", "low_eur", "best_eur", "high_eur", "gross_eur")
seeds = st.integers(0, 2**32)
few = settings(max_examples=3, deadline=None)


def allocate(world: World, params: step.Params = PARAMS) -> list[Row]:
    return rows_of(step.run(on_duckdb(world, step.INPUTS), params).tables["out_allocation"], "allocation")


def total(rows: list[Row], column: str) -> Decimal:
    return sum((r[column] for r in rows if r[column] is not None), Decimal(0))


@few
@given(seeds, st.booleans())
def test_allocation_equals_the_oracle_to_the_cent(seed: int, negative: bool) -> None:
    world = a_world(seed, 8, negative=negative)
    expected = oracle.allocate(world, list(TREES), AS_OF, PARAMS.best_threshold)
    found = {tuple(r[k] for k in oracle.KEY): r for r in allocate(world)}
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        cents = {n: None if row[n] is None else Decimal(row[n]) / 100 for n in MONEY}
        assert found[key] == row | cents


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(seeds, st.booleans())
def test_allocation_equals_the_oracle_in_many_worlds(seed: int, negative: bool) -> None:
    test_allocation_equals_the_oracle_to_the_cent.hypothesis.inner_test(seed, negative)  # type: ignore[attr-defined]


@few
@given(seeds)
def test_money_over_cells_sums_to_what_the_statement_says(seed: int) -> None:
    world = a_world(seed, 8, negative=True)
    supply = {a["record_id"]: a for a in world.rows("activity") if a["is_supply"]}
    said: dict[Any, Decimal] = defaultdict(Decimal)
    for t in world.rows("transaction"):
        if t["record_id"] in supply and t["value_usd"] is not None:
            statement = supply[t["record_id"]]
            period = t["transaction_date"].year if t["transaction_date"] else None
            kind = oracle.KINDS.get(t["type_code"] or "", "unknown")
            for framework in TREES:
                for view, current in (("precise", "is_current"), ("coarse", "coarse_is_current")):
                    if statement[current]:
                        said[framework, view, t["record_id"], kind, period] += t["value_usd"]
    spread: dict[Any, Decimal] = defaultdict(Decimal)
    for r in allocate(world):
        if r["finance_kind"] not in ("presence", "budget", "planned_disbursement") and r["gross_usd"] is not None:
            spread[r["framework_id"], r["view"], r["record_id"], r["finance_kind"], r["period"]] += r["gross_usd"]
    assert spread == said


@few
@given(seeds)
def test_low_is_at_most_best_is_at_most_high_whatever_the_order_of_rows(seed: int) -> None:
    world = a_world(seed, 8)
    rows = allocate(world)
    assert allocate(shuffled(world, seed)) == rows
    for r in rows:
        for currency in ("usd", "eur"):
            if r[f"high_{currency}"] is not None:
                assert r[f"low_{currency}"] <= r[f"best_{currency}"] <= r[f"high_{currency}"] <= r[f"gross_{currency}"]


def one_statement(**activity: Any) -> World:
    world = World()
    world.add("place", source_id="l", place_id="ML", level=0, country_code="ML")
    world.add("place", source_id="l", place_id="ML01", level=1, parent_id="ML", country_code="ML")
    world.add("place", source_id="l", place_id="ML0101", level=2, parent_id="ML01", country_code="ML")
    base: Row = {
        "record_id": 1,
        "activity_id": 1,
        "org_id": 7,
        "source_id": "s",
        "input_path": "f",
        "state": "ongoing",
        "is_current": True,
        "is_supply": True,
        "double_risk": "none",
        "marking_key": "CLEAR",
    }
    if "coarse_marking_key" in activity:
        activity = {"coarse_is_current": True, "coarse_double_risk": "none"} | activity
        base |= {"coarse_activity_id": 2, "coarse_org_id": 8}
    world.add("activity", **base | activity)
    world.add("node_share", record_id=1, transaction_seq=-1, framework_id="plan", node_id="1", share=10**9,
              is_confirmed=True, probability=1.0)  # fmt: skip
    world.add("place_share", record_id=1, transaction_seq=-1, place_id="ML0101", precision="site", share=10**9)
    return world


PLAN = step.Params(as_of=AS_OF, frameworks=("plan",))


def test_unknown_value_is_not_zero() -> None:
    world = one_statement()
    world.add("transaction", record_id=1, seq=0, type_code="3", value=Decimal(5), transaction_date=AS_OF)
    money = [r for r in allocate(world, PLAN) if r["finance_kind"] == "disbursement"]
    assert [(r["is_unvalued"], r["low_usd"], r["best_usd"], r["high_usd"]) for r in money] == [(True, None, None, None)]
    assert money[0]["transaction_seq"] == 0


def test_a_statement_without_money_is_present_in_every_year_it_is_at_work() -> None:
    world = one_statement(start_actual_date=date(2024, 5, 1))
    rows = allocate(world, PLAN)
    assert [(r["period"], r["finance_kind"], r["high_usd"]) for r in rows] == [
        (y, "presence", None) for y in (2024, 2025, 2026)
    ]


def test_a_statement_without_place_or_node_is_unknown_and_unclassified_not_left_out() -> None:
    world = one_statement()
    world = without(world, {"node_share": [], "place_share": []})
    (row,) = allocate(world, PLAN)
    assert (row["node_id"], row["place_id"], row["period"]) == ("UNCLASSIFIED", "UNKNOWN", None)


def test_money_too_large_for_64_bits_after_multiplication_is_split_exactly() -> None:
    world = one_statement()
    world = without(
        world,
        {
            "place_share": [
                {"record_id": 1, "transaction_seq": -1, "place_id": p, "precision": "admin1", "share": s}
                for p, s in (("ML01", 333_333_333), ("ML0101", 666_666_667))
            ]
        },
    )
    value = Decimal("98765432109876.55")
    world.add(
        "transaction", record_id=1, seq=0, type_code="2", transaction_date=AS_OF, value_usd=value, value_eur=-value
    )
    money = [r for r in allocate(world, PLAN) if r["finance_kind"] == "commitment"]
    assert total(money, "high_usd") == value
    assert total(money, "high_eur") == -value
    assert money[0]["high_usd"] == (value * 333_333_333 / 10**9).quantize(Decimal("0.01"))


def test_the_coarse_view_cuts_the_place_and_hides_the_partner() -> None:
    world = one_statement(
        marking_key="AMBER:a", coarse_marking_key="CLEAR", coarse_place_level=1, is_partner_hidden=True
    )
    precise, coarse = sorted(allocate(world, PLAN), key=lambda r: r["view"], reverse=True)
    assert (precise["activity_id"], coarse["activity_id"]) == (1, 2)
    assert (precise["place_id"], precise["org_id"], precise["marking_key"]) == ("ML0101", 7, "AMBER:a")
    assert (coarse["place_id"], coarse["precision"], coarse["org_id"]) == ("ML01", "admin1", None)
    assert (coarse["marking_key"], coarse["precise_marking_key"]) == ("CLEAR", "AMBER:a")


@pytest.mark.parametrize(("is_current", "coarse_is_current"), [(True, False), (False, True)])
def test_each_view_is_counted_as_its_own_readers_know_it(is_current: bool, coarse_is_current: bool) -> None:
    world = one_statement(marking_key="AMBER:a", coarse_marking_key="CLEAR", is_current=is_current,
                          coarse_is_current=coarse_is_current, coarse_double_risk="linked")  # fmt: skip
    (row,) = allocate(world, PLAN)
    expected = ("precise", 1, 7, "none") if is_current else ("coarse", 2, 8, "linked")
    assert (row["view"], row["activity_id"], row["org_id"], row["double_risk"]) == expected


def test_a_place_that_no_list_knows_is_not_shown_in_the_coarse_view() -> None:
    world = one_statement(marking_key="GREEN", coarse_marking_key="CLEAR", coarse_place_level=1)
    world.rows("place_share")[0]["place_id"] = "VILLAGE-7"
    coarse = next(r for r in allocate(world, PLAN) if r["view"] == "coarse")
    assert (coarse["place_id"], coarse["precision"]) == ("UNKNOWN", "unknown")


@pytest.mark.parametrize(("risk", "low", "best"), [("none", 10, 10), ("possible", 0, 10), ("linked", 0, 0)])
def test_what_may_be_double_leaves_low_and_what_is_linked_leaves_best(risk: str, low: int, best: int) -> None:
    world = one_statement(double_risk=risk)
    world.add("transaction", record_id=1, seq=0, type_code="1", transaction_date=AS_OF, value_usd=Decimal(10),
              value_eur=Decimal(9))  # fmt: skip
    (row,) = (r for r in allocate(world, PLAN) if r["finance_kind"] == "incoming")
    assert (row["low_usd"], row["best_usd"], row["high_usd"]) == (low, best, 10)


def test_what_is_told_twice_leaves_low_then_best_then_high_and_never_gross() -> None:
    world = one_statement(double_risk="linked")
    world.add("transaction", record_id=1, seq=0, type_code="3", transaction_date=AS_OF, value_usd=Decimal(10),
              value_eur=Decimal(9))  # fmt: skip
    world.add("double", record_id=1, view="precise", transaction_seq=0,
              low_usd=Decimal(1), best_usd=Decimal(4), high_usd=Decimal(7),
              low_eur=Decimal("0.9"), best_eur=Decimal("3.6"), high_eur=Decimal("6.3"))  # fmt: skip
    (row,) = (r for r in allocate(world, PLAN) if r["finance_kind"] == "disbursement")
    assert (row["low_usd"], row["best_usd"], row["high_usd"], row["gross_usd"]) == (3, 6, 9, 10)
    assert (row["low_eur"], row["gross_eur"]) == (Decimal("2.70"), 9)


def test_findings_are_counted_per_statement() -> None:
    world = one_statement()
    for seq in range(3):
        world.add("transaction", record_id=1, seq=seq, type_code="99", value=Decimal(1))
    result = step.run(on_duckdb(world, step.INPUTS), PLAN)
    found = {r["code"]: (r["record_id"], r["count"]) for r in result.issues[0].to_pyarrow().to_pylist()}
    assert found == dict.fromkeys(("transaction_kind_unknown", "transaction_undated", "money_unvalued"), (1, 3))
