"""Read a file or folder as a user would, and hold what came of it; for the tests of readers."""

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from concerted.model.issues import Issue
from concerted.model.tables import conform, rec_schema
from concerted.sources.base import Input
from concerted.sources.detect import readers
from concerted.sources.open import find_inputs

REALDATA = Path(os.environ.get("CONCERTED_REALDATA") or Path(__file__).parents[2] / "shared" / "data")
needs_realdata = pytest.mark.skipif(
    not REALDATA.is_dir(), reason=f"the folder of real files is absent ({REALDATA}); set CONCERTED_REALDATA"
)


@dataclass
class Reading:
    """Everything the batches of one input said."""

    source: Input
    tables: dict[str, pa.Table]
    issues: list[Issue]
    seen: int
    read: int
    set_aside: int
    unread: Counter[str] = field(default_factory=Counter)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of a table without what is unknown in them."""
        found = self.tables.get(table)
        return [{k: v for k, v in row.items() if v is not None} for row in (found.to_pylist() if found else [])]

    def codes(self) -> dict[str, int]:
        """How often each issue was met."""
        counts: Counter[str] = Counter()
        for issue in self.issues:
            counts[issue.code] += issue.count
        return dict(counts)


def read_input(source: Input) -> Reading:
    """All batches of an input; checks what must hold for every reader."""
    reader = readers()[source.kind]
    batches = [b for part in reader.parts(source, 1) for b in reader.read(source, part)]
    tables: dict[str, list[pa.Table]] = {}
    for batch in batches:
        for name, table in batch.tables.items():
            tables.setdefault(name, []).append(conform(table, rec_schema(name), name))
    unread: Counter[str] = Counter()
    for batch in batches:
        unread.update(batch.unread)
    reading = Reading(
        source,
        {name: pa.concat_tables(parts) for name, parts in tables.items()},
        [issue for batch in batches for issue in batch.issues],
        *(sum(getattr(b, count) for b in batches) for count in ("seen", "read", "set_aside")),
        unread,
    )
    assert reading.seen == reading.read + reading.set_aside
    for name in ("activity",):
        if name in reading.tables:
            ids = reading.tables[name]["record_id"].to_pylist()
            assert len(set(ids)) == len(ids), "record ids must be unique"
    return reading


def read_all(folder: Path) -> dict[str, Reading]:
    """Every input of a folder, by its name."""
    inputs, _ = find_inputs([str(folder)], folder.parent / "cache")
    return {source.name: read_input(source) for source in inputs}


def read_one(folder: Path, name: str, content: str | bytes, source_yml: str | None = None) -> Reading:
    """Write one file, with a source.yml beside it where one is given, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    if source_yml is not None:
        (folder / "source.yml").write_text(source_yml, "utf-8")
    return read_all(folder)[name]
