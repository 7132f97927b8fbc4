"""What is told twice, on invented chains whose truth is known."""

import os
import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.chain.worlds import World, known_ledger, make_world, partly_known_ledger

from concerted.chain.arrays import sums
from concerted.chain.doubles import find_doubles
from concerted.chain.ledger import Ledger, Pairs
from concerted.chain.levels import count_at

seeds = st.integers(0, 2**63)
#: Random chains per law; `CONCERTED_CHAINS=10000 pytest tests/chain` is what the docs speak of.
EXAMPLES = int(os.environ.get("CONCERTED_CHAINS", "200"))


@given(seeds)
@settings(max_examples=EXAMPLES, deadline=None)
def test_with_all_links_known_low_best_and_high_are_the_truth(seed: int) -> None:
    world = make_world(random.Random(seed))  # noqa: S311 (not a secret)
    ledger, _ = known_ledger(world)
    doubles = find_doubles(ledger)
    truth = sum(world.net_at(frozenset()).values(), Fraction(0))
    # Each link may lose a cent to rounding, and through silent organisations nothing is known.
    if all(world.is_told(a) for a in range(len(world.org))):
        assert (doubles.given.low == doubles.given.best).all()
        assert (doubles.given.best == doubles.given.high).all()
        assert abs(ledger.gross - int(doubles.given.best.sum()) - truth) <= len(doubles.links) + 1


@given(seeds)
@example(181835)  # money that names an organisation went to another activity of it than the one that names the giver
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_truth_lies_inside_the_range_when_links_are_missing(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (not a secret)
    world = make_world(rng)
    ledger, _ = partly_known_ledger(world, rng)
    check_inside(world, ledger)


@given(seeds)
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_truth_stays_inside_when_people_truly_say_that_money_is_different(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (not a secret)
    world = make_world(rng)
    ledger, told = partly_known_ledger(world, rng)
    reached = {a: {a} for a in range(len(world.org))}
    for t in reversed(world.transfers):  # money goes to later activities only
        if t.receiver is not None:
            reached[t.giver] |= reached[t.receiver]
    strangers = [
        (i, j) for i, a in enumerate(told) for j, b in enumerate(told) if b not in reached[a] and rng.random() < 0.5
    ]
    judged = replace(ledger, apart=Pairs.of(strangers))
    check_inside(world, judged)
    # What people rule out never widens the range.
    assert int(find_doubles(judged).given.high.sum()) <= int(find_doubles(ledger).given.high.sum())


def check_inside(world: World, ledger: Ledger) -> None:
    doubles = find_doubles(ledger)
    gross, rounding = ledger.gross, len(world.transfers)
    truth = sum(world.net_at(frozenset()).values(), Fraction(0))
    assert (doubles.given.low <= doubles.given.best).all()
    assert (doubles.given.best <= doubles.given.high).all()
    assert (doubles.given.high <= ledger.flows.amount).all()
    assert (doubles.given.low >= 0).all()
    again = doubles.again
    assert (again.low >= 0).all()
    assert (again.low <= again.best).all()
    assert (again.best <= again.high).all()
    assert (again.high <= ledger.outflow()).all()
    # What is told twice is the same from both sides.
    assert [int(getattr(again, n).sum()) for n in ("low", "best", "high")] == [
        int(getattr(doubles.given, n).sum()) for n in ("low", "best", "high")
    ]
    assert gross - int(doubles.given.high.sum()) - rounding <= truth <= gross - int(doubles.given.low.sum()) + rounding


@given(seeds)
@settings(max_examples=EXAMPLES, deadline=None)
def test_whatever_people_judge_nothing_is_told_twice_for_more_than_it_is(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (not a secret)
    ledger, told = partly_known_ledger(make_world(rng), rng)
    pairs = {(a, b) for a in range(len(told)) for b in range(len(told)) if a != b and rng.random() < 0.2}
    judged = replace(ledger, above=Pairs.of(sorted(pairs)), judged=Pairs.of(sorted(pairs)))
    doubles = find_doubles(judged)
    for side, whole in ((doubles.given, ledger.flows.amount), (doubles.again, ledger.outflow())):
        assert (side.low >= 0).all()
        assert (side.low <= side.best).all()
        assert (side.best <= side.high).all()
        assert (side.high <= whole).all()
    assert int(doubles.given.low.sum()) == int(doubles.again.low.sum())


@given(seeds)
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_level_counts_the_same_money_to_the_cent(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (not a secret)
    world = make_world(rng)
    ledger, _ = partly_known_ledger(world, rng)
    doubles = find_doubles(ledger)
    net = ledger.gross - int(doubles.given.best.sum())
    for share in (0.0, 0.3, 1.0):
        at = np.array([rng.random() < share for _ in range(len(ledger))], np.bool_)
        counted = count_at(ledger, doubles.links, at)
        assert (counted >= 0).all()
        assert (counted <= ledger.flows.amount).all()
        assert int(counted.sum()) == net


@given(seeds)
@settings(max_examples=EXAMPLES, deadline=None)
def test_with_all_links_known_each_level_counts_what_its_activities_truly_hold(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (not a secret)
    world = make_world(rng, all_publish=True)
    ledger, told = known_ledger(world)
    doubles = find_doubles(ledger)
    for share in (0.0, 0.4, 1.0):
        at = np.array([rng.random() < share for _ in told], np.bool_)
        truth = world.net_at(frozenset(a for place, a in enumerate(told) if at[place]))
        counted = sums(ledger.flows.giver, count_at(ledger, doubles.links, at), len(told))
        for place, activity in enumerate(told):
            assert abs(int(counted[place]) - truth.get(activity, 0)) <= 3 * len(world.transfers) + 1
