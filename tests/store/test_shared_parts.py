"""The part of an expression that is used more than once is found, the lowest first."""

import ibis

from concerted.store.shared_parts import shared_part

TABLE = ibis.table({"key": "int64", "up": "int64", "amount": "int64"}, name="told")


def sums() -> ibis.Table:
    return TABLE.group_by("key").aggregate(total=TABLE.amount.sum())


def test_a_sum_that_two_filters_read_is_shared() -> None:
    both = ibis.union(sums().filter(sums().total > 1), sums().filter(sums().total < 0))
    assert shared_part(both.op()) == sums().op()


def test_a_sum_that_is_joined_with_itself_is_shared() -> None:
    twice = sums().inner_join(sums().view(), "key")
    assert shared_part(twice.op()) == sums().op()


def test_the_lowest_of_two_shared_parts_comes_first() -> None:
    doubled = ibis.union(sums().filter(sums().total > 1), sums().filter(sums().total < 0))
    again = doubled.inner_join(doubled.view(), "key")
    found = shared_part(again.op())
    assert found == sums().op()
    told_once = ibis.table(sums().schema(), name="kept")
    rest = again.op().replace({found: told_once.op()})
    assert shared_part(rest) == doubled.op().replace({found: told_once.op()})


def test_what_is_read_once_or_costs_nothing_is_not_shared() -> None:
    assert shared_part(sums().filter(sums().total > 1).op()) is None
    cheap = TABLE.filter(TABLE.amount > 1)
    assert shared_part(ibis.union(cheap.select("key"), cheap.select(key="up")).op()) is None


def test_a_column_that_is_used_twice_in_one_place_does_not_count_as_two() -> None:
    assert shared_part(sums().mutate(half=sums().total / 2, twice=sums().total * 2).op()) is None
