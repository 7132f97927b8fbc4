"""No count of few people can be worked out from what the public is told: against somebody who tries every world."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.marking.few_people import Count, Instead, suppressed

#: Small enough to try everything: from 1 to 3 is few, and numbers go to 9.
FEW, MOST = 4, 9
ALL, WOMEN, MEN = frozenset[str](), frozenset({"f"}), frozenset({"m"})
CHILDREN, GIRLS, OTHERS = frozenset({"children"}), frozenset({"children", "f"}), frozenset({"displaced"})
Groups = tuple[frozenset[str], ...]


def told(groups: Groups, values: tuple[int, ...]) -> tuple[int | Instead, ...]:
    """What the public gets: each count, or the bounds that stand for it."""
    counts = [Count(g, v) for g, v in zip(groups, values, strict=True)]
    return tuple(v if i is None else i for v, i in zip(values, suppressed(counts, FEW), strict=True))


def worlds(groups: Groups) -> Iterator[tuple[int, ...]]:
    """Every way to fill the counts in which no part is more than its whole, and women and men no more than all."""
    for values in product(range(MOST + 1), repeat=len(groups)):
        of = dict(zip(groups, values, strict=True))
        if any(a < b and of[b] > of[a] for a in groups for b in groups):
            continue
        if {ALL, WOMEN, MEN} <= of.keys() and of[WOMEN] + of[MEN] > of[ALL]:
            continue
        yield values


def rests(groups: Groups, values: tuple[int, ...]) -> dict[str, int]:
    """Numbers of people that follow from the counts: each of them, and what known parts leave of their whole."""
    of = dict(zip(groups, values, strict=True))
    found = {f"{sorted(g)}": v for g, v in of.items()}
    found |= {f"{sorted(a)} less {sorted(b)}": of[a] - of[b] for a in groups for b in groups if a < b}
    if {ALL, WOMEN, MEN} <= of.keys():
        found["neither"] = of[ALL] - of[WOMEN] - of[MEN]
    return found


@pytest.mark.parametrize(
    "groups",
    [
        (ALL,),
        (ALL, WOMEN),
        (ALL, WOMEN, MEN),
        (WOMEN, MEN),
        (ALL, WOMEN, CHILDREN),
        (ALL, CHILDREN, GIRLS),
        (ALL, WOMEN, GIRLS),
        (WOMEN, CHILDREN, GIRLS),
        (ALL, WOMEN, OTHERS),
        (ALL, WOMEN, MEN, GIRLS),
    ],
)
def test_whoever_tries_every_world_that_looks_the_same_cannot_tell_a_small_count(groups: Groups) -> None:
    looks_like: defaultdict[tuple[int | Instead, ...], list[dict[str, int]]] = defaultdict(list)
    for values in worlds(groups):
        looks_like[told(groups, values)].append(rests(groups, values))
    assert any(isinstance(part, Instead) for seen in looks_like for part in seen)
    for seen, found in looks_like.items():
        for name in found[0]:
            numbers = {world[name] for world in found}
            if numbers & set(range(1, FEW)):
                assert len(numbers) >= FEW - 1, (seen, name, numbers)
            if name.count("[") == 1 and numbers & set(range(1, FEW)):
                assert numbers >= set(range(1, FEW)), (seen, name, numbers)


@given(
    st.lists(
        st.tuples(
            st.frozensets(st.sampled_from(["f", "m", "children", "adults", "displaced"]), max_size=2),
            st.sampled_from([0, 3, 9, 10, 14, 20, 24, 100]),
        ),
        max_size=7,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_small_count_is_told_and_what_is_told_instead_is_true_and_says_nothing_of_it(
    rows: list[tuple[frozenset[str], int]],
) -> None:
    counts = [Count(groups, value) for groups, value in rows]
    found = suppressed(counts, 10)
    for count, instead in zip(counts, found, strict=True):
        assert instead is not None or count.value == 0 or count.value >= 10
        if instead is None:
            continue
        above = [c.value for c in counts if c.groups < count.groups]
        if all(count.value <= value for value in above):
            assert instead.least <= count.value <= instead.most
        assert instead.least <= 1
        assert instead.most >= 9


def test_the_attacker_finds_what_a_rule_that_hides_small_counts_only_tells() -> None:
    looks_like: defaultdict[tuple[int | None, ...], set[int]] = defaultdict(set)
    for values in worlds((ALL, WOMEN, MEN)):
        if sum(values[1:]) == values[0]:
            looks_like[tuple(None if 0 < v < FEW else v for v in values)].add(values[2])
    assert {1} in looks_like.values(), "9 in all, 8 of them women: 1 man"


def test_what_would_be_the_rest_of_the_whole_is_not_told_with_it() -> None:
    whole, women, men = Count(ALL, 24), Count(WOMEN, 20), Count(MEN, 4)
    assert suppressed([whole, women, men], 10) == [None, Instead(0, 24), Instead(0, 24)]
    assert suppressed([whole, women], 10) == [None, Instead(0, 24)]
    assert suppressed([whole, Count(WOMEN, 12), Count(MEN, 12)], 10) == [None, None, None]


def test_women_and_children_leave_no_rest_because_girls_are_both() -> None:
    counts = [Count(ALL, 100), Count(WOMEN, 60), Count(CHILDREN, 36)]
    assert suppressed(counts, 10) == [None, None, None]
    assert suppressed([*counts, Count(OTHERS, 36)], 10)[1] == Instead(0, 100)


def test_nobody_is_zero_and_told_and_many_ways_to_add_up_are_taken_to_tell() -> None:
    assert suppressed([Count(ALL, 0), Count(WOMEN, 0)], 10) == [None, None]
    counts = [Count(ALL, 10**6), *(Count(frozenset({f"x{i}"}), 10**5 + i * 7919) for i in range(40))]
    assert suppressed(counts, 10)[1] is not None


def test_a_threshold_below_two_protects_nobody() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        suppressed([], 1)
