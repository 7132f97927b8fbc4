"""Read every input in worker processes and keep the result per input, so that an unchanged file costs a hash.

Place on the way: drives steps 1 and 2. Enters: inputs found by `opening`. Leaves: for each input a folder
`DIR/cache/read/<key>/` with one Parquet file per `rec_` table and part, and `report.json` with the counts.
"""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from concerted.model.errors import ConcertedError, SourceError
from concerted.model.issues import Issue, issue_table
from concerted.model.tables import conform, rec_schema
from concerted.sources.base import Input, Part
from concerted.sources.config import config_fingerprint
from concerted.sources.detect import readers
from concerted.sources.spread import Spread, in_workers
from concerted.store.code import READING, code_version

REPORT = "report.json"
#: Inputs larger than this are cut in parts, so that one large file keeps every worker busy.
PART_BYTES = 32 << 20


@dataclass
class InputReport:
    """What came of one input: its counts, and the folder of its tables."""

    source: Input
    folder: Path
    seen: int = 0
    read: int = 0
    set_aside: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    issues: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    is_cached: bool = False

    def tables(self) -> dict[str, list[Path]]:
        """Parquet files by bare table name, parts in order."""
        found: dict[str, list[Path]] = {}
        for path in sorted(self.folder.glob("*.parquet")):
            found.setdefault(path.name.split(".")[0], []).append(path)
        return found


@dataclass(frozen=True)
class Progress:
    """One step of progress, for people: inputs and bytes done of how many, records so far."""

    inputs: int
    of_inputs: int
    bytes: int
    of_bytes: int
    records: int


