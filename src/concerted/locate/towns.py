"""Towns of gazetteers, as names and codes of the area they lie in.

Place on the way: inside locate, between points and text. A list such as GeoNames gives towns with a point and no admin
level; with boundaries loaded, a town's name leads to its area. Without boundaries it leads nowhere.
"""

import pyarrow as pa

from concerted.locate.fold import fold_name
from concerted.locate.points import Polygons, place_points
from concerted.locate.reference import Reference

#: Alternative names shorter than this are airport codes and the like.
MIN_LETTERS = 4


def settle_towns(ref: Reference, polygons: Polygons) -> None:
    """Learn for every town of the reference which area holds it, by name and by code."""
    towns = sorted(ref.towns, key=lambda row: (row["place_id"], row["source_id"] or ""))
    points = pa.table(
        {
            "longitude": pa.array([t["longitude"] for t in towns], pa.float64()),
            "latitude": pa.array([t["latitude"] for t in towns], pa.float64()),
            "scope": pa.array([t["country_code"] for t in towns], pa.string()),
            "era": pa.array([len(ref.breaks)] * len(towns), pa.int64()),
        }
    )
    areas, _ = place_points(points, polygons)
    for town, area in zip(towns, areas, strict=True):
        if area is None:
            continue
        ref.by_code[town["place_id"]][town["source_id"] or ""] = area
        others = [n for n in (town["alt_names"] or "").split("|") if len(n) >= MIN_LETTERS]
        for name in (town["name"], town["name_fr"], town["name_en"], town["name_ar"], *others):
            if name:
                ref.by_town[area.country][fold_name(name).key][area.id] = area
