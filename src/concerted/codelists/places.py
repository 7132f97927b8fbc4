"""The shipped list of places: countries, first-level areas of the Sahel and its neighbours, Mali's cercles.

Place on the way: reference data for locate and the pages. In goes `places.csv` beside this module; out come rows of
table `place`, the codes by which others call them, and the neutral tile map. Ids are p-codes as OCHA uses them; an
area that has none yet carries an id of ours with a hyphen (`ML-nioro`). Geometry comes from boundary sources, never
from here.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from importlib.resources import files

import pyarrow as pa

from concerted.model.tables import rec_schema

#: `source_id` of the shipped places.
SOURCE_ID = "concerted"


def load_places() -> pa.Table:
    """The shipped places with the schema of `rec_place`; geometry and representative points are null."""
    rows = [
        {
            "source_id": SOURCE_ID,
            "place_id": row["place_id"],
            "level": int(row["level"]),
            "parent_id": row["parent_id"] or None,
            "country_code": row["country_code"],
            "name": row["name_fr"],
            "name_fr": row["name_fr"],
            "name_en": row["name_en"],
            "name_ar": row["name_ar"] or None,
            "alt_names": row["alt_names"] or None,
            "valid_from": _date(row["valid_from"]),
            "valid_to": _date(row["valid_to"]),
        }
        for row in _rows()
    ]
    return pa.Table.from_pylist(rows, schema=rec_schema("place"))


def load_place_codes() -> dict[str, str]:
    """place_id by a code of another scheme, as `scheme:code` (iso3:MLI, geonames:2453866, rowca:MLI001)."""
    return {code: row["place_id"] for row in _rows() for code in row["codes"].split("|") if code}


def load_tiles() -> dict[str, tuple[int, int]]:
    """(column, row) of a place on its neutral tile map, from the north-west: one map of countries, one of regions."""
    return {row["place_id"]: (int(row["tile_col"]), int(row["tile_row"])) for row in _rows() if row["tile_col"]}


def _rows() -> Iterator[dict[str, str]]:
    yield from csv.DictReader(files("concerted.codelists").joinpath("places.csv").read_text("utf-8").splitlines())


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