def read_inputs(
    inputs: Sequence[Input],
    data: Path,
    jobs: int = 1,
    on_progress: Callable[[Progress], None] = lambda _: None,
    spread: Spread | None = None,
) -> list[InputReport]:
    """Read all inputs that are not in the cache; one report per input, in the order of `inputs`.

    Nothing half-read stays: an input's folder appears by one rename when all its parts are done. `spread` says where
    parts are read; the default is `jobs` worker processes on this machine.

    Raises:
        KeyboardInterrupt: the user stopped; finished inputs stay cached, the others leave nothing.
    """
    cache = data / "cache" / "read"
    cache.mkdir(parents=True, exist_ok=True)
    for leftover in cache.glob(".reading-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folders = {source.name: cache / cache_key(source) for source in inputs}
    missing = [source for source in inputs if not (folders[source.name] / REPORT).is_file()]
    done_bytes = sum(s.bytes for s in inputs) - sum(s.bytes for s in missing)
    of_bytes = sum(s.bytes for s in inputs)
    done, records = len(inputs) - len(missing), 0
    on_progress(Progress(done, len(inputs), done_bytes, of_bytes, records))
    for source, read in _run(missing, cache, folders, spread or in_workers(jobs), jobs * 4):
        done, done_bytes, records = done + 1, done_bytes + source.bytes, records + read
        on_progress(Progress(done, len(inputs), done_bytes, of_bytes, records))
    fresh = {source.name for source in missing}
    return [load_report(s, folders[s.name], is_cached=s.name not in fresh) for s in inputs]


def cache_key(source: Input) -> str:
    """Changes with content, name, kind, source.yml or the code of the readers; nothing else makes a re-read."""
    parts = (source.sha256, source.name, source.kind, config_fingerprint(source.config), code_version(READING))
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def load_report(source: Input, folder: Path, *, is_cached: bool = True) -> InputReport:
    """The report that `read_inputs` left for an input."""
    counts = json.loads((folder / REPORT).read_text("utf-8"))
    return InputReport(source, folder, is_cached=is_cached, **counts)


def _run(
    missing: Sequence[Input], cache: Path, folders: dict[str, Path], spread: Spread, wanted: int
) -> Iterator[tuple[Input, int]]:
    """Read inputs, the largest first, and yield each with its number of records when it is complete."""
    readings = [_Reading(s, cache) for s in sorted(missing, key=lambda s: (-s.bytes, s.name))]
    try:
        tasks, owner = [], []
        for reading in readings:
            size = reading.source.bytes
            parts = _parts(reading.source, min(wanted, size // PART_BYTES + 1) if size > PART_BYTES else 1)
            reading.unfinished = len(parts)
            tasks += [(reading.source, part, reading.work) for part in parts]
            owner += [reading] * len(parts)
        for index, counts in spread(read_part, tasks):
            reading = owner[index]
            reading.counts.append(counts)
            reading.unfinished -= 1
            if reading.unfinished == 0:
                read = _finish(reading.source, reading.counts, reading.work, folders[reading.source.name])
                yield reading.source, read
    finally:
        for reading in readings:
            shutil.rmtree(reading.work, ignore_errors=True)


class _Reading:
    """An input on its way: the folder its parts are written to, and what has come back so far."""

    def __init__(self, source: Input, cache: Path) -> None:
        self.source = source
        self.work = Path(tempfile.mkdtemp(dir=cache, prefix=".reading-"))
        self.unfinished = 0
        self.counts: list[dict[str, Any]] = []


def _parts(source: Input, wanted: int) -> list[Part]:
    try:
        return readers()[source.kind].parts(source, wanted)
    except SourceError:
        return [Part(0, 0, source.bytes)]  # reading it will meet the same refusal and report it


def read_part(source: Input, part: Part, folder: Path) -> dict[str, Any]:
    """Read one part into `folder` as `<table>.<part>.parquet`; the counts of the part."""
    writers: dict[str, pq.ParquetWriter] = {}
    seen = read = set_aside = 0
    unread: Counter[str] = Counter()
    issues: Counter[str] = Counter()
    rows: Counter[str] = Counter()

    def write(name: str, table: pa.Table) -> None:
        if table.num_rows == 0:
            return
        if name not in writers:
            path = folder / f"{name}.{part.index:05d}.parquet"
            writers[name] = pq.ParquetWriter(path, rec_schema(name), compression="zstd", compression_level=1)
        writers[name].write_table(conform(table, rec_schema(name), name))
        rows[name] += table.num_rows

    def note(found: Sequence[Issue]) -> None:
        for issue in found:
            issues[issue.code] += issue.count
        write("issue", issue_table(list(found)))

    try:
        for batch in readers()[source.kind].read(source, part):
            for name, table in batch.tables.items():
                write(name, table)
            note(batch.issues)
            seen, read, set_aside = seen + batch.seen, read + batch.read, set_aside + batch.set_aside
            unread.update(batch.unread)
    except SourceError as error:
        note([_refusal(source, error)])
    except Exception as error:
        raise ConcertedError(
            f"{source.name}: the reader of {source.kind} failed: {error!r}; please report this"
        ) from error
    finally:
        for writer in writers.values():
            writer.close()
    return {
        "seen": seen,
        "read": read,
        "set_aside": set_aside,
        "unread": unread,
        "issues": issues,
        "rows": rows,
    }


def _refusal(source: Input, error: SourceError) -> Issue:
    return Issue(
        "error",
        "input_refused",
        "read",
        input_path=source.name,
        source_id=source.config.source_id,
        values={"reason": str(error)},
    )


def _finish(source: Input, counts: Sequence[dict[str, Any]], work: Path, folder: Path) -> int:
    """Add up the parts, write the report, and let the folder appear."""
    is_broken = any("xml_broken" in c["issues"] for c in counts)
    if len(counts) > 1 and (is_broken or _ids_repeat(work)):
        # A break, or the same identifier in two parts: what follows it can only be told by one pass over the whole.
        for path in work.glob("*.parquet"):
            path.unlink()
        counts = [read_part(source, part, work) for part in _parts(source, 1)]
    total: dict[str, Any] = {key: sum(c[key] for c in counts) for key in ("seen", "read", "set_aside")}
    for key in ("unread", "issues", "rows"):
        merged: Counter[str] = sum((Counter(c[key]) for c in counts), Counter())
        total[key] = dict(sorted(merged.items()))
    if total["seen"] != total["read"] + total["set_aside"]:
        raise ConcertedError(
            f"{source.name}: the counts do not add up, something was lost: {total}; please report this"
        )
    (work / REPORT).write_text(json.dumps(total, ensure_ascii=False, sort_keys=True), "utf-8")
    work.chmod(0o755)
    if folder.exists():
        shutil.rmtree(folder)
    work.rename(folder)
    return int(total["read"])


def _ids_repeat(work: Path) -> bool:
    files = sorted(work.glob("activity.*.parquet"))
    ids = pa.concat_tables([pq.read_table(f, columns=["record_id"]) for f in files])["record_id"] if files else None
    return ids is not None and len(ids.unique()) != len(ids)
