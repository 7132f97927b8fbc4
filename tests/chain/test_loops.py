"""No money comes from itself: circles of links are opened, and nothing else is."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from concerted.chain.ledger import Flows, Incomes, Ledger
from concerted.chain.loops import without_loops
from concerted.chain.pools import Links, Share

ACTIVITIES = 12
Ints = "np.typing.NDArray[np.int64]"
#: A link: (activities it takes from, activities it gives to, cents).
Way = tuple[frozenset[int], frozenset[int], int]

some = st.frozensets(st.integers(0, ACTIVITIES - 1), min_size=1, max_size=4)
ways = st.lists(st.tuples(some, some, st.integers(1, 5)), max_size=8)
#: Two pools that all activities pass through, so many that these stay nodes, and a link beside them.
everyone = frozenset(range(ACTIVITIES))
crowd = [(everyone, everyone, cents) for cents in range(1, 12)]


def array(values: list[int]) -> Ints:
    return np.array(values, np.int64)


def links_of(told: list[Way]) -> tuple[Ledger, Links]:
    """A flow for each activity that a link takes from, a row for each that it gives to; all of them are likely."""
    gives = [(number, giver) for number, (givers, _, _) in enumerate(told) for giver in sorted(givers)]
    gets = [(number, getter) for number, (_, getters, _) in enumerate(told) for getter in sorted(getters)]
    flows = Flows.of((giver, -1, 0, 9) for _, giver in gives)
    none, cents = array([0] * len(told)), array([cents for *_, cents in told])

    def share(rows: list[tuple[int, int]], of: list[int]) -> Share:
        ones = array([1] * len(rows))
        return Share(array([number for number, _ in rows]), array(of), ones, ones, ones)

    out, into = share(gives, list(range(len(gives)))), share(gets, [getter for _, getter in gets])
    links = Links(none, none, none, none, none, none, cents, cents, cents, out, into)
    return Ledger(array([0] * ACTIVITIES), flows, Incomes.of()), links


def reached(told: list[Way], alive: set[int], start: int) -> set[int]:
    """Links that money of the link `start` may come to, one after another."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        getters = told[waiting.pop()][1]
        found = {other for other in alive - seen if told[other][0] & getters}
        seen |= found
        waiting += found
    return seen


@settings(deadline=None)  # the first circle loads a library
@given(ways)
@example(crowd)
@example([*crowd, (frozenset({0}), frozenset({1}), 3)])
def test_no_circle_is_left_and_only_links_on_circles_are_opened(told: list[Way]) -> None:
    links = without_loops(*links_of(told))
    alive = {number for number in range(len(told)) if links.best[number] > 0}
    assert not any(number in reached(told, alive, number) for number in alive)
    everything = set(range(len(told)))
    for number in everything - alive:
        assert number in reached(told, everything, number)
        assert links.high[number] == told[number][2]
    assert not links.out.best[np.isin(links.out.pool, list(everything - alive))].any()
    assert not links.into.low[np.isin(links.into.pool, list(everything - alive))].any()


def test_the_smallest_of_a_circle_is_opened() -> None:
    told = [
        (frozenset({0}), frozenset({1}), 3),
        (frozenset({1}), frozenset({2}), 2),
        (frozenset({2}), frozenset({0}), 4),
    ]
    assert without_loops(*links_of(told)).best.tolist() == [3, 0, 4]
