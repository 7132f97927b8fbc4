"""What is said of needs and offers, and the owners' answers."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from concerted.web.accounts.roles import ANY
from concerted.web.api import ask_shapes as shapes
from concerted.web.api.acting import actor_in, viewer_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.operations.asks import own, readable
from concerted.web.api.record_shapes import AnswerText, SaidShape, said
from concerted.web.api.scopes import REMARKS_READ, REMARKS_WRITE
from concerted.web.asks import remarks
from concerted.web.asks.models import Ask, AskRemark
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.workspace import actions
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.queries.remarks import versions_read

router = Router(tags=["remarks"])
_WRITERS = sorted(WRITERS)


@router.get("/asks/{uuid:ask}/remarks", response=list[SaidShape], summary="What is said of a need or offer")
@acts(*ANY, methods=READS, scope=REMARKS_READ)
def ask_remarks(request: HttpRequest, ask: UUID, query: Query[Language]) -> Any:
    """Newest first; what was said of a version that you may not read is not told."""
    found = readable(request, ask)
    return [said(each) for each in remarks.said_of(viewer_in(request), found, language_in_use())]


@router.post("/asks/{uuid:ask}/remarks", response={201: SaidShape}, summary="Say what is not right in it")
@acts(*ANY, methods=POST, scope=REMARKS_WRITE)
def say_of_ask(request: HttpRequest, ask: UUID, query: Query[Language], body: shapes.NewAskRemark) -> Any:
    """Of a need or offer that you may read."""
    found = readable(request, ask)
    if body.about not in versions_read(viewer_in(request), found, language_in_use()):
        raise NotThere("version")
    return Status(201, said(remarks.say(actor_in(request), found, body.about, body.text)))


@router.post("/asks/{uuid:ask}/remarks/{int:remark}/answer", response={200: SaidShape}, summary="Answer in words")
@acts(*_WRITERS, methods=POST, scope=REMARKS_WRITE)
def answer_of_ask(request: HttpRequest, ask: UUID, remark: int, query: Query[Language], body: AnswerText) -> Any:
    """What it says is changed as always."""
    found = own(request, ask)
    actions.answer(actor_in(request), _given(found, remark), body.text.strip())
    return said(_given(found, remark))


def _given(ask: Ask, number: int) -> AskRemark:
    found = remarks.find_said(ask, number) if number < 1 << 63 else None
    if found is None:
        raise NotThere("remark")
    return found
