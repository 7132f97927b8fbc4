"""Records that are not shown count where owners want it and nobody learns what one of them holds."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.marking.suppress import Part, Told
from concerted.marking.suppress_audit import audit
from concerted.unshown import step
from concerted.unshown.amounts import ANY, Amount, amounts, node_tree, owners, place_tree
from concerted.unshown.choice import Before, Chosen, Standing, choose, hidden_rule
from worlds import PLACES, TREES, Row, World, on_duckdb, rows_of, shuffled

NODES = node_tree(TREES["plan"], ())
PLACE_TREE = place_tree({name: parent for name, (_, parent) in PLACES.items()}, {}, ("UNKNOWN",))


def a_country() -> World:
    """Lines and places, and nothing in them."""
    world = World()
    for place, (level, parent) in PLACES.items():
        world.add("place", source_id="list", place_id=place, level=level, parent_id=parent, country_code=place[:2])
    for framework, tree in TREES.items():
        world.add("framework", framework_id=framework, is_strategy=framework == "plan")
        for position, (node, parent) in enumerate(tree.items()):
            world.add("node", framework_id=framework, position=position, node_id=node, parent_id=parent)
    return world


def say(world: World, record: int, usd: str | None, *, node: str = "1.1", place: str = "ML01", **more: Any) -> None:
    """A record of organisation `record` with one disbursement, as allocate leaves it in each framework."""
    activity = {
        "record_id": record, "source_id": f"s{record}", "org_id": record, "is_supply": True, "is_current": True,
        "is_counted_hidden": True, "marking_key": f"AMBER+STRICT:o{record}",
    } | more  # fmt: skip
    if all(row["record_id"] != record for row in world.rows("activity")):
        world.add("activity", **activity)
    for framework, line in (("plan", node), ("gct", "I")):
        world.add(
            "allocation", framework_id=framework, node_id=line, place_id=place, finance_kind="disbursement",
            record_id=record, activity_id=record, transaction_seq=-1, view="precise", period=2026,
            high_usd=None if usd is None else Decimal(usd), marking_key=activity["marking_key"],
        )  # fmt: skip


def told(world: World, before: tuple[list[Row], list[Row]] = ([], [])) -> tuple[list[Row], list[Row]]:
    """Parts and totals of an edition, after one that left `before`."""
    whole = World({**world.tables, "unshown_part": before[0], "unshown_total": before[1]})
    found = step.run(on_duckdb(whole, step.INPUTS), step.Params()).tables
    return rows_of(found["out_unshown_part"], "unshown_part"), rows_of(found["out_unshown_total"], "unshown_total")


def money(totals: Iterable[Row]) -> dict[tuple[str, str], Decimal]:
    return {(r["node_id"], r["place_id"]): r["high_usd"] for r in totals if r["finance_kind"] == "disbursement"}


def three(**more: Any) -> World:
    world = a_country()
    for record in (1, 2, 3):
        say(world, record, "100.10", **more)
    return world


def test_the_sum_of_three_is_told_at_every_level_above_them_and_nowhere_else() -> None:
    totals = told(three())[1]
    everywhere = {(n, p): Decimal("300.30") for n in ("1.1", "1", "ALL") for p in ("ML01", "ML", "ALL")}
    assert money(totals) == everywhere
    assert {(r["node_id"], r["place_id"]): r["records"] for r in totals if r["finance_kind"] == ANY} == dict.fromkeys(
        everywhere, 3
    )
    assert {r["framework_id"] for r in totals} == {"plan"}
    assert {r["marking_key"] for r in totals} == {"CLEAR"}


def test_nothing_is_told_and_nothing_kept_where_no_owner_chose_it() -> None:
    for choice in (False, None):
        assert told(three(is_counted_hidden=choice)) == ([], [])


@pytest.mark.parametrize(
    "more",
    [
        {"marking_key": "GREEN"},
        {"marking_key": "AMBER:a"},
        {"marking_key": "AMBER+STRICT:o1,o2"},
        {"marking_key": "RED:p"},
        {"marking_key": "CLEAR"},
        {"coarse_marking_key": "CLEAR"},
        {"coarse_marking_key": "AMBER:a"},
        {"is_current": False},
        {"is_supply": False},
        {"org_id": None, "marking_key": "NOBODY"},
    ],
)
def test_what_others_may_see_already_does_not_count_among_what_is_hidden(more: dict[str, Any]) -> None:
    assert told(three(**more)) == ([], [])


def test_two_organisations_are_too_few_and_one_under_two_names_is_one() -> None:
    world = a_country()
    say(world, 1, "100")
    say(world, 2, "100")
    assert told(world)[1] == []
    say(world, 3, "100", org_id=2)
    assert told(world)[1] == []
    say(world, 4, "100", marking_key="AMBER+STRICT:o1")
    assert told(world)[1] == []
    say(world, 5, "100")
    assert money(told(world)[1])["1.1", "ML01"] == 500


def test_who_keeps_a_sheet_of_several_organisations_cannot_take_out_what_he_knows() -> None:
    world = a_country()
    for record, usd in ((1, "100"), (2, "100")):
        say(world, record, usd, source_id="sheet")
    say(world, 3, "100")
    assert money(told(world)[1]) == {}, "whoever keeps the sheet would read the third"
    say(world, 4, "100")
    assert money(told(world)[1])["1.1", "ML01"] == 400


def test_one_that_is_much_larger_than_the_others_is_not_told() -> None:
    world = a_country()
    for record, usd in ((1, "1000000"), (2, "100"), (3, "100")):
        say(world, record, usd)
    parts, totals = told(world)
    assert money(totals) == {}
    assert {r["finance_kind"] for r in parts} == {ANY}, "how many they are may be told, what they hold may not"


def test_corrections_are_netted_first_and_what_is_below_zero_even_then_is_left_out() -> None:
    world = three()
    say(world, 1, "-0.10")
    assert money(told(world)[1])["ALL", "ML"] == Decimal("300.20")
    say(world, 1, "-500")
    assert money(told(world)[1]) == {}
    say(world, 4, "100.10")
    assert money(told(world)[1])["ALL", "ML"] == Decimal("300.30")


def test_a_record_at_two_places_is_one_record_where_both_lie_and_none_below() -> None:
    world = three()
    for record in (1, 2, 3):
        say(world, record, "50", place="ML02")
    counts = {(r["node_id"], r["place_id"]): r["records"] for r in told(world)[1] if r["finance_kind"] == ANY}
    assert counts["1.1", "ML"] == 3
    assert ("1.1", "ML01") not in counts
    assert money(told(world)[1])["1.1", "ML02"] == 150


def test_the_order_of_rows_changes_nothing() -> None:
    world = three()
    say(world, 4, "77", node="1.2", place="ML0201")
    assert told(shuffled(world, 1)) == told(shuffled(world, 2)) == told(world)


def test_a_new_record_waits_for_others_and_one_that_goes_takes_the_totals_along() -> None:
    first = told(three())
    more = three()
    say(more, 4, "90")
    second = told(more, first)
    assert money(second[1]) == money(first[1]), "the difference of two editions would be the new record"
    for record in (5, 6):
        say(more, record, "95")
    assert money(told(more, second)[1])["1.1", "ML01"] == Decimal("580.30")
    fewer = a_country()
    for record in (1, 2):
        say(fewer, record, "100.10")
    for record in (7, 8, 9):
        say(fewer, record, "60")
    assert ("1.1", "ML01") not in money(told(fewer, first)[1]), "who left would be the difference"


def test_what_was_told_is_kept_when_an_edition_tells_nothing() -> None:
    first = told(three())
    silent = told(a_country(), first)
    assert silent[1] == []
    assert silent[0] == first[0]
    alone = a_country()
    for record in (2, 3):
        say(alone, record, "100.10")
    say(alone, 4, "100.10")
    assert money(told(alone, silent)[1]) == {}, "2 and 3 without 1 are what 1 is missing from"


def test_a_record_that_others_see_now_is_never_told_apart_from_those_beside_it() -> None:
    world = a_country()
    for record in range(1, 7):
        say(world, record, "100")
    first = told(world)
    for key in ("AMBER:a", "GREEN"):
        shared = a_country()
        for record in range(1, 7):
            say(shared, record, "100", **({"marking_key": key} if record == 1 else {}))
        assert money(told(shared, first)[1]) == {}


def test_where_another_strategy_stands_nothing_is_told_any_more() -> None:
    first = told(three())
    world = three()
    for row in world.rows("framework"):
        row["is_strategy"] = row["framework_id"] == "gct"
    assert told(world, first) == (first[0], [])


def test_places_without_a_parent_stand_in_their_country_and_circles_end() -> None:
    tree = place_tree({"X1": None, "Y1": "Y2", "Y2": "Y1"}, {"X1": "XX", "UNKNOWN": "XX"}, ("UNKNOWN", "Q"))
    assert tree["X1"] == "XX"
    assert tree["XX"] == tree["Q"] == tree["UNKNOWN"] == "ALL"
    assert "ALL" in (tree["Y1"], tree["Y2"])


SPOTS = [("1.1", "ML01"), ("1.1", "ML01"), ("1.1", "ML0101"), ("1.2.1", "ML02"), ("2.1", "ML01"), ("1", "ML")]
AMOUNTS = st.lists(
    st.builds(
        lambda record, spot, value: Amount("disbursement", record, f"s{record % 4}", record % 5, None, *spot, value),
        st.integers(1, 15),
        st.sampled_from(SPOTS),
        st.sampled_from([50, 50, 55, 40, 60, 3]),
    ),
    min_size=8,
    max_size=14,
    unique_by=lambda a: (a.record, a.node, a.place),
)
#: For each amount what happens to it in the second and in the third edition.
FATES = st.lists(
    st.tuples(*[st.sampled_from(["stays"] * 6 + ["goes", "changes", "comes"])] * 2), min_size=14, max_size=14
)


def a_chain(known: list[Amount], fates: list[tuple[str, str]]) -> list[Chosen]:
    """Three editions, each knowing of those before it what the last one kept."""
    found: list[Chosen] = []
    before = Before()
    for turn in range(3):
        now = []
        for amount, fate in zip(known, fates, strict=False):
            past = fate[:turn]
            if "goes" in past or (fate[0] == "comes" and turn == 0):
                continue
            now.append(replace(amount, value=amount.value + 7 * past.count("changes")))
        found.append(choose(now, before, NODES, PLACE_TREE, Standing()))
        cells = {kind: frozenset(told.cells) for kind, told in found[-1].told.items()}
        before = Before(found[-1].classes, cells)
    return found


def breaches(chain: list[Chosen]) -> list[object]:
    rule = hidden_rule([amount for amount, _ in chain[-1].classes], Standing()).hidden
    return [*audit([c.told.get("disbursement", Told()) for c in chain], NODES, PLACE_TREE, rule)]


@given(AMOUNTS, FATES)
@settings(max_examples=6, deadline=None)
def test_the_audit_finds_nothing_in_three_editions_that_know_only_the_last_one(
    known: list[Amount], fates: list[tuple[str, str]]
) -> None:
    assert breaches(a_chain(known, fates)) == []


@pytest.mark.slow
@given(AMOUNTS, FATES)
@settings(max_examples=300, deadline=None)
def test_the_audit_finds_nothing_in_hundreds_of_chains(known: list[Amount], fates: list[tuple[str, str]]) -> None:
    assert breaches(a_chain(known, fates)) == []


@given(AMOUNTS, FATES)
@settings(max_examples=30, deadline=None)
def test_what_is_kept_divides_parts_as_all_editions_together_do(
    known: list[Amount], fates: list[tuple[str, str]]
) -> None:
    chain = a_chain(known, fates)
    owner = owners([amount for amount, _ in chain[-1].classes])
    kept = {Part(str(a.record), owner(a), a.node, a.place, (a.value,)): n for a, n in chain[-1].classes}
    tellings = [c.told.get("disbursement", Told()) for c in chain]
    plain = {
        part: tuple((i, cell) for i, t in enumerate(tellings) for cell in sorted(t.cells) if part in t.cells[cell])
        for part in frozenset[Part]().union(*(t.counted for t in tellings))
    }
    assert kept.keys() == plain.keys()
    for one, other in pairwise(sorted(kept)):
        assert (kept[one] == kept[other]) == (plain[one] == plain[other])


def test_the_audit_would_find_what_a_forgotten_edition_tells() -> None:
    known = [Amount("disbursement", r, f"s{r}", r, None, "1.1", "ML01", 50) for r in range(1, 7)]
    first = choose(known, Before(), NODES, PLACE_TREE, Standing())
    second = choose(known[1:], Before(), NODES, PLACE_TREE, Standing())
    assert breaches([first, second]), "the one that left is the difference"
    rows = [{"record_id": 1, "finance_kind": "x", "node_id": "1.1", "place_id": "ML01", "usd": None}]
    assert [a.kind for a in amounts(rows, {1: step.Owned("s", 1, None)}, NODES, PLACE_TREE)] == [ANY]
