"""Ibis's Spark backend with its gaps closed.

Place on the way: below the Spark engine. Enters: Ibis expressions. Leaves: the same tables that Ibis would make. Tables
that live for a while lie in a folder, as Parquet: Spark then knows their size, and their making is no part of the plans
above them.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.pyspark import Backend as PySparkBackend
from ibis.backends.pyspark.datatypes import PySparkType
from ibis.expr.operations.udf import InputType
from ibis.formats.pyarrow import PyArrowData
from pyspark.sql.pandas.functions import arrow_udf
from pyspark.sql.pandas.types import from_arrow_schema

from concerted.store.engine import typed
from concerted.store.shared_parts import shared_part


class Backend(PySparkBackend):  # type: ignore[misc]  # Ibis ships no types
    """Ibis over one Spark session; `scratch` must be visible to every executor."""

    def __init__(self, session: Any, scratch: Path) -> None:
        """Take over a session."""
        super().__init__()
        self._scratch = scratch
        #: Tables that were cut out of larger expressions, in use until `forget`.
        self._kept: list[ir.Table] = []
        scratch.mkdir()
        self.register_options()
        self.do_connect(session)

    def view(self, name: str, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """Parquet files of one schema as a table; the schema is given, because Spark starts a job to look for it."""
        fields = from_arrow_schema(schema, prefer_timestamp_ntz=True)
        # Not Ibis's read_parquet: it gives Spark the list as one path.
        self._session.read.schema(fields).parquet(*map(str, paths)).createOrReplaceTempView(name)
        return ops.DatabaseTable(name, schema=ibis.Schema.from_pyarrow(schema), source=self).to_expr()

    def to_parquet(self, expr: ir.Table, /, path: str | Path, **options: Any) -> None:
        """Write the rows of `expr` into the folder `path`, in parts."""
        super().to_parquet(self._cut(expr), path, **options)

    def to_pyarrow(self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, **options: Any) -> Any:
        """The rows of `expr`, taken out as Arrow; Ibis goes through pandas, where a null turns numbers into floats."""
        table = self._cut(expr.as_table())
        self._run_pre_execute_hooks(table)
        rows = self._session.sql(self.compile(table, params=params, limit=limit, **options)).toArrow()
        return expr.__pyarrow_result__(PyArrowData.convert_table(rows, table.schema()))

    def forget(self) -> None:
        """Let go of what was cut out of the expressions so far."""
        self._kept.clear()

    def _cut(self, expr: ir.Table) -> ir.Table:
        """`expr` with every part that is used more than once written down first.

        Spark puts such a part into the plan as often as it is used, and parts of parts multiply: plans of a megabyte
        that take longer to optimise than to run.
        """
        while (part := shared_part(expr.op())) is not None:
            kept = self._cached_table(part.to_expr())
            self._kept.append(kept)
            expr = expr.op().replace({part: kept.op()}).to_expr()
        return expr

    def _create_cached_table(self, name: str, expr: ir.Table) -> ir.Table:
        # Not in Spark's own cache, which stays a part of every plan above it.
        path, schema = self._scratch / name, expr.schema().to_pyarrow()
        self.to_parquet(typed(expr, schema), path)
        return self.view(name, [path], schema)

    def _drop_cached_table(self, name: str) -> None:
        # A cached table may outlive the session: its expression dies later.
        if self._session.sparkContext._jsc is not None:
            self._session.catalog.dropTempView(name)
        shutil.rmtree(self._scratch / name, ignore_errors=True)

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        path = self._scratch / f"{op.name}.parquet"
        pq.write_table(op.data.to_pyarrow(op.schema), path)
        self.view(op.name, [path], op.schema.to_pyarrow())

    def _register_udfs(self, expr: ir.Expr) -> None:
        # Ibis gives Arrow functions to Spark as functions of single values (`udf(useArrow=True)` means the transport).
        super()._register_udfs(expr)
        for found in expr.op().find(ops.ScalarUDF):
            if found.__input_type__ == InputType.PYARROW:
                as_udf: Any = arrow_udf  # its overloads do not know Arrow functions of several columns
                function = as_udf(_over_columns(found.__func__), returnType=PySparkType.from_ibis(found.dtype))
                self._session.udf.register(self.compiler.__sql_name__(found), function)


def _over_columns(function: Callable[..., pa.Array]) -> Callable[..., pa.Array]:
    """`function` with the annotations that Spark wants; Ibis reads them as types of values."""

    def over_columns(*columns: pa.Array) -> pa.Array:
        return function(*columns)

    return over_columns
