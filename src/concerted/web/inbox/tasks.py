"""What is done beside the site: reading and taking over what is large. What is small is done at once."""

import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from concerted.intake.vocabulary import Vocabulary
from concerted.web.config.queues import LONG
from concerted.web.inbox.applying import apply_receipt, undo_receipt
from concerted.web.inbox.files import path_of
from concerted.web.inbox.models import Receipt, State, Upload, Work
from concerted.web.inbox.reading import SILENCE, read_upload
from concerted.web.workspace.queries import vocabulary

#: Bytes of a file that is read while its sender waits, as it is and unpacked; and rows that are written so.
_SMALL, _SMALL_UNPACKED, _FEW = 512 * 1024, 4 << 20, 500


@task(queue_name=LONG)
def read_beside(upload: str) -> None:
    """Read an upload."""
    read_upload(UUID(upload), _words(), timezone.now().date())


@task(queue_name=LONG)
def apply_beside(receipt: str) -> None:
    """Take over a receipt."""
    apply_receipt(UUID(receipt), _words(), timezone.now().date())


@task(queue_name=LONG)
def undo_beside(receipt: str) -> None:
    """Undo a receipt."""
    undo_receipt(UUID(receipt))


def read_soon(upload: Upload, words: Vocabulary) -> None:
    """Read it now where it is small, else beside the site."""
    if is_small(upload):
        read_upload(upload.pk, words, timezone.now().date())
    else:
        _enqueue(read_beside, Upload, upload.pk)


def apply_soon(receipt: Receipt, words: Vocabulary) -> None:
    """Take it over now where it is little, else beside the site."""
    if receipt.total <= _FEW and receipt.upload is not None and is_small(receipt.upload):
        apply_receipt(receipt.pk, words, timezone.now().date())
    else:
        _enqueue(apply_beside, Receipt, receipt.pk)


def undo_soon(receipt: Receipt) -> None:
    """Undo it now where it is little, else beside the site."""
    if receipt.applied.count() <= _FEW:
        undo_receipt(receipt.pk)
    else:
        _enqueue(undo_beside, Receipt, receipt.pk)


def _enqueue(task: Task[Any, Any], model: type[Upload | Receipt], pk: UUID) -> None:
    """Let it be done beside the site; from now on silence counts."""
    model._default_manager.filter(pk=pk).update(beat_at=timezone.now())
    task.enqueue(str(pk))


def is_small(upload: Upload) -> bool:
    """Whether a file is read at once. What a workbook unpacks to it says itself; a lie is refused later."""
    path = path_of(upload)
    try:
        if path.stat().st_size > _SMALL:
            return False
        if not zipfile.is_zipfile(path):
            return True
        with zipfile.ZipFile(path) as archive:
            return sum(info.file_size for info in archive.infolist()) <= _SMALL_UNPACKED
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return True  # it will be refused, and by whom does not matter


def take_up_again(silence: timedelta = SILENCE) -> None:
    """Let what waits or was stopped in the middle be done after all, if nothing was heard of it for so long."""
    now = timezone.now()
    old = Q(beat_at__lt=now - silence)
    with transaction.atomic():
        for upload in Upload.objects.filter(old, state__in=(State.WAITING, State.READING)).select_for_update():
            Upload.objects.filter(pk=upload.pk).update(state=State.WAITING, beat_at=now)
            read_beside.enqueue(str(upload.pk))
        for what, again in (("work", apply_beside), ("undo", undo_beside)):
            stopped = {f"{what}__in": (Work.WAITING, Work.WORKING)}
            for receipt in Receipt.objects.filter(old, **stopped).select_for_update():
                Receipt.objects.filter(pk=receipt.pk).update(**{what: Work.WAITING}, beat_at=now)
                again.enqueue(str(receipt.pk))


def _words() -> Vocabulary:
    from concerted.web.config.middleware import current

    served = current().get()
    return vocabulary(served.edition if served else None)
