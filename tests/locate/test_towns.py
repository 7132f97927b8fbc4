"""Towns of a gazetteer lead to the area that holds them, where boundaries are loaded."""

from located import locate, place

ML = {"record_id": 1, "code": "ML"}
SEGOU = place("ML04", 1, "Ségou", parent_id="ML", box=(-8, 12, -4, 16))
MARKALA = place("geonames:2453218", None, "Markala", country_code="ML", source_id="geonames") | {
    "alt_names": "Marakala|XMK",
    "longitude": -6.0,
    "latitude": 13.7,
}
CODE = {"record_id": 1, "seq": 0, "kind": "gazetteer", "vocabulary_code": "G1", "code": "2453218"}


def test_a_towns_name_and_code_lead_to_its_area() -> None:
    found = locate(
        locations=[{"record_id": 1, "name": "Markala"}, {"record_id": 1, "name": "Marakala"}, {"record_id": 1}],
        codes=[{**CODE, "location_seq": 2}],
        recipients=[ML],
        places=[SEGOU, MARKALA],
    )
    assert found.placed() == [("ML04", "admin1", "name"), ("ML04", "admin1", "name"), ("ML04", "admin1", "code")]
    assert found.issues == []


def test_without_boundaries_a_town_leads_nowhere_and_is_no_place_of_reference() -> None:
    found = locate(locations=[{"record_id": 1, "name": "Markala"}], recipients=[ML], places=[MARKALA])
    assert found.placed() == [("ML", "country", "country")]
    assert "geonames:2453218" not in {p["place_id"] for p in found.places}


def test_two_towns_of_one_name_in_two_areas_are_not_told_apart() -> None:
    gao = place("ML07", 1, "Gao", parent_id="ML", box=(-2, 15, 2, 19))
    other = {**MARKALA, "place_id": "geonames:1", "longitude": 0.0, "latitude": 16.0}
    found = locate(
        locations=[{"record_id": 1, "name": "Markala"}],
        recipients=[ML],
        places=[SEGOU, gao, MARKALA, other],
    )
    assert found.placed()[0][0] == "ML"
