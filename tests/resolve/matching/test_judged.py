"""What people decided about names holds against every likeness, also through others."""

from collections import Counter

import pytest

from concerted.resolve.matching.joining import JoinParams, Judged, join_pairs
from concerted.resolve.matching.match import Matches, match_organisations
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.matching.scored import ScoredPair

REF, NAME, CUT = "ref:XX-REG-77001", "name:secours populaire de tassiga", "name:secours populaire tassiga"


def profiles() -> dict[str, list[Profile]]:
    return {
        "CLEAR": [
            Profile(REF, names=Counter({"Secours populaire de Tassiga": 3})),
            Profile(NAME, names=Counter({"Secours populaire de Tassiga": 2})),
            Profile(CUT, names=Counter({"Secours populaire Tassiga": 1})),
        ]
    }


def pairs(matches: Matches) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in matches.known_to("CLEAR")}


def test_without_judgement_the_reference_and_the_name_are_one() -> None:
    assert frozenset((REF, NAME)) in pairs(match_organisations(profiles()))


def test_two_that_are_judged_apart_are_neither_joined_nor_asked() -> None:
    found = match_organisations(profiles(), judged=Judged(apart=((REF, NAME),)))
    assert frozenset((REF, NAME)) not in pairs(found)
    assert not any({p.left, p.right} == {REF, NAME} for p in found.proposals)


def scored(left: str, right: str) -> ScoredPair:
    return ScoredPair(left, right, 9_000, (), left, right, is_grounded=True, is_same_known=False)


def test_two_that_are_judged_apart_are_not_joined_through_a_third() -> None:
    likely = [scored("name:a", "name:b"), scored("name:b", "name:c")]
    joined = join_pairs(likely, JoinParams(), judged=Judged(apart=(("name:a", "name:c"),)))
    assert len(joined.same) == 1
    assert len(join_pairs(likely, JoinParams()).same) == 2


def test_a_judged_unit_is_related_and_not_joined() -> None:
    found = match_organisations(profiles(), judged=Judged(units=((NAME, REF),)))
    assert frozenset((REF, NAME)) not in pairs(found)
    (unit,) = [p for p in found.proposals if p.relation == "unit_of"]
    assert (unit.left, unit.right, unit.reasons) == (NAME, REF, ("a person decided it",))


@pytest.mark.parametrize("judged", [Judged(), Judged(same=((REF, NAME),))])
def test_a_pair_judged_one_is_asked_no_more(judged: Judged) -> None:
    found = match_organisations(profiles(), judged=judged)
    assert not any({p.left, p.right} == {REF, NAME} and not p.is_joined for p in found.proposals)


def test_two_references_judged_one_still_take_in_their_names() -> None:
    told = profiles()
    told["CLEAR"].append(Profile("ref:XX-REG-88002", names=Counter({"Entraide du Nord": 2})))
    found = match_organisations(told, judged=Judged(same=((REF, "ref:XX-REG-88002"),)))
    assert frozenset((REF, NAME)) in pairs(found) or frozenset((REF, CUT)) in pairs(found)
