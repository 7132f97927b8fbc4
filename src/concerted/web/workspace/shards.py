"""What the site keeps, as a source of the build: one file of statements for each shard.

Enters: kept records of the registry. Leaves: `DATA/registry/NN.jsonl` and the `source.yml` beside them; only files in
which something has changed are written, each in one step.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F

from concerted.rebuild import REGISTRY
from concerted.statements.document import encode
from concerted.store.edition import write_atomically
from concerted.web.workspace.models import SHARDS, SOURCE_ID, Condition, Record, Shard

_ABOUT = f"""# Written by the site: what partners keep in it. Do not change it by hand.
id: {SOURCE_ID}
kind: registry
"""


#: What an app says of records beside their documents: columns of the activity, by record.
Columns = Callable[[Iterable[Record]], Mapping[UUID, Mapping[str, Any]]]
_COLUMNS: list[Columns] = []
#: Records that are asked about at a time.
_AT_ONCE = 500


def add_columns(columns: Columns) -> None:
    """Let `columns` be asked for each record that is written; apps say so when they are ready (`AppConfig.ready`)."""
    if columns not in _COLUMNS:
        _COLUMNS.append(columns)


def touch(record: Record) -> None:
    """Note, in the transaction that changes a record, that its file is out of date."""
    touch_shard(record.shard)


def touch_shard(number: int) -> None:
    """Note, in the transaction that changes what stands in a file, that it is out of date."""
    if not Shard.objects.filter(pk=number).update(changed=F("changed") + 1):
        Shard.objects.get_or_create(pk=number)  # two who make it at once: the second waits and finds it
        Shard.objects.filter(pk=number).update(changed=F("changed") + 1)


def write_shards(data: Path) -> int:
    """Write the files in which something has changed; how many."""
    folder = data / REGISTRY
    changed = dict(Shard.objects.values_list("number", "changed"))
    written = dict(Shard.objects.values_list("number", "written"))
    stale = [n for n in sorted(changed) if changed[n] != written[n] or not _path(folder, n).is_file()]
    if not stale:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "source.yml").is_file():
        write_atomically(folder / "source.yml", _ABOUT)
    lines: dict[int, list[str]] = {number: [] for number in stale}
    kept = _kept(stale)
    while some := list(islice(kept, _AT_ONCE)):
        beside = [columns(some) for columns in _COLUMNS]
        for record in some:
            lines[record.shard].append(_line(record, [found.get(record.pk, {}) for found in beside]))
    count = 0
    for number, found in lines.items():
        if found:
            write_atomically(_path(folder, number), "".join(found))
            count += 1
        # The count that was read before the records: what was saved meanwhile is written once more.
        Shard.objects.filter(pk=number).update(written=changed[number])
    return count


def _kept(shards: list[int]) -> Iterator[Record]:
    kept = Record.objects.filter(condition=Condition.KEPT, shard__in=shards).order_by("pk")
    yield from kept.only("pk", "shard", "document", "updated_at", "version", "condition").iterator(_AT_ONCE)


def _line(record: Record, beside: Iterable[Mapping[str, Any]]) -> str:
    """The record as the reader of registries takes it, with when it was last said and what is said beside it."""
    document: dict[str, Any] = {**record.document}
    said = record.updated_at.astimezone(UTC).isoformat()
    document["activity"] = {**document["activity"], "last_updated": said}
    for columns in beside:
        document["activity"] |= columns
    return encode(document).decode() + "\n"


def _path(folder: Path, number: int) -> Path:
    width = len(str(SHARDS - 1))
    return folder / f"{number:0{width}}.jsonl"
