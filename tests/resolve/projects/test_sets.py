"""Sets of many owners against plain Python sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from concerted.resolve.projects.sets import Sets

owners = st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=8)


def made(told: list[set[int]]) -> Sets:
    rows = [(owner, value) for owner, values in enumerate(told) for value in values]
    table = np.array(rows, np.int64).reshape(-1, 2)
    return Sets.of(table[:, 0], table[:, 1], len(told), 10)


@given(owners, st.randoms(use_true_random=False))
def test_what_pairs_have_in_common_is_what_plain_sets_say(told: list[set[int]], rnd: object) -> None:
    sets = made(told)
    pairs = [(a, b) for a in range(len(told)) for b in range(len(told))]
    left, right = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    weight = np.arange(1, 11, dtype=np.int64)
    sums = sets.shared_sum(left, right, weight)
    best, which = sets.shared_max(left, right, weight)
    for at, (a, b) in enumerate(pairs):
        common = told[a] & told[b]
        assert sums[at] == sum(value + 1 for value in common)
        assert (best[at], which[at]) == ((max(common) + 1, max(common)) if common else (0, -1))


@given(owners)
def test_rows_sizes_and_holders_are_those_of_the_sets(told: list[set[int]]) -> None:
    sets = made(told)
    assert sets.sizes.tolist() == [len(values) for values in told]
    assert sets.holders.tolist() == [sum(value in values for values in told) for value in range(10)]
    at, value = sets.rows_of(np.arange(len(told)))
    assert {(int(a), int(v)) for a, v in zip(at, value, strict=True)} == {
        (owner, v) for owner, values in enumerate(told) for v in values
    }
