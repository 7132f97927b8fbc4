"""Statements as tables for the tests of classify, and the step run over them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
import pyarrow as pa

from concerted.classify.params import ClassifyParams
from concerted.classify.step import INPUTS, run
from concerted.model.tables import ON_ACTIVITY, full_schema

Row = dict[str, Any]


@dataclass
class World:
    """Rows by table; rows may leave out columns."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> "World":
        """Add a row."""
        self.rows.setdefault(table, []).append(row)
        return self

    def activity(self, record_id: int = 1, title: str = "", description: str = "", **row: Any) -> "World":
        """Add a statement."""
        given = {"record_id": record_id, "title": title or None, "description": description or None}
        return self.add(
            "activity", **{"source_id": "s", "input_path": "f.xml", "line": 7, "marking_key": "CLEAR", **given, **row}
        )

    def sector(
        self, code: str, pct: float | None = None, record_id: int = 1, transaction: int = ON_ACTIVITY, **row: Any
    ) -> "World":
        """Add a sector at the next place of its activity or transaction."""
        before = self.rows.get("sector", [])
        seq = sum(r["record_id"] == record_id and r["transaction_seq"] == transaction for r in before)
        given = {"record_id": record_id, "transaction_seq": transaction, "seq": seq, "code": code, "pct": pct}
        return self.add("sector", **{"vocabulary_code": "1", **given, **row})

    def run(self, params: ClassifyParams, names: Iterable[str] | None = None) -> "Outcome":
        """Run the step in a fresh DuckDB."""
        connection = ibis.duckdb.connect(threads=2)
        tables = {}
        for name in INPUTS:
            schema = full_schema(name.removeprefix("core_"))
            rows = self.rows.get(name.removeprefix("core_"), [])
            columns = [pa.array([r.get(f.name) for r in rows], f.type) for f in schema]
            tables[name] = connection.create_table(name, pa.table(columns, schema=schema))
        result = run(tables, params)
        return Outcome(
            {name.removeprefix("core_"): table.to_pyarrow().to_pylist() for name, table in result.tables.items()},
            [row for issues in result.issues for row in issues.to_pyarrow().to_pylist()],
        )


@dataclass
class Outcome:
    """Rows of the outputs by bare name, and issues."""

    tables: Mapping[str, list[Row]]
    issues: list[Row]

    def shares(self, record_id: int = 1, transaction: int = ON_ACTIVITY, framework: str = "plan") -> dict[str, int]:
        """Node -> share of one spread."""
        key = (record_id, transaction, framework)
        return {
            r["node_id"]: r["share"]
            for r in self.tables["node_share"]
            if (r["record_id"], r["transaction_seq"], r["framework_id"]) == key
        }

    def labels(self, record_id: int = 1, framework: str = "plan") -> dict[tuple[str, str], Row]:
        """(node, method) -> label row."""
        return {
            (r["node_id"], r["method"]): r
            for r in self.tables["label"]
            if (r["record_id"], r["framework_id"]) == (record_id, framework)
        }

    def sorted(self) -> dict[str, list[Row]]:
        """Everything in a fixed order, to compare two runs."""
        return {name: sorted(rows, key=repr) for name, rows in self.tables.items()}
