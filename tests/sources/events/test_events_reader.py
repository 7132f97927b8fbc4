"""Events: where, when, how many deaths; never who."""

import json
from datetime import date
from pathlib import Path

from reading import read_one

GED = """id,year,side_a,side_b,dyad_name,country,adm_1,latitude,longitude,date_start,date_end,best,high,low
101,2021,Side One,Side Two,One - Two,Mali,Mopti,14.5,-4.1,2021-03-04,2021-03-05,3,5,2
102,2021,Side One,Civilians,One - Civilians,DR Congo (Zaire),,1,29,2021-03-04,2021-03-05,0,1,0
103,2021,Side One,Civilians,One - Civilians,Mali,,95,29,2021-03-04,2021-03-05,0,1,0
104,2021,Side One,Civilians,One - Civilians,Mali,,14,29,2021-03-04,2021-03-05,some,1,0
"""


def test_a_ged_table_is_read_without_names_of_sides(tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "ged.csv", GED)
    assert (reading.source.kind, reading.seen, reading.read) == ("ucdp-ged", 4, 2)
    first, second = reading.rows("event")
    assert (
        first.items()
        >= {
            "event_id": "101",
            "line": 2,
            "event_date": date(2021, 3, 4),
            "country_code": "ML",
            "admin1_name": "Mopti",
            "latitude": 14.5,
            "best": 3,
            "low": 2,
            "high": 5,
        }.items()
    )
    assert (second["country_code"], second["best"]) == ("CD", 0)
    assert "Side" not in repr(reading.tables["event"].to_pylist()) + repr(reading.issues)
    assert reading.unread["dyad_name"] == 4
    assert reading.codes() == {"event_unreadable": 2}


def test_points_without_ids_get_ids_from_what_they_say(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-4.8, 14.0]},
        "properties": {"best": 0.0, "low": 0.0, "high": 1.0},
    }
    document = {"type": "FeatureCollection", "features": [feature, feature]}
    reading = read_one(tmp_path / "in", "ged.geojson", json.dumps(document))
    assert reading.source.kind == "ucdp-ged"
    assert len({e["event_id"] for e in reading.rows("event")}) == 2
