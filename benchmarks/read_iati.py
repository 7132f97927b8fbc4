"""IATI XML to Parquet, measured beside lxml's iterparse doing nothing on the same bytes; memory; two workers.

Run `python -m benchmarks.read_iati [folder]`. The folder holds IATI files, packed or not; without one the publishers
of `CONCERTED_REALDATA`, else `../shared/data`. Start-up (imports, compiled tables) is excluded: both sides run once.
Processor time of one core is compared, because other work on the machine stretches the wall clock of either side.
"""

import argparse
import gzip
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from concerted.model.issues import issue_table
from concerted.sources.base import Input, Part, SourceConfig
from concerted.sources.iati.reader import IatiReader

RUNS = 5
#: Tables of this size are written as one row group.
FLUSH_BYTES = 24 << 20
LARGE_BYTES = 1_000_000_000


def main() -> dict[str, Any]:
    """Print the table and return its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("CONCERTED_REALDATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("folder", nargs="?", type=Path, default=default / "iati" / "publishers")
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    arguments, _ = parser.parse_known_args()
    if arguments.memory_of is not None:
        to_parquet(whole(arguments.memory_of), arguments.memory_of.parent)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return {}
    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        files = unpack(arguments.folder, work / "xml") if arguments.folder.is_dir() else []
        figures: dict[str, Any] = {}
        if files:
            figures |= speed(files, work) | workers(files, work)
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


def whole(path: Path) -> list[tuple[Input, Part]]:
    """A file as one part."""
    source = Input(path, path.name, "", path.stat().st_size, "iati-activities", SourceConfig(path.stem))
    return [(source, Part(0, 0, source.bytes))]


def do_nothing(files: Iterable[Path]) -> None:
    """What reading costs when nothing is read."""
    for path in files:
        for _, element in etree.iterparse(path, tag="iati-activity"):
            element.clear()


def to_parquet(parts: Iterable[tuple[Input, Part]], folder: Path) -> int:
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
    for source, part in parts:
        for batch in IatiReader().read(source, part):
            activities += batch.read
            tables = batch.tables | ({"issue": issue_table(batch.issues)} if batch.issues else {})
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


def timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Processor and wall seconds."""
    wall, own = time.perf_counter(), time.process_time()
    run()
    return time.process_time() - own, time.perf_counter() - wall


def speed(files: list[Path], work: Path) -> dict[str, Any]:
    """Both sides in turn; the median of the ratios."""
    parts = [part for path in files for part in whole(path)]
    size = sum(path.stat().st_size for path in files)
    out = work / "out"
    out.mkdir()
    do_nothing(files)
    activities = to_parquet(parts, out)
    rounds = [(timed(lambda: do_nothing(files)), timed(lambda: to_parquet(parts, out))) for _ in range(RUNS)]
    nothing = statistics.median(a[0] for a, _ in rounds)
    ours = statistics.median(b[0] for _, b in rounds)
    return {
        "files": len(files),
        "megabytes": round(size / 1e6, 1),
        "activities": activities,
        "iterparse_doing_nothing_mb_s": round(size / 1e6 / nothing, 1),
        "iati_to_parquet_mb_s": round(size / 1e6 / ours, 1),
        "ratio": round(statistics.median(a[0] / b[0] for a, b in rounds), 3),
        "ratio_of_wall_clock": round(statistics.median(a[1] / b[1] for a, b in rounds), 3),
    }


def workers(files: list[Path], work: Path) -> dict[str, Any]:
    """One worker and two, over files and parts of files, in processes that are warm."""
    tasks = []
    for path in sorted(files, key=lambda p: -p.stat().st_size):
        ((source, part),) = whole(path)
        tasks += [(source, p) for p in (IatiReader().parts(source, 4) if source.bytes > 32 << 20 else [part])]
    seconds: dict[int, list[float]] = {1: [], 2: []}
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as one, context.Pool(2) as two:
        for _ in range(3):
            for count, pool in ((1, one), (2, two)):
                jobs = [(task, work) for task in tasks]
                seconds[count].append(timed(lambda p=pool, j=jobs: p.map(_one_part, j, chunksize=1))[1])
    return {
        "two_workers_to_one": round(statistics.median(a / b for a, b in zip(*seconds.values(), strict=True)), 2),
    }


def _one_part(job: tuple[tuple[Input, Part], Path]) -> int:
    task, work = job
    folder = Path(tempfile.mkdtemp(dir=work))
    try:
        return to_parquet([task], folder)
    finally:
        shutil.rmtree(folder)


def memory(work: Path) -> dict[str, Any]:
    """Peak memory of a fresh process that reads a file of 1 GB made of invented activities."""
    path = work / "large.xml"
    with path.open("w") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n')
        number = 0
        while file.tell() < LARGE_BYTES:
            file.write("".join(invented(n) for n in range(number, number + 100)))
            number += 100
        file.write("</iati-activities>\n")
    command = [sys.executable, "-m", "benchmarks.read_iati", "--memory-of", str(path)]
    started = time.perf_counter()
    peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024
    seconds = time.perf_counter() - started
    size = path.stat().st_size
    path.unlink()
    return {
        "large_file_megabytes": round(size / 1e6),
        "peak_memory_mb": round(peak),
        "large_file_seconds": round(seconds, 1),
    }


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
