"""IATI XML to Parquet, measured beside lxml's iterparse doing nothing on the same bytes; memory; two workers.

Twice: the reader alone, with one Parquet file per table for all inputs, and the users' path (`concerted read`: the
cache, its packs, all counts), which is what the goal is for.

Run `python -m benchmarks.read_iati [folder]`. The folder holds IATI files, packed or not; without one the publishers
of `CONCERTED_REALDATA`, else `../shared/data`. Start-up (imports, compiled tables) is excluded: both sides run once.
Processor time of one core is compared, because other work on the machine stretches the wall clock of either side.
"""

import argparse
import gzip
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from concerted.model.issues import issue_table
from concerted.sources.base import Input, Part, SourceConfig
from concerted.sources.iati.reader import IatiReader
from concerted.sources.open import find_inputs
from concerted.sources.run import read_inputs

RUNS = 5
#: Tables of this size are written as one row group.
FLUSH_BYTES = 24 << 20
LARGE_BYTES = 1_000_000_000


def main() -> dict[str, Any]:
    """Print the table and return its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("CONCERTED_REALDATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("folder", nargs="?", type=Path, default=default / "iati" / "publishers")
    arguments, _ = parser.parse_known_args()
    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        files = unpack(arguments.folder, work / "xml") if arguments.folder.is_dir() else []
        figures: dict[str, Any] = {}
        if files:
            figures |= speed(files, work) | workers(work)
        figures |= memory(work)
    for key, value in figures.items():
        print(f"{key:34} {value}")
    return figures


def unpack(folder: Path, to: Path) -> list[Path]:
    """The XML files of a folder, uncompressed."""
    to.mkdir()
    for path in sorted(folder.glob("*.xml*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        (to / path.name.removesuffix(".gz")).write_bytes(data)
    return sorted(to.iterdir())


def as_input(path: Path) -> Input:
    """A file as finding inputs gives it, but for its hash."""
    return Input(path, path.name, "", path.stat().st_size, "iati-activities", SourceConfig(path.stem))


def tables_of(inputs: Sequence[Input]) -> Iterator[tuple[int, dict[str, pa.Table]]]:
    """The reader alone: (activities, tables) of each chunk of each file, small files gathered."""
    reader = IatiReader()
    for sources, sheaf in reader.together(inputs):
        if sheaf is not None:
            batches, tables = sheaf.batches, sheaf.tables
            issues = [issue for batch in batches for issue in batch.issues]
            yield sum(batch.read for batch in batches), tables | ({"issue": issue_table(issues)} if issues else {})
            continue
        for source in sources:
            for batch in reader.read(source, Part(0, 0, source.bytes)):
                yield batch.read, batch.tables | ({"issue": issue_table(batch.issues)} if batch.issues else {})


def do_nothing(files: Iterable[Path]) -> None:
    """What reading costs when nothing is read."""
    for path in files:
        for _, element in etree.iterparse(path, tag="iati-activity"):
            element.clear()


def to_parquet(inputs: Sequence[Input], folder: Path) -> int:
    """Every table as one Parquet file; the number of activities."""
    writers: dict[str, pq.ParquetWriter] = {}
    waiting: dict[str, list[pa.Table]] = {}
    activities = 0

    def flush() -> None:
        for name, tables in waiting.items():
            if name not in writers:
                path = folder / f"{name}.parquet"
                writers[name] = pq.ParquetWriter(path, tables[0].schema, compression="zstd", compression_level=1)
            writers[name].write_table(pa.concat_tables(tables))
        waiting.clear()

    size = 0
    for read, tables in tables_of(inputs):
        activities += read
        for name, table in tables.items():
            waiting.setdefault(name, []).append(table)
        size += sum(table.nbytes for table in tables.values())
        if size > FLUSH_BYTES:
            flush()
            size = 0
    flush()
    for writer in writers.values():
        writer.close()
    return activities


def read_as_users_do(folder: Path, work: Path, jobs: int) -> None:
    """What `concerted read` does once it has started, into an empty data folder."""
    data = Path(tempfile.mkdtemp(dir=work))
    inputs, _ = find_inputs([str(folder)], data / "cache", jobs=jobs)
    read_inputs(inputs, data, jobs)
    shutil.rmtree(data)


def timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Processor (of workers too) and wall seconds."""
    wall, before = time.perf_counter(), os.times()
    run()
    after = os.times()
    return sum(after[:4]) - sum(before[:4]), time.perf_counter() - wall


def speed(files: list[Path], work: Path) -> dict[str, Any]:
    """All sides in turn; the median of the ratios."""
    inputs = [as_input(path) for path in files]
    size = sum(path.stat().st_size for path in files) / 1e6
    out = work / "out"
    out.mkdir()
    sides: dict[str, Callable[[], Any]] = {
        "iterparse_doing_nothing": lambda: do_nothing(files),
        "reader": lambda: to_parquet(inputs, out),
        "users_path": lambda: read_as_users_do(files[0].parent, work, 1),
    }
    for run in sides.values():
        run()
    rounds = [{name: timed(run) for name, run in sides.items()} for _ in range(RUNS)]
    figures: dict[str, Any] = {"files": len(files), "megabytes": round(size, 1)}
    for name in sides:
        figures[f"{name}_mb_s"] = round(size / statistics.median(r[name][0] for r in rounds), 1)
        for at, clock in enumerate(("ratio", "ratio_of_wall_clock")):
            ratios = [r["iterparse_doing_nothing"][at] / r[name][at] for r in rounds]
            figures[f"{name}_{clock}"] = round(statistics.median(ratios), 3)
    return figures


