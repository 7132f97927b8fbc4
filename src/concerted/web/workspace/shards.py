"""What the site keeps, as sources of the build: some files of statements for each kind of it.

Enters: what is kept (activities; other apps give their own `Folder`). Leaves: `DATA/registry/NN.jsonl` and the
`source.yml` beside them; only files in which something has changed are written, each in one step.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from concerted.rebuild import REGISTRY
from concerted.statements.document import encode
from concerted.store.edition import write_atomically
from concerted.web.workspace.models import SHARDS, SOURCE_ID, Condition, Kept, Record, Shard


@dataclass(frozen=True)
class Folder:
    """A folder of files below the data folder, each the lines of some documents that are kept.

    Attributes:
        about: what `source.yml` says.
        numbers: the numbers of its files among all; in the folder they are counted from 0.
        kept: the documents that are written.
        lines: those documents as lines, in their order.
    """

    name: str
    about: str
    numbers: range
    kept: Callable[[], QuerySet[Any]]
    lines: Callable[[Sequence[Any]], Iterable[str]]


#: What an app says of records beside their documents: columns of the activity, by record.
Columns = Callable[[Iterable[Record]], Mapping[UUID, Mapping[str, Any]]]
_COLUMNS: list[Columns] = []
#: Records that are asked about at a time.
_AT_ONCE = 500


def add_columns(columns: Columns) -> None:
    """Let `columns` be asked for each record that is written; apps say so when they are ready (`AppConfig.ready`)."""
    if columns not in _COLUMNS:
        _COLUMNS.append(columns)


def touch(record: Kept) -> None:
    """Note, in the transaction that changes what is kept, that its file is out of date."""
    touch_shard(record.shard)


def touch_shard(number: int) -> None:
    """Note, in the transaction that changes what stands in a file, that it is out of date."""
    if not Shard.objects.filter(pk=number).update(changed=F("changed") + 1):
        Shard.objects.get_or_create(pk=number)  # two who make it at once: the second waits and finds it
        Shard.objects.filter(pk=number).update(changed=F("changed") + 1)


def write_shards(data: Path) -> int:
    """Write the files of activities in which something has changed; how many."""
    return write_folder(data, ACTIVITIES)


def write_folder(data: Path, what: Folder) -> int:
    """Write the files of a folder in which something has changed; how many."""
    folder, counts = data / what.name, Shard.objects.filter(number__in=what.numbers)
    changed = dict(counts.values_list("number", "changed"))
    written = dict(counts.values_list("number", "written"))
    paths = {number: _path(folder, what, number) for number in sorted(changed)}
    stale = [number for number, path in paths.items() if changed[number] != written[number] or not path.is_file()]
    if not stale:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "source.yml").is_file():
        write_atomically(folder / "source.yml", what.about)
    lines: dict[int, list[str]] = {number: [] for number in stale}
    kept: Iterator[Kept] = (
        what.kept().filter(condition=Condition.KEPT, shard__in=stale).order_by("pk").iterator(_AT_ONCE)
    )
    while some := list(islice(kept, _AT_ONCE)):
        for each, line in zip(some, what.lines(some), strict=True):
            lines[each.shard].append(line)
    count = 0
    for number, found in lines.items():
        if found:
            write_atomically(paths[number], "".join(found))
            count += 1
        # The count that was read before the documents: what was saved meanwhile is written once more.
        Shard.objects.filter(pk=number).update(written=changed[number])
    return count


def _lines(some: Sequence[Record]) -> Iterator[str]:
    beside = [columns(some) for columns in _COLUMNS]
    for record in some:
        yield _line(record, [found.get(record.pk, {}) for found in beside])


def _line(record: Record, beside: Iterable[Mapping[str, Any]]) -> str:
    """The record as the reader of registries takes it, with when it was last said and what is said beside it."""
    document: dict[str, Any] = {**record.document}
    said = record.updated_at.astimezone(UTC).isoformat()
    document["activity"] = {**document["activity"], "last_updated": said}
    for columns in beside:
        document["activity"] |= columns
    return encode(document).decode() + "\n"


def _path(folder: Path, what: Folder, number: int) -> Path:
    width = len(str(len(what.numbers) - 1))
    return folder / f"{number - what.numbers.start:0{width}}.jsonl"


ACTIVITIES = Folder(
    REGISTRY,
    f"""# Written by the site: what partners keep in it. Do not change it by hand.
id: {SOURCE_ID}
kind: registry
""",
    range(SHARDS),
    lambda: Record.objects.only("pk", "shard", "document", "updated_at", "version", "condition"),
    _lines,
)
