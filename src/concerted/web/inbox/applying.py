"""What was accepted becomes versions of records, all at once or not at all; and undoing makes of it new versions again.

Both work out every record first, and write in one transaction at the end: whoever is stopped before has changed
nothing, and begins anew. What a row does is worked out from the file again and held against what was shown; where a
record has been changed meanwhile, the row is left and said so.
"""

import json
import logging
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from concerted.intake.admitting import AdmitError
from concerted.intake.preview import PreviewRow
from concerted.intake.vocabulary import Vocabulary
from concerted.model.errors import NotAllowedError, SourceError
from concerted.web.accounts.actions import Actor
from concerted.web.asks.models import Ask
from concerted.web.audit.inserting import insert_values
from concerted.web.inbox.files import forget, opened
from concerted.web.inbox.models import Applied, Receipt, State, Upload, UploadRow, Work
from concerted.web.inbox.rows import Held, held_for, in_batches, look_into, numbered_rows
from concerted.web.inbox.stored import digest
from concerted.web.workspace.actions.bulk import UNDONE_NEW, Write, Written, kept_again, prepared, write_all
from concerted.web.workspace.actions.saving import version_document
from concerted.web.workspace.models import Condition, Kept, Record

log = logging.getLogger(__name__)
_AT_ONCE = 500


def apply_receipt(receipt: UUID, vocabulary: Vocabulary, today: date) -> None:
    """Take over what a receipt accepted."""
    found = _claim(receipt, "work")
    if found is None:
        return
    _guarded(found, "work", lambda: _apply(found, vocabulary, today))


def undo_receipt(receipt: UUID) -> None:
    """Bring back what the records of a receipt said before, where nobody has changed them since."""
    found = _claim(receipt, "undo")
    if found is None:
        return
    _guarded(found, "undo", lambda: _undo(found))


def _claim(receipt: UUID, what: str) -> Receipt | None:
    now = timezone.now()
    if not Receipt.objects.filter(**{what: Work.WAITING}, pk=receipt).update(
        **{what: Work.WORKING}, beat_at=now, done=0
    ):
        return None
    return Receipt.objects.select_related("owner", "by", "undone_by", "upload", "upload__owner").get(pk=receipt)


def _guarded(receipt: Receipt, what: str, work: Callable[[], None]) -> None:
    try:
        work()
    except (AdmitError, SourceError, FileNotFoundError, NotAllowedError) as error:
        log.warning("a receipt could not be taken over: %s", type(error).__name__)
        _give_up(receipt, what)
    except Exception:
        log.exception("a receipt could not be taken over")
        _give_up(receipt, what)


def _give_up(receipt: Receipt, what: str) -> None:
    """Nothing was changed; the rows may be accepted again."""
    mine = Receipt.objects.filter(pk=receipt.pk, **{what: Work.WORKING})
    if mine.update(**{what: Work.FAILED}, beat_at=timezone.now()) and what == "work":
        UploadRow.objects.filter(receipt=receipt).update(receipt=None)


def _apply(receipt: Receipt, vocabulary: Vocabulary, today: date) -> None:
    upload = receipt.upload
    if upload is None or receipt.by is None or not receipt.by.is_active:
        raise NotAllowedError("the upload, or the account, is not there any more")
    accepted = dict(UploadRow.objects.filter(receipt=receipt).values_list("number", "digest"))
    held = held_for(upload, receipt.by, upload.kind)
    moved: list[int] = []
    with opened(upload) as source:
        inside = look_into(source, upload)
        rows = numbered_rows(source, inside, upload, held, vocabulary, today, accepted.__contains__)
        # One by one: what a row says must be taken back before the next one is worked out.
        for count, (number, row) in enumerate(rows, start=1):
            moved += _take(held, number, row, is_as_shown=digest(row) == accepted.pop(number))
            if count % _AT_ONCE == 0:
                _beat(receipt, _AT_ONCE)
    moved += accepted  # rows that are not there any more: the file is another one
    _write(receipt, upload, held, moved)


def _take(held: Held, number: int, row: PreviewRow, *, is_as_shown: bool) -> list[int]:
    """Keep what a row says if that is what was shown; else its number."""
    if not is_as_shown:
        held.take_back()
        return [number]
    if held.is_draft(row.record) and row.record not in held.after:
        held.put(row.record, held.document(row.record) or {})  # it says nothing new, and brings the record out
    held.settle()
    return []


