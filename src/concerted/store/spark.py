"""Apache Spark as the engine: for a regional or global set that outgrows one machine.

The same expressions run through Ibis. Spark writes each table in parts; DuckDB puts them in order into the one file of
the edition, so that both engines leave the same bytes.
"""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.pyspark import Backend as PySparkBackend
from ibis.backends.pyspark.datatypes import PySparkType
from ibis.expr.operations.udf import InputType
from pyspark.sql import SparkSession
from pyspark.sql.pandas.functions import arrow_udf

from concerted.store.engine import DuckEngine, Engine, typed


class _Backend(PySparkBackend):  # type: ignore[misc]  # Ibis ships no types
    """Ibis's backend with three gaps closed."""

    def _register_udfs(self, expr: ir.Expr) -> None:
        # Ibis gives Arrow functions to Spark as functions of single values (`udf(useArrow=True)` means the transport).
        super()._register_udfs(expr)
        for found in expr.op().find(ops.ScalarUDF):
            if found.__input_type__ == InputType.PYARROW:
                as_udf: Any = arrow_udf  # its overloads do not know Arrow functions of several columns
                function = as_udf(_over_columns(found.__func__), returnType=PySparkType.from_ibis(found.dtype))
                self._session.udf.register(self.compiler.__sql_name__(found), function)

    def _create_cached_table(self, name: str, expr: ir.Table) -> ir.Table:
        # Ibis registers functions and in-memory tables before every other kind of execution, but not before caching.
        self._run_pre_execute_hooks(expr)
        return super()._create_cached_table(name, expr)

    def _drop_cached_table(self, name: str) -> None:
        # A cached table may outlive the session: its expression dies later.
        if self._session.sparkContext._jsc is not None:
            super()._drop_cached_table(name)


def _over_columns(function: Callable[..., pa.Array]) -> Callable[..., pa.Array]:
    """`function` with the annotations that Spark wants; Ibis reads them as types of values."""

    def over_columns(*columns: pa.Array) -> pa.Array:
        return function(*columns)

    return over_columns


class SparkEngine(Engine):
    """A Spark session on `master`; `scratch` and the inputs must be visible to every executor."""

    name = "spark"

    def __init__(self, scratch: Path, master: str) -> None:
        # Workers must run this very Python, and nothing may listen on an outside address.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = scratch
        self.session: Any = (
            SparkSession.builder.master(master)
            .appName("concerted")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
            .config("spark.sql.timestampType", "TIMESTAMP_NTZ")  # instants are UTC without a zone, as in DuckDB
            .config("spark.sql.parquet.inferTimestampNTZ.enabled", "true")
            .config("spark.sql.shuffle.partitions", os.environ.get("CONCERTED_SPARK_PARTITIONS", "8"))
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .config("spark.local.dir", str(scratch / "spark"))
            .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
            .config("spark.driver.memory", os.environ.get("CONCERTED_SPARK_MEMORY", "4g"))
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("ERROR")
        self.connection = _Backend()
        self.connection.register_options()
        self.connection.do_connect(self.session)
        self._finisher = DuckEngine(scratch / "duckdb")

    def scan(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not files:
            files = [self._scratch / f"empty_{name}.parquet"]
            pq.write_table(schema.empty_table(), files[0])
        # Not Ibis's read_parquet: it gives Spark the list as one path.
        self.session.read.parquet(*map(str, files)).createOrReplaceTempView(name)
        return self.connection.table(name)

    def write(self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str]) -> None:
        parts = self._scratch / f"parts_{target.stem}"
        # Ibis hands its memtables to Spark only in its own executions; steps use them for what libraries found.
        self.connection._run_pre_execute_hooks(table)
        self.connection.to_parquet(typed(table, schema), parts)
        files = sorted(parts.glob("*.parquet"))
        self._finisher.write(self._finisher.scan(target.stem, files, schema), target, schema, order)
        shutil.rmtree(parts)

    def close(self) -> None:
        self._finisher.close()
        self.session.stop()
