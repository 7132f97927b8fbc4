"""Read every input in worker processes and keep the result, so that an unchanged file costs a hash.

Place on the way: drives steps 1 and 2. Enters: inputs found by `opening`. Leaves: packs of records in `DIR/cache/read`
(see `cache`), and for each input a report with its counts and the place of its records.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from concerted.model.errors import ConcertedError, SourceError
from concerted.model.issues import Issue, issue_table
from concerted.sources.base import Batch, Gatherer, Input, Part
from concerted.sources.cache import Counts, Pack, Records, Writer, begin, files_of, finish, load_packs, settle, sweep
from concerted.sources.detect import readers
from concerted.sources.spread import Spread, in_workers
from concerted.store.code import READING, code_version

#: A task reads about this much of the inputs: larger ones are cut in parts, smaller ones share a pack.
PART_BYTES = 16 << 20
#: Less than this is not worth a task of its own.
_LEAST_BYTES = 4 << 20
#: Tasks for each worker, so that none is left alone for long at the end.
_TASKS = 4


@dataclass
class InputReport:
    """What came of one input: its counts, and where its records are."""

    source: Input
    records: Records
    seen: int = 0
    read: int = 0
    set_aside: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    issues: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    is_cached: bool = False


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

    Nothing half-read stays: a pack appears by one rename when all its inputs are read. `spread` says where they are
    read; the default is `jobs` worker processes on this machine.

    Raises:
        KeyboardInterrupt: the user stopped; finished packs stay cached, the others leave nothing.
    """
    cache = data / "cache" / "read"
    cache.mkdir(parents=True, exist_ok=True)
    sweep(cache)
    keys = {source.name: cache_key(source) for source in inputs}
    packs, others = settle(load_packs(cache), keys.values())
    missing = [source for source in inputs if keys[source.name] not in packs]
    known = {s.name: _known(others[key], key) for s in missing if (key := keys[s.name]) in others}
    done, of_bytes = len(inputs) - len(missing), sum(s.bytes for s in inputs)
    done_bytes, records = of_bytes - sum(s.bytes for s in missing), 0
    on_progress(Progress(done, len(inputs), done_bytes, of_bytes, records))
    for load, pack in _run(_loads(missing, known, jobs), cache, keys, spread or in_workers(jobs)):
        packs |= dict.fromkeys(pack.inputs, pack)
        done, done_bytes = done + len(load.inputs), done_bytes + sum(s.bytes for s in load.inputs)
        records += sum(counts["read"] for counts in pack.inputs.values())
        on_progress(Progress(done, len(inputs), done_bytes, of_bytes, records))
    fresh = {source.name for source in missing} - known.keys()
    return [_report(s, packs[keys[s.name]], keys[s.name], is_cached=s.name not in fresh) for s in inputs]


def cache_key(source: Input) -> str:
    """Changes with content, name, kind, source.yml or the code of the readers; nothing else makes a re-read."""
    parts = (source.sha256, source.name, source.kind, source.config.fingerprint, code_version(READING))
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def record_files(reports: Sequence[InputReport]) -> dict[str, list[Path]]:
    """The Parquet files with the records of all these inputs and of no others, by bare table name."""
    return files_of(r.records.pack for r in sorted(reports, key=lambda r: r.source.name))


def _known(pack: Pack, key: str) -> tuple[Records, Counts]:
    return pack.records(key), pack.inputs[key]


def _report(source: Input, pack: Pack, key: str, *, is_cached: bool) -> InputReport:
    return InputReport(source, pack.records(key), is_cached=is_cached, **pack.inputs[key])


@dataclass(frozen=True)
class Reading:
    """What a task reads of one input; `known` are its records and counts where they are in the cache already."""

    source: Input
    parts: Sequence[Part]
    known: tuple[Records, Counts] | None = None


