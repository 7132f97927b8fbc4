"""The two gates: what waits, with changed values only; sign off, validate, send back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from concerted.web.api import record_shapes
from concerted.web.api.acting import actor_in, person_in, viewer_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.scopes import VALIDATION_READ, VALIDATION_WRITE
from concerted.web.api.sent import LARGEST, FormError, Sent
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.validation import actions, queries
from concerted.web.validation.actions import MOST, SIGNERS, VALIDATORS, Item, Outcome
from concerted.web.validation.queries import Queue, Waits

router = Router(tags=["validation"])


class WaitsShape(Schema):
    """A record that waits. `changes` begin with the version `began`, on which was decided last; 0 = with nothing."""

    record: UUID
    title: str
    owner: UUID
    owner_name: str
    version: int
    began: int
    state: str
    since: datetime | None
    is_late: bool
    by: str
    changes: list[record_shapes.ChangeShape]


class ReturnedShape(Schema):
    """A record of yours that was sent back, why, and by which organisation."""

    record: UUID
    title: str
    version: int
    reason: str
    by: str


class QueueShape(Schema):
    """A page of what waits, longest first."""

    count: int
    records: list[WaitsShape]
    next: int | None


class SignoffShape(QueueShape):
    """With what was sent back to you, and whether you sign off here."""

    returned: list[ReturnedShape]
    may_decide: bool


class OutcomeShape(Schema):
    """Records that were decided on; those that were changed or decided on meanwhile; your own, which another signs."""

    done: list[UUID]
    stale: list[UUID]
    own: list[UUID]


class PageQuery(Language):
    """Which page."""

    page: int = Field(1, ge=1, le=100_000)


class Looked(Sent):
    """A record with the version that was looked at."""

    record: UUID
    version: int = Field(ge=1, le=LARGEST)


class Decided(Sent):
    """Records that are decided on at once."""

    items: list[Looked] = Field(min_length=1, max_length=MOST)


class SentBack(Looked):
    """Why it is sent back, so that it can be mended."""

    reason: str = Field(min_length=1, max_length=1000)


def _queue(queue: Queue, page: int) -> dict[str, Any]:
    return {
        "count": queue.total,
        "records": [_waits(each, name) for _owner, name, group in queue.groups for each in group],
        "next": page + 1 if page * queries.PAGE < queue.total else None,
    }


def _waits(each: Waits, owner_name: str) -> dict[str, Any]:
    return {
        "record": each.record.pk,
        "title": each.record.title,
        "owner": each.record.owner_id,
        "owner_name": owner_name,
        "version": each.record.version,
        "began": each.began,
        "state": str(each.stands.state),
        "since": each.stands.since,
        "is_late": each.stands.is_late,
        "by": each.by,
        "changes": record_shapes.changes(each.changes),
    }


def _items(request: HttpRequest, looked: Iterable[Looked]) -> list[Item]:
    """What is decided on.

    Raises:
        NotThere: one of them is not there, or not for him: which one is not told.
    """
    items = sorted({(each.record, each.version) for each in looked})
    if not queries.find_items(viewer_in(request), items):
        raise NotThere("record")
    return items


def _outcome(outcome: Outcome) -> dict[str, list[UUID]]:
    return {
        "done": [each.pk for each in outcome.done],
        "stale": [each.pk for each in outcome.stale],
        "own": [each.pk for each in outcome.own],
    }


@router.get("/signoff", response=SignoffShape, summary="What waits to be signed off")
@acts(*SIGNERS, methods=READS, scope=VALIDATION_READ)
def signoff(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Of your organisation: each record with what changed since it was signed off last."""
    mine, lang = person_in(request).organisation_id, language_in_use()
    return _queue(queries.to_sign(viewer_in(request), query.page, lang), query.page) | {
        "returned": [
            {"record": record.pk, "title": record.title, "version": record.version, "reason": reason, "by": by}
            for record, reason, by in queries.returned_to(mine, lang)
        ],
        "may_decide": actions.may_sign(actor_in(request), mine),
    }


@router.post("/signoff", response=OutcomeShape, summary="Sign off")
@acts(*SIGNERS, methods=POST, scope=VALIDATION_WRITE)
def sign_off(request: HttpRequest, query: Query[Language], body: Decided) -> Any:
    """Versions that you looked at; one that was saved meanwhile comes back as stale and still waits."""
    return _outcome(actions.sign_off(actor_in(request), _items(request, body.items)))


@router.post("/signoff/back", response=OutcomeShape, summary="Send back before signing")
@acts(*SIGNERS, methods=POST, scope=VALIDATION_WRITE)
def back_from_signoff(request: HttpRequest, query: Query[Language], body: SentBack) -> Any:
    """To its editors, with a reason."""
    return _back(request, body, is_secretariats=False)


@router.get("/validation", response=QueueShape, summary="What waits to be validated")
@acts(*VALIDATORS, methods=READS, scope=VALIDATION_READ)
def validation(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """What owners signed off, as far as you may read it. What you see of restricted records is noted in the log."""
    queue = queries.to_validate(viewer_in(request), query.page, language_in_use())
    actions.note_seen(actor_in(request), queue)
    return _queue(queue, query.page)


@router.post("/validation", response=OutcomeShape, summary="Validate")
@acts(*VALIDATORS, methods=POST, scope=VALIDATION_WRITE)
def validate(request: HttpRequest, query: Query[Language], body: Decided) -> Any:
    """Versions that you looked at, up to five hundred; one that was saved meanwhile comes back as stale."""
    return _outcome(actions.validate(actor_in(request), viewer_in(request), _items(request, body.items)))


@router.post("/validation/back", response=OutcomeShape, summary="Send back before validating")
@acts(*VALIDATORS, methods=POST, scope=VALIDATION_WRITE)
def back_from_validation(request: HttpRequest, query: Query[Language], body: SentBack) -> Any:
    """To its owner, with a reason; it stays in the picture as it is."""
    return _back(request, body, is_secretariats=True)


def _back(request: HttpRequest, body: SentBack, *, is_secretariats: bool) -> dict[str, list[UUID]]:
    if not body.reason.strip():
        raise FormError([{"where": "body.reason", "what": "required", "do": "say why, so that it can be mended"}])
    (item,) = _items(request, [body])
    viewer = viewer_in(request)
    return _outcome(actions.send_back(actor_in(request), viewer, item, body.reason, is_secretariats=is_secretariats))
