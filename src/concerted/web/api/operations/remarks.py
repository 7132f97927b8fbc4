"""What is said of records, and the owners' answers."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from concerted.model.errors import NotAllowedError
from concerted.statements.changes import changes_between
from concerted.web.accounts.roles import ANY
from concerted.web.api import record_shapes as shapes
from concerted.web.api.acting import actor_in, viewer_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.operations.records import outcome, own, readable
from concerted.web.api.scopes import REMARKS_READ, REMARKS_WRITE
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.workspace import actions
from concerted.web.workspace.actions.saving import WRITERS, version_document
from concerted.web.workspace.models import Record, Remark
from concerted.web.workspace.queries.remarks import find_remark, remarks_of, versions_read

router = Router(tags=["remarks"])
_WRITERS = sorted(WRITERS)


@router.get("/records/{uuid:record}/remarks", response=list[shapes.RemarkShape], summary="What is said of a record")
@acts(*ANY, methods=READS, scope=REMARKS_READ)
def remarks(request: HttpRequest, record: UUID, query: Query[Language]) -> Any:
    """Newest first; what was said of a version that you may not read is not told."""
    found = readable(request, record)
    versions = versions_read(viewer_in(request), found, language_in_use())
    return [_remark(each) for each in remarks_of(found) if each.about in versions]


def _remark(given: Remark) -> dict[str, Any]:
    changes = None
    if given.proposed is not None:
        changes = shapes.changes(changes_between(version_document(given.record, given.about), given.proposed))
    return shapes.said(given) | {"where": given.where, "changes": changes}


@router.post("/records/{uuid:record}/remarks", response={201: shapes.RemarkShape}, summary="Say what is not right")
@acts(*ANY, methods=POST, scope=REMARKS_WRITE)
def say(request: HttpRequest, record: UUID, query: Query[Language], body: shapes.NewRemark) -> Any:
    """Of a record that you may read; with a document, how it should read. Who may see it is never proposed.

    Proposing takes the duty of an editor at least, and a record of another organisation: your own you change.
    """
    found, actor = readable(request, record), actor_in(request)
    if body.about not in versions_read(viewer_in(request), found, language_in_use()):
        raise NotThere("version")
    if body.document is not None:
        if WRITERS.isdisjoint(actor.held):
            raise NotAllowedError("a proposal is made by an editor")
        if actions.may_write(actor, found.owner_id):
            raise NotAllowedError("a record of your own is changed, not proposed")
    proposed = None if body.document is None else _proposed(found, body)
    made = actions.remark(actor, found, body.about, body.text, proposed)
    return Status(201, _remark(made))


def _proposed(record: Record, body: shapes.NewRemark) -> dict[str, Any]:
    document = dict(body.document or {})
    activity = document.get("activity")
    return {
        **document,
        "record": str(record.pk),
        "version": body.about,
        "activity": activity if isinstance(activity, dict) else {},
    }


@router.post(
    "/records/{uuid:record}/remarks/{int:remark}/accept", response={200: shapes.SavedShape}, summary="Accept a proposal"
)
@acts(*_WRITERS, methods=POST, scope=REMARKS_WRITE)
def accept(request: HttpRequest, record: UUID, remark: int, query: Query[Language]) -> Any:
    """Save what is proposed as your own; a clash is answered as any other and leaves the proposal open."""
    return outcome(actions.accept(actor_in(request), _given(own(request, record), remark)))


@router.post(
    "/records/{uuid:record}/remarks/{int:remark}/answer", response={200: shapes.RemarkShape}, summary="Answer in words"
)
@acts(*_WRITERS, methods=POST, scope=REMARKS_WRITE)
def answer(request: HttpRequest, record: UUID, remark: int, query: Query[Language], body: shapes.AnswerText) -> Any:
    """The record stays as it is."""
    found = own(request, record)
    actions.answer(actor_in(request), _given(found, remark), body.text.strip())
    return _remark(_given(found, remark))


def _given(record: Record, number: int) -> Remark:
    found = find_remark(record, number) if number < 1 << 63 else None
    if found is None:
        raise NotThere("remark")
    return found
