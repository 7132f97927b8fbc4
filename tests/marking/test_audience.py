"""Who will see this: the policy read from the marking to the viewers gives each of them the same answer."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import PUBLIC, Viewer, visible_view
from concerted.marking.audience import Directory, Kind, RecordAudience, WhoSees, who_sees, who_sees_record
from concerted.marking.groups import Groups, GroupVersion
from concerted.marking.widening import Views

GROUPS = (UUID(int=1), UUID(int=2), UUID(int=3))
ORGANISATIONS = ("o1", "o2", "o3")
PERSONS = {"p1": "o1", "p2": "o2", "p3": "o3", "p4": None, "p5": "o1"}
DAY = date(2026, 6, 30)


def directory(*members: tuple[str, ...]) -> Directory:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    versions = [GroupVersion(g, "o1", 1, frozenset(m), made, "p1") for g, m in zip(GROUPS, members, strict=False)]
    return Directory(DAY, Groups.of(versions), frozenset(ORGANISATIONS), PERSONS)


G1, G2, G3 = map(str, GROUPS)
KEYS = st.one_of(
    st.sampled_from(["CLEAR", "GREEN", "NOBODY", "misspelt", "AMBER", "RED:", "AMBER+STRICT:"]),
    st.frozensets(st.sampled_from([G1, G2, G3, "unknown"])).map(lambda n: "AMBER:" + ",".join(sorted(n))),
    st.frozensets(st.sampled_from([*ORGANISATIONS, "gone"])).map(lambda n: "AMBER+STRICT:" + ",".join(sorted(n))),
    st.frozensets(st.sampled_from([*PERSONS, "gone"])).map(lambda n: "RED:" + ",".join(sorted(n))),
)
MEMBERS = st.tuples(*[st.frozensets(st.sampled_from([*ORGANISATIONS, "left"])).map(tuple)] * 3)


def _is_among(viewer: Viewer, who: WhoSees) -> bool:
    """Whether a page that shows `who` tells this viewer that he is meant."""
    match who.kind:
        case Kind.ANYONE:
            return True
        case Kind.PARTNERS:
            return viewer.organisation is not None
        case Kind.ORGANISATIONS:
            return viewer.organisation in who.organisations
        case Kind.PERSONS:
            return viewer.person in who.persons
        case Kind.NOBODY:
            return False


@given(MEMBERS, KEYS, KEYS | st.none())
def test_what_is_said_before_saving_is_what_each_viewer_then_sees(
    members: tuple[tuple[str, ...], ...], precise: str, coarse: str | None
) -> None:
    there = directory(*members)
    said = who_sees_record(Views(precise, coarse), there)
    for viewer in (PUBLIC, *(there.viewer(p) for p in PERSONS)):
        view = visible_view(viewer, precise, coarse)
        assert _is_among(viewer, said.precise) == (view == "precise")
        assert (_is_among(viewer, said.coarse) and not _is_among(viewer, said.precise)) == (view == "coarse")
        if said.coarse.kind in (Kind.ORGANISATIONS, Kind.PERSONS) and said.precise.kind is not Kind.PERSONS:
            assert _is_among(viewer, said.coarse) == (view == "coarse")


@given(MEMBERS, KEYS)
def test_every_name_in_a_marking_is_said_to_count_or_to_be_in_vain(
    members: tuple[tuple[str, ...], ...], key: str
) -> None:
    who = who_sees(key, directory(*members))
    if key.partition(":")[1]:
        named = [name for name in key.partition(":")[2].split(",") if name]
        counted = who.through if key.startswith("AMBER:") else (*who.organisations, *who.persons)
        assert sorted([*counted, *who.in_vain]) == sorted(named)
    assert list(who.organisations) == sorted(set(who.organisations))
    assert (who.kind is Kind.NOBODY) == (not who.organisations and not who.persons and key not in ("CLEAR", "GREEN"))


def test_groups_are_opened_to_the_organisations_in_them_and_empty_ones_are_named_as_in_vain() -> None:
    there = directory(("o2", "o1"), (), ("o1",))
    assert who_sees(f"AMBER:{G3},{G2},{G1},unknown", there) == WhoSees(
        Kind.ORGANISATIONS, ("o1", "o2"), (), (G1, G3), (G2, "unknown")
    )


def test_a_member_that_no_longer_takes_part_is_nobody() -> None:
    assert who_sees(f"AMBER:{G1}", directory(("left",))) == WhoSees(Kind.NOBODY, in_vain=(G1,))


def test_both_views_are_told_with_what_the_coarse_one_leaves_out() -> None:
    said = who_sees_record(Views(f"AMBER:{G1}", "GREEN", 1, True), directory(("o1",)))
    assert said == RecordAudience(
        WhoSees(Kind.ORGANISATIONS, ("o1",), (), (G1,)), WhoSees(Kind.PARTNERS), 1, is_partner_hidden=True
    )
    alone = who_sees_record(Views("RED:p2"), directory())
    assert alone == RecordAudience(WhoSees(Kind.PERSONS, persons=("p2",)), WhoSees(Kind.NOBODY))


@pytest.mark.parametrize(
    ("precise", "coarse", "left"),
    [
        ("CLEAR", "GREEN", WhoSees(Kind.NOBODY)),
        ("CLEAR", "AMBER+STRICT:o1,gone", WhoSees(Kind.NOBODY, in_vain=("gone",))),
        ("CLEAR", "RED:p1", WhoSees(Kind.NOBODY)),
        ("GREEN", "GREEN", WhoSees(Kind.NOBODY)),
        ("GREEN", f"AMBER:{G1}", WhoSees(Kind.NOBODY)),
        ("GREEN", "RED:p1,p4", WhoSees(Kind.PERSONS, persons=("p4",))),
        ("AMBER+STRICT:o1", "AMBER+STRICT:o1,o2", WhoSees(Kind.ORGANISATIONS, ("o2",))),
        ("AMBER+STRICT:o1,o2", "AMBER+STRICT:o1,o2", WhoSees(Kind.NOBODY)),
        ("AMBER+STRICT:o1", "RED:p1,p2,p5", WhoSees(Kind.PERSONS, persons=("p2",))),
        ("AMBER+STRICT:o1", "GREEN", WhoSees(Kind.PARTNERS)),
        ("GREEN", "CLEAR", WhoSees(Kind.ANYONE)),
    ],
)
def test_who_sees_the_precise_view_is_not_named_again_under_the_coarse_one(
    precise: str, coarse: str, left: WhoSees
) -> None:
    assert who_sees_record(Views(precise, coarse), directory(("o1", "o2"))).coarse == left


def test_kinds_are_called_as_templates_ask_for_them() -> None:
    assert [str(kind) for kind in Kind] == ["anyone", "partners", "organisations", "persons", "nobody"]
