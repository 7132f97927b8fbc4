"""Bring a file, say what its columns mean, accept, put away, undo. Each checks that the actor may, and is logged."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from concerted.codelists.sheet_words import fold
from concerted.intake.admitting import Bounds
from concerted.intake.templates import column_names
from concerted.model.errors import NotAllowedError
from concerted.records.screening.texts import screen_text
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.inbox.files import folder, forget, keep, shown_name
from concerted.web.inbox.models import KEPT, NEEDS, Column, Receipt, State, Upload, UploadRow, Work
from concerted.web.workspace.actions import may_write

#: Outcomes of rows that can be accepted at all.
OPEN = ("new", "changed", "double")


def bring(actor: Actor, owner: Partner, sent: Any, marking_key: str, language: str) -> Upload:
    """Keep a file that was sent, to be read.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
        TooLargeError: it has more bytes than allowed.
    """
    _check_may(actor, owner)
    forget_old()
    pk = uuid4()
    ending, sha256, size = keep(pk, sent, Bounds())
    name, is_masked = shown_name(sent.name)
    upload = Upload(
        pk=pk,
        owner=owner,
        holder=actor.person,
        name=name,
        ending=ending,
        sha256=sha256,
        size=size,
        marking_key=marking_key,
        language=language,
        told={"name_masked": is_masked} if is_masked else {},
    )
    with transaction.atomic():
        upload.save(force_insert=True)
        log(actor.who, Act("added", "upload", str(upload.pk), owner.pk))
    return upload


def lacks_code(upload: Upload, meant: Mapping[str, str]) -> bool:
    """Whether it cannot be read so: no column is said to hold the codes of activities, and none was found."""
    return upload.state == State.COLUMNS and "code" not in meant.values()


def name_columns(actor: Actor, upload: Upload, meant: Mapping[str, str]) -> None:
    """Remember what headers mean for all sheets of the organisation, and let the upload be read anew.

    Args:
        meant: by header the name of a column; empty = it is left out.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
    """
    _check_may(actor, upload.owner)
    known = {"", *column_names()}
    with transaction.atomic():
        for header, name in meant.items():
            # A header that holds what must not be stored is not remembered: it is asked again.
            if name in known and fold(header) and not screen_text(header)[1]:
                Column.objects.update_or_create(owner=upload.owner, header=fold(header)[:200], defaults={"name": name})
        free = Upload.objects.filter(pk=upload.pk, state__in=(State.COLUMNS, State.READY))
        if not UploadRow.objects.filter(upload=upload).exclude(receipt=None).exists():
            free.update(state=State.WAITING, beat_at=None)


def accept(actor: Actor, upload: Upload, numbers: Iterable[int] | None) -> Receipt | None:
    """A receipt of the rows that are accepted; null where there are none.

    Args:
        numbers: of rows that were looked at; null = every safe one.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
    """
    _check_may(actor, upload.owner)
    rows = UploadRow.objects.filter(upload=upload, receipt=None, outcome__in=OPEN)
    rows = rows.filter(is_safe=True) if numbers is None else rows.filter(number__in=list(numbers))
    with transaction.atomic():
        # Locked, so that of two who accept at once each row is taken by one.
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.state != State.READY:
            return None
        is_of_asks = held.kind == NEEDS
        receipt = Receipt.objects.create(
            owner=upload.owner, upload=upload, name=upload.name, by=actor.person, is_of_asks=is_of_asks
        )
        receipt.total = rows.update(receipt=receipt)
        if not receipt.total:
            receipt.delete()
            return None
        receipt.save(update_fields=["total"])
    return receipt


def put_away(actor: Actor, upload: Upload) -> None:
    """Forget what was brought and not accepted.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
    """
    _check_may(actor, upload.owner)
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.receipts.filter(work__in=(Work.WAITING, Work.WORKING)).exists():
            return
        Upload.objects.filter(pk=upload.pk).update(state=State.CLOSED)
        UploadRow.objects.filter(upload=upload).delete()
        log(actor.who, Act("removed", "upload", str(upload.pk), upload.owner_id))
    forget(upload)


def ask_to_undo(actor: Actor, receipt: Receipt) -> bool:
    """Let a receipt be undone; false where its time is over or somebody does it already.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
    """
    _check_may(actor, receipt.owner)
    if not receipt.may_be_undone:
        return False
    free = Receipt.objects.filter(pk=receipt.pk, undo__in=(Work.NONE, Work.FAILED))
    return bool(free.update(undo=Work.WAITING, undone_by=actor.person, beat_at=None))


def forget_old() -> int:
    """Close uploads of which the time is over, and remove files that no upload has; how many were closed."""
    now = timezone.now()
    busy = Q(receipts__work__in=(Work.WAITING, Work.WORKING))
    old = Upload.objects.filter(made_at__lt=now - KEPT).exclude(busy)
    count = 0
    for upload in old.filter(~Q(state=State.CLOSED) | Q(rows__isnull=False)).distinct():
        UploadRow.objects.filter(upload=upload).delete()
        Upload.objects.filter(pk=upload.pk).update(state=State.CLOSED)
        forget(upload)
        count += 1
    if folder().is_dir():
        kept = {str(pk) for pk in Upload.objects.exclude(state=State.CLOSED).values_list("pk", flat=True)}
        for path in folder().iterdir():
            is_old = now.timestamp() - path.stat().st_mtime > KEPT.total_seconds()
            if is_old and path.stem not in kept:
                path.unlink(missing_ok=True)
    return count


def _check_may(actor: Actor, owner: Partner) -> None:
    if not may_write(actor, owner.pk):
        raise NotAllowedError("only its owner brings records")
