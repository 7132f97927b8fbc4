"""Laws of a match's life, on random sequences of everything that anybody may try."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from concerted.matching.life import (
    KINDS,
    OPEN,
    STATES,
    TAKEN,
    Kind,
    Side,
    begin,
    is_silent,
    may_step,
    needed_sides,
    step,
)

#: Written from the issue and not from the code: which step leads from where to where, for whom.
WAY = {
    ("proposed", "declined"): "declined",
    ("proposed", "withdrawn"): "withdrawn",
    ("proposed", "returned"): "returned",
    ("accepted", "declined"): "declined",
    ("accepted", "withdrawn"): "withdrawn",
    ("accepted", "returned"): "returned",
    ("accepted", "committed"): "committed",
    ("committed", "delivered"): "delivered",
    ("committed", "withdrawn"): "withdrawn",
}
WHO = {
    "committed": {"giver"},
    "delivered": {"receiver"},
    "returned": {None},
}
ENDS = {"delivered", "declined", "withdrawn", "returned"}
SIDES: tuple[Side | None, ...] = (*get_args(Side), None)


class Life(RuleBasedStateMachine):
    """A match on which everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.stands = begin(needed_sides(is_secretariat=False))
        self.said: set[Side] = set()
        self.before = self.stands

    @rule(is_secretariat=st.booleans())
    def again(self, is_secretariat: bool) -> None:
        """Another match, once this one has ended."""
        if self.stands.state in ENDS:
            self.before = self.stands = begin(needed_sides(is_secretariat=is_secretariat))
            self.said = set()

    @rule(kind=st.sampled_from(KINDS), side=st.sampled_from(SIDES))
    def tried(self, kind: Kind, side: Side | None) -> None:
        """Somebody tries a step: it is taken as the way says, or refused and nothing has changed."""
        self.before = self.stands
        state = self.stands.state
        if kind == "accepted":
            is_right = state == "proposed" and side in self.stands.needed and side not in self.said
        elif kind == "withdrawn":
            is_right = (state, kind) in WAY and side == ("giver" if state == "committed" else "proposer")
        else:
            allowed = WHO.get(kind, self.stands.needed)
            is_right = (state, kind) in WAY and side in allowed
        assert may_step(self.stands, kind, side) == is_right
        if not is_right:
            with pytest.raises(ValueError, match="cannot make a match"):
                step(self.stands, kind, side)
            return
        self.stands = step(self.stands, kind, side)
        if kind == "accepted":
            assert side is not None
            self.said.add(side)
            assert self.stands.state == ("accepted" if self.said >= self.stands.needed else "proposed")
        else:
            assert self.stands.state == WAY[state, kind]

    @invariant()
    def nothing_is_taken_before_all_have_accepted(self) -> None:
        """Nothing counts as taken, and nothing is promised, unless every side has said yes."""
        assert self.stands.agreed == self.said
        if self.stands.state in TAKEN:
            assert self.said >= self.stands.needed

    @invariant()
    def what_has_ended_stays_so(self) -> None:
        """No step leads away from an end, and nobody is waited for."""
        if self.stands.state in ENDS:
            assert not any(may_step(self.stands, kind, side) for kind in KINDS for side in SIDES)
            assert not self.stands.waits_for

    @invariant()
    def who_is_waited_for_can_take_a_step(self) -> None:
        """Whoever is waited for has a step that leads on."""
        for side in self.stands.waits_for:
            assert any(may_step(self.stands, kind, side) for kind in ("accepted", "committed", "delivered"))


TestLife = Life.TestCase


def test_a_match_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="needs its giver and its receiver"):
        begin({"giver"})
    with pytest.raises(ValueError, match="needs its giver and its receiver"):
        begin({"giver", "receiver", "proposer"})


def test_only_what_waits_falls_silent_and_to_the_second() -> None:
    stands = begin(needed_sides(is_secretariat=False))
    last = datetime(2026, 11, 1, 12, tzinfo=UTC)
    late = last + timedelta(days=14)
    assert is_silent(stands, last, late, 14)
    assert not is_silent(stands, last, late - timedelta(seconds=1), 14)
    for side in ("giver", "receiver"):
        stands = step(stands, "accepted", side)
    assert is_silent(stands, last, late, 14)
    assert not is_silent(step(stands, "committed", "giver"), last, late, 14)


def test_every_state_is_open_or_an_end() -> None:
    assert set(STATES) == set(OPEN) | (ENDS - {"delivered"})
    assert set(TAKEN) <= set(OPEN)
