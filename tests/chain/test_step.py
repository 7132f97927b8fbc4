"""The step: transactions in, what is told twice of each out; nothing hidden moves what others see."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from concerted.chain import step
from worlds import Row, World, on_duckdb, rows_of

FUND, AGENCY, PARTNER = 11, 22, 33


def statement(world: World, record: int, org: int | None, marking: str = "CLEAR", **more: Any) -> None:
    """A statement about an activity of its own."""
    base = {"record_id": record, "activity_id": record, "org_id": org, "marking_key": marking, "source_id": f"s{org}"}
    world.add("activity", **base | {"kind": "iati", "is_current": True, "is_supply": True} | more)


def paid(world: World, record: int, seq: int, dollars: str, **ends: Any) -> None:
    """Money that left a statement's activity."""
    _transaction(world, record, seq, dollars, {"type_code": "3"} | ends)


def got(world: World, record: int, seq: int, dollars: str, **ends: Any) -> None:
    """Money that came in."""
    _transaction(world, record, seq, dollars, {"type_code": "1"} | ends)


def _transaction(world: World, record: int, seq: int, dollars: str, ends: dict[str, Any]) -> None:
    value = Decimal(dollars)
    world.add("transaction", record_id=record, seq=seq, value_usd=value, value_eur=value / 2, **ends)


def run(world: World, params: step.Params | None = None) -> dict[str, list[Row]]:
    """Every table that the step makes."""
    found = step.run(on_duckdb(world, step.INPUTS), params or step.Params()).tables
    return {name: rows_of(table, name.removeprefix("core_")) for name, table in found.items()}


def twice(
    world: World, params: step.Params | None = None, view: str = "precise"
) -> dict[tuple[int, int], tuple[Decimal, ...]]:
    """(low, best, high) dollars told twice, by (record, seq)."""
    rows: Iterable[Row] = run(world, params)["core_double"]
    return {
        (r["record_id"], r["transaction_seq"]): tuple(r[f"{n}_usd"] for n in ("low", "best", "high"))
        for r in rows
        if r["view"] == view
    }


def chain() -> World:
    """A fund gives an agency 100, which passes 60 on to a partner, which pays out 45; all books are complete."""
    world = World()
    statement(world, 1, FUND)
    paid(world, 1, 0, "60", receiver_activity_id=2, receiver_org_id=AGENCY)
    paid(world, 1, 1, "40", receiver_activity_id=2, receiver_org_id=AGENCY)
    statement(world, 2, AGENCY)
    got(world, 2, 0, "100", provider_activity_id=1, provider_org_id=FUND)
    paid(world, 2, 1, "60", receiver_activity_id=3, receiver_org_id=PARTNER)
    statement(world, 3, PARTNER)
    got(world, 3, 0, "60", provider_activity_id=2, provider_org_id=AGENCY)
    paid(world, 3, 1, "30")
    paid(world, 3, 2, "15")
    return world


def test_what_was_told_further_up_is_taken_off_where_it_is_told_again() -> None:
    assert twice(chain()) == {(2, 1): (60, 60, 60), (3, 1): (30, 30, 30), (3, 2): (15, 15, 15)}


def test_what_bought_something_is_no_second_disbursement() -> None:
    world = chain()
    for row in world.rows("transaction"):
        if row["record_id"] == 3 and row["type_code"] == "3":
            row["type_code"] = "4"
    assert twice(world) == {(2, 1): (60, 60, 60)}


def test_the_levels_tell_the_same_sum_under_other_names() -> None:
    by_level: dict[str, dict[int, Decimal]] = {}
    for row in run(chain())["core_money_level"]:
        if row["book"] == "spent":
            by_level.setdefault(row["level"], {})[row["org_id"]] = row["best_usd"]
    assert by_level["first"] == {FUND: 100, AGENCY: 0, PARTNER: 0}
    assert by_level["last"] == {FUND: 40, AGENCY: 15, PARTNER: 45}
    assert by_level["country"] == by_level["last"]


