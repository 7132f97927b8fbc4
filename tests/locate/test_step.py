"""The whole step: what becomes of each location, what is said of it, and that nothing is lost."""

import datetime as dt
from typing import Any

import pytest

from concerted.model.tables import ONE, full_schema
from located import Located, locate, place

#: Mali as one square cut in two regions, the first one holding one cercle.
BOXES = [
    place("ML", 0, "Mali", box=(0, 0, 10, 10)),
    place("ML05", 1, "Mopti", parent_id="ML", box=(0, 0, 5, 10)),
    place("ML07", 1, "Gao", parent_id="ML", box=(5, 0, 10, 10)),
    place("ML0501", 2, "Bandiagara", parent_id="ML05", box=(0, 0, 5, 5)),
    place("NE", 0, "Niger", box=(10, 0, 20, 10)),
    place("NE002", 1, "Diffa", parent_id="NE", box=(10, 0, 20, 10)),
]
ML = {"record_id": 1, "code": "ML"}


IN_CERCLE = {"latitude": 1.0, "longitude": 1.0}
#: A location of a statement in Mali, and what must become of it: place, precision, how it was found.
CASES: list[tuple[dict[str, Any], tuple[str | None, str, str]]] = [
    # An exact point is a site; its place is the finest area that holds it.
    ({**IN_CERCLE, "exactness_code": "1"}, ("ML0501", "site", "point")),
    ({**IN_CERCLE, "exactness_code": "2"}, ("ML0501", "admin2", "point")),
    ({"latitude": 9.0, "longitude": 1.0}, ("ML05", "admin1", "point")),
    # Code and name come before the point, the point before a name.
    ({"admin1_code": "ML07", "admin1_name": "Gao", **IN_CERCLE}, ("ML07", "admin1", "code_and_name")),
    ({"name": "Gao", **IN_CERCLE}, ("ML0501", "admin2", "point")),
    ({"name": "Gao"}, ("ML07", "admin1", "name")),
    # The point of an area is its label.
    ({"name": "Gao", "feature_code": "ADM1", **IN_CERCLE}, ("ML07", "admin1", "name")),
    ({"name": "Mopti", "class_code": "1", **IN_CERCLE}, ("ML05", "admin1", "name")),
    ({"name": "Mopti", "exactness_code": "2", **IN_CERCLE}, ("ML05", "admin1", "name")),
    ({"name": "?", "feature_code": "ADM1", **IN_CERCLE}, ("ML05", "admin1", "point")),
    # Nationwide is never a point.
    ({"name": "Mali", **IN_CERCLE, "exactness_code": "1"}, ("ML", "country", "name")),
    ({"feature_code": "PCLI", **IN_CERCLE}, ("ML", "country", "country")),
    ({"name": "Niveau national", **IN_CERCLE}, ("ML", "country", "name")),
    # What is not found stays in its country.
    ({"name": "Nulle part"}, ("ML", "country", "country")),
    ({}, ("ML", "country", "country")),
]  # fmt: skip
#: The same for statements that name no country, or two.
ELSEWHERE: list[tuple[list[str], dict[str, Any], tuple[str | None, str, str]]] = [
    ([], {"latitude": 5.0, "longitude": 15.0}, ("NE002", "admin1", "point")),
    ([], {"name": "Nulle part"}, (None, "unknown", "none")),
    (["ML", "NE"], {"name": "Nulle part"}, (None, "unknown", "none")),
    (["ML", "NE"], {"name": "Diffa"}, ("NE002", "admin1", "name")),
]


@pytest.fixture(scope="module")
def all_cases() -> Located:
    elsewhere = [(countries, location) for countries, location, _ in ELSEWHERE]
    statements = [(["ML"], location) for location, _ in CASES] + elsewhere
    return locate(
        locations=[{"record_id": n, **location} for n, (_, location) in enumerate(statements)],
        recipients=[{"record_id": n, "code": c} for n, (countries, _) in enumerate(statements) for c in countries],
        places=BOXES,
    )


