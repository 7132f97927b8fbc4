"""Whole numbers are split exactly, whatever their size."""

import itertools
from fractions import Fraction
from math import floor

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.tables import ONE
from concerted.store.exact import cumulative_share

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
