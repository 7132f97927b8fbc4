"""Boundaries: names and codes whatever they are called, valid areas in degrees."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from reading import read_one

SQUARE = [[0, 10], [1, 10], [1, 11], [0, 11], [0, 10]]
BOW_TIE = [[0, 10], [1, 11], [1, 10], [0, 11], [0, 10]]


def collection(*features: tuple[dict[str, Any] | None, Any]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": p, "geometry": g and {"type": "Polygon", "coordinates": [g]}}
                for p, g in features
            ],
        }
    )


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        (
            {
                "admin0Pcod": "ML",
                "admin1Name": "Mopti",
                "admin1Pcod": "ML05",
                "admin2Name": "Koro",
                "admin2Pcod": "ML0504",
            },
            {"place_id": "ML0504", "level": 2, "parent_id": "ML05", "country_code": "ML", "name": "Koro"},
        ),
        (
            {"ADM1_FR": "Mopti", "ADM1_AR": "موبتي", "ADM1_PCODE": "ML05", "ADM0_PCODE": "ML", "validOn": "2021-12-20"},
            {"place_id": "ML05", "level": 1, "parent_id": "ML", "name_ar": "موبتي", "valid_from": date(2021, 12, 20)},
        ),
        (
            {"adm1": "Mopti", "adm1_pcode": "ML05", "country_pcode": "ML"},
            {"place_id": "ML05", "level": 1, "name": "Mopti"},
        ),
        (
            {
                "CNTRY_CODE": "TCD",
                "ADM1_NAME": "Kanem",
                "ADM2_NAME": "Nord",
                "Rowcacode1": "TCD006",
                "Rowcacode2": "TCD006002",
            },
            {"place_id": "TCD006002", "level": 2, "parent_id": "TCD006", "country_code": "TD"},
        ),
        (
            {"shapeName": "Gao", "shapeISO": "ML-7", "shapeID": "1B2", "shapeGroup": "MLI", "shapeType": "ADM1"},
            {"place_id": "ML-7", "level": 1, "name": "Gao", "country_code": "ML"},
        ),
        ({"ISO2": "DZ", "ISO3": "DZA", "NAME": "Algeria"}, {"place_id": "DZ", "level": 0, "name": "Algeria"}),
        ({"ISO_3": "UZB", "Terr_Name": "Uzbekistan"}, {"place_id": "UZ", "level": 0}),
    ],
)
def test_codes_and_names_are_found_whatever_they_are_called(
    tmp_path: Path, properties: dict[str, Any], place: dict[str, Any]
) -> None:
    reading = read_one(tmp_path / "in", "a.geojson", collection((properties, SQUARE)))
    found = {r["place_id"]: r for r in reading.rows("place")}[place["place_id"]]
    assert found.items() >= place.items()
    assert shapely.from_wkb(found["geometry_wkb"]).area == pytest.approx(1)
    assert (0 < found["longitude"] < 1, 10 < found["latitude"] < 11) == (True, True)


def test_levels_above_are_told_without_geometry(tmp_path: Path) -> None:
    properties = {"adm1_name": "Mopti", "adm1_pcode": "ML05", "adm2_name": "Koro", "adm2_pcode": "ML0504"}
    rows = read_one(tmp_path / "in", "a.geojson", collection((properties, SQUARE))).rows("place")
    assert [(r["place_id"], r["level"], "geometry_wkb" in r) for r in rows] == [("ML05", 1, False), ("ML0504", 2, True)]


def test_source_yml_names_the_properties(tmp_path: Path) -> None:
    config = "as_of: 2020-01-01\nmapping: {level: 1, code: k, name: n, country: NE}"
    reading = read_one(tmp_path / "in", "a.geojson", collection(({"k": "X1", "n": "Diffa"}, SQUARE)), config)
    (row,) = reading.rows("place")
    assert (row["place_id"], row["country_code"], row["valid_from"]) == ("X1", "NE", date(2020, 1, 1))


def test_what_has_no_name_or_code_is_set_aside(tmp_path: Path) -> None:
    text = collection((None, SQUARE), ({"adm1_pcode": "ML05"}, SQUARE), ({"adm1_name": "Mopti"}, SQUARE))
    reading = read_one(tmp_path / "in", "a.geojson", text)
    assert (reading.seen, reading.read) == (3, 0)
    assert reading.codes() == {"feature_without_properties": 1, "feature_without_name": 1, "feature_without_code": 1}


def test_an_outline_that_crosses_itself_is_mended(tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "a.geojson", collection(({"adm1_name": "A", "adm1_pcode": "ML05"}, BOW_TIE)))
    (row,) = reading.rows("place")
    assert shapely.from_wkb(row["geometry_wkb"]).is_valid
    assert reading.codes() == {"geometry_mended": 1}


def test_metres_are_no_degrees(tmp_path: Path) -> None:
    metres = [[x * 1e5, y * 1e5] for x, y in SQUARE]
    reading = read_one(tmp_path / "in", "a.geojson", collection(({"adm1_name": "A", "adm1_pcode": "ML05"}, metres)))
    assert "geometry_wkb" not in reading.rows("place")[0]
    assert reading.codes() == {"geometry_wrong": 1}


def test_a_code_given_to_two_names_keeps_both(tmp_path: Path) -> None:
    text = collection(*(({"adm1_name": n, "adm1_pcode": "ML09"}, SQUARE) for n in ("Bamako", "Koulikoro")))
    reading = read_one(tmp_path / "in", "a.geojson", text)
    assert {r["place_id"] for r in reading.rows("place")} == {"ML09", "ML09.koulikoro"}
    assert reading.codes() == {"place_code_shared": 1}


def test_two_parts_of_one_place_are_joined(tmp_path: Path) -> None:
    moved = [[x + 5, y] for x, y in SQUARE]
    named = {"adm1_name": "A", "adm1_pcode": "ML05"}
    (row,) = read_one(tmp_path / "in", "a.geojson", collection((named, SQUARE), (named, moved))).rows("place")
    assert shapely.from_wkb(row["geometry_wkb"]).area == pytest.approx(2)


def test_a_topology_gives_the_same_area_as_geojson(tmp_path: Path) -> None:
    # Two squares that share the arc from (1, 10) to (1, 11), quantised to a hundredth of a degree.
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.01], "translate": [0, 10]},
        "arcs": [
            [[100, 0], [0, 100]],
            [[100, 100], [-100, 0], [0, -100], [100, 0]],
            [[100, 0], [100, 0], [0, 100], [-100, 0]],
        ],
        "objects": {
            "adm1": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "West"}, "id": "ML.W"},
                    {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"name": "East"}, "id": "ML.E"},
                    {"type": "Polygon", "arcs": [[7]], "properties": {"name": "Lost"}, "id": "ML.L"},
                ],
            }
        },
    }
    reading = read_one(tmp_path / "in", "a.topojson", json.dumps(topology))
    areas = {r["name"]: r.get("geometry_wkb") for r in reading.rows("place")}
    assert shapely.from_wkb(areas["West"]).bounds == pytest.approx((0, 10, 1, 11))
    assert shapely.from_wkb(areas["East"]).bounds == pytest.approx((1, 10, 2, 11))
    assert areas["Lost"] is None
    assert reading.codes() == {"geometry_wrong": 1}
