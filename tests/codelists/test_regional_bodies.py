"""Who belonged to a regional body depends on the day."""

from datetime import date

import pytest

from concerted.codelists import lists
from concerted.codelists.regional_bodies import bodies, members

BY_ID = {body.id: body for body in bodies()}


@pytest.mark.parametrize(
    ("body", "day", "expected"),
    [
        ("g5-sahel", date(2014, 12, 18), []),
        ("g5-sahel", date(2020, 1, 1), ["BF", "ML", "MR", "NE", "TD"]),
        ("g5-sahel", date(2022, 5, 15), ["BF", "MR", "NE", "TD"]),
        ("g5-sahel", date(2023, 11, 29), ["MR", "TD"]),
        ("g5-sahel", date(2023, 12, 6), []),
        ("aes", date(2026, 1, 1), ["BF", "ML", "NE"]),
        ("lake-chad", date(2008, 1, 1), ["CF", "CM", "LY", "NE", "NG", "TD"]),
    ],
)
def test_members_on_a_day(body: str, day: date, expected: list[str]) -> None:
    assert members(BY_ID[body], day) == expected


def test_three_countries_left_the_community_on_one_day_and_twelve_stayed() -> None:
    before, after = (set(members(BY_ID["ecowas"], date(2025, 1, day))) for day in (28, 29))
    assert before - after == {"BF", "ML", "NE"}
    assert len(after) == 12


def test_every_body_has_three_names_and_every_member_is_a_country() -> None:
    for body in bodies():
        assert set(body.name) == {"fr", "en", "ar"}
        assert body.memberships
        for each in body.memberships:
            assert each.country in lists.codes("Country")
            assert body.since <= each.since
