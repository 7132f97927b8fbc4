"""What a step can learn from one input alone is learnt per input, in worker processes, and kept in the cache.

Place on the way: between reading and the steps. A step that has `per_input` names such a table; it is computed once for
each input and each version of what the step was told, so that a rebuild after one changed record computes one input;
and that one may take over what did not change in it. The latest few states of an input stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import pyarrow as pa
import pyarrow.parquet as pq

from concerted.sources.cache import Records
from concerted.sources.run import InputReport, cache_key
from concerted.sources.spread import Results, Spread
from concerted.store.code import code_version
from concerted.store.edition import canonical_json, write_file_atomically
from concerted.store.kept import LATEST


class PerInput(Protocol):
    """A module that computes a table from the records of one input."""

    #: Name under which the table enters the step, its schema, and the record tables it is made of.
    NAME: str
    SCHEMA: pa.Schema
    INPUTS: tuple[str, ...]

    def applies(self, params: Any) -> bool:
        """Whether the step wants the table at all."""
        ...

    def told(self, params: Any) -> Any:
        """What of the parameters the table depends on, as plain data."""
        ...

    def compute(self, tables: dict[str, pa.Table], params: Any, key: str, known: pa.Table | None = None) -> pa.Table:
        """The table for one input; `key` is the same for equal `told`, `known` the table of an earlier state of it."""
        ...


@dataclass(frozen=True)
class Prepared:
    """A table that is computed per input: its name as steps see it, its schema, its files, the work that makes them."""

    name: str
    schema: pa.Schema
    files: list[Path]
    work: Results

    def finish(self) -> None:
        """Wait until every file is there."""
        for _ in self.work:
            pass

    def close(self) -> None:
        """Give up what has not begun."""
        self.work.close()


def prepare(
    module: str | None, params: Any, reports: Sequence[InputReport], data: Path, spread: Spread
) -> Prepared | None:
    """The table that `module` computes per input, with what is missing of it begun; null = not wanted.

    Args:
        module: import path of a `PerInput` module; null = the step has none.
    """
    if module is None:
        return None
    maker = cast(PerInput, import_module(module))
    if not maker.applies(params):
        return None
    folder = data / "cache" / maker.NAME
    folder.mkdir(parents=True, exist_ok=True)
    told = sha256((canonical_json(maker.told(params)) + code_version()).encode()).hexdigest()
    targets = {
        r.source.name: folder / f"{_digest(r.source.name)}-{_digest(cache_key(r.source) + told)}.parquet"
        for r in reports
        if r.rows.get(maker.INPUTS[0])
    }
    missing = [r for r in reports if (t := targets.get(r.source.name)) and not t.exists()]
    # The largest first, so that no worker is left alone with it at the end.
    missing.sort(key=lambda r: (-r.rows[maker.INPUTS[0]], r.source.name))
    tasks = [(module, params, told, r.records, targets[r.source.name]) for r in missing]
    files = [targets[name] for name in sorted(targets)]
    return Prepared(f"rec_{maker.NAME}", maker.SCHEMA, files, spread(_prepare_one, tasks))


def _prepare_one(module: str, params: Any, key: str, records: Records, target: Path) -> None:
    maker = cast(PerInput, import_module(module))
    tables = {name: records.table(name) for name in maker.INPUTS}
    of_input = target.parent.glob(f"{target.name.partition('-')[0]}-*.parquet")
    earlier = sorted(of_input, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    computed = maker.compute(tables, params, key, pq.read_table(earlier[0]) if earlier else None)
    write_file_atomically(target, lambda path: pq.write_table(computed, path, compression="zstd", compression_level=1))
    for old in earlier[LATEST - 1 :]:
        old.unlink()


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
