"""The rule of the four states: by example, as laws, and the same in both of its forms."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.codelists.frameworks import CellRule
from concerted.picture.state import STATES, cell_state, cell_states

D = Decimal
relaxed = settings(deadline=None)
money = st.none() | st.decimals(0, 10_000, places=2)
cell = st.tuples(money, money, money, money, st.booleans(), st.integers(0, 3)).map(
    lambda c: (*sorted_pair(c[0], c[1]), *sorted_pair(c[2], c[3]), *c[4:])
)


def sorted_pair(low: Decimal | None, high: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    return (low, high) if low is None or high is None else (min(low, high), max(low, high))


@pytest.mark.parametrize(
    ("supply", "target", "informed", "activities", "state"),
    [
        ((80, 90), (50, 100), True, 2, "covered"),
        ((80, 90), (50, 100), False, 2, "covered"),
        ((79, 90), (50, 100), True, 2, "partly"),
        ((0, 9), (50, 100), True, 1, "not_covered"),
        ((0, 9), (50, 100), False, 1, "no_information"),
        ((0, 10), (50, 100), True, 1, "partly"),
        ((None, None), (50, 100), True, 0, "not_covered"),
        ((None, None), (50, 100), True, 1, "partly"),
        ((None, None), (50, 100), False, 0, "no_information"),
        ((None, None), (None, None), True, 0, "no_information"),
        ((None, None), (None, None), False, 3, "partly"),
        ((5, 5), (None, None), True, 3, "partly"),
        ((90, 90), (50, None), True, 1, "partly"),
    ],
)
def test_states_by_example(supply: tuple, target: tuple, informed: bool, activities: int, state: str) -> None:
    amounts = [None if v is None else D(v) for v in (*supply, *target)]
    assert cell_state(*amounts, informed, activities) == state


@relaxed
@given(st.lists(cell, min_size=1, max_size=20))
def test_columns_say_what_single_cells_say(cells: list[tuple]) -> None:
    assert cell_states(*zip(*cells, strict=True)) == [cell_state(*c) for c in cells]


@relaxed
@given(cell)
def test_without_a_claim_nothing_is_said_to_be_lacking(c: tuple) -> None:
    assert cell_state(*c[:4], False, c[5]) != "not_covered"


@relaxed
@given(cell)
def test_unknown_is_not_zero(c: tuple) -> None:
    """Money that exists but is not known never makes a gap."""
    if c[5] > 0:
        assert cell_state(None, None, *c[2:]) in ("partly", "covered")


@relaxed
@given(cell, st.decimals(0, 1000, places=2))
def test_more_supply_is_never_a_worse_state(c: tuple, more: Decimal) -> None:
    order = ("no_information", "not_covered", "partly", "covered")
    if c[0] is not None and c[1] is not None:
        richer = (c[0] + more, c[1] + more, *c[2:])
        before, after = cell_state(*c), cell_state(*richer)
        assert before == "no_information" or order.index(after) >= order.index(before)


def test_the_owner_keeps_the_rule() -> None:
    strict = CellRule(covered=D("1"), not_covered=D("0.5"))
    assert cell_state(D(90), D(90), D(100), D(100), True, 1, strict) == "partly"
    assert cell_state(D(40), D(40), D(100), D(100), True, 1, strict) == "not_covered"


def test_corrections_that_outweigh_the_rest_are_read_as_a_range() -> None:
    assert cell_state(D(0), D(-30), D(100), D(100), True, 1) == "not_covered"


def test_there_are_four_states() -> None:
    assert len(STATES) == len(set(STATES)) == 4
