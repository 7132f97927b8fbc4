"""Laws of combination: a further signal never lowers a node, nothing is surer than the cap."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
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


def world_of(signals: set[str]) -> World:
    """One statement with these signals."""
    world = World().activity(title="Dialogue, justice and youth" if "words" in signals else "Office")
    for code in sorted(signals & {"15220", "15130", "16020"}):
        world.sector(code)
    if "marker" in signals:
        marker = {"vocabulary_code": "1", "code": "1", "significance_code": "2"}
        world.add("policy_marker", record_id=1, seq=0, **marker)
    if "tag" in signals:
        world.add("tag", record_id=1, kind="tag", seq=0, vocabulary_code="3", code="16.3")
    return world


def combined(out: Outcome) -> dict[str, float]:
    """Node -> combined probability over the methods, as the labels give them."""
    nodes = {node for node, _ in out.labels()}
    return {n: combine([r["probability"] for (m, _), r in out.labels().items() if m == n], 0.97) for n in nodes}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(SIGNALS)), st.sampled_from(SIGNALS))
def test_adding_a_signal_never_lowers_a_node_of_a_statement(signals: set[str], more: str) -> None:
    before, after = combined(world_of(signals).run(PARAMS)), combined(world_of(signals | {more}).run(PARAMS))
    for node, probability in before.items():
        # Per method the label is rounded to four decimals, so two methods together may differ by one in the last.
        assert after[node] >= probability - 0.0002


def test_two_builds_give_the_same_rows() -> None:
    world = world_of(set(SIGNALS))
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