@dataclass
class _Load:
    """A pack on its way: several inputs that are read by one task, or one large input with a task for each part."""

    tasks: list[list[Reading]]
    counts: dict[int, list[Counts]] = field(default_factory=dict)

    @property
    def inputs(self) -> list[Input]:
        return [reading.source for reading in self.tasks[0]]


def _loads(missing: Sequence[Input], known: Mapping[str, tuple[Records, Counts]], jobs: int) -> list[_Load]:
    """Inputs gathered or cut to tasks of about equal size."""
    piece = min(max(_LEAST_BYTES, sum(s.bytes for s in missing) // (jobs * _TASKS)), PART_BYTES)
    loads: list[_Load] = []
    gathered: list[Reading] = []
    size = 0
    for source in sorted(missing, key=lambda s: s.name):
        if source.bytes > piece and source.name not in known:
            parts = _parts(source, min(-(-source.bytes // piece), jobs * _TASKS) if jobs > 1 else 1)
            loads.append(_Load([[Reading(source, [part])] for part in parts]))
            continue
        if gathered and size + source.bytes > piece:
            loads.append(_Load([gathered]))
            gathered, size = [], 0
        gathered.append(Reading(source, _parts(source, 1), known.get(source.name)))
        size += source.bytes
    return [*loads, _Load([gathered])] if gathered else loads


def _run(loads: Sequence[_Load], cache: Path, keys: Mapping[str, str], spread: Spread) -> Iterator[tuple[_Load, Pack]]:
    """Run the tasks, the largest first, and yield each load with its pack when it is complete."""
    folders = [begin(cache) for _ in loads]
    try:
        places = [(at, number) for at, load in enumerate(loads) for number in range(len(load.tasks))]
        places.sort(key=lambda place: -_size(loads[place[0]].tasks[place[1]]))
        tasks = [(folders[at], number, loads[at].tasks[number]) for at, number in places]
        for index, counts in spread(read_task, tasks):
            at, number = places[index]
            load = loads[at]
            load.counts[number] = counts
            if len(load.counts) == len(load.tasks):
                told = zip(load.inputs, _told(load, folders[at]), strict=True)
                yield load, finish(folders[at], {keys[s.name]: _checked(s, counts) for s, counts in told})
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _size(readings: Sequence[Reading]) -> int:
    return sum(part.stop - part.start for reading in readings for part in reading.parts)


def _parts(source: Input, wanted: int) -> list[Part]:
    try:
        return readers()[source.kind].parts(source, wanted)
    except SourceError:
        return [Part(0, 0, source.bytes)]  # reading it will meet the same refusal and report it


def read_task(folder: Path, number: int, readings: Sequence[Reading]) -> list[Counts]:
    """Read some inputs into the files numbered `number` of a pack's folder, one after another; the counts of each."""
    told: list[Counts] = []
    with Writer(folder, number) as writer:
        for kind, group in groupby(readings, _kind_gathered):
            gathered = list(group)
            if kind is None or len(gathered) == 1:
                told += [_read_alone(reading, writer) for reading in gathered]
            else:
                told += _read_together(kind, [reading.source for reading in gathered], writer)
    return told


def _kind_gathered(reading: Reading) -> str | None:
    """The kind of an input of which its reader can read several in one go; None where it is to be read alone."""
    source = reading.source
    is_whole = [part.start == 0 and part.stop >= source.bytes for part in reading.parts] == [True]
    return source.kind if is_whole and reading.known is None and _is_gatherer(source.kind) else None


def _is_gatherer(kind: str) -> bool:
    return isinstance(readers()[kind], Gatherer)


def _read_alone(reading: Reading, writer: Writer) -> Counts:
    if reading.known is None:
        return _sum([read_part(reading.source, part, writer) for part in reading.parts])
    records, counts = reading.known
    for name in records.spans:
        writer.write(name, records.table(name))
    return counts


def _read_together(kind: str, sources: Sequence[Input], writer: Writer) -> Iterator[Counts]:
    """Read small inputs in one go where their reader can; the counts of each, in their order."""
    with _blaming(kind, f"{sources[0].name} to {sources[-1].name}"):
        for inputs, sheaf in cast(Gatherer, readers()[kind]).together(sources):
            if sheaf is None:
                yield from (_sum([read_part(source, part, writer) for part in _parts(source, 1)]) for source in inputs)
                continue
            _write(writer, sheaf.tables, [issue for batch in sheaf.batches for issue in batch.issues])
            yield from (_sum([_counts(*told)]) for told in zip(sheaf.batches, sheaf.rows, strict=True))


def read_part(source: Input, part: Part, writer: Writer) -> Counts:
    """Read one part of an input; its counts."""
    told: list[Counts] = []

    def keep(batch: Batch) -> None:
        _write(writer, batch.tables, batch.issues)
        told.append(_counts(batch, {name: table.num_rows for name, table in batch.tables.items()}))

    with _blaming(source.kind, source.name):
        try:
            for batch in readers()[source.kind].read(source, part):
                keep(batch)
        except SourceError as error:
            keep(Batch(issues=[_refusal(source, error)]))
    return _sum(told)


@contextmanager
def _blaming(kind: str, names: str) -> Iterator[None]:
    """Faults in a reader, which no document should bring about, with the names of what it was reading."""
    try:
        yield
    except ConcertedError:
        raise
    except Exception as error:
        raise ConcertedError(f"{names}: the reader of {kind} failed: {error!r}; please report this") from error


def _write(writer: Writer, tables: Mapping[str, pa.Table], issues: list[Issue]) -> None:
    for name, table in tables.items():
        writer.write(name, table)
    if issues:
        writer.write("issue", issue_table(issues))


def _counts(batch: Batch, rows: Mapping[str, int]) -> Counts:
    issues: Counter[str] = Counter()
    for issue in batch.issues:
        issues[issue.code] += issue.count
    counts = {"seen": batch.seen, "read": batch.read, "set_aside": batch.set_aside, "unread": batch.unread}
    return counts | {"issues": issues, "rows": {**rows, "issue": len(batch.issues)}}


def _refusal(source: Input, error: SourceError) -> Issue:
    return Issue(
        "error",
        "input_refused",
        "read",
        input_path=source.name,
        source_id=source.config.source_id,
        values={"reason": str(error)},
    )


def _told(load: _Load, folder: Path) -> list[Counts]:
    """The counts of each input of a load whose tasks are done."""
    if len(load.tasks) == 1:
        return load.counts[0]
    counts = [counts for number in sorted(load.counts) for counts in load.counts[number]]
    is_broken = any("xml_broken" in c["issues"] for c in counts)
    if not is_broken and not _ids_repeat(folder):
        return [_sum(counts)]
    # A break, or the same identifier in two parts: what follows it can only be told by one pass over the whole.
    for path in folder.glob("*.parquet"):
        path.unlink()
    source = load.inputs[0]
    return read_task(folder, 0, [Reading(source, _parts(source, 1))])


def _sum(counts: Sequence[Counts]) -> Counts:
    total: dict[str, Any] = {key: sum(c[key] for c in counts) for key in ("seen", "read", "set_aside")}
    for key in ("unread", "issues", "rows"):
        merged: Counter[str] = sum((Counter(c[key]) for c in counts), Counter())  # without those that are 0
        total[key] = dict(sorted(merged.items()))
    return total


def _checked(source: Input, counts: Counts) -> Counts:
    if counts["seen"] != counts["read"] + counts["set_aside"]:
        raise ConcertedError(
            f"{source.name}: the counts do not add up, something was lost: {counts}; please report this"
        )
    return counts


def _ids_repeat(folder: Path) -> bool:
    files = files_of([folder]).get("activity", [])
    ids = pa.concat_tables([pq.read_table(f, columns=["record_id"]) for f in files])["record_id"] if files else None
    return ids is not None and len(ids.unique()) != len(ids)
