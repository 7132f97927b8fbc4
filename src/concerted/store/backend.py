"""Ibis's DuckDB backend, with queries run in order on a thread beside and their SQL remembered.

Place on the way: below the engine. Enters: Ibis expressions. Leaves: the same tables that Ibis would make. What Ibis
does on the way that costs more than the query is left out: to compile what was compiled before, to wait for a table
before the next one is thought out, to ask the database for the schema of a table that was just made, to give names by
chance (names must be the same in every build, because they stand in the SQL that is remembered).
"""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend as DuckDBBackend
from ibis.formats.pyarrow import PyArrowData

from concerted.store.compiled import CompiledSql
from concerted.store.duck import quoted
from concerted.store.line import Line
from concerted.store.structure import NoStructureError, digest


class Backend(DuckDBBackend):  # type: ignore[misc]  # Ibis ships no types
    """One connection to a database in memory; once it is open, the thread of `line` alone touches it."""

    def __init__(self, config: Mapping[str, Any], remembered: Path | None = None) -> None:
        """Connect; SQL is remembered in the folder `remembered`, or for this process only."""
        super().__init__()
        self.compiled = CompiledSql(remembered)
        self.line = Line(lambda: self.con.interrupt())
        self._numbers = count()
        #: Name of an in-memory table as Ibis drew it -> as it is here; functions by their name in SQL.
        self._told: dict[str, str] = {}
        self._functions: dict[str, type[ops.ScalarUDF]] = {}
        self.do_connect(**config)

    def raw_sql(self, query: Any, **kwargs: Any) -> Any:
        """Run a statement when the line is empty. Whatever Ibis does that is not overridden here comes by this way."""
        self.line.settle()
        return super().raw_sql(query, **kwargs)

    def get_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The schema of a table, as the database tells it."""
        self.line.settle()
        return super().get_schema(*args, **kwargs)

    def run_later(self, sql: str) -> None:
        """Run a statement after those before it."""
        self.line.later(lambda: self.con.execute(sql))

    def close(self) -> None:
        """End the line after its last call, keep the SQL, let go of the database."""
        self.line.close()
        self.compiled.save()
        self.disconnect()

    def compile(self, expr: ir.Expr, /, **options: Any) -> str:
        """The SQL of `expr`, and its functions and in-memory tables made known to the connection."""
        self._run_pre_execute_hooks(expr)
        options = {name: value for name, value in options.items() if value is not None}
        try:
            key = None if options else digest(expr.as_table().op(), self._name_of)
        except NoStructureError:
            key = None
        sql = self.compiled.get(key) if key is not None else None
        if sql is None:
            sql = super().compile(expr, **options)
            for drawn, name in self._told.items():
                sql = sql.replace(f'"{drawn}"', f'"{name}"')
            if key is not None:
                self.compiled.put(key, sql)
        return str(sql)

    def to_pyarrow(self, expr: ir.Expr, /, **options: Any) -> Any:
        """The rows of `expr`, taken out as Arrow."""
        sql = self.compile(expr.as_table(), **options)
        rows = self.line.now(lambda: self.con.sql(sql).to_arrow_table())
        return expr.__pyarrow_result__(rows, data_mapper=PyArrowData)  # not DuckDB's own, which loads pandas

    def view(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """A table over Parquet files of exactly `schema`, which need not be written yet."""
        paths = ", ".join(quoted(path) for path in files)
        self.run_later(f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM read_parquet([{paths}])')
        return ops.DatabaseTable(name, schema=ibis.Schema.from_pyarrow(schema), source=self).to_expr()

    def empty(self, name: str, schema: ibis.Schema) -> ir.Table:
        """A new table with the columns that Ibis believes in, to be filled."""
        columns = ", ".join(f'"{n}" {self.compiler.type_mapper.to_string(kind)}' for n, kind in schema.items())
        self.run_later(f'CREATE TEMP TABLE "{name}" ({columns})')
        place = ops.Namespace(catalog="temp", database="main")
        return ops.DatabaseTable(name, schema=schema, source=self, namespace=place).to_expr()

    def _create_cached_table(self, _: str, expr: ir.Table) -> ir.Table:
        sql = self.compile(expr)
        name = f"kept_{next(self._numbers)}"
        kept = self.empty(name, expr.schema())
        columns = ", ".join(f'"{column}"' for column in expr.columns)
        self.run_later(f'INSERT INTO "{name}" ({columns}) {sql}')
        return kept

    def _drop_cached_table(self, name: str) -> None:
        if not self.line.is_closed:
            self.run_later(f'DROP TABLE IF EXISTS temp.main."{name}"')

    def _run_pre_execute_hooks(self, expr: ir.Expr) -> None:
        for node in expr.op().find((ops.ScalarUDF, ops.InMemoryTable)):
            if isinstance(node, ops.InMemoryTable):
                self._tell(node)
            elif self._functions.get(type(node).__name__) is not type(node):
                self._functions[type(node).__name__] = type(node)
                self._teach(node)

    def _tell(self, table: ops.InMemoryTable) -> None:
        """Let the connection know an in-memory table, under a name that does not depend on chance."""
        if table.name not in self._told:
            name = self._told[table.name] = f"told_{next(self._numbers)}"
            rows = table.data.to_pyarrow(table.schema)
            self.line.later(lambda: self.con.register(name, rows))

    def _teach(self, function: ops.ScalarUDF) -> None:
        """Let the connection know a function."""
        register = getattr(self, f"_register_{function.__input_type__.name.lower()}_udf")(function)
        if register is not None:
            self.line.later(lambda: register(self.con))

    def _name_of(self, table: ops.PhysicalTable) -> str:
        if isinstance(table, ops.InMemoryTable):
            return self._told[table.name]
        if table.source is not self:
            raise NoStructureError(f"table {table.name} of another database")
        return f"{table.namespace.catalog}.{table.namespace.database}.{table.name}"