def workers(work: Path) -> dict[str, Any]:
    """The users' path with one worker and with two, the start of the workers counted, beside what the machine can do.

    Each side begins in a process of its own, because memory that was used before makes the second reading of a process
    quicker. The machine's ceiling is what two processes get done that read the same and know nothing of each other.
    """
    one, two = (partial(read_as_users_do, work / "xml", work, jobs) for jobs in (1, 2))
    rounds = [[timed(partial(in_processes, side)) for side in ([one], [two], [one, one])] for _ in range(3)]
    return {
        "two_workers_to_one": round(statistics.median(a[1] / b[1] for a, b, _ in rounds), 2),
        "two_processes_to_one": round(statistics.median(2 * a[1] / c[1] for a, _, c in rounds), 2),
        "two_workers_processor_time_to_one": round(statistics.median(b[0] / a[0] for a, b, _ in rounds), 2),
        "two_processes_processor_time_to_one": round(statistics.median(c[0] / a[0] / 2 for a, _, c in rounds), 2),
    }


def in_processes(runs: Iterable[Callable[[], Any]]) -> None:
    """Run each in a fork of this process, all at the same time."""
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=run) for run in runs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"a reading process ended with {process.exitcode}")


def memory(work: Path) -> dict[str, Any]:
    """Peak memory of `concerted read` on a file of 1 GB made of invented activities, all its processes together."""
    folder = work / "large"
    folder.mkdir()
    path = folder / "large.xml"
    with path.open("w") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n')
        number = 0
        while file.tell() < LARGE_BYTES:
            file.write("".join(invented(n) for n in range(number, number + 100)))
            number += 100
        file.write("</iati-activities>\n")
    figures: dict[str, Any] = {"large_file_megabytes": round(path.stat().st_size / 1e6)}
    for jobs in (1, 2):
        command = [sys.executable, "-c", "from concerted.cli.main import main; main()", "read", str(folder)]
        data = tempfile.mkdtemp(dir=work)
        started, peak = time.perf_counter(), 0.0
        with subprocess.Popen(
            [*command, "--data", data, "--jobs", str(jobs)], stdout=subprocess.DEVNULL, start_new_session=True
        ) as process:
            while process.poll() is None:
                peak = max(peak, resident(process.pid))
                time.sleep(0.02)
        if process.returncode:
            raise RuntimeError(f"concerted read ended with {process.returncode}")
        figures[f"peak_memory_mb_jobs_{jobs}"] = round(peak)
        figures[f"large_file_seconds_jobs_{jobs}"] = round(time.perf_counter() - started, 1)
    shutil.rmtree(folder)
    return figures


def resident(session: int) -> float:
    """Megabytes that the processes of a session hold (Linux); what they share after a fork counts once."""
    kilobytes = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                rollup = (folder / "smaps_rollup").read_text()
                kilobytes += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return kilobytes / 1024


def invented(number: int) -> str:
    """One activity of about 9 KB, as publishers write them."""
    transactions = "".join(
        f'<transaction ref="T{number}-{i}"><transaction-type code="{2 + i % 3}"/>'
        f'<transaction-date iso-date="20{10 + i % 12:02}-0{1 + i % 9}-15"/>'
        f'<value currency="EUR" value-date="20{10 + i % 12:02}-0{1 + i % 9}-15">{number * 7 % 90000 + i}.50</value>'
        f"<description><narrative>Versement {i} de l&apos;action {number}</narrative></description>"
        f'<provider-org ref="XX-1" provider-activity-id="XX-1-{number}"><narrative>Bailleur</narrative></provider-org>'
        f'<receiver-org ref="XX-2"><narrative>Partenaire {number % 60}</narrative></receiver-org></transaction>\n'
        for i in range(14)
    )
    places = "".join(
        f'<location ref="L{i}"><location-reach code="1"/><name><narrative>Village {number % 500}-{i}</narrative></name>'
        f'<point><pos>{14 + number % 3}.{i}51 -{i % 9}.25</pos></point><exactness code="1"/></location>\n'
        for i in range(4)
    )
    return (
        f'<iati-activity default-currency="EUR" xml:lang="fr" last-updated-datetime="2021-03-0{1 + number % 9}">\n'
        f"<iati-identifier>XX-1-{number}</iati-identifier>\n"
        '<reporting-org ref="XX-1" type="21"><narrative>Organisation inventée</narrative></reporting-org>\n'
        f"<title><narrative>Cohésion sociale, commune {number % 703}</narrative></title>\n"
        f"<description><narrative>{'Appui aux communautés et à la médiation locale. ' * 12}</narrative></description>\n"
        '<participating-org role="1" ref="XX-1"><narrative>Bailleur</narrative></participating-org>\n'
        '<activity-status code="2"/><activity-date type="1" iso-date="2020-01-01"/>\n'
        '<recipient-country code="ML" percentage="100"/>\n'
        f'{places}<sector vocabulary="1" code="15220" percentage="100"/>\n{transactions}</iati-activity>\n'
    )


if __name__ == "__main__":
    main()
