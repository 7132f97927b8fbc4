"""Laws of combination: a further signal never lowers a node, nothing is surer than the cap."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from concerted.classify.labels import combine
from concerted.classify.pointers import all_pointers
from concerted.codelists.frameworks import Crosswalk

from .frameworks import PARAMS, PLAN, WALKS, walk
from .world import Outcome, World

probabilities = st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=6)


@given(probabilities, st.floats(0, 1, allow_nan=False))
def test_a_further_signal_never_lowers_a_probability(some: list[float], more: float) -> None:
    assert combine([*some, more], 0.97) >= combine(some, 0.97)


@given(probabilities)
def test_no_heap_of_signals_is_surer_than_the_cap(some: list[float]) -> None:
    assert 0 <= combine(some, 0.97) <= 0.97
    assert combine(list(reversed(some)), 0.97) == combine(some, 0.97)


SIGNALS = ("15220", "15130", "16020", "marker", "tag", "words")


SETS = [frozenset(some) for size in range(len(SIGNALS) + 1) for some in combinations(SIGNALS, size)]


def world_of(sets: Sequence[frozenset[str]]) -> World:
    """One statement per set of signals."""
    world = World()
    for record_id, signals in enumerate(sets):
        world.activity(record_id, title="Dialogue, justice and youth" if "words" in signals else "Office")
        for code in sorted(signals & {"15220", "15130", "16020"}):
            world.sector(code, record_id=record_id)
        if "marker" in signals:
            marker = {"vocabulary_code": "1", "code": "1", "significance_code": "2"}
            world.add("policy_marker", record_id=record_id, seq=0, **marker)
        if "tag" in signals:
            world.add("tag", record_id=record_id, kind="tag", seq=0, vocabulary_code="3", code="16.3")
    return world


def combined(out: Outcome, record_id: int) -> dict[str, float]:
    """Node -> combined probability over the methods, as the labels give them."""
    labels = out.labels(record_id)
    nodes = {node for node, _ in labels}
    return {n: combine([r["probability"] for (m, _), r in labels.items() if m == n], 0.97) for n in nodes}


def test_adding_a_signal_never_lowers_a_node_of_a_statement() -> None:
    """Every set of signals against every set with one more."""
    out = world_of(SETS).run(PARAMS)
    found = {signals: combined(out, record_id) for record_id, signals in enumerate(SETS)}
    for signals, before in found.items():
        for more in set(SIGNALS) - signals:
            for node, probability in before.items():
                # Per method a label is rounded to four decimals, so two methods together may differ in the last.
                assert found[signals | {more}][node] >= probability - 0.0002


def test_two_builds_give_the_same_rows() -> None:
    world = world_of(SETS)
    assert world.run(PARAMS).sorted() == world.run(PARAMS).sorted()


def test_a_crosswalk_between_frameworks_carries_a_declaration_on_as_a_suggestion() -> None:
    other = replace(PLAN, id="pillars", own_codes=(), nodes=PLAN.nodes[:1])
    row = Crosswalk("plan", "justice", "pillars", "dialogue", "broader", "Tester", WALKS[0].date)
    params = replace(PARAMS, frameworks=(PLAN, other), crosswalks=(row,))
    out = World().activity().add("attribute", record_id=1, name="#pillar", value="Pillar of Justice").run(params)
    label = out.labels(framework="pillars")["dialogue", "crosswalk"]
    assert (label["is_confirmed"], label["probability"]) == (False, 0.5)
    assert '"via": "plan/justice"' in label["evidence"]


def test_the_surest_row_of_a_code_and_node_counts_once() -> None:
    params = replace(PARAMS, crosswalks=(walk("15220", "dialogue", "related"), walk("15220", "dialogue", "exact")))
    pointers = [p for p in all_pointers(params) if p.vocabulary == "1"]
    assert [p.ppm for p in pointers] == [950_000]


def test_the_owners_rows_carry_suggestions_on_where_no_row_leads_directly() -> None:
    own = Crosswalk("plan", "dialogue", "mine", "dialogue", "broader", "Owner", WALKS[0].date)
    direct = replace(own, from_vocabulary="1", from_code="16020", node_id="youth", relation="related")
    mine = replace(PLAN, id="mine", own_codes=(), crosswalks=(own, direct))
    found = {
        (p.code, p.node_id): p.ppm
        for p in all_pointers(replace(PARAMS, frameworks=(PLAN, mine)))
        if p.framework_id == "mine" and p.vocabulary == "1"
    }
    assert found == {("15220", "dialogue"): 450_000, ("16020", "youth"): 400_000}
    shipped = replace(mine, crosswalks=())
    foreign = replace(PARAMS, frameworks=(PLAN, shipped), crosswalks=(*WALKS, own))
    assert not [p for p in all_pointers(foreign) if p.framework_id == "mine" and p.vocabulary == "1"]
