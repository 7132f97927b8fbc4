"""Release beside the site: a large edition is looked at for longer than an answer may take.

What is small is released at once, by the same action. Whoever is stopped in the middle has released nothing, or all.
"""

import logging
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from concerted.model.errors import ConcertedError
from concerted.store.edition import read_manifest
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.person import viewer_for
from concerted.web.config.queues import LONG
from concerted.web.release import actions
from concerted.web.release.models import OPEN, Asked, Progress, Release
from concerted.web.release.queries import folder_of

log = logging.getLogger(__name__)
#: Bytes of the tables of an edition that is looked at while its releaser waits: some two seconds.
_SMALL = 16 << 20
#: Without a sign of life for so long, nobody looks at it any more. One law of a large edition may take a minute.
SILENCE = timedelta(minutes=10)


@task(queue_name=LONG)
def release_beside(asked: str) -> None:
    """Look at an edition, and release it where nothing stands against it."""
    release_asked(UUID(asked))


def is_small(folder: Path) -> bool:
    """Whether an edition is looked at at once."""
    return sum(int(entry.get("bytes", 0)) for entry in read_manifest(folder)["tables"].values()) <= _SMALL


def ask(actor: Actor, folder: Path, note: str, *, is_meant: bool = False) -> Asked | None:
    """Let an edition be released beside the site; null where another release is being looked at.

    Raises:
        NotAllowedError, ValueError, RefusedError: as `actions.release`, before anything is looked at.
    """
    note = actions.checked_before(actor, folder, note)
    try:
        with transaction.atomic():
            asked = Asked.objects.create(edition=folder.name, note=note, is_meant=is_meant, by=actor.person)
    except IntegrityError:
        return None
    release_beside.enqueue(str(asked.pk))
    return asked


def release_asked(pk: UUID) -> None:
    """Release what was asked for, if it waits; of several who try only one does."""
    waits = Asked.objects.filter(pk=pk, progress=Progress.WAITING)
    if not waits.update(progress=Progress.WORKING, beat_at=timezone.now()):
        return
    asked = Asked.objects.select_related("by").get(pk=pk)
    try:
        reasons = _release(asked)
    except (ConcertedError, ValueError, OSError) as error:
        log.warning("a release that was asked for was not made: %s", type(error).__name__)
        _end(asked, Progress.FAILED)
    except Exception:
        log.exception("a release that was asked for was not made")
        _end(asked, Progress.FAILED)
    else:
        _end(asked, Progress.REFUSED if reasons else Progress.DONE, reasons)


def _release(asked: Asked) -> list[list[object]]:
    """What stands against it; where nothing does, it is released."""
    folder = folder_of(asked.edition)
    if asked.by is None or not asked.by.is_active or folder is None:
        raise ValueError("the account, or the edition, is not there any more")
    newest = Release.objects.last()
    if newest is not None and newest.made_at >= asked.made_at and newest.shown == asked.edition:
        return []  # whoever did it was stopped just after

    def heard(done: int, total: int) -> None:
        Asked.objects.filter(pk=asked.pk).update(done=done, total=total, beat_at=timezone.now())

    try:
        actions.release(
            actor_of(asked.by),
            viewer_for(asked.by, is_sure=True),
            folder,
            asked.note,
            is_meant=asked.is_meant,
            heard=heard,
        )
    except actions.NotReleasedError as error:
        return [[each.kind, each.what, each.count] for each in error.reasons]
    return []


def _end(asked: Asked, progress: Progress, reasons: list[list[object]] | None = None) -> None:
    mine = Asked.objects.filter(pk=asked.pk, progress=Progress.WORKING)
    mine.update(progress=progress, reasons=reasons or [], beat_at=timezone.now())


def take_up_again(silence: timedelta = SILENCE) -> None:
    """Let what waits or was stopped in the middle be done after all, if nothing was heard of it for so long."""
    now = timezone.now()
    with transaction.atomic():
        silent = Asked.objects.filter(progress__in=OPEN, beat_at__lte=now - silence)
        for asked in silent.select_for_update():
            Asked.objects.filter(pk=asked.pk).update(progress=Progress.WAITING, beat_at=now, done=0)
            release_beside.enqueue(str(asked.pk))
