"""A hidden record moves nothing: with it and without it every row that a viewer sees is the same."""

from collections import defaultdict

import pytest

from concerted.marking import PUBLIC, Viewer, is_evidence, may_see
from noninterference.worlds import MEMBER, PARTNER, a_world, as_known_to, first_difference, resolved, visible
from worlds import Row

VIEWERS = {"public": PUBLIC, "partner": PARTNER, "member": MEMBER}


def check(seed: int, islands: int, viewers: list[Viewer]) -> None:
    world = a_world(seed, islands)
    whole = resolved(world)
    count_once(whole["core_activity"])
    for viewer in viewers:
        alone = as_known_to(viewer, world)
        assert len(alone.rows("activity")) < len(world.rows("activity")), "nothing is hidden: the test tests nothing"
        difference = first_difference(visible(viewer, whole), visible(viewer, resolved(alone)))
        assert difference is None, (seed, viewer, difference)


def count_once(statements: list[Row]) -> None:
    """Of IATI statements of one activity none is counted beside a more open one; each activity keeps one."""
    by_activity: dict[int, list[Row]] = defaultdict(list)
    for row in statements:
        by_activity[row["activity_id"]].append(row)
    for told in by_activity.values():
        current = [row for row in told if row["is_current"]]
        assert current
        iati = [row for row in current if row["kind"] == "iati"]
        for one in iati:
            beside = [row for row in iati if row is not one and is_evidence(row["marking_key"], one["marking_key"])]
            assert not beside, (one, beside)
        for viewer in VIEWERS.values():
            seen = [row for row in told if may_see(viewer, row["marking_key"])]
            assert not seen or any(row["is_current"] for row in seen), (viewer, seen)


def test_ten_pairs_of_worlds_differ_in_nothing_that_the_public_sees() -> None:
    check(1, 10, [PUBLIC])


@pytest.mark.slow
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("seed", range(2, 8))
def test_hundreds_of_pairs_differ_in_nothing_that_a_viewer_sees(seed: int, viewer: str) -> None:
    check(seed, 40, [VIEWERS[viewer]])
