"""Places as the site knows them on the day of an edition."""

from datetime import date

import duckdb

from concerted.web.edition.places import read_places

ROWS = """
CREATE TABLE core_place AS SELECT * FROM (VALUES
    ('concerted', 'ML', 0, NULL, 'Mali', NULL, NULL),
    ('concerted', 'ML05', 1, 'ML', 'Mopti', NULL, NULL),
    ('concerted', 'ML-san', 1, 'ML', 'San', DATE '2023-03-13', NULL),
    ('older', 'ML99', 1, 'ML', 'Gone', NULL, DATE '2016-01-18')
) AS t (source_id, place_id, level, parent_id, name, valid_from, valid_to);
ALTER TABLE core_place ADD COLUMN name_fr VARCHAR;
ALTER TABLE core_place ADD COLUMN name_en VARCHAR;
ALTER TABLE core_place ADD COLUMN name_ar VARCHAR;
ALTER TABLE core_place ADD COLUMN geometry_wkb BLOB;
ALTER TABLE core_place ADD COLUMN longitude DOUBLE;
ALTER TABLE core_place ADD COLUMN latitude DOUBLE;
"""


def _standing(day: date | None) -> set[str]:
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        return {place.id for place in read_places(connection, day).values() if place.stands}


def test_a_region_that_was_made_later_does_not_stand_on_the_day_of_the_edition() -> None:
    assert _standing(date(2022, 3, 31)) == {"ML", "ML05"}


def test_a_region_stands_from_its_first_day_on() -> None:
    assert _standing(date(2023, 3, 13)) == {"ML", "ML05", "ML-san"}


def test_without_a_day_only_what_has_ended_does_not_stand() -> None:
    assert _standing(None) == {"ML", "ML05", "ML-san"}
