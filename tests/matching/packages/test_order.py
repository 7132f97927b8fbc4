"""The order of a package: nothing begins before what it waits for has ended, and the critical path is what decides."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.matching.packages.order import LoopError, in_order, schedule, waiting_on
from concerted.matching.packages.parts import Part
from matching.packages.drawn import FIRST, orders

DAY = timedelta(days=1)


def graph(parts: list[Part]) -> "nx.DiGraph[str]":
    """What waits for what, as another library holds it."""
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_nodes_from(part.key for part in parts)
    found.add_edges_from((before, part.key) for part in parts for before in part.after)
    return found


@given(orders())
def test_each_part_stands_behind_those_that_it_waits_for(parts: list[Part]) -> None:
    order = in_order(parts)
    assert sorted(order) == sorted(part.key for part in parts)
    for part in parts:
        assert all(order.index(before) < order.index(part.key) for before in part.after)


def test_parts_that_wait_for_nothing_keep_the_order_in_which_they_are_given() -> None:
    assert in_order([Part("c"), Part("a"), Part("b", after=frozenset("c"))]) == ("c", "a", "b")


@given(orders(), st.data())
def test_a_ring_is_refused_and_named(parts: list[Part], data: st.DataObject) -> None:
    upstream = data.draw(st.sampled_from(parts))
    below = sorted(nx.descendants(graph(parts), upstream.key) | {upstream.key})
    closing = data.draw(st.sampled_from(below))
    ringed = [replace(p, after=p.after | {closing}) if p.key == upstream.key else p for p in parts]
    with pytest.raises(LoopError) as refused:
        schedule(ringed)
    loop, by_key = refused.value.loop, {part.key: part for part in ringed}
    assert loop[0] == loop[-1]
    assert all(later in by_key[key].after for key, later in pairwise(loop))
    assert " > ".join(loop) in str(refused.value)


@given(orders(is_known=True))
def test_days_follow_from_the_longest_way_through_the_order(parts: list[Part]) -> None:
    """The oracle: of each part the latest end over every way that leads to it, way by way."""
    found, links, by_key = schedule(parts), graph(parts), {part.key: part for part in parts}

    def end_of(way: list[str]) -> int:
        at = -1
        for key in way:
            part = by_key[key]
            own = (part.start - FIRST).days if part.start else 0
            begin = own if part.has_begun else max(own, at + 1)
            length = part.length
            assert length is not None
            at = begin + length - 1
        return at

    for key in by_key:
        roots = [root for root in by_key if root == key or nx.has_path(links, root, key)]
        ways = [[key]] + [w for root in roots if root != key for w in nx.all_simple_paths(links, root, key)]
        latest = max(end_of(way) for way in ways)
        assert found.times[key].end == FIRST + timedelta(days=latest)
    assert found.is_whole
    assert found.end == max(times.end for times in found.times.values() if times.end)


@given(orders(is_known=True), st.data(), st.integers(1, 30))
def test_what_is_on_the_path_delays_the_whole_and_what_has_slack_does_not(
    parts: list[Part], data: st.DataObject, more: int
) -> None:
    found = schedule(parts)
    assert found.end is not None
    late = data.draw(st.sampled_from(parts))

    def longer(by: int) -> list[Part]:
        return [
            p
            if p.key != late.key
            else replace(p, end=p.end + by * DAY)
            if p.end
            else replace(p, days=(p.days or 0) + by)
            for p in parts
        ]

    slack = found.times[late.key].slack
    assert slack is not None
    assert slack >= 0
    if late.key in found.path:
        assert slack == 0
        assert schedule(longer(more)).end == found.end + more * DAY
    assert schedule(longer(slack)).end == found.end
    assert schedule(longer(slack + more)).end == found.end + more * DAY


@given(orders())
def test_the_path_has_no_hole_and_ends_last(parts: list[Part]) -> None:
    found, by_key = schedule(parts), {part.key: part for part in parts}
    if found.end is None:
        assert found.path == ()
        return
    assert found.times[found.path[-1]].end == found.end
    for before, key in pairwise(found.path):
        assert before in by_key[key].after
        ended, begins = found.times[before].end, found.times[key].start
        assert ended is not None
        assert begins == ended + DAY


@given(orders())
def test_an_unknown_day_stays_unknown_for_all_that_waits_for_it(parts: list[Part]) -> None:
    found = schedule(parts)
    assert set(found.unknown) == {key for key, times in found.times.items() if times.end is None}
    for part in parts:
        if part.has_begun or not any(found.times[before].end is None for before in part.after):
            continue
        assert found.times[part.key].start is None
        assert found.times[part.key].end is None


@given(orders())
def test_the_order_in_which_parts_are_listed_changes_no_day(parts: list[Part]) -> None:
    one, other = schedule(parts), schedule(sorted(parts, key=lambda p: p.key))
    assert one.times == other.times
    assert (one.end, set(one.unknown)) == (other.end, set(other.unknown))


@given(orders(), st.data())
def test_a_part_that_is_called_off_is_as_if_it_were_not_there(parts: list[Part], data: st.DataObject) -> None:
    off = data.draw(st.sampled_from(parts))
    called_off = [replace(p, is_live=False) if p.key == off.key else p for p in parts]
    without = [p for p in parts if p.key != off.key]
    one, other = schedule(called_off), schedule(without)
    assert (one.times, one.end, one.clashes) == (other.times, other.end, other.clashes)


def test_an_end_before_the_beginning_is_not_known() -> None:
    wrong = Part("a", start=FIRST + 5 * DAY, end=FIRST)
    found = schedule([wrong, Part("b", after=frozenset("a"), days=3)])
    assert found.unknown == ("a", "b")
    assert found.end is None


def test_what_begins_too_early_by_its_own_record_is_told_and_moved() -> None:
    first = Part("a", start=FIRST, end=FIRST + 9 * DAY)
    second = Part("b", after=frozenset("a"), start=FIRST + 5 * DAY, end=FIRST + 6 * DAY)
    found = schedule([first, second])
    assert [(c.key, c.waits_for, c.days) for c in found.clashes] == [("b", "a", 5)]
    assert found.times["b"].start == FIRST + 10 * DAY
    assert found.times["b"].end == FIRST + 11 * DAY
    begun = schedule([first, replace(second, has_begun=True)])
    assert begun.times["b"].start == FIRST + 5 * DAY  # what has begun has begun
    assert [c.key for c in begun.clashes] == ["b"]


def test_what_comes_after_its_last_useful_day_is_late() -> None:
    first = Part("a", start=FIRST, days=10)
    need = Part("b", "need", after=frozenset("a"), days=5, due=FIRST + 12 * DAY)
    assert schedule([first, need]).late == ("b",)
    assert schedule([first, replace(need, due=FIRST + 14 * DAY)]).late == ()


@given(orders(), st.data())
def test_who_waits_for_what_is_gone_is_found_through_others_too(parts: list[Part], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from([p.key for p in parts])))
    stay = [p for p in parts if p.key not in gone]
    links = graph(parts)
    expected = {below for key in gone for below in nx.descendants(links, key)} - gone
    # Through another that is gone counts too: that one waits for nobody any more, but its own loss does.
    assert set(waiting_on(stay, gone)) == expected
