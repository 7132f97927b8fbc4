"""Where lines go: money is conserved to the cent, shares sum to one, nothing is orphaned."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.codelists.frameworks import WHOLE, OwnCode
from concerted.strategies.remap import (
    Step,
    collisions,
    composed,
    problems,
    rolled_up,
    split,
    suggested,
    totals_after,
    with_former,
)

from .plans import DAY, line, plan, plans, remaps, shares

cents = st.integers(-(10**17), 10**17)


@given(st.data(), cents)
def test_parts_sum_to_the_amount_and_each_is_within_a_cent_of_its_share(data: st.DataObject, amount: int) -> None:
    given_shares = data.draw(shares(data.draw(plans("N", "2"))))
    parts = split(amount, given_shares)
    assert sum(parts.values()) == amount
    for to, part in parts.items():
        assert abs(part - Fraction(amount * given_shares[to], WHOLE)) <= 1


@given(st.data())
def test_totals_before_and_after_are_equal(data: st.DataObject) -> None:
    old, new = data.draw(plans("O", "1")), data.draw(plans("N", "2"))
    remap = data.draw(remaps(old, new))
    assert problems(old, new, remap) == []
    before = {**{node.id: data.draw(cents) for node in old.nodes}, "UNCLASSIFIED": data.draw(cents)}
    after = totals_after(before, remap)
    assert sum(after.values()) == sum(before.values())
    assert after["UNCLASSIFIED"] == before["UNCLASSIFIED"]
    tops = [node.id for node in new.nodes if node.parent_id is None]
    assert sum(rolled_up(after, new)[top] for top in tops) + after["UNCLASSIFIED"] == sum(before.values())


@given(st.data())
def test_two_remaps_one_after_the_other_are_still_whole(data: st.DataObject) -> None:
    old, middle, new = data.draw(plans("O", "1")), data.draw(plans("M", "2")), data.draw(plans("N", "3"))
    over = composed(data.draw(remaps(old, middle)), data.draw(remaps(middle, new)))
    assert [each for each in problems(old, new, over) if each.fault != "id_lives_on"] == []


OLD = plan("1", line("A"), line("B", "A"), line("C"))
NEW = plan("2", line("A"), line("X", "A"), line("Y", "A"))
WHOLE_MAP = {"A": {"A": WHOLE}, "B": {"X": 600_000, "Y": 400_000}, "C": {"A": WHOLE}}


def test_what_is_wrong_with_a_remap_is_said_of_each_line() -> None:
    assert problems(OLD, NEW, WHOLE_MAP) == []
    wrong = {"A": {"X": WHOLE}, "B": {"X": 600_000, "Z": 300_000}}
    assert [(p.node_id, p.fault, p.value) for p in problems(OLD, NEW, wrong)] == [
        ("A", "id_lives_on", ""),
        ("B", "unknown_line", "Z"),
        ("B", "sum", "900000"),
        ("C", "missing", ""),
    ]
    assert [p.fault for p in problems(OLD, NEW, WHOLE_MAP | {"C": {"A": WHOLE + 1, "X": -1}})] == ["share"]


def test_lines_of_the_same_id_or_name_are_suggested_and_others_are_not() -> None:
    new = plan("2", line("A"), line("X", name="Line C"), line("Y", name="Line B"), line("Z", name="line b"))
    assert suggested(OLD, new) == {"A": {"A": WHOLE}, "C": {"X": WHOLE}}


def test_words_of_an_old_version_name_the_new_lines_with_the_shares() -> None:
    old = replace(OLD, own_codes=(OwnCode("B7", "B", vocabulary_uri="urn:plan"), OwnCode("Axe", "C", column="Pilier")))
    rows = with_former(NEW, [Step(old, WHOLE_MAP, "Secretariat", DAY)]).former_codes
    told = {(r.place, r.code, r.vocabulary_uri, r.column, r.node_id): r.share for r in rows}
    assert told == {
        ("node", "B", None, None, "X"): 600_000,
        ("node", "B", None, None, "Y"): 400_000,
        ("node", "Line B", None, None, "X"): 600_000,
        ("node", "Line B", None, None, "Y"): 400_000,
        ("node", "B7", None, None, "X"): 600_000,
        ("node", "B7", None, None, "Y"): 400_000,
        ("own", "B7", "urn:plan", None, "X"): 600_000,
        ("own", "B7", "urn:plan", None, "Y"): 400_000,
        ("node", "C", None, None, "A"): WHOLE,
        ("node", "Line C", None, None, "A"): WHOLE,
        ("node", "Axe", None, None, "A"): WHOLE,
        ("column", "Axe", None, "Pilier", "A"): WHOLE,
    }
    assert {(r.version, r.author, r.date) for r in rows} == {("1", "Secretariat", DAY)}


def test_words_of_the_version_before_the_last_go_all_the_way() -> None:
    newest = plan("3", line("A"), line("P"), line("Q"))
    onward = {"A": {"A": WHOLE}, "X": {"P": 500_000, "Q": 500_000}, "Y": {"Q": WHOLE}}
    rows = with_former(newest, [Step(OLD, WHOLE_MAP, "S", DAY), Step(NEW, onward, "S", DAY)]).former_codes
    assert {r.node_id: r.share for r in rows if (r.version, r.code) == ("1", "B")} == {"P": 300_000, "Q": 700_000}
    assert {r.node_id: r.share for r in rows if (r.version, r.code) == ("2", "X")} == {"P": 500_000, "Q": 500_000}


def test_a_number_that_means_another_line_now_is_told() -> None:
    new = plan("2", line("A"), line("X", "A", code="B"), line("Y", "A"))
    assert [(c.word, c.old.id, c.new.id) for c in collisions(OLD, new, WHOLE_MAP | {"B": {"Y": WHOLE}})] == [
        ("B", "B", "X")
    ]
    assert collisions(OLD, new, WHOLE_MAP | {"B": {"X": WHOLE}}) == []


@pytest.mark.parametrize("amount", [5, -5])
def test_halves_are_rounded_away_from_zero_and_nothing_is_lost(amount: int) -> None:
    assert split(amount, {"X": 500_000, "Y": 500_000}) == {"X": 3 * amount // 5, "Y": amount - 3 * amount // 5}
