"""A small edition made by hand, written as a build would write it."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from concerted.model.tables import conform, full_schema, tables
from web.fixture_asks import ask_id, asks
from web.fixture_chain import links
from web.fixture_picture import allocations, cube, people, unshown
from web.fixture_records import (
    AS_OF,
    EDITION_ID,
    FEW,
    FEW_PEOPLE,
    FIRST_HIDDEN,
    ORGANISATIONS,
    OTHER_FEW,
    org_id,
    records,
)
from web.fixture_statements import statements
from web.fixture_tables import (
    cliffs,
    concentration,
    frameworks,
    freshness,
    informed,
    issues,
    node_indicators,
    nodes,
    places,
    quality,
    targets,
)


def write_edition(
    data: Path,
    folder_name: str = EDITION_ID,
    *,
    geometry: bool = False,
    with_hidden: bool = True,
    stated: dict[str, list[dict[str, Any]]] | None = None,
) -> Path:
    """Write the edition below `data` and let `current` name it; returns its folder.

    Without the hidden records nothing is left of what the public may not see in any view, and the counts of few people
    are others: to the public, both editions must be one and the same. `stated` stands for its needs and offers.
    """
    folder = data / "editions" / folder_name
    folder.mkdir(parents=True)
    chosen = [r for r in records() if with_hidden or r.number < FIRST_HIDDEN or r.coarse]
    few = FEW if with_hidden else OTHER_FEW
    allocation = [row for record in chosen for row in allocations(record)]
    content: dict[str, list[dict[str, Any]]] = {
        "framework": frameworks(),
        "node": nodes(),
        "node_indicator": node_indicators(),
        "place": places(geometry),
        "organisation": [
            {
                "org_id": org_id(i),
                "marking_key": key,
                "ref": f"XM-FIX-{i}",
                "name": n,
                "type_code": "22",
                "is_reporter": True,
                "matched_by": "ref",
            }
            for i, n in enumerate(ORGANISATIONS)
            for key in sorted({r.marking for r in chosen if r.partner == i})
        ],
        "allocation": allocation,
        "cell": cube(allocation),
        "target": targets(),
        "informed": informed(with_hidden),
        "concentration": concentration(chosen),
        "cliff": cliffs(chosen),
        "freshness": freshness(chosen, with_hidden),
        "quality": quality(with_hidden),
        "issue": issues(chosen),
        **statements(chosen, few),
        **links(chosen),
        **people(chosen, few, ask_id("N1")),
        "unshown_total": unshown(),
        **(asks(with_hidden) if stated is None else stated),
    }
    for name, spec in tables().items():
        rows = content.get(name, [])
        table = conform(pa.Table.from_pylist(rows, schema=_subset(full_schema(name), rows)), full_schema(name), name)
        table = table.sort_by([(key, "ascending") for key in spec.key])
        pq.write_table(table, folder / f"{spec.full_name}.parquet")
    manifest = {
        "edition_id": folder_name,
        "as_of": str(AS_OF),
        "parameters": {"as_of": str(AS_OF), "strategy": None, "frameworks": ["un-gcts"], "few_people": FEW_PEOPLE},
        "is_demonstration": True,
        "code": {"version": "0.1.0", "hash": "c0de" * 8},
        "inputs": [
            {
                "path": "iati/delta.xml",
                "sha256": "ab" * 32,
                "bytes": 123_456,
                "kind": "iati",
                "source_id": "iati/delta",
                "marking": "CLEAR",
                "publisher": "Agence du Delta",
                "licence": "CC-BY-4.0",
                "seen": 40,
                "read": 40,
                "set_aside": 0,
            },
            {
                "path": "hidden/zzcanaryfile.csv",
                "sha256": "cd" * 32,
                "bytes": 99,
                "kind": "sheet",
                "source_id": "hidden/zzcanaryfile",
                "marking": "RED:amina",
                "publisher": "Quetzalcoatl Secret Fund",
                "licence": None,
                "seen": 9,
                "read": 9,
                "set_aside": 0,
            },
        ],
        "tables": {},
        "issues": {"share_sum": 3},
        "unread": {"crs-add": 12},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (data / "current").write_text(folder_name + "\n", "utf-8")
    return folder


def _subset(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Schema:
    names = {name for row in rows for name in row}
    unknown = names - set(schema.names)
    assert not unknown, f"the fixture writes columns that the field dictionary does not have: {sorted(unknown)}"
    return pa.schema([f for f in schema if f.name in names]) if rows else schema