def test_the_range_of_a_book_stands_at_the_first_level() -> None:
    rows = [r for r in run(chain())["core_money_level"] if r["book"] == "disbursement"]
    first = [r for r in rows if r["level"] == "first"]
    assert [sum(r[f"{n}_usd"] for r in first) for n in ("gross", "low", "best", "high")] == [205, 100, 100, 100]
    assert {r["low_usd"] for r in rows if r["level"] != "first"} == {None}


def test_the_country_level_counts_with_the_first_organisation_of_the_country() -> None:
    world = chain()
    world.add("organisation", org_id=PARTNER, marking_key="CLEAR", ref="ML-XYZ-1", type_code="21")
    rows = [r for r in run(world)["core_money_level"] if (r["book"], r["level"]) == ("spent", "country")]
    assert {r["org_id"]: r["best_usd"] for r in rows} == {FUND: 40, AGENCY: 0, PARTNER: 60}


def test_a_link_says_who_gave_whom_how_much() -> None:
    tables = run(chain())
    found = [r for r in tables["core_money_link"] if r["book"] == "spent"]
    assert {(r["giver_activity_id"], r["receiver_activity_id"]): r["best_usd"] for r in found} == {
        (1, 2): 60,
        (2, 3): 45,
    }
    assert {r["sign"] for r in found} == {"named"}
    ids = {r["link_id"] for r in found}
    rows = [r for r in tables["core_money_link_end"] if r["link_id"] in ids]
    ends = {(r["side"], r["activity_id"], r["low_usd"], r["best_usd"], r["high_usd"]) for r in rows}
    assert ends == {
        ("giver", 1, 60, 60, 60),
        ("receiver", 2, 60, 60, 60),
        ("giver", 2, 45, 45, 45),
        ("receiver", 3, 45, 45, 45),
    }


def test_euros_follow_the_dollars_of_their_transaction() -> None:
    row = next(r for r in run(chain())["core_double"] if (r["record_id"], r["transaction_seq"]) == (3, 1))
    assert row["best_eur"] == Decimal("15.00")


def test_a_correction_lowers_what_it_corrects_before_anything_else() -> None:
    world = chain()
    paid(world, 2, 2, "-20", receiver_activity_id=3, receiver_org_id=PARTNER)
    found = twice(world)
    # 40 of the agency's 60 remain, all of it the fund's.
    assert sum(found[2, seq][1] for seq in (1, 2)) == 40
    # The partner's books say 60, the agency's 40: of its 45 came 30 from there, or 40.
    assert sum(found[3, seq][0] for seq in (1, 2)) == 30
    assert sum(found[3, seq][2] for seq in (1, 2)) == 40


def test_commitments_and_payments_are_books_of_their_own() -> None:
    world = World()
    statement(world, 1, FUND)
    paid(world, 1, 0, "100", type_code="2", receiver_activity_id=2)
    statement(world, 2, AGENCY)
    got(world, 2, 0, "100", provider_activity_id=1)
    paid(world, 2, 1, "100")
    assert twice(world) == {}


def test_a_second_source_of_the_same_activity_is_told_twice_as_a_whole() -> None:
    world = World()
    statement(world, 1, FUND)
    paid(world, 1, 0, "100")
    statement(world, 2, FUND, activity_id=1, kind="project", source_id="sheet")
    paid(world, 2, 0, "90")
    assert twice(world) == {(2, 0): (0, 90, 90)}


def test_a_judgement_makes_a_link_or_takes_it_away() -> None:
    world = World()
    statement(world, 1, FUND)
    paid(world, 1, 0, "100")
    statement(world, 2, AGENCY)
    paid(world, 2, 0, "80")
    assert twice(world) == {}
    assert twice(world, step.Params(funds=((1, 2),))) == {(2, 0): (80, 80, 80)}
    assert (2, 1) not in twice(chain(), step.Params(different=((1, 2),)))


