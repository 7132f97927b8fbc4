"""The cache of what was read, as packs: a pack holds the records of one large input or of many small ones.

Place on the way: where steps 1 and 2 leave their tables. A pack is a folder `DIR/cache/read/<name>/`: a Parquet file
per `rec_` table (more for an input that was read in parts), in which the rows of each input follow those of the one
before, and `pack.json` with the key and the counts of each input, in that order. A pack appears by one rename and never
changes: what reads another set of inputs uses the packs that fit whole and copies what it needs from others.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from concerted.model.tables import conform, rec_schema

PACK = "pack.json"
#: Folders that are being filled; a dot keeps them from being taken for packs.
PASSING = ".reading-"
#: Tables are held back up to this size: many small row groups cost more time than what they hold.
FLUSH_BYTES = 12 << 20
#: Tables of fewer rows are taken to have this many bytes in each; the widest table has 300.
_FEW_ROWS, _ROW_BYTES = 1000, 400

#: Columns of texts of which each different one is written once.
_OFTEN_THE_SAME = ["text", "description"]

#: What a reader told of an input: seen, read, set_aside, and by name unread, issues, rows.
Counts = Mapping[str, Any]


@dataclass(frozen=True)
class Records:
    """The records of one input: its pack, and for each table its first row among those of the pack and their number."""

    pack: Path
    spans: dict[str, tuple[int, int]]
    is_alone: bool

    def table(self, name: str) -> pa.Table:
        """Its rows of `rec_<name>`."""
        first, count = self.spans.get(name, (0, 0))
        if count == 0:
            return rec_schema(name).empty_table()
        return _read(self.pack, name) if self.is_alone else _read_shared(self.pack, name).slice(first, count)


@dataclass(frozen=True)
class Pack:
    """A finished pack and the counts of its inputs, by key, in the order of their rows."""

    folder: Path
    inputs: dict[str, Counts]

    def records(self, key: str) -> Records:
        """Where the records of an input stand."""
        first: dict[str, int] = {}
        for other, counts in self.inputs.items():
            rows: dict[str, int] = counts["rows"]
            if other == key:
                spans = {name: (first.get(name, 0), count) for name, count in rows.items()}
                return Records(self.folder, spans, is_alone=len(self.inputs) == 1)
            for name, count in rows.items():
                first[name] = first.get(name, 0) + count
        raise KeyError(key)


def files_of(folders: Iterable[Path]) -> dict[str, list[Path]]:
    """The Parquet files of some packs by bare table name, each once."""
    found: dict[str, list[Path]] = {}
    for folder in dict.fromkeys(folders):
        for path in sorted(folder.glob("*.parquet")):
            found.setdefault(path.name.split(".")[0], []).append(path)
    return found


def load_packs(cache: Path) -> list[Pack]:
    """All finished packs, the largest first."""
    paths = (path for path in cache.glob(f"*/{PACK}") if not path.parent.name.startswith("."))
    packs = [Pack(path.parent, dict(json.loads(path.read_text("utf-8")))) for path in paths]
    return sorted(packs, key=lambda p: (-len(p.inputs), p.folder.name))


def settle(packs: Iterable[Pack], keys: Iterable[str]) -> tuple[dict[str, Pack], dict[str, Pack]]:
    """Where inputs stand already, by key: in packs that serve as they are, and in packs from which they can be copied.

    A pack serves as it is when all its inputs are wanted and none of them stands in another one that serves.
    """
    packs, wanted = list(packs), set(keys)
    serving: dict[str, Pack] = {}
    for pack in packs:
        if pack.inputs.keys() <= wanted and not pack.inputs.keys() & serving.keys():
            serving |= dict.fromkeys(pack.inputs, pack)
    others = {key: pack for pack in packs for key in pack.inputs if key in wanted and key not in serving}
    return serving, others


def begin(cache: Path) -> Path:
    """A folder for a pack that is to be filled."""
    return Path(tempfile.mkdtemp(dir=cache, prefix=PASSING))


def finish(work: Path, inputs: Mapping[str, Counts]) -> Pack:
    """Let the filled folder `work` appear as a pack of these inputs."""
    folder = work.parent / sha256("\0".join(inputs).encode()).hexdigest()[:32]
    # A list, because the order of the inputs is that of their rows.
    (work / PACK).write_text(json.dumps(list(inputs.items()), ensure_ascii=False, sort_keys=True), "utf-8")
    work.chmod(0o755)
    if folder.exists():  # of the same inputs, but it did not serve: its pack.json is lost, or others took its place
        shutil.rmtree(folder)
    work.rename(folder)
    return Pack(folder, dict(inputs))


def sweep(cache: Path) -> None:
    """Remove what a killed run has left half-filled."""
    for leftover in cache.glob(f"{PASSING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def prune(cache: Path, needed: Iterable[Iterable[str]]) -> None:
    """Remove packs that serve none of some sets of inputs (by their keys), and folders of packs without their list.

    Nobody else may read or write the cache meanwhile.
    """
    packs = load_packs(cache)
    kept = {pack.folder for keys in needed for pack in settle(packs, keys)[0].values()}
    for folder in cache.iterdir():
        if folder not in kept and folder.is_dir():
            # The list goes first, so that a killed pruning leaves no pack that lacks a table.
            (folder / PACK).unlink(missing_ok=True)
            shutil.rmtree(folder)


class Writer:
    """Writes tables into the folder of a pack, rows in the order in which they come, in bounded memory."""

    def __init__(self, folder: Path, part: int = 0) -> None:
        """Write `<table>.<part>.parquet` in `folder`."""
        self._folder, self._part = folder, part
        self._files: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[pa.Table]] = {}
        self._bytes = 0

    def __enter__(self) -> "Writer":
        """The writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Write what waits (unless something failed) and close the files."""
        try:
            if kind is None:
                self._flush()
        finally:
            for file in self._files.values():
                file.close()

    def write(self, name: str, table: pa.Table) -> None:
        """Add rows to `rec_<name>`.

        Raises:
            SchemaError: the table does not fit the field dictionary.
        """
        if table.num_rows == 0:
            return
        schema = rec_schema(name)
        self._waiting.setdefault(name, []).append(table if table.schema == schema else conform(table, schema, name))
        # To ask a small table for its size takes longer than to write it.
        self._bytes += table.nbytes if table.num_rows > _FEW_ROWS else table.num_rows * _ROW_BYTES
        if self._bytes > FLUSH_BYTES:
            self._flush()

    def _flush(self) -> None:
        for name, tables in self._waiting.items():
            if name not in self._files:
                path = self._folder / f"{name}.{self._part:05d}.parquet"
                # Whole tables are read, once or twice: dictionaries and statistics cost more than they save, but for
                # texts, which are long and often say the same. Zstandard writes a third longer for half the size.
                self._files[name] = pq.ParquetWriter(
                    path,
                    rec_schema(name),
                    compression="snappy",
                    use_dictionary=_OFTEN_THE_SAME,
                    write_statistics=False,
                )
            self._files[name].write_table(pa.concat_tables(tables))
        self._waiting.clear()
        self._bytes = 0


def _read(folder: Path, name: str) -> pa.Table:
    return pa.concat_tables([pq.read_table(path) for path in files_of([folder])[name]])


#: The tables of a pack or two are kept, because its inputs are asked for one after another.
_read_shared = lru_cache(maxsize=32)(_read)
