"""Time and peak memory of every step after reading, on generated sets of 10,000 to 1,000,000 activities.

`python -m benchmarks.steps_scale --activities 10000 100000 1000000` writes a set for each size (ten transactions per
activity), then runs each step in a process of its own and prints seconds, peak memory and rows. The sets are generated
by DuckDB from hashes of row numbers: the same everywhere, nothing random; what locate reads comes from
`benchmarks.locate`. Texts are read per source in worker processes, as a build does (`tokens`, `reading`). Allocate and
picture take generated shares, not those that locate and classify find, so that the figures of a step are its own.

Titles hold names of places as real ones do, and one activity in fifty tells of another one's project: an earlier set
had a few dozen words in all titles, so that of a million activities hardly two shared anything rare, and nothing was
told twice. Still kinder than real files: nobody has a part in activities beside funders and doers, and 400 partners
report however many activities there are.
"""

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from concerted.store.edition import canonical_json

AS_OF = date(2026, 6, 30)
PARTNERS, SOURCES, COUNTRIES, REGIONS, DISTRICTS = 400, 60, 5, 10, 8

#: In the order of a build; `tokens` and `reading` are what resolve and classify have done per input, and kept.
STEPS = ("tokens", "resolve", "chain", "locate", "reading", "classify", "allocate", "picture")
#: Their outputs are put aside: the steps behind them take generated shares.
ASIDE = ("locate", "classify")


def queries(sizes: dict[str, int]) -> tuple[str, dict[str, str]]:
    """(macros, query by bare table name) from the SQL file beside this script."""
    text = Path(__file__).with_suffix(".sql").read_text("utf-8").format(**sizes)
    macros, *parts = text.split("-- table: ")
    found = {name: query for name, _, query in (part.partition("\n") for part in parts)}
    return macros, found