def test_a_judgement_makes_certain_what_a_sign_leaves_open() -> None:
    world = World()
    statement(world, 1, FUND)
    paid(world, 1, 0, "100", receiver_activity_id=2, receiver_org_id=AGENCY)
    statement(world, 2, AGENCY)
    paid(world, 2, 0, "80")
    assert twice(world) == {(2, 0): (0, 80, 80)}
    assert twice(world, step.Params(funds=((1, 2),))) == {(2, 0): (80, 80, 80)}
    claimed = World()
    statement(claimed, 1, FUND)
    paid(claimed, 1, 0, "100")
    statement(claimed, 2, AGENCY)
    got(claimed, 2, 0, "90", provider_activity_id=1, provider_org_id=FUND)
    paid(claimed, 2, 1, "80")
    assert twice(claimed) == {(2, 1): (0, 64, 80)}
    assert twice(claimed, step.Params(funds=((1, 2),))) == {(2, 1): (80, 80, 80)}
    signs = {r["sign"] for r in run(claimed, step.Params(funds=((1, 2),)))["core_money_link"]}
    assert signs == {"judged"}


def test_a_judgement_about_two_givers_of_the_same_money_counts_it_once() -> None:
    world = World()
    for record in (1, 2):
        statement(world, record, FUND + record)
        paid(world, record, 0, "100")
    statement(world, 3, AGENCY)
    paid(world, 3, 0, "80")
    assert twice(world, step.Params(funds=((1, 3), (2, 3)))) == {(3, 0): (80, 80, 80)}


@pytest.mark.parametrize("key", ["GREEN", "AMBER:a"])
def test_a_hidden_receiver_moves_nothing_that_the_public_sees(key: str) -> None:
    seen = World()
    statement(seen, 1, FUND)
    paid(seen, 1, 0, "100", receiver_activity_id=2, receiver_org_id=AGENCY)
    without_it = twice(seen)
    statement(seen, 2, AGENCY, key)
    got(seen, 2, 0, "100", provider_activity_id=1, provider_org_id=FUND)
    paid(seen, 2, 1, "80")
    assert without_it == {}
    # Those who see both count once all the same: the hidden statement gives way.
    assert twice(seen) == {(2, 1): (80, 80, 80)}


def test_a_hidden_giver_gives_way_by_itself() -> None:
    world = World()
    statement(world, 1, FUND, "GREEN")
    paid(world, 1, 0, "100", receiver_activity_id=2, receiver_org_id=AGENCY)
    statement(world, 2, AGENCY)
    got(world, 2, 0, "100", provider_activity_id=1, provider_org_id=FUND)
    paid(world, 2, 1, "80")
    assert twice(world) == {(1, 0): (80, 80, 80)}
    keys = {r["marking_key"] for r in run(world)["core_money_link"]}
    assert keys == {"GREEN"}


def test_groups_that_do_not_know_of_each_other_are_not_linked() -> None:
    world = World()
    statement(world, 1, FUND, "AMBER:a")
    paid(world, 1, 0, "100", receiver_activity_id=2, receiver_org_id=AGENCY)
    statement(world, 2, AGENCY, "AMBER:b")
    got(world, 2, 0, "100", provider_activity_id=1, provider_org_id=FUND)
    paid(world, 2, 1, "80")
    assert twice(world) == {}


def test_a_narrower_marking_lists_its_own_of_a_pool_and_on_each_side_the_largest_of_the_others() -> None:
    world = World()
    for record, dollars in ((1, "50"), (2, "70"), (3, "60")):
        statement(world, record, FUND)
        paid(world, record, 0, dollars, receiver_org_id=AGENCY)
    for record, key in ((4, "CLEAR"), (5, "GREEN")):
        statement(world, record, AGENCY, key)
        got(world, record, 0, "40", provider_org_id=FUND)
        paid(world, record, 1, "40")
    ends = run(world)["core_money_link_end"]
    listed = {
        key: {(r["side"], r["activity_id"]) for r in ends if r["marking_key"] == key} for key in ("CLEAR", "GREEN")
    }
    givers = {("giver", activity) for activity in (1, 2, 3)}
    assert listed["CLEAR"] == givers | {("receiver", 4)}
    assert listed["GREEN"] == {("giver", 2), ("receiver", 4), ("receiver", 5)}
