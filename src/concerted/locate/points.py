"""Places found from coordinates: point in polygon, all distinct points at once.

Place on the way: third part of locate. In go distinct (longitude, latitude, scope, era), out comes the finest area
that holds each point, or the nearest one within a small distance, or that the point lies outside the stated countries.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from concerted.locate.reference import Place, Reference

#: Degrees (about 2 km): boundaries are simplified and towns stand on rivers, so a point may fall just outside its area.
BORDER_TOLERANCE = 0.02

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Polygons:
    """The areas of reference that have a geometry, in order of their ids, and a tree over them."""

    places: list[Place]
    tree: shapely.STRtree

    @classmethod
    def of(cls, ref: Reference) -> "Polygons":
        """All areas of a reference with a geometry; polygons that cross themselves are mended."""
        places = [p for _, p in sorted(ref.places.items()) if p.row["geometry_wkb"] is not None]
        shapes = shapely.from_wkb([p.row["geometry_wkb"] for p in places])
        shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes)) if len(places) else shapes
        return cls(places, shapely.STRtree(shapes))


def place_points(points: pa.Table, polygons: Polygons) -> tuple[list[Place | None], Bools]:
    """The area of each point, and whether the point lies outside the countries that the statement names.

    Of the areas that hold a point, one valid at the statement's time comes first, then the finest, then the lowest id
    (for points on a border). Without countries any area will do. Outside means: in another country's area, or nowhere
    near the areas of the stated ones. Where no area of a stated country is known, nothing is said.

    Args:
        points: longitude, latitude (WGS 84 degrees), scope (alpha-2 codes joined by "|", null = not said), era.
    """
    count, areas = points.num_rows, polygons.places
    if not areas or not count:
        return [None] * count, np.zeros(count, np.bool_)
    shapes = shapely.points(points["longitude"].to_numpy(), points["latitude"].to_numpy())
    era = points["era"].to_numpy().astype(np.int64)
    allowed = _Allowed.of(points["scope"], areas)

    point, area = polygons.tree.query(shapes, predicate="intersects")
    is_in_stated = allowed[point, area]
    is_elsewhere = np.zeros(count, np.bool_)
    is_elsewhere[point[~is_in_stated]] = True
    best = _best(point[is_in_stated], area[is_in_stated], era, areas, count)

    # A coarse country outline may hold a point that finer boundaries miss by a little: those look for a near area too.
    level = np.array([a.level for a in areas])
    is_coarse = (best < 0) | (level[best] == 0)
    missing = np.flatnonzero(is_coarse)
    near_point, near_area = polygons.tree.query(shapes[missing], predicate="dwithin", distance=BORDER_TOLERANCE)
    near_point = missing[near_point]
    is_in_stated = allowed[near_point, near_area]
    near_point, near_area = near_point[is_in_stated], near_area[is_in_stated]
    distance = shapely.distance(shapes[near_point], polygons.tree.geometries[near_area])
    nearest = _best(near_point, near_area, era, areas, count, distance)
    best = np.where(is_coarse & (nearest >= 0), nearest, best)

    is_outside = (best < 0) & (is_elsewhere | allowed.has_outline()) & _is_said(points["scope"])
    return [areas[i] if i >= 0 else None for i in best], is_outside


@dataclass(frozen=True)
class _Allowed:
    """Which areas each point may be in: a matrix (distinct country sets x areas) read by point."""

    areas: list[Place]
    table: Bools
    row: Ints

    @classmethod
    def of(cls, stated: pa.ChunkedArray, areas: list[Place]) -> "_Allowed":
        encoded = stated.combine_chunks().dictionary_encode()
        encoded = encoded if isinstance(encoded, pa.DictionaryArray) else encoded.chunk(0)
        sets = [frozenset(s.split("|")) for s in encoded.dictionary.to_pylist()]
        table = np.array([[a.country in s for a in areas] for s in sets] + [[True] * len(areas)], np.bool_)
        return cls(areas, table, encoded.indices.fill_null(len(sets)).to_numpy(zero_copy_only=False))

    def __getitem__(self, at: tuple[Ints, Ints]) -> Bools:
        found: Bools = self.table[self.row[at[0]], at[1]]
        return found

    def has_outline(self) -> Bools:
        """Whether the whole outline of one of the point's countries is known, and not some of its areas only."""
        is_whole = np.array([a.level == 0 for a in self.areas], np.bool_)
        found: Bools = np.any(self.table & is_whole, axis=1, keepdims=True)[self.row, 0]
        return found


def _is_said(stated: pa.ChunkedArray) -> Bools:
    said: Bools = stated.is_valid().to_numpy()
    return said


def _best(
    point: Ints, area: Ints, era: Ints, areas: list[Place], count: int, distance: npt.NDArray[np.float64] | None = None
) -> Ints:
    """The best area of each point by (valid at its time, near, fine, id); -1 where there is none."""
    first = np.array([a.first_era for a in areas])[area]
    last = np.array([a.last_era for a in areas])[area]
    level = np.array([a.level for a in areas])[area]
    is_invalid = (era[point] < first) | (era[point] > last)
    far = np.zeros(len(point)) if distance is None else distance
    order = np.lexsort((area, far, -level, is_invalid, point))
    best = np.full(count, -1, np.int64)
    point, area = point[order], area[order]
    is_first = np.ones(len(point), np.bool_)
    is_first[1:] = point[1:] != point[:-1]
    best[point[is_first]] = area[is_first]
    return best
