"""What was released, what changed since, and the decision on what the public is shown."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.store.released import released_edition
from concerted.web.accounts.roles import ANY
from concerted.web.api import shapes
from concerted.web.api.acting import actor_in, person_in, scope_in, viewer_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.refusals import NotNowError, moved_on
from concerted.web.api.scopes import PICTURE_READ, RELEASE_WRITE
from concerted.web.api.sent import FormError, Sent
from concerted.web.config.policy import POST, READS, Access, acts, declares
from concerted.web.coverage.filters import NotThere
from concerted.web.release import actions, comparing, queries, tasks
from concerted.web.release.actions import RELEASERS
from concerted.web.release.checks import Reason
from concerted.web.release.models import Asked, Release
from concerted.web.release.queries import Listed
from concerted.web.release.words import reason_word

router = Router(tags=["releases"])


class ReleaseShape(Schema):
    """A decision: released or withdrawn; `edition` is the id of what everybody sees of it."""

    number: int
    kind: str
    edition: str
    as_of: date | None
    note: str
    counts: dict[str, int]
    made_at: datetime
    made_for: UUID | None
    by: str
    is_shown: bool
    is_withdrawn: bool


class ReleasePage(ReleaseShape):
    """With what it changed of what everybody sees, as it was kept then: numbers, and the first 50 of each list.

    Null where that cannot be told: nothing was shown before, it was taken back, or an older version released it.
    """

    changes: shapes.Values | None


class SinceShape(Schema):
    """What changed since the last release, as far as you see it; null where there is nothing to compare with."""

    is_same: bool
    changes: shapes.Values | None


class LookShape(Schema):
    """How the look at a large edition goes, beside the site: waiting, working, done, refused or failed.

    What stands against it is told to who asked for it alone.
    """

    progress: str
    done: int
    total: int
    reasons: list[str]


class Released(Sent):
    """The edition that you looked at (`id` of /edition, read with the same token), and a note for everybody."""

    edition: str = Field(max_length=200)
    note: str = Field(max_length=1000)
    is_meant: bool = Field(False, description="sources that are missing were left out on purpose")


class Withdrawn(Sent):
    """Why it is taken back, for everybody."""

    note: str = Field(max_length=1000)


def _row(each: Listed) -> dict[str, Any]:
    row = each.row
    names = ("kind", "as_of", "note", "counts", "made_at", "made_for")
    return {name: getattr(row, name) for name in names} | {
        "number": row.pk,
        "edition": row.public_id,
        "by": each.by,
        "is_shown": each.is_shown,
        "is_withdrawn": each.is_withdrawn,
    }


def _listed(number: int) -> Listed:
    found = next((each for each in queries.releases(language_in_use()) if each.row.pk == number), None)
    if found is None:
        raise NotThere("release")
    return found


def _made(row: Release) -> Any:
    return Status(201, _row(_listed(row.pk)))


@router.get("/releases", response=list[ReleaseShape], summary="What was released")
@declares(Access.LIVE)
def releases(request: HttpRequest, query: Query[Language]) -> Any:
    """Newest first, with what was taken back; the same for everybody."""
    return [_row(each) for each in queries.releases(language_in_use())]


@router.get("/releases/{int:number}", response=ReleasePage, summary="One release and what it changed")
@declares(Access.LIVE)
def one_release(request: HttpRequest, number: int, query: Query[Language]) -> Any:
    """Of what everybody sees; what was taken back is not read out again."""
    found = _listed(number)
    changes = queries.public_changes_of(found.row)
    return _row(found) | {"changes": None if changes is None else shapes.plain(changes)}


@router.get("/unreleased", response=SinceShape, summary="What changed since the last release")
@acts(*ANY, methods=READS, scope=PICTURE_READ)
def unreleased(request: HttpRequest, query: Query[Language]) -> Any:
    """Records and totals, with what moved them."""
    scope, before = scope_in(request), released_edition(settings.CONCERTED_DATA)
    found = comparing.changes(scope, before) if scope and before else None
    return {
        "is_same": not request.is_unreleased,  # type: ignore[attr-defined]
        "changes": None if found is None else shapes.plain(found),
    }


@router.get("/releases/looked-at", response=LookShape, summary="How the look at a large edition goes")
@acts(*RELEASERS, methods=READS, scope=PICTURE_READ)
def release_looked_at(request: HttpRequest, query: Query[Language]) -> Any:
    """Of the release that was asked for last."""
    asked = Asked.objects.last()
    if asked is None:
        raise NotThere("asked")
    return _look(request, asked)


def _look(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    reasons = asked.reasons if asked.by_id == person_in(request).pk else []
    return {
        "progress": asked.progress,
        "done": asked.done,
        "total": asked.total,
        "reasons": [reason_word(Reason(*each)) for each in reasons],
    }


@router.post("/releases", response={201: ReleaseShape, 202: LookShape}, summary="Release an edition")
@acts(*RELEASERS, methods=POST, scope=RELEASE_WRITE)
def release(request: HttpRequest, query: Query[Language], body: Released) -> Any:
    """The public sees it from then on. A broken law, a missing source or a failed build stands against it.
    A large one is looked at beside the site (202): ask `/releases/looked-at`."""
    note = _note(body.note)
    folder = queries.looked_at(viewer_in(request), body.edition)
    if folder is None:
        return moved_on("The picture is another one by now: look at it, and send its id.")
    actor = actor_in(request)
    try:
        if not tasks.is_small(folder):
            asked = tasks.ask(actor, folder, note, is_meant=body.is_meant)
            if asked is None:
                raise NotNowError("a release is being looked at already")
            return Status(202, _look(request, asked))
        return _made(actions.release(actor, viewer_in(request), folder, note, is_meant=body.is_meant))
    except ValueError as error:
        raise NotNowError("the public is shown this already") from error


@router.post("/releases/withdraw", response={201: ReleaseShape}, summary="Take back what is released")
@acts(*RELEASERS, methods=POST, scope=RELEASE_WRITE)
def withdraw(request: HttpRequest, query: Query[Language], body: Withdrawn) -> Any:
    """The public is shown what it saw before, or nothing; the list says so openly."""
    note = _note(body.note)
    try:
        return _made(actions.withdraw(actor_in(request), note))
    except ValueError as error:
        raise NotNowError("nothing is released that could be taken back") from error


def _note(note: str) -> str:
    if not note.strip():
        raise FormError([{"where": "body.note", "what": "required", "do": "say to everybody what it is about"}])
    return note
