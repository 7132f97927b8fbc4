"""Any JSON that calls itself GeoJSON or TopoJSON is read, explained or refused, and nothing else happens."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.errors import SourceError
from concerted.sources.base import Input, SourceConfig
from reading import read_input

LEAVES = st.one_of(
    st.none(), st.booleans(), st.floats(-200, 200), st.integers(-3, 3), st.sampled_from(["ML05", "Mopti", "", "x"])
)
ANY = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["type", "coordinates", "arcs", "adm1_name", "adm1_pcode", "best", "id"]), inner
        ),
    ),
    max_leaves=12,
)
POSITIONS = st.lists(st.lists(st.floats(-200, 200), min_size=2, max_size=3), max_size=6)
GEOMETRIES = st.one_of(
    ANY,
    st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": st.lists(POSITIONS, max_size=2)}),
    st.fixed_dictionaries({"type": st.sampled_from(["Point", "LineString", "MultiPolygon"]), "coordinates": ANY}),
    st.fixed_dictionaries(
        {"type": st.just("Polygon"), "arcs": st.lists(st.lists(st.integers(-3, 3), max_size=3), max_size=2)}
    ),
)
NAMES = {"adm1_name": "Mopti", "adm1_pcode": "ML05"}
FEATURES = st.one_of(ANY, st.fixed_dictionaries({"properties": st.one_of(ANY, st.just(NAMES)), "geometry": GEOMETRIES}))
DOCUMENTS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("FeatureCollection"), "features": st.one_of(ANY, st.lists(FEATURES, max_size=4))}
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("Topology"),
            "arcs": st.one_of(ANY, st.lists(POSITIONS, max_size=3)),
            "transform": st.one_of(ANY, st.just({"scale": [0.1, 0.1], "translate": [0, 0]}), st.none()),
            "objects": st.one_of(ANY, st.fixed_dictionaries({"a": GEOMETRIES, "b": GEOMETRIES})),
        }
    ),
)


@pytest.mark.parametrize("kind", ["boundaries", "ucdp-ged"])
@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS)
def test_any_document_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, kind: str, document: Any) -> None:
    path: Path = tmp_path_factory.mktemp("json") / "a.geojson"
    path.write_text(json.dumps(document))
    try:
        reading = read_input(Input(path, path.name, "", path.stat().st_size, kind, SourceConfig("a")))
    except SourceError:
        return
    for name in reading.tables:
        keys = [(row.get("place_id"), row.get("event_id")) for row in reading.rows(name)]
        assert len(set(keys)) == len(keys)