@pytest.mark.parametrize("number", range(len(CASES)), ids=[str(location) for location, _ in CASES])
def test_a_location_of_a_statement_in_mali(all_cases: Located, number: int) -> None:
    assert all_cases.placed()[number] == CASES[number][1]


@pytest.mark.parametrize("number", range(len(ELSEWHERE)))
def test_a_location_without_a_sure_country_is_placed_only_by_what_is_unique(all_cases: Located, number: int) -> None:
    assert all_cases.placed()[len(CASES) + number] == ELSEWHERE[number][2]


def test_nationwide_statements_are_spread_over_the_country_and_not_over_a_point(all_cases: Located) -> None:
    nationwide = [n for n, (_, wanted) in enumerate(CASES) if wanted[1] == "country"]
    assert len(nationwide) == 5
    assert all(all_cases.shares[n, -1] == {"ML": ONE} for n in nationwide)


def test_a_point_outside_its_country_is_set_aside_with_an_issue_and_the_country_stays() -> None:
    found = locate(
        locations=[{"record_id": 1, "latitude": 5.0, "longitude": 15.0, "line": 7}], recipients=[ML], places=BOXES
    )
    assert found.placed() == [("ML", "country", "country")]
    assert [(i["code"], i["line"], i["values"]) for i in found.issues] == [
        ("point_outside_country", 7, '{"countries": "ML", "point": "5.00000, 15.00000"}')
    ]
    assert found.shares[1, -1] == {"ML": ONE}


def test_a_point_that_contradicts_a_code_is_said() -> None:
    found = locate(
        locations=[{"record_id": 1, "admin1_code": "ML07", "admin1_name": "Gao", "latitude": 1.0, "longitude": 1.0}],
        recipients=[ML],
        places=BOXES,
    )
    assert [i["code"] for i in found.issues] == ["point_text_disagree"]
    assert '"point_in": "ML05"' in found.issues[0]["values"]


def test_without_boundaries_a_point_is_not_placed_by_the_nearest_known_place() -> None:
    found = locate(locations=[{"record_id": 1, "latitude": 14.5, "longitude": -4.2}], recipients=[ML])
    assert found.placed() == [("ML", "country", "country")]
    assert [(i["code"], i["values"]) for i in found.issues] == [("point_unplaced", '{"countries": "ML"}')]


def test_an_old_division_is_kept_for_statements_of_its_time() -> None:
    # Burkina Faso's region Est was cut in July 2025; its eastern end is now Tapoa.
    places = [
        place("BF52", 1, "Est", parent_id="BF", box=(0, 0, 10, 10), valid_to=dt.date(2025, 7, 1)),
        place("BF60", 1, "Tapoa", parent_id="BF", box=(5, 0, 10, 10), valid_from=dt.date(2025, 7, 2)),
    ]
    days = {1: dt.date(2022, 3, 1), 2: dt.date(2026, 3, 1), 3: None}
    found = locate(
        activities=[{"record_id": n, "start_actual_date": day} for n, day in days.items()],
        recipients=[{"record_id": n, "code": "BF"} for n in days],
        locations=[{"record_id": n, "latitude": 5.0, "longitude": 8.0} for n in days],
        places=places,
    )
    assert [p[0] for p in found.placed()] == ["BF52", "BF60", "BF60"]


def test_every_location_stays_with_all_its_columns_and_every_statement_has_shares() -> None:
    locations = [{"record_id": n % 3, "name": f"Nulle part {n}", "pct": None, "ref": f"r{n}"} for n in range(9)]
    found = locate(locations=locations, activities=[{"record_id": 7}])
    assert [r["ref"] for r in sorted(found.locations, key=lambda r: r["seq"])] == [f"r{n}" for n in range(9)]
    assert list(found.locations[0]) == full_schema("location").names
    assert sorted(found.shares) == [(0, -1), (1, -1), (2, -1), (7, -1)]


