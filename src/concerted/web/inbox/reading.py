"""An upload becomes a preview: each row with what it would do, before anything is changed.

What is read is kept in `UploadRow`; whoever is stopped in the middle begins anew, and nothing was changed.
"""

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from concerted.intake.admitting import AdmitError
from concerted.intake.preview import PreviewRow
from concerted.intake.vocabulary import Vocabulary
from concerted.model.errors import SourceError
from concerted.web.accounts.models import User
from concerted.web.audit.inserting import insert_rows
from concerted.web.inbox.files import forget, opened
from concerted.web.inbox.models import State, Upload, UploadRow
from concerted.web.inbox.rows import Found, Held, held_for, in_batches, look_into, numbered_rows
from concerted.web.inbox.stored import changes_to_json, digest
from concerted.web.workspace.signals import words_refused

log = logging.getLogger(__name__)
#: Without a sign of life for so long, nobody works on it any more.
SILENCE = timedelta(minutes=5)
#: Rows that are kept at once.
_AT_ONCE = 500
#: Of files with more rows, what a new record says is not kept with each of its rows: it would be the file once more.
_IN_FULL = 2_000


def claim(upload: UUID) -> Upload | None:
    """The upload, if it waits; of several who ask only one gets it."""
    if not Upload.objects.filter(pk=upload, state=State.WAITING).update(
        state=State.READING, beat_at=timezone.now(), done=0
    ):
        return None
    return Upload.objects.select_related("owner", "holder").get(pk=upload)


def read_upload(upload: UUID, vocabulary: Vocabulary, today: date) -> None:
    """Read a file that waits, row by row, in bounded memory."""
    found = claim(upload)
    if found is None:
        return
    UploadRow.objects.filter(upload=found).delete()
    try:
        with opened(found) as source:
            Upload.objects.filter(pk=found.pk).update(kind=source.kind)
            inside = look_into(source, found)
            if not inside.is_known:
                _finish(found, State.COLUMNS, inside)
                return
            Upload.objects.filter(pk=found.pk).update(total=inside.total)
            held = held_for(found, _holder(found), source.kind)
            rows = numbered_rows(source, inside, found, held, vocabulary, today)
            done = 0
            for batch in in_batches(rows, _AT_ONCE):
                is_long = inside.total > _IN_FULL
                insert_rows(_row(found, held, number, row, is_long=is_long) for number, row in batch)
                done += len(batch)
                _count_refused(row for _number, row in batch)
                Upload.objects.filter(pk=found.pk).update(done=done, beat_at=timezone.now())
    except AdmitError as error:
        _refuse(found, error.code)
    except SourceError:
        # Its words may hold what stands in the file: they are for nobody's log.
        _refuse(found, "cut")
    except FileNotFoundError:
        _refuse(found, "gone")
    except Exception:
        # Whatever a file does to a reader, its author is told, and the reason is for whoever keeps the site.
        log.exception("an upload could not be read")
        _refuse(found, "failed")
    else:
        _finish(found, State.READY, inside)


def _holder(upload: Upload) -> User:
    if upload.holder is None:
        raise FileNotFoundError("nobody looks after it any more")
    return upload.holder


def _row(upload: Upload, held: Held, number: int, row: PreviewRow, *, is_long: bool) -> UploadRow:
    brings_out = row.outcome in ("same", "changed") and held.is_draft(row.record)
    outcome = "changed" if brings_out else row.outcome
    in_full = row.outcome != "new" or not is_long
    return UploadRow(
        upload=upload,
        number=number,
        sheet=(row.sheet or "")[:100],
        line=row.line,
        outcome=outcome,
        is_safe=row.is_safe or (brings_out and not row.asks),
        record=row.record,
        title=(row.title or "")[:300],
        digest=digest(row),
        changes=changes_to_json(row.changes) if in_full else [],
        faults=[[fault.column, fault.code, list(fault.nearest)] for fault in row.faults],
        doubles=list(row.doubles),
        lacks=list(row.lacks),
        asks=list(row.asks),
        is_kept=not brings_out,
    )


def _count_refused(rows: Iterable[PreviewRow]) -> None:
    """Tell whoever counts refusals what kinds there were; the words themselves are in no row."""
    codes = [fault.code for row in rows for fault in row.faults if fault.code.startswith("text_")]
    if codes:
        told = [(code.removeprefix("text_"), "refuse") for code in codes]
        words_refused.send(Upload, found=told, channel="sheet")


def _finish(upload: Upload, state: State, found: Found) -> None:
    told = upload.told | {"unknown": found.unknown, "others": found.others, "headers": found.headers}
    if found.statements is not None:
        told["set_aside"] = found.statements.set_aside
    Upload.objects.filter(pk=upload.pk, state=State.READING).update(state=state, told=told, beat_at=timezone.now())


def _refuse(upload: Upload, why: str) -> None:
    """Nothing of it is kept: neither what was read of it, nor the file."""
    UploadRow.objects.filter(upload=upload).delete()
    Upload.objects.filter(pk=upload.pk).update(state=State.REFUSED, why=why, beat_at=timezone.now())
    forget(upload)
