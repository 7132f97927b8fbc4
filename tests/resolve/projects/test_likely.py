"""What is compared only as far as it can matter gives what comparing everything gives."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerted.resolve.projects import find
from concerted.resolve.projects.comparison import Comparer
from concerted.resolve.projects.find import ProjectParams, Proposal, find_proposals
from concerted.resolve.projects.likely import find_likely
from concerted.resolve.projects.scoring import Heads, least_bits, load_heads, probability
from concerted.resolve.projects.sets import Ints

from ._made_facts import made_facts

#: Two marks, the first of which all see.
EVIDENCE = [(0, 0), (1, 0), (1, 1), (2, 0), (2, 2)]


def in_full(comparer: Comparer, heads: Heads, left: Ints, right: Ints, propose: float) -> tuple[Ints, Ints, object]:
    return left, right, comparer.compare(left, right)


@given(st.integers(0, 2**32), st.sampled_from([0.0, 1e-4, 0.01, 0.25, 0.6, 1.0]))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_is_proposed_as_if_all_were_compared_in_full(seed: int, propose: float) -> None:
    facts, params = made_facts(seed), ProjectParams(propose=propose)
    found = find_proposals(facts, EVIDENCE, params)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(find, "find_likely", in_full)
        whole = find_proposals(facts, EVIDENCE, params)
    assert found == whole


def test_made_worlds_have_proposals_of_every_relation_and_most_pairs_are_left_out() -> None:
    proposals: list[Proposal] = []
    asked = kept = 0
    for seed in range(60):
        facts = made_facts(seed)
        proposals += find_proposals(facts, EVIDENCE, ProjectParams(propose=0.01))
        left, right = find.find_candidates(facts)
        asked += len(left)
        kept += len(find_likely(Comparer(facts), load_heads(), left, right, 0.25)[0])
    assert {p.relation for p in proposals} == {"same", "part_of", "funds", "successor_of"}
    assert 0 < kept < asked / 2


@given(st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_the_least_odds_are_the_first_that_give_a_probability(least: float) -> None:
    bits = least_bits(least)
    if abs(bits) <= 30_000:
        assert probability(np.array([bits]))[0] >= least
        assert probability(np.array([bits - 1]))[0] < least
