"""Lists of places and of population."""

from datetime import date
from pathlib import Path

import pytest

from reading import read_one

PCODES = """Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date
#country+code,#geo+admin_level,#adm+code,#adm+name,#adm+code+parent,#date+start
MLI,1,ML05,Mopti,MLI,2021-12-20
MLI,2,ML0504,Koro,ML05,2021-12-20
MLI,2,ML0504,Koro,ML05,2021-12-20
MLI,2,,Nowhere,ML05,2021-12-20
NAM,1,NA01,Erongo,NAM,
"""


def test_p_codes_become_places_below_their_country(tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "pcodes.csv", PCODES)
    assert (reading.source.kind, reading.seen, reading.read) == ("pcodes", 5, 3)
    rows = [(r["place_id"], r["level"], r["parent_id"], r["country_code"], r["name"]) for r in reading.rows("place")]
    assert rows == [
        ("ML05", 1, "ML", "ML", "Mopti"),
        ("ML0504", 2, "ML05", "ML", "Koro"),
        ("NA01", 1, "NA", "NA", "Erongo"),
    ]
    assert reading.rows("place")[0]["valid_from"] == date(2021, 12, 20)
    assert reading.codes() == {"place_repeated": 1, "place_unreadable": 1}


def test_settlements_are_points_without_a_level(tmp_path: Path) -> None:
    table = (
        "geonameid,name,latitude,longitude,countrycode,admin1code,population,timezone,alternatenames\n"
        "2453348,Mopti,14.48,-4.18,ML,04,0,Africa/Bamako,Mopti|Moptí|موبتي\n"
        "1,Far,200,0,ML,,,,\n"
    )
    reading = read_one(tmp_path / "in", "places.csv", table)
    assert (reading.source.kind, reading.read, reading.set_aside) == ("gazetteer", 1, 1)
    (row,) = reading.rows("place")
    assert "level" not in row
    assert (row["place_id"], row["alt_names"], row["latitude"]) == ("geonames:2453348", "Moptí|موبتي", 14.48)


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ("ADM1_PCODE,ADM1_REF,ADM0_PCODE,population\nML05,Mopti,ML,2037330\n", ("ML", "ML05", "Mopti", None, 2037330)),
        (
            "ADM0_PCODE,ADM_LEVEL,ADM_PCODE,ADM_REF,Population\nML,1,ML05,Mopti,2037330.0\n",
            ("ML", "ML05", "Mopti", None, 2037330),
        ),
        (
            "ADM0_PCODE,ADM1_PCODE,ADM2_FR,ADM2_PCODE,T_TL,year\nML,ML05,Koro,ML0504,5,2020\n",
            ("ML", "ML0504", "Koro", 2020, 5),
        ),
        (
            "Pays,Code région,Région,Année,Population\n#country,#adm1+code,#adm1,#date,#population\n"
            "ML,ML05,Mopti,2026,1 000\n",
            ("ML", "ML05", "Mopti", 2026, 1000),
        ),
    ],
)
def test_population_tables_of_several_shapes(tmp_path: Path, table: str, place: tuple[object, ...]) -> None:
    reading = read_one(tmp_path / "in", "pop.csv", table)
    (row,) = reading.rows("population")
    assert tuple(row.get(k) for k in ("country_code", "place_code", "place_name", "year", "population")) == place


def test_unknown_population_is_set_aside_and_not_zero(tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "pop.csv", "ADM1_PCODE,population\nML05,\nML06,0\n", "mapping: {year: 2020}")
    assert [(r["place_code"], r["year"], r["population"]) for r in reading.rows("population")] == [("ML06", 2020, 0)]
    assert reading.codes() == {"place_unreadable": 1}
