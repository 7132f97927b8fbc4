"""Coordinates of IATI locations.

Place on the way: part of step 2. Enters: positions (`latitude longitude`, 2.x) and latitudes and longitudes of their
own (1.x), as text. Leaves: degrees of WGS 84, null where they cannot be meant, and which rows those are.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.records.iati.typed import Typed, numbers

_POSITION = r"^(?P<latitude>[^\s\p{Z},;]+)[\s\p{Z},;]+(?P<longitude>[^\s\p{Z},;]+)$"


def points(positions: pa.StringArray, latitudes: pa.StringArray, longitudes: pa.StringArray) -> tuple[Typed, pa.Array]:
    """Latitude (with its faults) and longitude, both known or both null.

    Issues:
        coordinates_wrong: not two numbers, outside -90..90 and -180..180, or 0,0, which stands for nothing.
    Source: IATI 2.03 location/point/pos; 1.03 location/coordinates.
    """
    count = len(positions)
    given = np.asarray(positions.is_valid())
    if given.any():
        parts = pc.extract_regex(positions, _POSITION)
        of_position = np.asarray(parts.is_valid())
        latitudes = pc.if_else(pa.array(of_position), parts.field("latitude"), latitudes)
        longitudes = pc.if_else(pa.array(of_position), parts.field("longitude"), longitudes)
        given |= of_position
    given |= np.asarray(latitudes.is_valid()) | np.asarray(longitudes.is_valid())
    if not given.any():
        return Typed(pa.nulls(count, pa.float64())), pa.nulls(count, pa.float64())
    latitude, longitude = (
        np.asarray(numbers(texts).array.fill_null(float("nan"))) for texts in (latitudes, longitudes)
    )
    with np.errstate(invalid="ignore"):
        good = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180) & ((latitude != 0) | (longitude != 0))
    wrong = np.flatnonzero(given & ~good)
    return (
        Typed(pa.array(latitude, mask=~good), {"coordinates_wrong": wrong} if len(wrong) else {}),
        pa.array(longitude, mask=~good),
    )
