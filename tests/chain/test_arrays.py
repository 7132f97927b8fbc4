"""Whole numbers in arrays, against plain Python."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from concerted.chain.arrays import (
    among,
    grouped,
    lookup,
    on_circles,
    order_of,
    pairs,
    scaled,
    split,
    split_range,
    sums,
    together,
)

small = st.integers(0, 4)


def array(values: list[int]) -> "np.typing.NDArray[np.int64]":
    return np.array(values, np.int64)


@given(st.lists(st.tuples(small, st.integers(0, 10**13)), max_size=12), st.integers(0, 10**13))
def test_a_split_is_exact_and_gives_no_row_more_than_its_weight(rows: list[tuple[int, int]], wanted: int) -> None:
    group, weight = array([g for g, _ in rows]), array([w for _, w in rows])
    whole = sums(group, weight, 5)
    total = np.minimum(whole, wanted)
    parts = split(total, weight, group)
    assert (sums(group, parts, 5) == total).all()
    assert (parts >= 0).all()
    assert (parts <= weight).all()


@given(st.lists(st.tuples(small, st.integers(-(10**9), 10**9)), max_size=12), st.integers(0, 10**10))
def test_a_split_is_the_difference_of_rounded_running_totals_with_corrections_too(
    rows: list[tuple[int, int]], wanted: int
) -> None:
    group, weight = array([g for g, _ in rows]), array([w for _, w in rows])
    total = np.maximum(np.minimum(sums(group, weight, 5), wanted), 0)
    upto, expected = [0] * 5, []
    for g, w in rows:
        whole = sum(other for at, other in rows if at == g)
        before, upto[g] = upto[g], upto[g] + w
        floors = [int(total[g]) * running // whole if whole else 0 for running in (before, upto[g])]
        expected.append(floors[1] - floors[0])
    assert split(total, weight, group).tolist() == expected
    order = np.argsort(group, kind="stable")
    assert split(total, weight, group, order).tolist() == expected


@given(
    st.lists(st.tuples(small, st.integers(0, 10**3)), max_size=12),
    st.lists(st.integers(0, 10**3), min_size=3, max_size=3).map(sorted),
)
def test_what_rises_in_all_rises_for_every_row(rows: list[tuple[int, int]], wanted: list[int]) -> None:
    group, weight = array([g for g, _ in rows]), array([w for _, w in rows])
    totals = [np.minimum(sums(group, weight, 5), most) for most in wanted]
    low, best, high = split_range(totals, weight, group)
    assert (low >= 0).all()
    assert (low <= best).all()
    assert (best <= high).all()
    assert (high <= weight).all()
    for part, total in zip((low, best, high), totals, strict=True):
        assert (sums(group, part, 5) == total).all()


@given(st.integers(0, 10**13), st.integers(0, 10**13), st.integers(0, 10**13))
def test_scaling_is_that_of_unbounded_integers(amount: int, times: int, by: int) -> None:
    times = min(times, by)
    found = int(scaled(array([amount]), array([times]), array([by]))[0])
    assert found == (amount * times // by if by else 0)


@given(st.lists(small, max_size=8), st.lists(small, max_size=8))
def test_pairs_are_those_of_two_loops(left: list[int], right: list[int]) -> None:
    first, second = pairs(array(left), array(right))
    found = sorted(zip(first.tolist(), second.tolist(), strict=True))
    assert found == [(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if a == b]


#: Numbers of every width: counted in one round, in several, compared, and too wide for one number of 63 bits.
of_any_width = st.sampled_from([3, 2**14, 2**20, 2**45, 2**62]).flatmap(lambda top: st.integers(-top, top))


@given(st.lists(st.tuples(of_any_width, of_any_width, st.booleans()), max_size=12))
def test_rows_stand_in_the_order_of_their_keys_and_equal_ones_as_they_came(rows: list[tuple[int, int, bool]]) -> None:
    keys = array([a for a, _, _ in rows]), array([b for _, b, _ in rows]), np.array([c for *_, c in rows], np.bool_)
    if not rows:
        return
    found = np.arange(len(rows))[order_of(*keys)].tolist()
    assert found == sorted(range(len(rows)), key=lambda row: rows[row])


@given(st.lists(of_any_width, max_size=8), st.sets(of_any_width, max_size=8))
def test_a_lookup_of_one_key_finds_what_is_there(wanted: list[int], known: set[int]) -> None:
    there = sorted(known)
    found = lookup((array(wanted + there),), (array(there),)).tolist()
    assert found == [there.index(value) if value in known else -1 for value in wanted + there]


@given(st.lists(of_any_width, max_size=8), st.lists(of_any_width, max_size=8))
def test_what_is_among_others_is_what_stands_there(values: list[int], known: list[int]) -> None:
    found = among(array(values + known), array(known)).tolist()
    assert found == [value in known for value in values + known]


@given(st.lists(st.tuples(of_any_width, small), max_size=12))
def test_groups_are_numbered_in_the_order_of_their_keys(rows: list[tuple[int, int]]) -> None:
    number, distinct, order = grouped(array([a for a, _ in rows]), array([b for _, b in rows]))
    there = sorted(set(rows))
    assert [tuple(pair) for pair in zip(*(key.tolist() for key in distinct), strict=True)] == there
    assert number.tolist() == [there.index(row) for row in rows]
    assert np.arange(len(rows))[order].tolist() == sorted(range(len(rows)), key=lambda row: rows[row])


@given(st.lists(st.tuples(small, small), max_size=8), st.sets(st.tuples(small, small), max_size=8))
def test_a_lookup_finds_what_is_there(wanted: list[tuple[int, int]], known: set[tuple[int, int]]) -> None:
    there = sorted(known)
    found = lookup(
        (array([a for a, _ in wanted]), array([b for _, b in wanted])),
        (array([a for a, _ in there]), array([b for _, b in there])),
    )
    assert found.tolist() == [there.index(pair) if pair in known else -1 for pair in wanted]


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_sets_and_circles_are_those_of_a_plain_search(edges: list[tuple[int, int]]) -> None:
    begin, end = array([a for a, _ in edges]), array([b for _, b in edges])
    after = defaultdict(set)
    for a, b in edges:
        after[a].add(b)

    def reached(start: int, both_ways: bool) -> set[int]:
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            found = after[node] | ({a for a, b in edges if b == node} if both_ways else set())
            waiting += found - seen
            seen |= found
        return seen

    label = together(8, begin, end)
    for a in range(8):
        for b in range(8):
            assert (label[a] == label[b]) == (a == b or b in reached(a, both_ways=True))
    left = on_circles(8, begin, end)
    for a in range(8):
        if a in reached(a, both_ways=False):
            assert left[a]
    if not any(a in reached(a, both_ways=False) for a in range(8)):
        assert not left.any()
