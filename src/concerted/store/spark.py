"""Apache Spark as the engine: for a regional or global set that outgrows one machine.

The same expressions run through Ibis. Spark writes each table in parts; DuckDB puts them in order into the one file of
the edition, so that both engines leave the same bytes.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.pyspark import Backend as PySparkBackend
from pyspark.sql import SparkSession

from concerted.store.engine import DuckEngine, typed


class _Backend(PySparkBackend):  # type: ignore[misc]  # Ibis ships no types
    """Ibis's backend with two gaps closed."""

    def _create_cached_table(self, name: str, expr: ir.Table) -> ir.Table:
        # Ibis registers functions and in-memory tables before every other kind of execution, but not before caching.
        self._run_pre_execute_hooks(expr)
        return super()._create_cached_table(name, expr)

    def _drop_cached_table(self, name: str) -> None:
        # A cached table may outlive the session: its expression dies later.
        if self._session.sparkContext._jsc is not None:
            super()._drop_cached_table(name)


class SparkEngine:
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
