"""Time and peak memory of resolve, allocate and picture on generated sets of 10,000 to 1,000,000 activities.

`python -m benchmarks.steps_scale --activities 10000 100000 1000000` writes a set for each size (ten transactions per
activity), then runs each step in a process of its own and prints seconds, peak memory and rows. The sets are generated
by DuckDB from hashes of row numbers: the same everywhere, nothing random. Tables that locate and classify make are
generated as well, so that only these three steps are timed.
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

AS_OF = date(2026, 6, 30)
PARTNERS, SOURCES, COUNTRIES, REGIONS, DISTRICTS = 400, 60, 5, 10, 8

#: Tables that the steps ask for and that the set leaves empty.
EMPTY = ("identifier", "related_activity", "organisation_name")


def queries(sizes: dict[str, int]) -> tuple[str, dict[str, str]]:
    """(macros, query by bare table name) from the SQL file beside this script."""
    text = Path(__file__).with_suffix(".sql").read_text("utf-8").format(**sizes)
    macros, *parts = text.split("-- table: ")
    found = {name: query for name, _, query in (part.partition("\n") for part in parts)}
    return macros, found | dict.fromkeys(EMPTY, "")


def generate(folder: Path, activities: int) -> None:
    """Write `rec_`, `core_place_share`, `core_node_share`, `core_place` and `core_node` Parquet files of one size."""
    from concerted.model.tables import full_schema, rec_schema, tables

    folder.mkdir(parents=True, exist_ok=True)
    sizes = {"n": activities, "partners": PARTNERS, "sources": SOURCES}
    sizes |= {"countries": COUNTRIES, "regions": REGIONS, "districts": DISTRICTS}
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        macros, made = queries(sizes)
        connection.execute(macros)
        for name, query in made.items():
            spec = tables()[name]
            is_rec = spec.is_record and name not in ("place",)
            schema = rec_schema(name) if is_rec else full_schema(name)
            columns = ", ".join(f'"{field.name}" {_sql_type(field.type)}' for field in schema)
            connection.execute(f"CREATE TABLE made ({columns})")
            if query:
                connection.execute(f"INSERT INTO made BY NAME {query}")
            target = folder / f"{'rec' if is_rec else 'core'}_{name}.parquet"
            connection.execute(f"COPY made TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            connection.execute("DROP TABLE made")


def _sql_type(kind: Any) -> str:
    text = str(kind)
    names = {"string": "VARCHAR", "bool": "BOOLEAN", "int32": "INTEGER", "int64": "BIGINT", "double": "DOUBLE"}
    names |= {"date32[day]": "DATE", "timestamp[us]": "TIMESTAMP", "binary": "BLOB"}
    return names.get(text) or text.replace("decimal128", "DECIMAL")


def run_step(folder: Path, name: str, memory: str) -> dict[str, Any]:
    """Run one step on the files of `folder`, write its outputs there, and say what it took."""
    from importlib import import_module

    from concerted.model.tables import full_schema, rec_schema, tables
    from concerted.store.engine import DuckEngine

    step = import_module(f"concerted.{name}.step")
    extra = {"fresh_from": date(2025, 6, 30)} if name == "picture" else {}
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        engine = DuckEngine(Path(scratch), memory=memory)
        have = {}
        for full in step.INPUTS:
            layer, bare = full.split("_", 1)
            file = folder / f"{full}.parquet"
            # Tables that no step of ours adds to go through unchanged.
            file = file if file.exists() else folder / f"rec_{bare}.parquet"
            have[full] = engine.scan(full, [file], rec_schema(bare) if layer == "rec" else full_schema(bare))
        steps: dict[str, float] = {}
        began, worked = time.perf_counter(), time.process_time()
        result = step.run(have, step.Params(as_of=AS_OF, **extra))
        steps["run"] = time.perf_counter() - began
        for full, table in result.tables.items():
            started = time.perf_counter()
            bare = full.split("_", 1)[1]
            engine.write(table, folder / f"{full}.parquet", full_schema(bare), tables()[bare].key)
            steps[full] = time.perf_counter() - started
        issues = 0
        for part in result.issues:
            issues += part.count().to_pyarrow().as_py()
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        # What the step kept in the engine goes before the engine does.
        del result, table, part
        gc.collect()
        engine.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = {k: round(v, 2) for k, v in steps.items()}
    return {"step": name, "seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak, "parts": parts}


def main(arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Generate, run, print; the figures by size and step. Without arguments: the three sizes of the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--data", type=Path, help="where the sets are kept; default: a temporary folder")
    parser.add_argument("--memory", default="5GB", help="what DuckDB may hold before it spills")
    parser.add_argument("--steps", nargs="+", default=["resolve", "allocate", "picture"])
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(run_step(Path(options.one[0]), options.one[1], options.memory)))
        return {}
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for activities in options.activities:
            folder = (options.data or Path(temporary)) / str(activities)
            if not (folder / "rec_transaction.parquet").exists():
                generate(folder, activities)
            total = 0.0
            for name in options.steps:
                command = [sys.executable, __file__, "--memory", options.memory, "--one", str(folder), name]
                found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
                total += found["seconds"]
                figures[f"{activities} {name}"] = found
                took = f"{found['seconds']:8.1f} s {found['cpu_seconds']:8.1f} s cpu {found['peak_mb']:8.0f} MB"
                print(f"{activities:>9,} {name:<9} {took}  {found['parts']}", flush=True)
            figures[f"{activities} together"] = total
            print(f"{activities:>9,} together  {total:8.1f} s, {1e6 * total / activities:.0f} s per million activities")
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
