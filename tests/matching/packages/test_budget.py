"""Money of a package is counted once, whoever tells of it; what is missing is added to nothing; unknown stays apart."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from concerted.matching.packages.budget import budget
from concerted.matching.packages.gaps import gaps
from concerted.matching.packages.leaving import if_left
from concerted.matching.packages.parts import Missing, Part, Range
from matching.packages.drawn import COMPONENTS, packages

TEN = Range(Decimal(5), Decimal(8), Decimal(10), Decimal(12))


@given(packages())
def test_neither_order_nor_telling_it_twice_changes_a_figure(parts: list[Part]) -> None:
    whole = budget(parts)
    assert budget(list(reversed(parts))) == whole
    told_again = [replace(part, key=f"again {part.key}") for part in parts if part.kind == "activity"]
    assert budget([*parts, *told_again]) == whole


@given(packages())
def test_the_sum_is_that_of_its_different_activities(parts: list[Part]) -> None:
    """The oracle: activities in a dictionary, added up by hand."""
    once = {part.activity: part.money for part in parts if part.kind == "activity" and part.is_live}
    found = budget(parts)
    assert found.activities == len(once)
    assert found.silent == sum(not money for money in once.values())
    for kind in ("commitment", "disbursement"):
        rows = [money[kind] for money in once.values() if kind in money]
        if not rows:
            assert kind not in found.by_kind  # unknown, not zero
            continue
        for name in ("low", "best", "high", "gross"):
            assert getattr(found.by_kind[kind], name) == sum(getattr(row, name) for row in rows)
        assert found.by_kind[kind].low <= found.by_kind[kind].best <= found.by_kind[kind].high


@given(packages())
def test_a_match_is_not_added_to_the_activity_that_it_became(parts: list[Part]) -> None:
    activities = {part.activity for part in parts if part.kind == "activity" and part.is_live}
    matches = [part for part in parts if part.kind == "match" and part.is_live and part.activity not in activities]
    for is_agreed, told in ((True, budget(parts).agreed), (False, budget(parts).put_forward)):
        expected = sum(part.amount or Decimal(0) for part in matches if part.is_agreed is is_agreed)
        assert told.get("USD", Decimal(0)) == expected


@given(packages())
def test_what_is_agreed_is_missing_no_more_and_nothing_is_missing_below_nothing(parts: list[Part]) -> None:
    without = budget([part for part in parts if part.kind != "match"]).missing
    for unit, missing in budget(parts).missing.items():
        for end, before in ((missing.low, without[unit].low), (missing.high, without[unit].high)):
            assert (end is None) == (before is None)
            assert end is None or before is None or Decimal(0) <= end <= before
        assert missing.low is None or missing.high is None or missing.low <= missing.high


def test_an_end_of_a_need_that_is_not_known_is_counted_apart() -> None:
    needs = [
        Part("a", "need", need="1", missing=Missing(Decimal(3), Decimal(4))),
        Part("b", "need", need="2", missing=Missing(Decimal(5), None)),
        Part("c", "need", need="3"),
        Part("d", "need", need="4", missing=Missing(Decimal(7), Decimal(7), "days")),
    ]
    found = budget(needs)
    assert found.unknown == 2
    assert found.missing == {"USD": Missing(Decimal(8), None), "days": Missing(Decimal(7), Decimal(7), "days")}
    assert budget([*needs[:1], needs[3]]).missing["USD"] == Missing(Decimal(3), Decimal(4))
    assert budget([Part("e", "need", missing=Missing(None, None))]).missing == {"USD": Missing(None, None)}


def test_one_activity_of_two_partners_is_lost_only_when_both_leave() -> None:
    both = [
        Part("a", partner="alpha", component="women", activity="1", money={"commitment": TEN}),
        Part("b", partner="beta", component="women", activity="1", money={"commitment": TEN}),
    ]
    for leaving in if_left(both, COMPONENTS):
        assert leaving.money == {}
        assert leaving.components == ()
    assert if_left(both[:1], COMPONENTS)[0].money == {"commitment": TEN}
    assert if_left(both[:1], COMPONENTS)[0].components == ("women",)


@given(packages())
def test_what_a_partner_takes_and_what_stays_is_the_whole(parts: list[Part]) -> None:
    whole = budget(parts).by_kind
    for leaving in if_left(parts, COMPONENTS):
        stay = [part for part in parts if part.partner != leaving.partner]
        left = budget(stay).by_kind
        for kind in set(whole) | set(left) | set(leaving.money):
            for name in ("low", "best", "high", "gross"):
                kept = getattr(left.get(kind), name, Decimal(0)) + getattr(leaving.money.get(kind), name, Decimal(0))
                assert kept == getattr(whole.get(kind), name, Decimal(0))
        assert set(leaving.parts).isdisjoint(part.key for part in stay)
        assert set(leaving.components) <= set(gaps(stay, COMPONENTS).empty)


@given(packages())
def test_whether_the_path_breaks_is_not_known_where_the_path_is_not(parts: list[Part]) -> None:
    """None of these parts has a day, so nothing is known of any path."""
    assert all(leaving.breaks is None for leaving in if_left(parts, COMPONENTS))


@given(packages())
def test_each_component_is_filled_by_what_is_in_it(parts: list[Part]) -> None:
    found = gaps(parts, COMPONENTS)
    live = [part for part in parts if part.is_live]
    for component, filling in found.components:
        kinds = {(part.kind, part.is_agreed) for part in live if part.component == component}
        at_work, agreed = any(kind == "activity" for kind, _ in kinds), ("match", True) in kinds
        assert filling == ("at_work" if at_work else "agreed" if agreed else "asked" if kinds else "nothing")
    assert set(found.outside) == {part.key for part in live if part.component == ""}
    met = {part.need for part in live if part.kind == "match" and part.is_agreed}
    assert set(found.needs) == {part.key for part in live if part.kind == "need" and part.need not in met}
