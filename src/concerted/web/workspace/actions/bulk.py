"""Write many records of one owner at once: all of them, or none.

Place on the way: behind the inbox. What is written was checked before (`check`), so that the transaction, which keeps
other writers waiting, is short. A record that is not at the version that its writer began with is left as it is and
told of: nothing is overwritten in silence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from concerted.model.errors import NotAllowedError
from concerted.statements.document import Document
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.audit.inserting import insert_rows, update_rows
from concerted.web.workspace.actions.saving import columns_of, may_write
from concerted.web.workspace.models import Condition, Record, RecordVersion
from concerted.web.workspace.models.record import derived
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


def write_all(actor: Actor, owner: Partner, chunks: Iterable[Sequence[Write]], note: str) -> Written:
    """Write what was checked, in the caller's transaction or in one of its own.

    Args:
        chunks: writes, some hundreds at a time; each record once.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
    """
    if not may_write(actor, owner.pk):
        raise NotAllowedError("only its owner writes a record")
    written, acts, touched = Written(), list[Act](), set[int]()
    with transaction.atomic():
        for chunk in chunks:
            for was, record in _write(actor, owner, chunk, note, written):
                if not record.is_draft or (was is not None and not was.is_draft):
                    touched.add(record.shard)
                acts.append(Act("changed" if was else "added", "activity", str(record.pk), owner.pk))
        if touched:
            for number in sorted(touched):  # in their order, so that two who touch the same never stop each other
                touch_shard(number)
            transaction.on_commit(ask_for_picture, robust=True)  # what is saved stays saved
        log(actor.who, *acts)  # last: it keeps other writers waiting
    return written


def _write(
    actor: Actor, owner: Partner, chunk: Sequence[Write], note: str, written: Written
) -> Iterator[tuple[Record | None, Record]]:
    found = Record.objects.select_for_update().filter(pk__in=[each.record for each in chunk])
    known = {record.pk: record for record in found.defer("document", "words", "title", "lacks")}
    now, who, added, changed = timezone.now(), actor.who, list[Record](), list[Record]()
    for each in chunk:
        was = known.get(each.record)
        if (was.version if was else 0) != each.before or (was and was.owner_id != owner.pk):
            written.moved.append(each.record)
            continue
        record = Record(
            pk=each.record,
            owner=owner,
            holder_id=was.holder_id if was else who.person,
            **derived(each.record),
            condition=each.condition,
            version=each.before + 1,
            created_at=was.created_at if was else now,
            updated_at=now,
            updated_by=actor.person,
            **columns_of({**each.document, "version": each.before + 1}),
        )
        (changed if was else added).append(record)
        written.done.append(Done(each.record, each.before, was.condition if was else ""))
        yield was, record
    insert_rows(added)
    update_rows(changed, _CHANGED)  # locked above, and their versions were looked at under the lock
    insert_rows(
        RecordVersion(
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
        for record in (*added, *changed)
    )


_CHANGED = [
    "condition", "version", "document", "state", "title", "marking_key", "coarse_marking_key", "lacks", "lack_count",
    "words",
    "updated_at", "updated_by",
]  # fmt: skip


def kept_again(document: Document, now: Document) -> Document:
    """`document` with who may see it as it is in `now`: an old marking could open what was closed since."""
    marking = ("marking_key", "coarse_marking_key", "coarse_place_level", "is_partner_hidden")
    kept = {name: value for name, value in now["activity"].items() if name in marking}
    return {
        **document,
        "activity": {name: value for name, value in document["activity"].items() if name not in marking} | kept,
    }


#: What undoing makes of a record that it finds new: it leaves the picture, and stays its owner's.
UNDONE_NEW = Condition.DRAFT
