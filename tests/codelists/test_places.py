"""The shipped places: ids, names in three languages, dates, tile maps."""

import datetime as dt
from collections import Counter

from concerted.codelists.places import SOURCE_ID, load_place_codes, load_places, load_tiles
from concerted.model.tables import rec_schema

PLACES = {row["place_id"]: row for row in load_places().to_pylist()}
SAHEL = {"ML", "BF", "NE", "TD", "MR"}


def valid_on(country: str, day: dt.date) -> list[str]:
    return [
        p["place_id"]
        for p in PLACES.values()
        if p["country_code"] == country
        and p["level"] == 1
        and (p["valid_from"] or dt.date.min) <= day <= (p["valid_to"] or dt.date.max)
    ]


def test_places_have_the_schema_of_the_field_dictionary_and_one_row_per_id() -> None:
    table = load_places()
    assert table.schema == rec_schema("place")
    assert len(PLACES) == table.num_rows
    assert set(table["source_id"].to_pylist()) == {SOURCE_ID}


def test_every_country_and_every_sahel_area_has_names_in_three_languages() -> None:
    for place in PLACES.values():
        wanted = ["name_fr", "name_en"]
        if place["level"] == 0 or place["country_code"] in SAHEL:
            wanted.append("name_ar")
        assert all(place[w] for w in wanted), place["place_id"]


def test_every_parent_exists_one_level_up_in_the_same_country() -> None:
    for place in PLACES.values():
        if place["level"] > 0:
            parent = PLACES[place["parent_id"]]
            assert parent["level"] == place["level"] - 1
            assert parent["country_code"] == place["country_code"]


def test_the_number_of_first_level_areas_follows_the_reforms() -> None:
    # Mali: eight regions and Bamako; Taoudenit and Menaka since 2016; nineteen regions and Bamako since March 2023.
    assert [len(valid_on("ML", dt.date(y, 6, 1))) for y in (2015, 2017, 2022, 2024)] == [9, 11, 11, 20]
    # Burkina Faso: thirteen regions until July 2025, seventeen since.
    assert [len(valid_on("BF", d)) for d in (dt.date(2025, 7, 1), dt.date(2025, 7, 2))] == [13, 17]
    # Mauritania: Nouakchott was cut in three in November 2014.
    assert [len(valid_on("MR", dt.date(y, 1, 1))) for y in (2014, 2015)] == [13, 15]
    assert [len(valid_on(c, dt.date(2024, 1, 1))) for c in ("NE", "TD")] == [8, 23]


def test_old_and_new_names_of_a_renamed_region_are_one_place() -> None:
    assert PLACES["BF47"]["name"] == "Tannounyan"
    assert "Cascades" in PLACES["BF47"]["alt_names"].split("|")


def test_codes_of_other_schemes_lead_to_places_that_exist() -> None:
    codes = load_place_codes()
    assert codes["iso3:MLI"] == "ML"
    assert codes["geonames:2453866"] == "ML"
    assert set(codes.values()) <= set(PLACES)
    iso3 = Counter(place for code, place in codes.items() if code.startswith("iso3:"))
    assert set(iso3.values()) == {1}
    assert {p["place_id"] for p in PLACES.values() if p["level"] == 0} == set(iso3)


def test_no_two_tiles_of_one_map_lie_on_each_other() -> None:
    tiles = load_tiles()
    for level, country in ((0, None), (1, "ML")):
        of_map = [
            tiles[p["place_id"]]
            for p in PLACES.values()
            if p["level"] == level and p["place_id"] in tiles and (country is None or p["country_code"] == country)
        ]
        assert len(of_map) == len(set(of_map))
    assert set(tiles) >= SAHEL
    assert set(valid_on("ML", dt.date(2024, 6, 1))) <= set(tiles)


def test_the_cercles_of_mali_are_the_fifty_three_that_ocha_counts() -> None:
    cercles = [p for p in PLACES.values() if p["country_code"] == "ML" and p["level"] == 2]
    assert len(cercles) == 53
    assert all(p["place_id"].startswith(p["parent_id"]) for p in cercles)
