"""GeoJSON and TopoJSON documents as features, whatever somebody made of the format.

Place on the way: below the readers of boundaries and events. The bytes of a document enter; features leave, each with
`properties` (a dict or None), `id` and `geometry` (a dict or None).
"""

import json
from typing import Any

from concerted.model.errors import SourceError
from concerted.sources.geojson.topology import features as topology_features

Feature = dict[str, Any]


def read_features(data: bytes, what: str) -> list[Feature]:
    """The features of a document.

    Raises:
        SourceError: it is not JSON, or neither a collection of features nor a topology.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{what}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise SourceError(f"{what}: found a JSON {type(document).__name__}, expected a FeatureCollection or a Topology")
    try:
        found = list(topology_features(document)) if document.get("type") == "Topology" else document.get("features")
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        raise SourceError(f"{what}: its arcs or transform are not those of a topology ({error!r})") from error
    if not isinstance(found, list):
        raise SourceError(f"{what}: found no list of features")
    return [_feature(item) for item in found]


def _feature(raw: Any) -> Feature:
    item = raw if isinstance(raw, dict) else {}
    properties, geometry = item.get("properties"), item.get("geometry")
    return {
        "properties": properties if isinstance(properties, dict) else None,
        "id": item.get("id"),
        "geometry": geometry if isinstance(geometry, dict) else None,
    }
