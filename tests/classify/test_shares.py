"""Shares over nodes: they sum to one, follow the percentages, and leave the unknown unclassified."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerted.model.tables import ONE, UNCLASSIFIED

from .frameworks import PARAMS
from .share_oracle import spread
from .world import World

CODES = ("15220", "15130", "16020", "99999")
POINTS = {
    "15220": {"dialogue": 900_000},
    "15130": {"justice": 950_000},
    "16020": {"youth": 500_000, "dialogue": 400_000},
}
percentages = st.one_of(st.none(), st.floats(0, 150, allow_nan=False).map(lambda p: round(p, 2)))
statements = st.lists(
    st.tuples(st.lists(st.tuples(st.sampled_from(CODES), percentages), max_size=5), st.booleans()),
    min_size=10,
    max_size=25,
)


def make_world(rows: list[tuple[list[tuple[str, float | None]], bool]]) -> World:
    """Statements with sectors, some with a marker for youth."""
    world = World()
    for record_id, (sectors, has_marker) in enumerate(rows):
        world.activity(record_id)
        for code, pct in sectors:
            world.sector(code, pct, record_id)
        if has_marker:
            marker = {"vocabulary_code": "1", "code": "1", "significance_code": "2"}
            world.add("policy_marker", record_id=record_id, seq=0, **marker)
    return world


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(statements)
def test_shares_are_what_plain_python_says(rows: list[tuple[list[tuple[str, float | None]], bool]]) -> None:
    out = make_world(rows).run(PARAMS)
    for record_id, (sectors, has_marker) in enumerate(rows):
        held = {node for node, _ in out.labels(record_id)}
        points = {code: {n: p for n, p in nodes.items() if n in held} for code, nodes in POINTS.items()}
        aims = {}
        if has_marker:
            label = (
                next(r for r in out.tables["node_share"] if (r["record_id"], r["node_id"]) == (record_id, "youth"))
                if "youth" in out.shares(record_id)
                else None
            )
            aims = {"youth": round(label["probability"] * 1_000_000)} if label else {"youth": 1}
        assert out.shares(record_id) == spread(sectors, points, aims)
        assert sum(out.shares(record_id).values()) == ONE


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(statements, st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[list[tuple[str, float | None]], bool]], seed: int) -> None:
    world = make_world(rows)
    first = world.run(PARAMS).sorted()
    for table in world.rows.values():
        random.Random(seed).shuffle(table)  # noqa: S311
    assert world.run(PARAMS).sorted() == first


def test_a_sector_with_forty_per_cent_gives_its_node_forty_per_cent() -> None:
    out = World().activity().sector("15220", 40).sector("99999", 60).run(PARAMS)
    assert out.shares() == {"dialogue": ONE * 4 // 10, UNCLASSIFIED: ONE * 6 // 10}
    assert {r["basis"] for r in out.tables["node_share"]} == {"stated"}


def test_several_nodes_of_one_code_share_it_by_probability() -> None:
    out = World().activity().sector("16020", 100).run(PARAMS)
    assert out.shares() == {"dialogue": 444_444_444, "youth": 555_555_556}


def test_words_claim_only_what_the_sectors_leave() -> None:
    world = World().activity(title="Young people: youth clubs for young people and youth")
    world.sector("15220", 70).sector("99999", 30)
    out = world.run(PARAMS)
    assert out.shares() == {"dialogue": 700_000_000, "youth": 300_000_000}


def test_without_a_sector_words_claim_everything() -> None:
    out = World().activity(title="Young people: youth clubs for young people and youth").run(PARAMS)
    assert out.shares() == {"youth": ONE}


def test_what_nothing_claims_is_unclassified_and_has_no_probability() -> None:
    out = World().activity(title="Office rent").run(PARAMS)
    [row] = out.tables["node_share"]
    assert (row["node_id"], row["share"], row["is_confirmed"], row["probability"]) == (UNCLASSIFIED, ONE, False, None)


def test_a_transaction_with_sectors_of_its_own_has_a_spread_of_its_own() -> None:
    world = World().activity().sector("15130", 100).sector("15220", 100, transaction=3)
    out = world.run(PARAMS)
    assert out.shares() == {"justice": ONE}
    assert out.shares(transaction=3) == {"dialogue": ONE}


def test_an_activity_without_sectors_takes_those_of_its_transactions_equally() -> None:
    world = World().activity()
    for transaction, code in enumerate(("15220", "15220", "15130")):
        world.sector(code, transaction=transaction)
    out = world.run(PARAMS)
    assert out.shares() == {"dialogue": ONE // 2, "justice": ONE // 2}
    assert {r["basis"] for r in out.tables["node_share"] if r["transaction_seq"] == -1} == {"equal"}


def test_codes_without_percentage_share_equally_and_say_so() -> None:
    out = World().activity().sector("15220").sector("15130").run(PARAMS)
    assert out.shares() == {"dialogue": ONE // 2, "justice": ONE // 2}
    assert {r["basis"] for r in out.tables["node_share"]} == {"equal"}
    assert out.issues == []


@pytest.mark.parametrize(("pct", "is_off"), [(50.0, False), (49.8, False), (49.0, True), (60.0, True)])
def test_percentages_that_miss_a_hundred_are_normalised_with_an_issue(pct: float, is_off: bool) -> None:
    out = World().activity(source_id="src").sector("15220", pct).sector("15130", 50).run(PARAMS)
    assert sum(out.shares().values()) == ONE
    assert bool(out.issues) == is_off
    if is_off:
        [issue] = out.issues
        assert (issue["code"], issue["severity"], issue["field"], issue["line"]) == (
            "share_sum",
            "warning",
            "sector",
            7,
        )
        assert f'"sum": "{pct + 50:.2f}"' in issue["values"]


def test_what_the_owner_declares_is_believed_before_a_crosswalk() -> None:
    world = World().activity().sector("15220", 100)
    world.sector("P1", 25, vocabulary_code="99", vocabulary_uri="http://plan.example/codes")
    world.sector("P9", 75, vocabulary_code="99", vocabulary_uri="http://plan.example/codes")
    out = world.run(PARAMS)
    assert out.shares() == {"dialogue": 250_000_000, UNCLASSIFIED: 750_000_000}
    [row] = [r for r in out.tables["node_share"] if r["node_id"] == "dialogue"]
    assert row["is_confirmed"]


def test_absurd_percentages_do_not_overflow() -> None:
    out = World().activity().sector("15220", 1e18).sector("15130", -5).sector("15130", float("nan")).run(PARAMS)
    assert sum(out.shares().values()) == ONE
