"""Sharing groups: the newest version counts, and everything that is in doubt means nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import PUBLIC, Viewer, marking_key, may_see
from concerted.marking.groups import Groups, GroupVersion, first_version, next_version, signed_in, version_left_by
from concerted.model.errors import NotAllowedError

JUSTICE, HEALTH = UUID(int=1), UUID(int=2)
DAY, MADE = date(2026, 6, 30), datetime(2026, 6, 1, tzinfo=UTC)
ORGANISATIONS = ("org-1", "org-2", "org-3")
MEMBERS = st.frozensets(st.sampled_from(ORGANISATIONS))
OWNER = Viewer("amina", "org-9")


def version(number: int, *members: str, group: UUID = JUSTICE, owner: str = "org-9", **more: date) -> GroupVersion:
    return GroupVersion(group, owner, number, frozenset(members), MADE, "amina", **more)


VERSIONS = st.lists(
    st.builds(
        lambda group, number, members, owner, last: replace(
            version(number, *members, group=group, owner=owner), last_day=last
        ),
        st.sampled_from([JUSTICE, HEALTH]),
        st.integers(1, 4),
        MEMBERS,
        st.sampled_from(["org-9", "org-9", "org-9", "org-8"]),
        st.sampled_from([None, None, date(2026, 6, 29), DAY]),
    ),
    max_size=6,
)


def test_a_member_sees_by_the_groups_id_and_by_no_name_of_it() -> None:
    amina = signed_in("amina", "org-1", Groups.of([version(1, "org-1")]), DAY)
    assert may_see(amina, f"AMBER:{JUSTICE}")
    assert not may_see(amina, "AMBER:justice")
    assert not may_see(amina, "AMBER:1")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 2, 1, 0)])
def test_an_older_version_never_applies_after_a_newer_one(order: tuple[int, ...]) -> None:
    told = [version(1, "org-1", "org-2"), version(2, "org-2"), version(3)]
    groups = Groups.of(told[i] for i in order)
    assert groups.members(str(JUSTICE), DAY) == frozenset()
    assert Groups.of(told[:2]).members(str(JUSTICE), DAY) == {"org-2"}


def test_later_clocks_do_not_make_a_version_newer() -> None:
    late = replace(version(1, "org-1"), made_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert Groups.of([late, version(2, "org-2")]).members(str(JUSTICE), DAY) == {"org-2"}


def test_who_is_taken_out_sees_nothing_from_then_on() -> None:
    first = first_version(JUSTICE, OWNER, ["org-1", "org-2"], MADE)
    second = next_version(first, OWNER, ["org-2"], MADE)
    key = marking_key("AMBER", [str(JUSTICE)])
    assert may_see(signed_in("a", "org-1", Groups.of([first]), DAY), key)
    assert not may_see(signed_in("a", "org-1", Groups.of([first, second]), DAY), key)
    assert may_see(signed_in("b", "org-2", Groups.of([first, second]), DAY), key)


def test_the_owner_of_a_group_is_a_member_only_where_named() -> None:
    groups = Groups.of([version(1, "org-1")])
    assert groups.containing("org-9", DAY) == frozenset()


def test_an_empty_group_and_an_unknown_one_mean_nobody() -> None:
    groups = Groups.of([version(1)])
    assert groups.members(str(JUSTICE), DAY) == groups.members(str(HEALTH), DAY) == frozenset()
    assert groups.members("", DAY) == frozenset()
    assert Groups().containing("org-1", DAY) == frozenset()


def test_two_versions_of_one_number_or_two_owners_mean_nobody_until_it_is_settled() -> None:
    fork = [version(2, "org-1"), version(2, "org-2")]
    assert Groups.of(fork).newest == {}
    assert Groups.of([*fork, version(3, "org-3")]).members(str(JUSTICE), DAY) == {"org-3"}
    assert Groups.of([version(1, "org-1"), version(2, "org-2", owner="org-8")]).newest == {}


def test_an_agreement_ends_after_its_last_day() -> None:
    groups = Groups.of([version(1, "org-1", last_day=DAY)])
    assert groups.members(str(JUSTICE), DAY) == {"org-1"}
    assert groups.members(str(JUSTICE), date(2026, 7, 1)) == frozenset()


def test_a_newer_version_without_a_last_day_goes_on() -> None:
    groups = Groups.of([version(1, "org-1", last_day=date(2020, 1, 1)), version(2, "org-1")])
    assert groups.containing("org-1", DAY) == {str(JUSTICE)}


@given(VERSIONS, st.sampled_from(ORGANISATIONS))
def test_a_person_sees_by_a_group_exactly_if_its_one_newest_version_names_the_organisation(
    told: list[GroupVersion], organisation: str
) -> None:
    viewer = signed_in("p", organisation, Groups.of(told), DAY)
    for group in (JUSTICE, HEALTH):
        mine = {v for v in told if v.group == group}
        last = {v for v in mine if all(v.number >= other.number for other in mine)}
        expected = (
            len(last) == 1
            and len({v.owner for v in mine}) == 1
            and all(organisation in v.members and not (v.last_day and v.last_day < DAY) for v in last)
        )
        assert may_see(viewer, f"AMBER:{group}") == expected


def test_only_the_owner_changes_a_group_and_the_number_goes_up_by_one() -> None:
    first = first_version(JUSTICE, OWNER, ["org-1"], MADE, DAY)
    assert (first.number, first.owner, first.made_by, first.last_day) == (1, "org-9", "amina", DAY)
    second = next_version(first, Viewer("ibrahim", "org-9"), ["org-2"], MADE, DAY)
    assert (second.number, second.owner, second.made_by, second.last_day) == (2, "org-9", "ibrahim", DAY)
    assert (second.group, second.members, second.made_at) == (JUSTICE, {"org-2"}, MADE)
    for other in (PUBLIC, Viewer("x", "org-1"), Viewer(None, "org-9"), Viewer("x", None, roles=frozenset({"admin"}))):
        with pytest.raises(NotAllowedError, match="only the organisation that owns"):
            next_version(first, other, ["org-1", "org-2"], MADE)


def test_a_group_is_made_by_somebody_of_an_organisation() -> None:
    for nobody in (PUBLIC, Viewer("x"), Viewer(None, "org-1"), Viewer("x", "")):
        with pytest.raises(NotAllowedError, match="somebody of the organisation"):
            first_version(JUSTICE, nobody, [], MADE)


@pytest.mark.parametrize("name", ["", " ", "org,2", " org-1", "org-1 "])
def test_an_id_that_could_not_stand_in_a_marking_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not the id of an organisation"):
        version(1, name)
    with pytest.raises(ValueError, match="not the id of an organisation"):
        version(1, owner=name)


def test_versions_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1, found 0"):
        version(0)
    assert version(1).number == 1


def test_somebody_without_an_organisation_is_in_no_group_and_no_partner() -> None:
    groups = Groups.of([version(1, "org-1")])
    for organisation in (None, ""):
        viewer = signed_in("amina", organisation, groups, DAY, ["editor"])
        assert (viewer.organisation, viewer.groups) == (None, frozenset())
        assert not may_see(viewer, "GREEN")
        assert may_see(viewer, "RED:amina")


def test_a_signed_in_person_is_never_the_keeper_and_roles_are_kept_for_actions() -> None:
    viewer = signed_in("amina", "org-1", Groups(), DAY, ["editor", "admin"])
    assert viewer == Viewer("amina", "org-1", frozenset(), frozenset({"editor", "admin"}), is_keeper=False)


def test_a_member_leaves_and_changes_nothing_else() -> None:
    first = first_version(JUSTICE, OWNER, ["org-1", "org-2"], MADE, DAY)
    later = datetime(2026, 3, 1, tzinfo=UTC)
    left = version_left_by(first, Viewer("ibrahim", "org-1"), later)
    assert left == GroupVersion(JUSTICE, "org-9", 2, frozenset({"org-2"}), later, "ibrahim", DAY)
    for other in (PUBLIC, OWNER, Viewer(None, "org-1"), Viewer("x", None), Viewer("x", "org-3")):
        with pytest.raises(NotAllowedError, match="only a member leaves"):
            version_left_by(first, other, later)
    with pytest.raises(NotAllowedError, match="only a member leaves"):
        version_left_by(left, Viewer("ibrahim", "org-1"), later)
