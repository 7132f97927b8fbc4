"""The two engines that run steps: DuckDB inside this process, or Apache Spark. Nothing else knows which one it is.

Tables enter and leave as Parquet files, ordered by their key; everything between is an Ibis expression.
"""

import os
from collections.abc import Callable, Iterable, Sequence
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
from concerted.model.tables import ROW_GROUP
from concerted.store.backend import Backend
from concerted.store.duck import NO_EXTENSIONS, quoted
from concerted.store.words import numbers_behind

_AS_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows})"


class Engine(Protocol):
    """What the build needs of an engine."""

    name: str

    def scan(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """A table over Parquet files of one schema; an empty table when there are none."""
        ...

    def write(
        self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str], rows: int = ROW_GROUP
    ) -> None:
        """Write `table` as one Parquet file of exactly `schema`, in `order` (nulls last), so many `rows` to a group."""
        ...

    # An engine may put off what it is asked for; one that does not needs nothing but what stands here.

    def write_later(
        self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str], rows: int = ROW_GROUP
    ) -> None:
        """`write`, done by the next `settle`; a table may be scanned before, by name and schema."""
        self.write(table, target, schema, order, rows)

    def after(self, call: Callable[[], object]) -> None:
        """Run `call` when all that was asked for so far is written."""
        call()

    def settle(self) -> None:
        """Wait until all is written, and raise what failed."""
        return

    def stop(self) -> None:
        """Give up what is not done: the build has failed."""
        return

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
class DuckEngine(Engine):
    """DuckDB in this process; spills to `scratch` beyond `memory`.

    Attributes:
        remembered: folder in which the SQL of expressions is kept from build to build; null = nowhere.
    """

    scratch: Path
    threads: int | None = None
    memory: str = "4GB"
    remembered: Path | None = None
    name: str = "duckdb"

    def __post_init__(self) -> None:
        self.connection = Backend(_config(self.scratch, self.memory, self.threads), self.remembered)
        # The result of a query is read where its ORDER BY says so; nothing else may cost memory for keeping order.
        self.connection.raw_sql("SET preserve_insertion_order = true")

    def scan(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not files:
            return self.connection.empty(name, ibis.Schema.from_pyarrow(schema))
        return self.connection.view(name, files, schema)

    def write(
        self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str], rows: int = ROW_GROUP
    ) -> None:
        self.write_later(table, target, schema, order, rows)
        self.settle()

    def write_later(
        self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str], rows: int = ROW_GROUP
    ) -> None:
        as_parquet = _AS_PARQUET.format(rows=rows)
        self.connection.run_later(f"COPY ({self._in_order(table, schema, order)}) TO {quoted(target)} {as_parquet}")

    def _in_order(self, table: ir.Table, schema: pa.Schema, order: Sequence[str]) -> str:
        """The rows of `table` as SQL. Words that stand for numbers are found behind the sort, which they would slow.

        Of 475,000 allocations in the order of nine columns that is 0.75 s of processor time instead of 1.1.
        """
        behind = numbers_behind(table)
        usable = {name for name, (_, words) in behind.items() if name not in order or [*words] == sorted(set(words))}
        if usable:
            values = {n: behind[n][0] if n in usable else v for n, v in table.op().values.items()}
            table = ops.Project(table.op().parent, values).to_expr()
            schema = pa.schema([(f.name, pa.int32() if f.name in usable else f.type) for f in schema])
        rows = typed(table, schema).order_by([ibis.asc(name, nulls_first=False) for name in order])
        sql = self.connection.compile(rows)
        if not usable:
            return sql
        lists = {name: f"[{', '.join(map(quoted, behind[name][1]))}]::VARCHAR[]" for name in usable}
        columns = (f'({lists[n]})["{n}" + 1] AS "{n}"' if n in usable else f'"{n}"' for n in schema.names)
        return f"SELECT {', '.join(columns)} FROM ({sql})"

    def after(self, call: Callable[[], object]) -> None:
        self.connection.line.later(call)

    def settle(self) -> None:
        self.connection.line.settle()

    def stop(self) -> None:
        self.connection.line.stop()

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True)
class Copy:
    """Parquet files of one schema that are to become one file in `order`."""

    files: Sequence[Path]
    target: Path
    schema: pa.Schema
    order: Sequence[str]
    rows: int = ROW_GROUP


def copy_sorted(copies: Iterable[Copy], scratch: Path) -> None:
    """Make the copies one after another, by a DuckDB of its own: other work can go on beside it."""
    with duckdb.connect(config=_config(scratch, "2GB", None)) as connection:
        for copy in copies:
            if not copy.files:
                pq.write_table(copy.schema.empty_table(), copy.target, compression="zstd")
                continue
            columns = ", ".join(f'"{name}"' for name in copy.schema.names)
            keys = ", ".join(f'"{name}" ASC NULLS LAST' for name in copy.order)
            paths = ", ".join(quoted(path) for path in copy.files)
            rows = f"SELECT {columns} FROM read_parquet([{paths}]) ORDER BY {keys}"
            connection.execute(f"COPY ({rows}) TO {quoted(copy.target)} {_AS_PARQUET.format(rows=copy.rows)}")


def _config(scratch: Path, memory: str, threads: int | None) -> dict[str, Any]:
    return NO_EXTENSIONS | {
        "temp_directory": str(scratch),
        "memory_limit": memory,
        "threads": threads or os.cpu_count() or 1,
    }
