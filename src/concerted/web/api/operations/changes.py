"""What has changed in records since one asked last."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from concerted.marking.keys import Label
from concerted.web.accounts.roles import ANY
from concerted.web.api import record_shapes as shapes
from concerted.web.api.acting import actor_in
from concerted.web.api.asked import Language
from concerted.web.api.feed import CursorError, Event, changes_since
from concerted.web.api.problems import problem
from concerted.web.api.scopes import RECORDS_READ
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import READS, acts

router = Router(tags=["records"])


class ChangesQuery(Language):
    """Where to go on."""

    cursor: str = Field("", max_length=300, description="of the last answer; empty = from the beginning")


@router.get("/changes", response=shapes.ChangesShape, summary="What has changed since")
@acts(*ANY, methods=READS, scope=RECORDS_READ)
def changes(request: HttpRequest, query: Query[ChangesQuery]) -> Any:
    """Records that you may read, as they are now, each at its newest change; and those that you could read and cannot
    any more. Nothing comes where it is your rights that changed, and not the record: then begin anew.

    What you see of other organisations is noted in the log, once for each record and answer.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        found = changes_since(viewer, query.cursor)
    except CursorError:
        errors = [{"where": "query.cursor", "what": "no cursor of this feed", "do": "leave it out and begin anew"}]
        return problem(422, "request-invalid", "The request is not understood.", "See `errors`.", errors)
    seen = [
        Act("saw", "activity", str(event.id), event.record.owner_id)
        for event in found.events
        if event.record
        and viewer.organisation != str(event.record.owner_id)
        and event.record.marking_key != str(Label.CLEAR)
    ]
    if seen:
        log(actor_in(request).who, *seen)
    return {
        "changes": [_event(event, str(viewer.organisation)) for event in found.events],
        "cursor": found.cursor,
        "has_more": found.has_more,
    }


def _event(event: Event, organisation: str) -> dict[str, Any]:
    record = event.record
    document = shapes.told(record.document, is_own=organisation == str(record.owner_id)) if record else None
    return {
        "record": event.id,
        "version": record.version if record else None,
        "is_gone": record is None,
        "is_draft": bool(record and record.is_draft),
        "owner": record.owner_id if record else None,
        "changed_at": record.updated_at if record else None,
        "document": document,
    }
