"""Who looks, and who looks through another's eyes: he sees what both may see, and has what is both's own."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import KEEPER, PUBLIC, Viewer, may_see, permitted_keys
from marking.test_policy import KEYS, NAMES, VIEWERS


@given(VIEWERS, VIEWERS, KEYS)
def test_through_other_eyes_one_sees_what_both_may_see(own: Viewer, other: Viewer, key: str) -> None:
    assert may_see(replace(other, within=own), key) == (may_see(own, key) and may_see(other, key))


@given(VIEWERS, VIEWERS, VIEWERS, st.frozensets(KEYS))
def test_and_never_more_than_one_sees_oneself_through_however_many(
    own: Viewer, other: Viewer, another: Viewer, keys: frozenset[str]
) -> None:
    twice = replace(another, within=replace(other, within=own))
    assert permitted_keys(twice, keys) <= permitted_keys(own, keys)


@given(VIEWERS, KEYS)
def test_not_even_through_the_keepers(own: Viewer, key: str) -> None:
    assert may_see(replace(KEEPER, within=own), key) == may_see(own, key)


def test_the_keeper_looks_as_others_and_sees_as_they_do() -> None:
    amina = Viewer("amina", "org-1", within=KEEPER)
    assert may_see(amina, "AMBER+STRICT:org-1")
    assert not may_see(amina, "AMBER+STRICT:org-2")


@given(VIEWERS, NAMES)
def test_what_is_an_organisations_own_is_its_peoples(viewer: Viewer, organisation: str) -> None:
    assert viewer.is_of(organisation) == (viewer.person is not None and viewer.organisation == organisation)


@given(VIEWERS, VIEWERS, NAMES)
def test_through_other_eyes_only_what_is_both_of_theirs_is_ones_own(
    own: Viewer, other: Viewer, organisation: str
) -> None:
    looking = replace(other, within=own)
    assert looking.is_of(organisation) == (own.is_of(organisation) and other.is_of(organisation))


def test_who_is_not_signed_in_is_the_public_whatever_else_is_said() -> None:
    assert PUBLIC.is_public
    assert Viewer(organisation="org-1", groups=frozenset({"g"})).is_public
    assert not Viewer(organisation="org-1").is_of("org-1")
    assert not Viewer("amina").is_public
    assert not KEEPER.is_public
    assert (PUBLIC.is_keeper, KEEPER.is_keeper, PUBLIC.within, KEEPER.within) == (False, True, None, None)
