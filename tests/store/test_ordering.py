"""Rows put in order by packed numbers against Python's own sorting."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from concerted.store.ordering import distinct, is_first, order_of, place_in_group, sorted_rows

small = st.integers(-3, 3)
#: Three columns of these have more than 63 bits: they cannot be packed.
large = st.integers(-(2**40), 2**40)
rows = st.one_of(*(st.lists(st.tuples(number, number, number), max_size=40) for number in (small, large)))


def columns(told: list[tuple[int, int, int]]) -> list[np.ndarray]:
    table = np.array(told, np.int64).reshape(-1, 3)
    return [table[:, at].copy() for at in range(3)]


@given(rows)
def test_rows_are_sorted_as_python_sorts_them(told: list[tuple[int, int, int]]) -> None:
    assert list(zip(*(c.tolist() for c in sorted_rows(*columns(told))), strict=True)) == sorted(told)


@given(rows)
def test_equal_rows_stay_as_they_came(told: list[tuple[int, int, int]]) -> None:
    one, two, _ = columns(told)
    order = np.arange(len(told))[order_of(one, two)]
    assert order.tolist() == sorted(range(len(told)), key=lambda at: told[at][:2])


@given(st.lists(small))
def test_each_value_stays_once(told: list[int]) -> None:
    assert distinct(np.array(told, np.int64)).tolist() == sorted(set(told))


@given(st.lists(small))
def test_rows_are_counted_within_their_group(told: list[int]) -> None:
    group = np.array(sorted(told), np.int64)
    assert place_in_group(group).tolist() == [sorted(told)[:at].count(value) for at, value in enumerate(sorted(told))]
    assert is_first(group).tolist() == [at == 0 for at in place_in_group(group).tolist()]


def test_narrow_columns_do_not_wrap_around() -> None:
    one, two = np.array([2**31 - 1, 0], np.int32), np.array([-(2**31), 2**31 - 1], np.int32)
    assert [c.tolist() for c in sorted_rows(one, two)] == [[0, 2**31 - 1], [2**31 - 1, -(2**31)]]