def test_places_of_reference_are_the_merged_ones_once_each() -> None:
    found = locate(activities=[{"record_id": 1}], places=[*BOXES, place("", 1, "No id")])
    ids = [p["place_id"] for p in found.places]
    assert len(ids) == len(set(ids))
    mopti = next(p for p in found.places if p["place_id"] == "ML05")
    assert mopti["geometry_wkb"] is not None
    assert mopti["name_ar"] == "موبتي"
    assert mopti["parent_id"] == "ML"
    assert [i["code"] for i in found.issues] == ["place_without_id"]


def test_repeated_findings_are_counted_per_file_and_warnings_stand_per_statement() -> None:
    locations = [{"record_id": n, "country_code": "ML", "admin1_name": "Nulle part"} for n in range(3)]
    wrong = [{"record_id": n, "country_code": "ML", "admin1_code": "ML05", "admin1_name": "Gao"} for n in range(3)]
    found = locate(locations=[*locations, *wrong])
    infos = [i for i in found.issues if i["severity"] == "info"]
    assert [(i["code"], i["count"], i["record_id"]) for i in infos] == [("place_unknown", 3, None)]
    warnings = [i for i in found.issues if i["severity"] == "warning"]
    assert sorted((i["code"], i["record_id"]) for i in warnings) == [("code_name_disagree", n) for n in range(3)]


def test_every_issue_has_words_in_three_languages_with_the_values_it_needs() -> None:
    from concerted.codelists.issues import catalogue
    from concerted.publish.messages import message

    found = locate(
        locations=[
            {"record_id": 1, "admin1_code": "ML05", "admin1_name": "Gao"},
            {"record_id": 1, "admin1_code": "ML99", "admin1_name": "Gao"},
            {"record_id": 1, "admin1_name": "Nulle part"},
            {"record_id": 1, "admin1_name": "Gao", "admin2_name": "Bandiagara"},
            {"record_id": 1, "latitude": 5.0, "longitude": 15.0},
            {"record_id": 1, "admin1_code": "ML07", "admin1_name": "Gao", "latitude": 1.0, "longitude": 1.0},
        ],
        recipients=[{**ML, "pct": 90.0}, {"record_id": 2, "code": "QQ"}],
        places=[*BOXES, place("", 1, "No id")],
    )
    assert {i["code"] for i in found.issues} >= {
        "code_name_disagree", "place_code_unknown", "place_unknown", "parent_disagree", "point_outside_country",
        "point_text_disagree", "place_without_id", "country_unknown", "share_sum",
    }  # fmt: skip
    for issue in found.issues:
        assert issue["severity"] == catalogue()[issue["code"]]["severity"]
        for lang in ("fr", "en", "ar"):
            assert "{" not in message(issue, lang)


def test_a_statement_stands_in_the_places_of_the_source_that_its_organisation_counts_and_keeps_its_own_locations() -> (
    None
):
    given: dict[str, Any] = {
        "recipients": [
            {"record_id": 1, "code": "ML"},
            {"record_id": 2, "code": "NE"},
            {"record_id": 2, "code": "BF", "transaction_seq": 0},
        ],
        "locations": [{"record_id": 1, "name": "Gao", "country_code": "ML"}, {"record_id": 2, "country_code": "NE"}],
    }
    plain = locate(**given)
    aside = {"record_id": 2, "subject": "places", "is_counted": False, "other_record_id": 1}
    texts = {"record_id": 1, "subject": "texts", "is_counted": False, "other_record_id": 2}
    found = locate(**given, precedence=[aside, texts])
    assert found.shares == {(1, -1): plain.shares[1, -1], (2, -1): plain.shares[1, -1]}
    assert plain.shares[2, -1] != plain.shares[1, -1]
    assert found.locations == plain.locations
