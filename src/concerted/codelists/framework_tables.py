"""Frameworks as the tables `core_framework`, `core_node` and `core_node_indicator`.

So an edition explains itself without our code.
"""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from concerted.codelists.frameworks import LANGS, Framework, Node
from concerted.model.tables import full_schema


def framework_table(frameworks: Sequence[Framework]) -> pa.Table:
    """One row per framework, sorted by id."""
    rows = [
        {
            "framework_id": f.id,
            "version": f.version,
            **_texts("name", f.name),
            "is_strategy": f.is_strategy,
            "status": f.status,
            "adopted_by": f.adopted_by,
            "adopted_date": f.adopted_date,
            "valid_from": f.valid_from,
            "valid_to": f.valid_to,
            "source": f.source,
            "place_id": f.place_id,
            "rule": json.dumps(dataclasses.asdict(f.cell_rule), default=str, sort_keys=True),
        }
        for f in sorted(frameworks, key=lambda f: f.id)
    ]
    return pa.Table.from_pylist(rows, schema=full_schema("framework"))


def node_table(frameworks: Sequence[Framework]) -> pa.Table:
    """One row per node, each framework's tree depth first in the order of its file."""
    rows: list[dict[str, Any]] = []
    for framework in sorted(frameworks, key=lambda f: f.id):
        children: dict[str | None, list[Node]] = {}
        for node in framework.nodes:
            children.setdefault(node.parent_id, []).append(node)
        stack = [(node, 0) for node in reversed(children.get(None, []))]
        position = 0
        while stack:
            node, depth = stack.pop()
            rows.append(
                {
                    "framework_id": framework.id,
                    "position": position,
                    "node_id": node.id,
                    "parent_id": node.parent_id,
                    "depth": depth,
                    "code": node.code,
                    **_texts("name", node.name),
                    **_texts("definition", node.definition),
                    "lead": node.lead,
                }
            )
            position += 1
            stack.extend((child, depth + 1) for child in reversed(children.get(node.id, [])))
    return pa.Table.from_pylist(rows, schema=full_schema("node"))


def indicator_table(frameworks: Sequence[Framework]) -> pa.Table:
    """One row per indicator of a node, in the order of the key."""
    rows = [
        {
            "framework_id": framework.id,
            "node_id": node.id,
            "indicator_id": indicator.id,
            **_texts("name", indicator.name),
            **{
                name: getattr(indicator, name)
                for name in ("unit", "baseline", "baseline_year", "target", "target_year")
            },
        }
        for framework in frameworks
        for node in framework.nodes
        for indicator in node.indicators
    ]
    rows.sort(key=lambda row: (row["framework_id"], row["node_id"], row["indicator_id"]))
    return pa.Table.from_pylist(rows, schema=full_schema("node_indicator"))


def _texts(field: str, texts: Any) -> dict[str, str | None]:
    return {f"{field}_{lang}": texts.get(lang) for lang in LANGS}
