"""The two engines that run steps: DuckDB inside this process, or Apache Spark. Nothing else knows which one it is.

Tables enter and leave as Parquet files, ordered by their key; everything between is an Ibis expression.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from concerted.model.errors import SchemaError
from concerted.store.duck import NO_EXTENSIONS, quoted

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


def typed(table: ir.Table, schema: pa.Schema) -> ir.Table:
    """`table` with exactly the columns and types of `schema`.

    Raises:
        SchemaError: a column is missing.
    """
    missing = [name for name in schema.names if name not in table.columns]
    if missing:
        raise SchemaError(f"columns {missing} are missing; found {list(table.columns)}")
    wanted = ibis.Schema.from_pyarrow(schema)
    # The cast is forced: Ibis leaves out one to the type it believes is there, but DuckDB's sum of int64 is a hugeint,
    # which Parquet would hold as a float. Not `table.name`: a column may be called like a method of Ibis (count, view).
    return table.select(**{n: ops.Cast(table[n], to=wanted[n]).to_expr().name(n) for n in schema.names})


@dataclass
class DuckEngine:
    """DuckDB in this process; spills to `scratch` beyond `memory`."""

    scratch: Path
    threads: int | None = None
    memory: str = "4GB"
    name: str = "duckdb"

    def __post_init__(self) -> None:
        self.connection = ibis.duckdb.connect(**_config(self.scratch, self.memory, self.threads))
        # The result of a query is read where its ORDER BY says so; nothing else may cost memory for keeping order.
        self.connection.raw_sql("SET preserve_insertion_order = true")

    def scan(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not files:
            return self.connection.create_table(name, schema=ibis.Schema.from_pyarrow(schema), overwrite=True)
        return self.connection.read_parquet([str(f) for f in files], table_name=name)

    def write(self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str]) -> None:
        rows = typed(table, schema).order_by([ibis.asc(name, nulls_first=False) for name in order])
        self.connection.to_parquet(rows, str(target), compression="zstd", row_group_size=ROW_GROUP)

    def close(self) -> None:
        # Not disconnected by hand: Ibis drops its cached tables when their expressions die, which may be later (a
        # traceback holds them), and would then complain about a closed connection. The last reference closes it.
        self.connection.raw_sql("CHECKPOINT")


def copy_sorted(files: Sequence[Path], target: Path, schema: pa.Schema, order: Sequence[str], scratch: Path) -> None:
    """Parquet files of one schema as one file in `order`, by a DuckDB of its own: other work can go on beside it."""
    if not files:
        pq.write_table(schema.empty_table(), target, compression="zstd")
        return
    columns = ", ".join(f'"{name}"' for name in schema.names)
    keys = ", ".join(f'"{name}" ASC NULLS LAST' for name in order)
    paths = ", ".join(quoted(path) for path in files)
    with duckdb.connect(config=_config(scratch, "2GB", None)) as connection:
        connection.execute(
            f"COPY (SELECT {columns} FROM read_parquet([{paths}]) ORDER BY {keys}) TO {quoted(target)}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )


def _config(scratch: Path, memory: str, threads: int | None) -> dict[str, Any]:
    return NO_EXTENSIONS | {
        "temp_directory": str(scratch),
        "memory_limit": memory,
        "threads": threads or os.cpu_count() or 1,
    }
