"""Point in polygon for many points: borders, tolerance, stated countries, times, and places where maps break."""

import pyarrow as pa
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.locate.points import BORDER_TOLERANCE, Polygons, place_points
from concerted.locate.reference import Reference, build_reference
from located import place

#: Two countries side by side on longitude 10, each cut in two; the first one also has a second level.
WORLD = build_reference(
    [
        place("AA", 0, "A", box=(0, 0, 10, 10)),
        place("BB", 0, "B", box=(10, 0, 20, 10)),
        place("AA1", 1, "A1", parent_id="AA", box=(0, 0, 5, 10)),
        place("AA2", 1, "A2", parent_id="AA", box=(5, 0, 10, 10)),
        place("BB1", 1, "B1", parent_id="BB", box=(10, 0, 20, 10)),
        place("AA11", 2, "A11", parent_id="AA1", box=(0, 0, 5, 5)),
        place("CC", 0, "C"),
    ],
    {},
)


def found(
    points: list[tuple[float, float]], scope: str | None = None, *, ref: Reference = WORLD, era: int = 0
) -> tuple[list[str | None], list[bool]]:
    table = pa.table(
        {
            "longitude": pa.array([p[0] for p in points], pa.float64()),
            "latitude": pa.array([p[1] for p in points], pa.float64()),
            "scope": pa.array([scope] * len(points), pa.string()),
            "era": pa.array([era] * len(points), pa.int64()),
        }
    )
    places, is_outside = place_points(table, Polygons.of(ref))
    return [p.id if p else None for p in places], is_outside.tolist()


def test_the_finest_area_that_holds_the_point_is_the_place() -> None:
    assert found([(1, 1), (1, 9), (7, 5), (15, 5), (30, 30)]) == (
        ["AA11", "AA1", "AA2", "BB1", None],
        [False, False, False, False, False],
    )


def test_a_point_on_a_border_goes_to_the_lowest_id_every_time() -> None:
    assert found([(5, 8), (10, 5)])[0] == ["AA1", "AA2"]
    assert found([(10, 5)], "BB")[0] == ["BB1"]


def test_a_point_just_beside_its_country_goes_to_the_nearest_area_of_that_country() -> None:
    near, far = 10 - BORDER_TOLERANCE / 2, 10 - BORDER_TOLERANCE * 2
    assert found([(near, 5), (far, 5)], "BB") == (["BB1", None], [False, True])
    assert found([(-0.01, 1)], "AA") == (["AA11"], [False])


def test_a_point_in_another_country_or_nowhere_is_outside_the_stated_one() -> None:
    assert found([(15, 5), (0, 89), (40, 5)], "AA") == ([None, None, None], [True, True, True])
    assert found([(15, 5)], "AA|BB") == (["BB1"], [False])


def test_nothing_is_said_of_a_country_without_boundaries_unless_the_point_lies_in_another() -> None:
    assert found([(40, 5), (1, 1)], "CC") == ([None, None], [False, True])


def test_where_only_some_areas_of_a_country_are_known_a_point_beside_them_is_not_blamed() -> None:
    ref = build_reference([place("AA", 0, "A"), place("AA1", 1, "A1", parent_id="AA", box=(0, 0, 5, 10))], {})
    assert found([(1, 1), (7, 5)], "AA", ref=ref) == (["AA1", None], [False, False])


def test_without_boundaries_no_point_is_placed_and_none_is_blamed() -> None:
    bare = build_reference([place("AA", 0, "A")], {})
    assert found([(1, 1), (0, 0)], "AA", ref=bare) == ([None, None], [False, False])
    assert found([], ref=WORLD) == ([], [])


def test_the_antimeridian_the_poles_and_zero_zero_are_points_like_others() -> None:
    both_sides = shapely.union_all([shapely.box(177, -20, 180, -16), shapely.box(-180, -20, -178, -16)])
    edge = build_reference([place("FJ", 0, "Fiji", geometry_wkb=shapely.to_wkb(both_sides))], {})
    assert found([(180, -17), (-180, -17), (179, -17), (0, -17)], "FJ", ref=edge) == (
        ["FJ", "FJ", "FJ", None],
        [False, False, False, True],
    )
    assert found([(0, 0), (0, 90), (0, -90)])[0] == ["AA11", None, None]


def test_of_two_divisions_the_one_valid_at_the_statements_time_counts() -> None:
    import datetime as dt

    ref = build_reference(
        [
            place("AA", 0, "A"),
            place("AA1", 1, "Old", parent_id="AA", box=(0, 0, 10, 10), valid_to=dt.date(2025, 7, 1)),
            place("AA5", 1, "New west", parent_id="AA", box=(0, 0, 5, 10), valid_from=dt.date(2025, 7, 2)),
            place("AA6", 1, "New east", parent_id="AA", box=(5, 0, 10, 10), valid_from=dt.date(2025, 7, 2)),
        ],
        {},
    )
    assert found([(2, 2), (8, 2)], "AA", ref=ref, era=0)[0] == ["AA1", "AA1"]
    assert found([(2, 2), (8, 2)], "AA", ref=ref, era=1)[0] == ["AA5", "AA6"]


def test_a_coarse_country_outline_does_not_hide_a_finer_area_close_by() -> None:
    ref = build_reference(
        [place("AA", 0, "A", box=(0, 0, 10, 10)), place("AA1", 1, "A1", parent_id="AA", box=(0, 0, 4.99, 10))], {}
    )
    assert found([(5, 5), (8, 5)], "AA", ref=ref)[0] == ["AA1", "AA"]


def test_a_polygon_that_crosses_itself_is_mended() -> None:
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    ref = build_reference([place("AA", 0, "A", geometry_wkb=shapely.to_wkb(bow))], {})
    assert found([(0.2, 1)], ref=ref)[0] == ["AA"]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.floats(-5, 25), st.floats(-5, 15)), min_size=1, max_size=30), st.randoms())
def test_every_point_is_judged_alone_whatever_stands_beside_it(
    points: list[tuple[float, float]], random: object
) -> None:
    together = found(points, "AA")
    alone = [found([p], "AA") for p in points]
    assert together == ([a[0][0] for a in alone], [a[1][0] for a in alone])
