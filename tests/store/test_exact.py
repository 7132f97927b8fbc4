"""Whole numbers are split exactly, whatever their size."""

import itertools
from decimal import Decimal
from fractions import Fraction
from math import floor

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.tables import ONE
from concerted.store.exact import cumulative_share, from_cents, part, to_cents

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=9).filter(any)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, ONE), weights), min_size=1, max_size=6))
def test_parts_are_the_differences_of_exactly_rounded_running_totals(groups: list[tuple[int, list[int]]]) -> None:
    rows = [
        {"group": number, "place": place, "whole": whole, "weight": weight}
        for number, (whole, group) in enumerate(groups)
        for place, weight in enumerate(group)
    ]
    table = ibis.memtable(pa.Table.from_pylist(rows[::-1]))
    share = cumulative_share(table.whole, table.weight, ["group"], ["place"])
    found = table.mutate(share=share).order_by("group", "place").to_pyarrow()["share"].to_pylist()
    expected = []
    for whole, group in groups:
        bounds = [floor(Fraction(whole * sum(group[:n]), sum(group)) + Fraction(1, 2)) for n in range(len(group) + 1)]
        expected += [high - low for low, high in itertools.pairwise(bounds)]
        assert bounds[-1] == whole
    assert found == expected


@settings(deadline=None, max_examples=30)
@given(st.lists(st.none() | st.integers(-(10**18) + 1, 10**18 - 1), min_size=1))
def test_money_of_any_size_is_whole_cents_and_back(cents: list[int | None]) -> None:
    money = [None if c is None else Decimal(c).scaleb(-2) for c in cents]
    table = ibis.memtable(pa.table({"money": pa.array(money, pa.decimal128(18, 2))}))
    found = table.select(cents=to_cents(table.money), money=from_cents(to_cents(table.money))).to_pyarrow()
    assert found["cents"].to_pylist() == cents
    assert found["money"].to_pylist() == money


@settings(deadline=None, max_examples=30)
@given(st.integers(-(10**17), 10**17), st.lists(st.integers(0, ONE), max_size=5))
def test_parts_that_lie_end_to_end_sum_to_the_amount(amount: int, inner: list[int]) -> None:
    bounds = [0, *sorted(inner), ONE]
    rows = [{"amount": amount, "low": low, "high": high} for low, high in itertools.pairwise(bounds)]
    table = ibis.memtable(pa.Table.from_pylist(rows))
    parts = table.select(part=part(table.amount, table.low, table.high)).to_pyarrow()["part"].to_pylist()

    def below(bound: int) -> int:
        rounded = floor(Fraction(abs(amount) * bound, ONE) + Fraction(1, 2))
        return rounded if amount >= 0 else -rounded

    assert parts == [below(high) - below(low) for low, high in itertools.pairwise(bounds)]
    assert sum(parts) == amount
