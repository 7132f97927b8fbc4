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

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from concerted.model.tables import ROW_GROUP
from concerted.store.engine import DuckEngine, Engine, typed
from concerted.store.spark_backend import Backend

#: Bytes of Parquet up to which a set is small: to plan and compile its queries would cost more than to run them.
SMALL = 64_000_000


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
            # Plans are described for that UI, at length.
            .config("spark.sql.ui.explainMode", "simple")
            .config("spark.sql.maxPlanStringLength", "10000")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
            .config("spark.sql.timestampType", "TIMESTAMP_NTZ")  # instants are UTC without a zone, as in DuckDB
            .config("spark.sql.parquet.inferTimestampNTZ.enabled", "true")
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .config("spark.local.dir", str(scratch / "spark"))
            .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
            .config("spark.driver.memory", os.environ.get("CONCERTED_SPARK_MEMORY", "4g"))
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("ERROR")
        self.connection = Backend(self.session, scratch / "tables")
        self._finisher = DuckEngine(scratch / "duckdb")
        self._scanned = 0
        self._suit(is_small=True)

    def scan(self, name: str, files: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not files:
            files = [self._scratch / f"empty_{name}.parquet"]
            pq.write_table(schema.empty_table(), files[0])
        was_small = self._scanned <= SMALL
        self._scanned += sum(path.stat().st_size for path in files)
        if was_small and self._scanned > SMALL:
            self._suit(is_small=False)
        return self.connection.view(name, files, schema)

    def _suit(self, *, is_small: bool) -> None:
        """Plan for the size of the set: a small one once, uncompiled; a large one anew after each stage, compiled."""
        cores = self.session.sparkContext.defaultParallelism
        partitions = os.environ.get("CONCERTED_SPARK_PARTITIONS") or (cores if is_small else 2 * cores)
        for name, value in {
            "spark.sql.shuffle.partitions": partitions,
            "spark.sql.adaptive.enabled": not is_small,
            "spark.sql.codegen.wholeStage": not is_small,
            "spark.sql.codegen.factoryMode": "NO_CODEGEN" if is_small else "FALLBACK",
        }.items():
            self.session.conf.set(name, value)

    def write(
        self, table: ir.Table, target: Path, schema: pa.Schema, order: Sequence[str], rows: int = ROW_GROUP
    ) -> None:
        parts = self._scratch / f"parts_{target.stem}"
        self.connection.to_parquet(typed(table, schema), parts)
        files = sorted(parts.glob("*.parquet"))
        self._finisher.write(self._finisher.scan(target.stem, files, schema), target, schema, order, rows)
        shutil.rmtree(parts)

    def after(self, call: Callable[[], object]) -> None:
        self.connection.forget()
        call()

    def close(self) -> None:
        self._finisher.close()
        self.session.stop()
