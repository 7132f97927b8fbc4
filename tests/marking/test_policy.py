from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import KEEPER, PUBLIC, Viewer, marking_key, may_see, parse_key, permitted_keys, visible_view
from concerted.marking.keys import NAMED, Label

NAMES = st.sampled_from(["justice", "mopti", "org-1", "org-2", "amina", "ibrahim"])
NAME_SETS = st.frozensets(NAMES, max_size=3)
REAL_LABELS = st.sampled_from([label for label in Label if label is not Label.NOBODY])
KEYS = st.builds(lambda label, names: marking_key(label, names if label in NAMED else ()), REAL_LABELS, NAME_SETS)
VIEWERS = st.builds(Viewer, person=st.none() | NAMES, organisation=st.none() | NAMES, groups=NAME_SETS)


@given(KEYS)
def test_a_key_written_and_read_again_is_the_same_key(key: str) -> None:
    marking = parse_key(key)
    assert marking_key(marking.label, marking.names) == key


@given(st.text() | st.none())
def test_any_text_is_read_without_an_error_and_the_public_sees_only_clear(text: str | None) -> None:
    assert may_see(PUBLIC, text) == (text == "CLEAR")


@given(VIEWERS, st.text().filter(lambda t: t.partition(":")[0] not in set(Label)))
def test_an_undefined_key_is_seen_by_nobody(viewer: Viewer, text: str) -> None:
    assert not may_see(viewer, text)


@given(
    VIEWERS, st.sampled_from(["AMBER:", "AMBER+STRICT:", "RED:", "AMBER", "RED: , ", "NOBODY", "GREEN:all", "clear"])
)
def test_an_empty_list_means_nobody(viewer: Viewer, key: str) -> None:
    assert not may_see(viewer, key)


@given(VIEWERS, NAME_SETS, st.frozensets(KEYS))
def test_fewer_groups_never_see_more(viewer: Viewer, fewer: frozenset[str], keys: frozenset[str]) -> None:
    less = Viewer(viewer.person, viewer.organisation, viewer.groups & fewer, viewer.roles)
    assert permitted_keys(less, keys) <= permitted_keys(viewer, keys)


@given(VIEWERS, st.frozensets(KEYS))
def test_everybody_sees_what_the_public_sees(viewer: Viewer, keys: frozenset[str]) -> None:
    assert permitted_keys(PUBLIC, keys) <= permitted_keys(viewer, keys)


@given(VIEWERS, st.frozensets(KEYS), st.frozensets(st.sampled_from(["owner", "secretariat", "admin"])))
def test_a_role_opens_no_record(viewer: Viewer, keys: frozenset[str], roles: frozenset[str]) -> None:
    other = Viewer(viewer.person, viewer.organisation, viewer.groups, roles)
    assert permitted_keys(other, keys) == permitted_keys(viewer, keys)


def test_each_label_opens_to_whom_it_names() -> None:
    amina = Viewer(person="amina", organisation="org-1", groups=frozenset({"justice"}))
    assert may_see(amina, "GREEN")
    assert may_see(amina, "AMBER:health,justice")
    assert not may_see(amina, "AMBER:health")
    assert may_see(amina, "AMBER+STRICT:org-1")
    assert not may_see(amina, "AMBER+STRICT:justice")
    assert may_see(amina, "RED:amina")
    assert not may_see(amina, "RED:org-1,justice")


def test_groups_without_a_sign_in_count_for_nothing() -> None:
    forged = Viewer(organisation="org-1", groups=frozenset({"justice"}))
    assert not may_see(forged, "GREEN")
    assert not may_see(forged, "AMBER:justice")
    assert not may_see(forged, "AMBER+STRICT:org-1")


@given(VIEWERS, KEYS | st.none(), KEYS | st.none())
def test_a_record_has_at_most_one_view_and_the_precise_one_goes_first(
    viewer: Viewer, precise: str | None, coarse: str | None
) -> None:
    view = visible_view(viewer, precise, coarse)
    assert (view == "precise") == may_see(viewer, precise)
    assert (view is None) == (not may_see(viewer, precise) and not may_see(viewer, coarse))


@given(KEYS | st.text() | st.none())
def test_who_holds_the_files_sees_everything_in_them_and_is_not_the_public(key: str | None) -> None:
    assert may_see(KEEPER, key)
    assert not KEEPER.is_public
    assert PUBLIC.is_public


def test_groups_belong_to_an_organisation_and_count_for_nobody_without_one() -> None:
    for organisation in (None, ""):
        assert not may_see(Viewer("amina", organisation, frozenset({"justice"})), "AMBER:justice")


def test_what_carries_no_key_is_among_no_ones_keys_not_even_the_keepers() -> None:
    assert permitted_keys(KEEPER, [None, "CLEAR", "NOBODY"]) == {"CLEAR", "NOBODY"}
    assert permitted_keys(PUBLIC, [None, "CLEAR", "NOBODY"]) == {"CLEAR"}
