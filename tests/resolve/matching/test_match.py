"""Organisations are matched with care, for each view from what its readers may see."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.resolve.matching.match import Matches, match_organisations
from concerted.resolve.matching.profiles import Profile

CLEAR, AMBER = "CLEAR", "AMBER:donors"


def ref(code: str, *names: str, types: str = "", publishers: str = "") -> Profile:
    return Profile(f"ref:{code}", Counter(names), set(types.split()), publishers=set(publishers.split()))


def name(text: str, types: str = "", publishers: str = "", work: str = "") -> Profile:
    folded = " ".join(text.casefold().split())
    return Profile(
        f"name:{folded}", Counter([text]), set(types.split()), Counter(work.split()), set(publishers.split())
    )


def joined(matches: Matches, marking: str = CLEAR) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in matches.known_to(marking)}


def groups(matches: Matches, *, of: str, marking: str = CLEAR) -> set[str]:
    """All keys that the pairs connect with one."""
    found = {of}
    while more := {key for pair in joined(matches, marking) if pair & found for key in pair} - found:
        found |= more
    return found


def test_an_acronym_a_translation_and_a_typing_error_find_their_organisation() -> None:
    people = [
        ref("XM-DAC-41114", "United Nations Development Programme", types="40"),
        ref("XM-DAC-41116", "United Nations Environment Programme", types="40"),
        name("PNUD", "40"),
        name("United Nations Developement Programme", "40"),
        name("Programme des Nations Unies pour l'environnement", "40"),
    ]
    matches = match_organisations({CLEAR: people})
    assert groups(matches, of="ref:XM-DAC-41114") == {
        "ref:XM-DAC-41114", "name:pnud", "name:united nations developement programme",
    }  # fmt: skip
    assert len(groups(matches, of="ref:XM-DAC-41116")) == 2


def test_members_of_one_family_stay_apart() -> None:
    people = [
        ref("GB-CHC-213890", "Save the Children UK", types="21"),
        ref("DK-CVR-63407216", "Save the Children DK", types="21"),
        ref("GB-CHC-1047501", "Action Against Hunger UK", types="21"),
        ref("US-EIN-13-3327220", "Action Against Hunger USA", types="21"),
        ref("GB-GOV-1", "Foreign, Commonwealth and Development Office", types="10"),
        ref("GB-GOV-3", "Foreign and Commonwealth Office", types="10"),
        name("Save the Children Denmark", "21"),
        name("Action Against Hunger United Kingdom", "21"),
    ]
    matches = match_organisations({CLEAR: people})
    assert groups(matches, of="name:save the children denmark") >= {"ref:DK-CVR-63407216"}
    refs = [profile.key for profile in people if profile.key.startswith("ref:")]
    assert all(groups(matches, of=key) & set(refs) == {key} for key in refs)


def test_a_name_that_two_references_claim_alike_is_asked_not_joined() -> None:
    people = [
        ref("AA-1-11", "Fédération Baradji des femmes", types="22"),
        ref("BB-1-22", "Fédération Baradji des femmes", types="22"),
        name("Federation Baradji des Femmes", "22"),
    ]
    matches = match_organisations({CLEAR: people})
    assert not joined(matches)
    assert len([p for p in matches.proposals if p.left.startswith("name:") and not p.is_joined]) == 2


def test_one_number_written_in_two_ways_is_one_reference() -> None:
    people = [
        ref("KE-NCB-OP/218/051", "ActionAid International Kenya", types="21"),
        ref("KE-NCB-OP-218-051", "ActionAid International Kenya", types="21"),
    ]
    assert joined(match_organisations({CLEAR: people})) == {frozenset(p.key for p in people)}


def test_units_are_related_to_their_parent_and_not_joined() -> None:
    people = [
        ref("NL-KVK-41160054", "Cordaid", types="21"),
        name("Cordaid Mali", "21"),
        ref("XM-DAC-918", "European Union", types="40"),
        ref("XI-IATI-EC_INTPA", "European Commission - International Partnerships", types="15"),
    ]
    matches = match_organisations({CLEAR: people})
    units = {(p.left, p.right) for p in matches.proposals if p.relation == "unit_of"}
    assert units == {("name:cordaid mali", "ref:NL-KVK-41160054"), ("ref:XI-IATI-EC_INTPA", "ref:XM-DAC-918")}
    assert not joined(matches)


def test_every_proposal_says_why() -> None:
    people = [ref("XM-DAC-41140", "World Food Programme", types="40"), name("Programme alimentaire mondial", "40")]
    (proposal,) = match_organisations({CLEAR: people}).proposals
    assert proposal.is_joined
    assert proposal.probability > 0.9
    assert any("known names of one organisation" in reason for reason in proposal.reasons)


OPEN = [
    ref("XM-DAC-41114", "United Nations Development Programme", types="40"),
    ref("GB-CHC-202918", "Oxfam GB", types="21"),
    name("Tassaght", "22", work="ML"),
    name("Association Tassaght Gao", "22", work="ML"),
    name("Réseau Billital Maroobé", "22", work="NE"),
]
CLOSED = [
    name("Reseau Bilital Maroobe", "22", work="NE"),
    name("Tassaght ONG", "22", work="ML"),
    name("PNUD", "40"),
    ref("XM-DAC-41114", "Tassaght", types="22"),
]


def test_a_restricted_name_joins_what_is_open() -> None:
    matches = match_organisations({CLEAR: OPEN, AMBER: CLOSED})
    assert "ref:XM-DAC-41114" in groups(matches, of="name:pnud", marking=AMBER)


@given(st.lists(st.sampled_from(CLOSED), unique_by=lambda p: p.key))
@settings(max_examples=20, deadline=None)
def test_what_is_open_never_depends_on_what_is_restricted(closed: list[Profile]) -> None:
    alone = match_organisations({CLEAR: OPEN})
    together = match_organisations({CLEAR: OPEN, AMBER: closed})
    assert together.known_to(CLEAR) == alone.known_to(CLEAR)
    assert [p for p in together.proposals if p.marking_key == CLEAR] == list(alone.proposals)


def test_a_restricted_name_never_joins_two_open_organisations() -> None:
    matches = match_organisations({CLEAR: OPEN, AMBER: CLOSED})
    for profile in OPEN:
        public = groups(matches, of=profile.key)
        seen = groups(matches, of=profile.key, marking=AMBER)
        assert seen & {p.key for p in OPEN} == public & {p.key for p in OPEN}


@given(st.permutations(OPEN))
@settings(max_examples=10, deadline=None)
def test_the_order_of_profiles_does_not_matter(people: list[Profile]) -> None:
    assert match_organisations({CLEAR: people}) == match_organisations({CLEAR: OPEN})


def test_nobody_gives_nothing() -> None:
    assert match_organisations({}).proposals == ()
    assert match_organisations({CLEAR: []}).known_to(CLEAR) == ()
