"""Release an edition, or take the released one back. The decision is a row, and the folder's pointer follows it."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from concerted.marking import Viewer
from concerted.model.errors import ConcertedError, ConfigError, NotAllowedError
from concerted.publish.shown import public_id
from concerted.records.screening.screen import screen
from concerted.statements.texts import FoundText
from concerted.store.edition import MANIFEST, current_edition, read_manifest
from concerted.store.released import release as point_to
from concerted.store.released import released_edition
from concerted.store.released import withdraw as point_back
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.roles import Duty, Role
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.edition.opened import open_edition
from concerted.web.release.checks import Reason, reasons_against
from concerted.web.release.comparing import counts, in_short, public_changes
from concerted.web.release.models import Kind, Release
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.tasks import last_failed

#: Whoever of the secretariat signs or administers releases.
RELEASERS = tuple(frozenset(map(str, (Role.SECRETARIAT, duty))) for duty in (Duty.SIGNER, Duty.ADMINISTRATOR))


class NotReleasedError(ConcertedError):
    """Something stands against a release."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__("not released: " + "; ".join(f"{r.kind} {r.what} ({r.count})".strip() for r in reasons))
        self.reasons = reasons


def may_release(actor: Actor) -> bool:
    """Whether he decides what the public is shown."""
    return actor.is_keeper or any(needed <= actor.held for needed in RELEASERS)


def checked_before(actor: Actor, folder: Path, note: str) -> str:
    """The note, where he may release this edition as far as can be told without looking into it.

    Raises:
        NotAllowedError, ValueError, RefusedError: as `release`.
    """
    _check_may(actor)
    note = _checked(note)
    newest = Release.objects.last()
    if newest is not None and newest.shown == folder.name and released_edition(settings.CONCERTED_DATA) == folder:
        raise ValueError("the public is shown this edition already")
    return note


def release(
    actor: Actor,
    viewer: Viewer,
    folder: Path,
    note: str,
    *,
    is_meant: bool = False,
    heard: Callable[[int, int], None] | None = None,
) -> Release:
    """Let the public see the edition in `folder`.

    Args:
        is_meant: sources that are missing were left out on purpose.
        heard: told how many laws were looked at, of about how many.

    Raises:
        NotAllowedError: not of the secretariat.
        ValueError: there is no note, or the edition is shown already.
        RefusedError: the note holds what must not be stored.
        NotReleasedError: something stands against it.
    """
    note, data = checked_before(actor, folder, note), settings.CONCERTED_DATA
    before, current = released_edition(data), current_edition(data)
    build_failed = folder == current and last_failed()
    found = reasons_against(viewer, folder, before, build_failed=build_failed, is_meant=is_meant, heard=heard)
    if found:
        raise NotReleasedError(found)
    opened = open_edition(folder)  # what cannot be opened is not released
    changed = public_changes(before, folder) if before else None
    return _decide(
        actor,
        Release(
            kind=Kind.RELEASED,
            edition=folder.name,
            public_id=_public_id(folder),
            shown=folder.name,
            before=before.name if before else "",
            as_of=opened.as_of,
            note=note,
            counts=counts(changed),
            changes=in_short(changed),
        ),
    )


def withdraw(actor: Actor, note: str) -> Release:
    """Take back what is released: the public is shown what it was shown before, or nothing.

    Raises:
        NotAllowedError: not of the secretariat.
        ValueError: there is no note, or nothing was released by a decision.
        RefusedError: the note holds what must not be stored.
    """
    _check_may(actor)
    note, data = _checked(note), settings.CONCERTED_DATA
    rows = list(Release.objects.all())
    shown = rows[-1].shown if rows else ""
    if not shown:
        raise ValueError("nothing is released that could be taken back")
    folder, before = data / "editions" / shown, shown_before(rows, shown)
    return _decide(
        actor,
        Release(
            kind=Kind.WITHDRAWN,
            edition=shown,
            public_id=_public_id(folder),
            shown=before,
            before=shown,
            as_of=open_edition(data / "editions" / before).as_of if before else None,
            note=note,
            counts=counts(public_changes(folder, data / "editions" / before)) if before else {},
        ),
    )


def shown_before(rows: list[Release], shown: str) -> str:
    """What was shown before an edition was released, without what was taken back or is not there any more."""
    withdrawn = {row.edition for row in rows if row.kind == Kind.WITHDRAWN}
    withdrawn -= {row.edition for row in rows if row.kind == Kind.RELEASED and _is_last_word(rows, row)}
    seen: set[str] = set()
    while shown and shown not in seen:
        seen.add(shown)
        shown = next((r.before for r in reversed(rows) if r.kind == Kind.RELEASED and r.edition == shown), "")
        if shown and shown not in withdrawn and (settings.CONCERTED_DATA / "editions" / shown / MANIFEST).is_file():
            return shown
    return ""


def follow() -> None:
    """Let the data folder say what was decided last, where it does not: after a restore, or a stop in between."""
    newest = Release.objects.last()
    if newest is None:
        return
    data = settings.CONCERTED_DATA
    try:
        folder = released_edition(data)
    except ConfigError:
        folder = None
    if (folder.name if folder else "") == newest.shown and (data / "releases").is_file():
        return
    if newest.kind == Kind.RELEASED:
        point_to(data, newest.shown)
    else:
        point_back(data, newest.edition, newest.shown or None)


def _decide(actor: Actor, row: Release) -> Release:
    row.made_at, row.made_by, row.made_for = timezone.now(), actor.who.person, actor.who.organisation
    row.channel = actor.who.channel
    with transaction.atomic():
        row.save(force_insert=True)
        action = "released" if row.kind == Kind.RELEASED else "release_withdrawn"
        log(actor.who, Act(action, "edition", row.public_id[:80], actor.who.organisation))
    follow()
    return row


def _is_last_word(rows: list[Release], row: Release) -> bool:
    """Whether an edition was released again after it had been taken back."""
    return next(each for each in reversed(rows) if each.edition == row.edition) is row


def _check_may(actor: Actor) -> None:
    if not may_release(actor):
        raise NotAllowedError("the owner of the strategy decides what the public is shown")


def _checked(note: str) -> str:
    note = " ".join(note.split())
    if not note:
        raise ValueError("a note says to everybody what it is about")
    found = [FoundText("release", 0, "note", note[f.start : f.end], f) for f in screen(note)]
    if any(each.is_refused for each in found):
        raise RefusedError([each for each in found if each.is_refused])
    return note


def _public_id(folder: Path) -> str:
    manifest = read_manifest(folder)
    return str(manifest.get("public_id") or public_id(folder, manifest))
