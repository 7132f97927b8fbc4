"""The two engines that run steps: DuckDB inside this process, or Apache Spark. Nothing else knows which one it is.

Tables enter and leave as Parquet files, ordered by their key; everything between is an Ibis expression.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

#: Rows per row group; fixed, because the bytes of an edition must not depend on the machine.
ROW_GROUP = 122_880


class Engine(Protocol):
    """What the build needs of an engine."""

    name: str

    def scan(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """A table over Parquet files of one schema; an empty table when there are none."""
        ...

    def write(self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str]) -> None:
        """Write `table` as one Parquet file with exactly `schema`, in `order` (nulls last)."""
        ...

    def close(self) -> None:
        """Release what the engine holds."""
        ...


def ordered(table: ir.Table, schema: pa.Schema, order: Sequence[str]) -> ir.Table:
    """`table` with the columns and types of `schema`, sorted by `order`, nulls last."""
    columns = table.columns
    missing = [name for name in schema.names if name not in columns]
    if missing:
        from concerted.model.errors import SchemaError

        raise SchemaError(f"columns {missing} are missing; found {list(columns)}")
    types = ibis.Schema.from_pyarrow(schema)
    current = table.schema()
    picked = table.select(
        **{
            name: table[name] if current[name] == types[name] else table[name].cast(types[name])
            for name in schema.names
        }
    )
    return picked.order_by([ibis.asc(name, nulls_first=False) for name in order])


@dataclass
class DuckEngine:
    """DuckDB in this process; spills to `scratch` beyond `memory`."""

    scratch: Path
    threads: int | None = None
    memory: str = "4GB"
    name: str = "duckdb"

    def __post_init__(self) -> None:
        # Extensions are never fetched: DuckDB would otherwise call an outside host when a query names one.
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(self.scratch),
            "memory_limit": self.memory,
            "threads": self.threads or os.cpu_count() or 1,
        }
        self.connection = ibis.duckdb.connect(**config)
        # The result of a query is read where its ORDER BY says so; nothing else may cost memory for keeping order.
        self.connection.raw_sql("SET preserve_insertion_order = true")

    def scan(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not files:
            return self.connection.create_table(name, schema=ibis.Schema.from_pyarrow(schema), overwrite=True)
        return self.connection.read_parquet([str(f) for f in files], table_name=name)

    def write(self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str]) -> None:
        self.connection.to_parquet(
            ordered(table, schema, order), str(target), compression="zstd", row_group_size=ROW_GROUP
        )

    def close(self) -> None:
        self.connection.disconnect()


def write_batches(batches: Iterable[pa.RecordBatch], target: Path, schema: pa.Schema) -> None:
    """Arrow batches as one Parquet file; used where the engine has no writer of single files."""
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
