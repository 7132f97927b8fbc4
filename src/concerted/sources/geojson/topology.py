"""TopoJSON geometries as coordinates.

Place on the way: below the readers of boundaries and events. Source: TopoJSON Format Specification, sections 2.1.1 to
2.1.4 (positions, transforms, arcs, arc indexes).
"""

from collections.abc import Iterator
from typing import Any

from concerted.model.errors import RecordError

Line = list[tuple[float, float]]


def features(topology: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each geometry of each object as a GeoJSON feature (`properties`, `id`, `geometry`).

    A geometry that points to an arc that is not there has `geometry` None.
    """
    arcs = _arcs(topology)
    for entry in topology.get("objects", {}).values():
        for item in _leaves(entry):
            try:
                geometry = _geometry(item, arcs, topology.get("transform"))
            except (RecordError, IndexError, KeyError, TypeError, ValueError):
                geometry = None
            yield {"properties": item.get("properties"), "id": item.get("id"), "geometry": geometry}


def _leaves(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if entry.get("type") == "GeometryCollection":
        for child in entry.get("geometries", []):
            yield from _leaves(child)
    else:
        yield entry


def _arcs(topology: dict[str, Any]) -> list[Line]:
    """Arcs in degrees; with a transform each position is the step from the one before it, in whole units."""
    transform = topology.get("transform")
    if transform is None:
        return [[(float(p[0]), float(p[1])) for p in arc] for arc in topology.get("arcs", [])]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    found = []
    for arc in topology.get("arcs", []):
        x = y = 0
        line: Line = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            line.append((x * sx + tx, y * sy + ty))
        found.append(line)
    return found


def _ring(indexes: list[int], arcs: list[Line]) -> Line:
    """Arcs joined; a negative index is the arc `~index` backwards; the shared point of two arcs counts once."""
    ring: Line = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc if not ring else arc[1:])
    return ring


def _geometry(item: dict[str, Any], arcs: list[Line], transform: dict[str, Any] | None) -> dict[str, Any] | None:
    kind = item.get("type")
    if kind == "Polygon":
        return {"type": kind, "coordinates": [_ring(ring, arcs) for ring in item["arcs"]]}
    if kind == "MultiPolygon":
        return {"type": kind, "coordinates": [[_ring(ring, arcs) for ring in part] for part in item["arcs"]]}
    if kind == "Point":
        x, y = item["coordinates"][:2]
        if transform is not None:
            x = x * transform["scale"][0] + transform["translate"][0]
            y = y * transform["scale"][1] + transform["translate"][1]
        return {"type": kind, "coordinates": [x, y]}
    if kind is None:
        return None
    raise RecordError(f"a {kind} is no area and no point")
