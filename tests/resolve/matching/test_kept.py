"""Organisations are matched once for equal names, and what is kept is what matching them gives."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from concerted.resolve.matching import kept as module
from concerted.resolve.matching.joining import JoinParams
from concerted.resolve.matching.kept import kept_matches
from concerted.resolve.matching.match import match_organisations
from concerted.resolve.matching.profiles import Profile
from concerted.store.kept import keeping_results

CLEAR, AMBER = "CLEAR", "AMBER:donors"


def people() -> dict[str, list[Profile]]:
    """Somebody under several names, a unit of somebody, and a pair that only the narrower marking knows."""
    undp = Profile("ref:XM-DAC-41114", Counter(["United Nations Development Programme"]), {"40"}, Counter(ML=3))
    pnud = Profile("name:pnud", Counter({"PNUD": 4}), {"40"}, Counter(ML=1), {"XM-DAC-41114"}, Counter({"name:b": 2}))
    parent = Profile("ref:NL-KVK-41160054", Counter(["Cordaid"]), {"21"})
    unit = Profile("name:cordaid mali", Counter(["Cordaid Mali"]))
    late = Profile("name:united nations developement programme", Counter(["United Nations Developement Programme"]))
    return {CLEAR: [undp, pnud, parent, unit], AMBER: [late]}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that organisations are really matched."""
    calls: list[int] = []

    def counting(*arguments: object) -> object:
        calls.append(1)
        return match_organisations(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "match_organisations", counting)
    return calls


def test_what_is_kept_is_what_matching_gives(tmp_path: Path, counted: list[int]) -> None:
    expected = match_organisations(people(), JoinParams())
    assert {p.is_joined for p in expected.proposals} == {True, False}
    assert all(p.reasons for p in expected.proposals)
    assert expected.same[AMBER]
    with keeping_results(tmp_path):
        assert [kept_matches(people(), JoinParams()) for _ in range(2)] == [expected, expected]
    assert len(counted) == 1


def test_the_order_in_which_a_profile_was_collected_does_not_matter(tmp_path: Path, counted: list[int]) -> None:
    turned = {
        marking: [
            replace(
                p,
                names=Counter(dict(reversed(p.names.items()))),
                work=Counter(dict(reversed(p.work.items()))),
            )
            for p in reversed(found)
        ]
        for marking, found in reversed(people().items())
    }
    with keeping_results(tmp_path):
        assert kept_matches(turned, JoinParams()) == kept_matches(people(), JoinParams())
    assert len(counted) == 1


def _name(p: Profile) -> None:
    p.names["Changed"] += 1


def _count(p: Profile) -> None:
    p.names["PNUD"] += 1


def _type(p: Profile) -> None:
    p.types.add("70")


def _work(p: Profile) -> None:
    p.work["NE"] += 1


def _publisher(p: Profile) -> None:
    p.publishers.add("GB-GOV-1")


def _partner(p: Profile) -> None:
    p.partners["name:b"] += 1


@pytest.mark.parametrize("change", [_name, _count, _type, _work, _publisher, _partner])
def test_whatever_is_said_of_somebody_makes_a_new_match(
    tmp_path: Path, counted: list[int], change: Callable[[Profile], None]
) -> None:
    changed = people()
    change(changed[CLEAR][1])
    with keeping_results(tmp_path):
        kept_matches(people(), JoinParams())
        assert kept_matches(changed, JoinParams()) == match_organisations(changed, JoinParams())
    assert len(counted) == 2


def test_other_thresholds_and_other_markings_make_a_new_match(tmp_path: Path, counted: list[int]) -> None:
    with keeping_results(tmp_path):
        kept_matches(people(), JoinParams())
        kept_matches(people(), JoinParams(lead=2.0))
        kept_matches({CLEAR: [p for found in people().values() for p in found]}, JoinParams())
    assert len(counted) == 3