def generate(folder: Path, activities: int) -> None:
    """Write `rec_`, `core_place_share`, `core_node_share`, `core_place` and `core_node` Parquet files of one size."""
    from benchmarks.locate import generate_places
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
            connection.execute(f"INSERT INTO made BY NAME {query}")
            target = folder / f"{'rec' if is_rec else 'core'}_{name}.parquet"
            connection.execute(f"COPY made TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            connection.execute("DROP TABLE made")
        ids = pq.read_table(folder / "rec_activity.parquet", columns=["record_id"])["record_id"].to_numpy()
        generate_places(ids, folder)
        # Who tells of another one's project tells of its country.
        recipient = folder / "rec_recipient.parquet"
        connection.execute(f"CREATE TABLE retold AS SELECT record(i) AS mine, record(told(i)) AS other "
                           f"FROM range({activities}) t(i) WHERE told(i) <> i")  # fmt: skip
        connection.execute(f"CREATE TABLE given AS FROM '{recipient}'")
        connection.execute(
            f"COPY (SELECT * FROM given ANTI JOIN retold ON record_id = mine UNION ALL "
            f"SELECT given.* REPLACE (mine AS record_id) FROM given JOIN retold ON record_id = other "
            f"ORDER BY record_id, transaction_seq, seq) TO '{recipient}' (FORMAT parquet)"
        )


def _sql_type(kind: Any) -> str:
    text = str(kind)
    names = {"string": "VARCHAR", "bool": "BOOLEAN", "int32": "INTEGER", "int64": "BIGINT", "double": "DOUBLE"}
    names |= {"date32[day]": "DATE", "timestamp[us]": "TIMESTAMP", "binary": "BLOB"}
    return names.get(text) or text.replace("decimal128", "DECIMAL")


def read_texts(folder: Path, name: str, jobs: int) -> dict[str, Any]:
    """Read the texts of each source in worker processes, and say what it took."""
    from concerted.sources.spread import in_workers

    (folder / name).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        tasks = [(folder, name, source) for source in _divide(folder, name, Path(temporary))]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        for _ in in_workers(jobs)(_read_source, tasks):
            pass
        seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return {
        "step": name,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_mb": jobs * used.ru_maxrss / 1024,
        "parts": {},
    }


def _reader(name: str) -> tuple[Any, Any]:
    """What reads texts per input, and what it is told."""
    if name == "tokens":
        from concerted.resolve.projects import reading as tokens

        return tokens, None
    from concerted.classify import reading

    return reading, _params("classify")


def _divide(folder: Path, name: str, target: Path) -> list[Path]:
    """A folder for each source with its records, as readers leave them: a build does not search those of all."""
    command = [sys.executable, "-m", "benchmarks.steps_scale", "--divide", str(folder), name, str(target)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[1])
    return sorted((target / "activity").iterdir())


def divide(folder: Path, name: str, target: Path) -> None:
    """Write by source the records that texts are read from; in a process of its own, since workers are forked."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW owner AS SELECT record_id, source_id FROM '{folder}/rec_activity.parquet'")
        for table in _reader(name)[0].INPUTS:
            if not (folder / f"rec_{table}.parquet").exists():
                continue
            own = "" if table == "activity" else "JOIN owner USING (record_id)"
            connection.execute(
                f"COPY (FROM '{folder}/rec_{table}.parquet' {own}) TO '{target / table}' "
                "(FORMAT parquet, PARTITION_BY (source_id), WRITE_PARTITION_COLUMNS)"
            )


def _read_source(folder: Path, name: str, source: Path) -> None:
    from concerted.model.tables import rec_schema

    reader, params = _reader(name)
    given = {}
    for table in reader.INPUTS:
        schema = rec_schema(table)
        files = sorted((source.parents[1] / table / source.name).glob("*.parquet"))
        tables = [pq.ParquetFile(file).read(schema.names) for file in files]
        given[table] = pa.concat_tables([schema.empty_table(), *(t.cast(schema) for t in tables)])
    # As `concerted.prepare` gives it: the rules themselves are a hundred kilobytes.
    key = sha256(canonical_json(reader.told(params)).encode()).hexdigest()
    found = reader.compute(given, params, key)
    pq.write_table(found, folder / name / f"{source.name}.parquet")


def _params(name: str) -> Any:
    from importlib import import_module

    from concerted.steps import BuildContext, BuildRequest

    step = import_module(f"concerted.{name}.step")
    if name == "classify":
        return step.params(BuildContext(AS_OF, BuildRequest().load(), ()))
    if name in ("locate", "chain"):
        return step.Params()
    return step.Params(as_of=AS_OF, **({"fresh_from": date(2025, 6, 30)} if name == "picture" else {}))


def run_step(folder: Path, name: str, memory: str, jobs: int) -> dict[str, Any]:
    """Run one step on the files of `folder`, write its outputs there, and say what it took."""
    from importlib import import_module

    from concerted.model.tables import full_schema, tables
    from concerted.store.engine import DuckEngine

    if name in ("tokens", "reading"):
        return read_texts(folder, name, jobs)
    step = import_module(f"concerted.{name}.step")
    target = folder / name if name in ASIDE else folder
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        engine = DuckEngine(Path(scratch), memory=memory)
        have = {full: engine.scan(full, *_input(folder, full)) for full in step.INPUTS}
        for read, reader in (("resolve", "tokens"), ("classify", "reading")):
            if name == read:
                full = f"rec_{_reader(reader)[0].NAME}"
                files = sorted((folder / reader).glob("*.parquet"))
                have[full] = engine.scan(full, files, _reader(reader)[0].SCHEMA)
        steps: dict[str, float] = {}
        began, worked = time.perf_counter(), time.process_time()
        result = step.run(have, _params(name))
        steps["run"] = time.perf_counter() - began
        for full, table in result.tables.items():
            started = time.perf_counter()
            bare = full.split("_", 1)[1]
            engine.write(table, target / f"{full}.parquet", full_schema(bare), tables()[bare].key, tables()[bare].rows)
            steps[full] = time.perf_counter() - started
        found = [part.count().to_pyarrow() for part in result.issues]
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        # What the step kept in the engine goes before the engine does.
        del result, table, found
        gc.collect()
        engine.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = {k: round(v, 2) for k, v in steps.items()}
    return {"step": name, "seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak, "parts": parts}


def _input(folder: Path, full: str) -> tuple[list[Path], pa.Schema]:
    """File and schema of a step's input; tables that no step adds to go through as they are, others may be empty."""
    from concerted.model.tables import full_schema, rec_schema

    layer, bare = full.split("_", 1)
    own = folder / f"{full}.parquet"
    there = [path for path in (own, folder / f"rec_{bare}.parquet") if path.exists()]
    return there[:1], rec_schema(bare) if layer == "rec" else full_schema(bare)


def main(arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Generate, run, print; the figures by size and step. Without arguments: the three sizes of the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--data", type=Path, help="where the sets are kept; default: a temporary folder")
    parser.add_argument("--memory", default="5GB", help="what DuckDB may hold before it spills")
    parser.add_argument("--steps", nargs="+", default=STEPS, choices=STEPS)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="worker processes that read texts")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--divide", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.divide:
        source, name, target = options.divide
        divide(Path(source), name, Path(target))
        return {}
    if options.one:
        print(json.dumps(run_step(Path(options.one[0]), options.one[1], options.memory, options.jobs)))
        return {}
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for activities in options.activities:
            folder = (options.data or Path(temporary)) / str(activities)
            if not (folder / "rec_transaction.parquet").exists():
                generate(folder, activities)
            total = 0.0
            for name in options.steps:
                command = [sys.executable, "-m", "benchmarks.steps_scale", "--one", str(folder.resolve()), name]
                command += ["--memory", options.memory, "--jobs", str(options.jobs)]
                ran = subprocess.run(
                    command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
                )
                found = json.loads(ran.stdout)
                total += found["seconds"]
                figures[f"{activities} {name}"] = found
                took = f"{found['seconds']:8.1f} s {found['cpu_seconds']:8.1f} s cpu {found['peak_mb']:8.0f} MB"
                print(f"{activities:>9,} {name:<9} {took}  {found['parts']}", flush=True)
            figures[f"{activities} together"] = total
            print(f"{activities:>9,} together  {total:8.1f} s, {1e6 * total / activities:.0f} s per million activities")
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
