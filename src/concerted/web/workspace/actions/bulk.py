"""Write many records of one owner at once: all of them, or none.

Place on the way: behind the inbox. What is written was checked before (`check`), and all that can be worked out is
worked out before the transaction (`prepared`), so that this one, which keeps other writers waiting, is short. A record
that is not at the version that its writer began with is left as it is and told of: nothing is overwritten in silence.
"""

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from concerted.model.errors import NotAllowedError
from concerted.statements.document import SHARING, Document, main_table
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.audit.inserting import Ready, ready_to_insert, ready_to_update, write
from concerted.web.workspace.actions.saving import may_write
from concerted.web.workspace.models import Condition, Kept, Record
from concerted.web.workspace.shards import touch_shard
from concerted.web.workspace.tasks import ask_for_picture


@dataclass(frozen=True)
class Write:
    """A record as it is to be; `before` is the version that it begins from, 0 for a new one."""

    record: UUID
    before: int
    condition: str
    document: Document


@dataclass(frozen=True)
class Done:
    """A record that was written, and what it was before (`condition` empty = it was not there)."""

    record: UUID
    before: int
    condition: str


@dataclass
class Written:
    """What was written, and the records that had become something else meanwhile."""

    done: list[Done] = field(default_factory=list)
    moved: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class _Chunk:
    """Some writes with their rows as the database takes them, each in the order of `writes`.

    Attributes:
        writes: record, the version that it begins from, its condition from now on, its file, what the log calls it.
        inserted, updated: each record both ways; which it is to be is known when it is locked.
    """

    writes: list[tuple[UUID, int, str, int, str]]
    inserted: Ready
    updated: Ready
    versions: Ready


@dataclass(frozen=True)
class Prepared:
    """What `write_all` writes, in a file without a name: it may be as large as what was brought."""

    actor: Actor
    owner: Partner
    model: type[Kept]
    file: IO[bytes]
    count: int


@contextmanager
def prepared(
    actor: Actor, owner: Partner, chunks: Iterable[Sequence[Write]], note: str, model: type[Kept] = Record
) -> Iterator[Prepared]:
    """Work out what will be written, before anybody has to wait for it.

    Args:
        chunks: writes, some hundreds at a time; each record once.
    """
    with tempfile.TemporaryFile(prefix="concerted-write-") as file:
        count = 0
        for chunk in chunks:
            pickle.dump(_chunk(actor, owner, chunk, note, model), file, pickle.HIGHEST_PROTOCOL)
            count += 1
        yield Prepared(actor, owner, model, file, count)


def _chunk(actor: Actor, owner: Partner, chunk: Sequence[Write], note: str, model: type[Kept]) -> _Chunk:
    now, who = timezone.now(), actor.who
    make, make_version = cast(Any, model), cast(Any, model.version_model())  # every kind has an owner and a holder
    records = [
        make(
            pk=each.record,
            owner=owner,
            holder_id=who.person,
            **model.derived_of(each.record, each.document),
            condition=each.condition,
            version=each.before + 1,
            created_at=now,
            updated_at=now,
            updated_by=actor.person,
            **model.columns_of({**each.document, "version": each.before + 1}),
        )
        for each in chunk
    ]
    versions = [
        make_version(
            record_id=record.pk,
            number=record.version,
            document=record.document,
            condition=record.condition,
            made_at=now,
            made_by=who.person,
            made_for=who.organisation,
            channel=who.channel,
            note=note,
        )
        for record in records
    ]
    return _Chunk(
        [(w.record, w.before, w.condition, r.shard, r.object_kind) for w, r in zip(chunk, records, strict=True)],
        ready_to_insert(records),
        ready_to_update(records, [*_CHANGED, *model.columns_of(chunk[0].document)]),
        ready_to_insert(versions),
    )


def write_all(ready: Prepared) -> Written:
    """Write what was prepared, in the caller's transaction or in one of its own.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
    """
    actor, owner = ready.actor, ready.owner
    if not may_write(actor, owner.pk):
        raise NotAllowedError("only its owner writes a record")
    written, acts, touched = Written(), list[Act](), set[int]()
    ready.file.seek(0)
    with transaction.atomic():
        for _ in range(ready.count):
            chunk: _Chunk = pickle.load(ready.file)  # noqa: S301 (written a moment ago, by this process)
            for done, condition, shard, kind in _write(ready, chunk, written):
                is_kept = str(Condition.DRAFT) != condition
                if is_kept or done.condition not in ("", Condition.DRAFT):
                    touched.add(shard)
                acts.append(Act("changed" if done.before else "added", kind, str(done.record), owner.pk))
        if touched:
            for number in sorted(touched):  # in their order, so that two who touch the same never stop each other
                touch_shard(number)
            transaction.on_commit(ask_for_picture, robust=True)  # what is saved stays saved
        log(actor.who, *acts)  # last: it keeps other writers waiting
    return written


def _write(ready: Prepared, chunk: _Chunk, written: Written) -> list[tuple[Done, str, int, str]]:
    """What of a chunk was written, with its condition now, its file and what the log calls it."""
    owner, kept = ready.owner, cast(Any, ready.model)._default_manager
    found = kept.select_for_update().filter(pk__in=[record for record, *_ in chunk.writes])
    known = {row[0]: row[1:] for row in found.values_list("pk", "version", "owner", "condition")}
    inserted, updated, versions = list[Any](), list[Any](), list[Any]()
    done: list[tuple[Done, str, int, str]] = []
    for at, (record, before, condition, shard, kind) in enumerate(chunk.writes):
        version, holder, was = known.get(record, (0, owner.pk, ""))
        if version != before or holder != owner.pk:
            written.moved.append(record)
            continue
        if version:
            updated.append(chunk.updated.values[at])
        else:
            inserted.append(chunk.inserted.values[at])
        versions.append(chunk.versions.values[at])
        done.append((Done(record, before, was), condition, shard, kind))
    write(Ready(chunk.inserted.statement, inserted))
    write(Ready(chunk.updated.statement, updated))  # locked above, and their versions were looked at under the lock
    write(Ready(chunk.versions.statement, versions))
    written.done += [each for each, *_ in done]
    return done


#: What saving changes besides the columns that follow from the document.
_CHANGED = ("condition", "version", "updated_at", "updated_by")


def kept_again(document: Document, now: Document) -> Document:
    """`document` with who may see it as it is in `now`: an old marking could open what was closed since."""
    main = main_table(now)
    kept = {name: value for name, value in now[main].items() if name in SHARING}
    return {**document, main: {name: value for name, value in document[main].items() if name not in SHARING} | kept}


#: What undoing makes of a record that it finds new: it leaves the picture, and stays its owner's.
UNDONE_NEW = Condition.DRAFT
