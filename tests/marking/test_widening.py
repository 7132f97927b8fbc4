"""What is not called wider lets nobody see more, whoever is in which group."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import Viewer, may_see, visible_view
from concerted.marking.widening import Views, is_narrower, is_wider, shows_less, shows_more
from marking.test_order import ANY_KEYS
from marking.test_policy import VIEWERS

VIEWS = st.builds(Views, ANY_KEYS, st.none() | ANY_KEYS, st.none() | st.integers(0, 2), st.booleans())


@given(VIEWERS, ANY_KEYS | st.none(), ANY_KEYS | st.none())
def test_a_change_that_lets_somebody_in_is_wider_and_one_that_shuts_somebody_out_is_narrower(
    viewer: Viewer, old: str | None, new: str | None
) -> None:
    before, after = may_see(viewer, old), may_see(viewer, new)
    assert not (after and not before) or is_wider(old, new)
    assert not (before and not after) or is_narrower(old, new)


def _told(viewer: Viewer, views: Views) -> tuple[int, int, bool]:
    """How much a viewer is told: more is not less in any part."""
    view = visible_view(viewer, views.precise, views.coarse)
    if view == "precise":
        return 2, 9, True
    level = -1 if views.coarse_place_level is None else views.coarse_place_level
    return (1, level, not views.is_partner_hidden) if view else (0, -1, False)


@given(VIEWERS, VIEWS, VIEWS)
def test_who_is_told_more_in_any_part_makes_the_change_one_that_shows_more(
    viewer: Viewer, old: Views, new: Views
) -> None:
    before, after = _told(viewer, old), _told(viewer, new)
    assert not any(now > was for was, now in zip(before, after, strict=True)) or shows_more(old, new)
    assert not any(now < was for was, now in zip(before, after, strict=True)) or shows_less(old, new)


@given(VIEWS)
def test_no_change_is_neither(views: Views) -> None:
    assert not shows_more(views, views)
    assert not shows_less(views, views)


@pytest.mark.parametrize(
    ("old", "new", "wider", "narrower"),
    [
        ("GREEN", "CLEAR", True, False),
        ("CLEAR", "GREEN", False, True),
        ("AMBER:a", "AMBER:a,b", True, False),
        ("AMBER:a", "AMBER:b", True, True),
        ("AMBER:a", "AMBER+STRICT:o", True, True),
        ("GREEN", "RED:p", True, True),
        ("RED:p", "NOBODY", False, True),
        ("misspelt", "RED:", False, False),
        (None, "RED:p", True, False),
    ],
)
def test_where_a_membership_would_decide_the_change_counts_as_wider(
    old: str | None, new: str, wider: bool, narrower: bool
) -> None:
    assert (is_wider(old, new), is_narrower(old, new)) == (wider, narrower)


@pytest.mark.parametrize(
    ("old", "new", "more", "less"),
    [
        (Views("GREEN"), Views("GREEN", "CLEAR", 1, True), True, False),
        (Views("GREEN", "CLEAR", 1, True), Views("GREEN", "CLEAR", 1, False), True, False),
        (Views("GREEN", "CLEAR", 1), Views("GREEN", "CLEAR", 2), True, False),
        (Views("GREEN", "CLEAR", None), Views("GREEN", "CLEAR", 0), True, False),
        (Views("GREEN", "CLEAR", 2, False), Views("GREEN", "CLEAR", 1, True), False, True),
        (Views("CLEAR", None), Views("GREEN", "CLEAR", 2, False), False, True),
        (Views("RED:p", "GREEN", 2), Views("RED:p", "AMBER:a", 2), False, True),
        (Views("AMBER:a", "GREEN", 2), Views("NOBODY", "AMBER:a", 2), False, True),
    ],
)
def test_a_coarse_view_shows_more_by_its_audience_its_place_and_its_partner(
    old: Views, new: Views, more: bool, less: bool
) -> None:
    assert (shows_more(old, new), shows_less(old, new)) == (more, less)


def test_a_record_has_no_coarse_view_unless_one_is_given() -> None:
    assert (Views("GREEN").coarse, Views("GREEN").coarse_place_level) == (None, None)
