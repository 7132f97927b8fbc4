"""A marking's last day: a key says who, and on which day it is written decides which key it is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import Viewer, is_evidence, may_see
from concerted.marking.terms import SavedMarking, next_change

DAY = date(2026, 6, 30)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MARKINGS = st.builds(SavedMarking, st.sampled_from(["CLEAR", "GREEN", "RED:a"]), last_day=st.none() | DAYS)


def test_a_marking_holds_through_its_last_day_and_is_then_nobodys() -> None:
    saved = SavedMarking("GREEN", "planning of the second phase", DAY)
    partner = Viewer("amina", "org-1")
    assert saved.key_on(DAY) == "GREEN"
    assert saved.key_on(DAY + timedelta(days=1)) == "NOBODY"
    assert not may_see(partner, saved.key_on(DAY + timedelta(days=1)))


def test_without_a_last_day_it_holds_for_ever_and_the_purpose_changes_no_key() -> None:
    assert SavedMarking("CLEAR").key_on(date.max) == SavedMarking("CLEAR", "other").key_on(date.min) == "CLEAR"
    assert SavedMarking("CLEAR").purpose == ""


@given(MARKINGS, DAYS, DAYS)
def test_time_only_narrows(saved: SavedMarking, one: date, other: date) -> None:
    assert is_evidence(saved.key_on(min(one, other)), saved.key_on(max(one, other)))


@given(st.lists(MARKINGS, max_size=4), DAYS)
def test_the_next_change_is_the_first_day_on_which_a_key_differs(saved: list[SavedMarking], day: date) -> None:
    change = next_change(saved, day)
    later = [day + timedelta(days=n) for n in range(1, 368)]
    differing = [d for d in later if any(m.key_on(d) != m.key_on(day) for m in saved)]
    assert change == (differing[0] if differing else None)