def _write(receipt: Receipt, upload: Upload, held: Held, moved: list[int]) -> None:
    writes = (
        [
            Write(UUID(record), held.versions.get(record, 0), Condition.KEPT, json.loads(held.after[record]))
            for record in some
        ]
        for some in in_batches(held.after, _AT_ONCE)
    )
    actor = Actor(receipt.by, "sheet")
    with prepared(actor, receipt.owner, writes, f"receipt:{receipt.pk}", held.model) as ready, transaction.atomic():
        _check_ours(receipt, "work")
        written = write_all(ready)
        _note(receipt, written)
        mine = UploadRow.objects.filter(receipt=receipt)
        for numbers in in_batches(moved, _AT_ONCE):
            mine.filter(number__in=numbers).update(receipt=None, outcome="moved", is_safe=False)
        for some in in_batches(map(str, written.moved), _AT_ONCE):
            mine.filter(record__in=some).update(receipt=None, outcome="moved", is_safe=False)
        # What was refused stays to be read and mended; what is the same says nothing to anybody.
        is_open = UploadRow.objects.filter(upload=upload, receipt=None).exclude(outcome="same").exists()
        if not is_open:
            Upload.objects.filter(pk=upload.pk).update(state=State.CLOSED)
        added = sum(not each.before for each in written.done)
        told = {"added": added, "changed": len(written.done) - added, "moved": len(moved) + len(written.moved)}
        now = timezone.now()
        Receipt.objects.filter(pk=receipt.pk).update(work=Work.DONE, told=told, done_at=now, beat_at=now)
    # Rows that were taken over are shown nowhere any more; they go some at a time, so that nobody waits for that.
    _remove(UploadRow.objects.filter(receipt=receipt))
    if not is_open:
        _remove(UploadRow.objects.filter(upload=upload, receipt=None))
        forget(upload)


def _remove(rows: QuerySet[UploadRow]) -> None:
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        UploadRow.objects.filter(pk__in=some).delete()


def _check_ours(receipt: Receipt, what: str) -> None:
    """Nobody else has done it meanwhile: who was silent for long is taken for dead, and may not be.

    Raises:
        NotAllowedError: somebody has.
    """
    if getattr(Receipt.objects.select_for_update().get(pk=receipt.pk), what) != Work.WORKING:
        raise NotAllowedError("another has done it")


def _note(receipt: Receipt, written: Written) -> None:
    for some in in_batches(written.done, _AT_ONCE):
        same = {"receipt_id": receipt.pk, "record_id": None, "ask_id": None, "undone": ""}
        insert_values(
            Applied,
            [
                same
                | {f"{receipt.column}_id": each.record, "before": each.before, "after": each.before + 1}
                | {"condition_before": each.condition}
                for each in some
            ],
        )


def _undo(receipt: Receipt) -> None:
    if receipt.undone_by is None or not receipt.undone_by.is_active:
        raise NotAllowedError("the account is not there any more")
    model: type[Kept] = Ask if receipt.is_of_asks else Record
    writes, changed = list[Write](), list[UUID]()
    applied = Applied.objects.filter(receipt=receipt, undone="").order_by("pk")
    for some in in_batches(applied.iterator(_AT_ONCE), _AT_ONCE):
        now = model._default_manager.in_bulk([each.kept_id for each in some])
        for each in some:
            record = now[each.kept_id]
            if record.version != each.after:
                changed.append(record.pk)
            elif each.before == 0:
                writes.append(Write(record.pk, each.after, UNDONE_NEW, record.document))
            else:
                old = version_document(record, each.before)
                back = kept_again(old, record.document)
                writes.append(Write(record.pk, each.after, each.condition_before, back))
        _beat(receipt, len(some))
    actor, chunks = Actor(receipt.undone_by, "sheet"), in_batches(writes, _AT_ONCE)
    with prepared(actor, receipt.owner, chunks, f"undone:{receipt.pk}", model) as ready, transaction.atomic():
        _check_ours(receipt, "undo")
        written = write_all(ready)
        mine = Applied.objects.filter(receipt=receipt)
        for ids in in_batches((each.record for each in written.done), _AT_ONCE):
            mine.filter(**{f"{receipt.column}__in": ids}).update(undone="undone")
        for ids in in_batches([*changed, *written.moved], _AT_ONCE):
            mine.filter(**{f"{receipt.column}__in": ids}).update(undone="changed")
        told = {"undone": len(written.done), "changed": len(changed) + len(written.moved)}
        now_at = timezone.now()
        Receipt.objects.filter(pk=receipt.pk).update(undo=Work.DONE, undo_told=told, undone_at=now_at, beat_at=now_at)


def _beat(receipt: Receipt, count: int) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(done=F("done") + count, beat_at=timezone.now())
