"""Due diligence: what waits for human-rights focal points, and what they find."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.marking.keys import Label
from concerted.web.accounts.roles import Role
from concerted.web.api.acting import actor_in, person_in, viewer_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.operations.records import readable
from concerted.web.api.refusals import moved_on
from concerted.web.api.scopes import SAFEGUARDS_READ, SAFEGUARDS_WRITE
from concerted.web.api.sent import LARGEST, Sent, checked
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.safeguards import actions, queries
from concerted.web.safeguards.forms import AssessmentForm
from concerted.web.safeguards.models import Outcome
from concerted.web.safeguards.need import need_of
from concerted.web.workspace.models import Record

router = Router(tags=["safeguards"])


class WaitingShape(Schema):
    """An activity that waits; `standing`: refused, expired, changed, lacking or unsaid."""

    record: UUID
    title: str
    owner: UUID
    owner_name: str
    state: str
    standing: str
    whys: list[str]


class SafeguardsShape(Schema):
    """What waits; whose owners say that there is no such support; and how often words were refused, by kind."""

    count: int
    waiting: list[WaitingShape]
    denied: list[dict[str, str]]
    refused_words: list[dict[str, Any]]


class AssessmentShape(Schema):
    """What was found, by which organisation, and until when it holds."""

    assessed_by: UUID
    assessed_by_name: str
    assessed_on: date
    outcome: str
    measures: str
    valid_until: date
    version: int


class DiligenceShape(Schema):
    """Where a record stands, why it is asked, and every assessment, newest first."""

    record: UUID
    version: int
    answer: str
    standing: str
    whys: list[str]
    assessments: list[AssessmentShape]


class NewAssessment(Sent):
    """What was found of the version that was looked at. No names of persons; the owner of the activity reads it."""

    version: int = Field(ge=1, le=LARGEST)

    outcome: str = Field(max_length=20, description="cleared, measures, refused or outside")
    assessed_on: date
    valid_until: date
    measures: str = Field("", max_length=2000)


def _found(request: HttpRequest, record: UUID) -> Record:
    found = readable(request, record)
    if found.is_draft:
        raise NotThere("record")
    return found


def _told(record: Record) -> dict[str, Any]:
    need, newest, lang = need_of(record.document), queries.newest_of(record.pk), language_in_use()
    names = ("assessed_on", "outcome", "measures", "valid_until", "version")
    return {
        "record": record.pk,
        "version": record.version,
        "answer": need.answer,
        "standing": queries.standing_of(need, newest),
        "whys": list(need.whys),
        "assessments": [
            {name: getattr(each, name) for name in names}
            | {"assessed_by": each.assessed_by_id, "assessed_by_name": each.assessed_by.label(lang)}
            for each in queries.assessments_of(record)
        ],
    }


@router.get("/safeguards", response=SafeguardsShape, summary="What waits for due diligence")
@acts(Role.RIGHTS, methods=READS, scope=SAFEGUARDS_READ)
def safeguards(request: HttpRequest, query: Query[Language]) -> Any:
    """Of all that you may read; of other records nothing is told, not even how many."""
    lang, found = language_in_use(), queries.queue(viewer_in(request))
    return {
        "count": found.total,
        "waiting": [
            {
                "record": each.record.pk,
                "title": each.record.title,
                "owner": each.record.owner_id,
                "owner_name": each.record.owner.label(lang),
                "state": each.record.state,
                "standing": each.standing,
                "whys": list(each.whys),
            }
            for each in found.waiting
        ],
        "denied": [{"record": str(each.pk), "title": each.title} for each in found.denied],
        "refused_words": [
            {"kind": kind, "refused": refused, "asked": asked} for kind, refused, asked in queries.refused_counts()
        ],
    }


@router.get("/safeguards/{uuid:record}", response=DiligenceShape, summary="Due diligence of one record")
@acts(Role.RIGHTS, methods=READS, scope=SAFEGUARDS_READ)
def one_diligence(request: HttpRequest, record: UUID, query: Query[Language]) -> Any:
    """What is asked of it and what was found; that you looked is noted in the log."""
    found = _found(request, record)
    if person_in(request).organisation_id != found.owner_id and found.marking_key != str(Label.CLEAR):
        log(actor_in(request).who, Act("saw", "activity", str(found.pk), found.owner_id))
    return _told(found)


@router.post("/safeguards/{uuid:record}", response={201: DiligenceShape}, summary="Keep what was found")
@acts(Role.RIGHTS, methods=POST, scope=SAFEGUARDS_WRITE)
def assess(request: HttpRequest, record: UUID, query: Query[Language], body: NewAssessment) -> Any:
    """Of the version that was looked at; the newest assessment counts, and none is ever changed."""
    found = _found(request, record)
    if body.version != found.version:
        return moved_on("Read it again, and assess what it says now.")
    days = {name: getattr(body, name).isoformat() for name in ("assessed_on", "valid_until")}
    form = AssessmentForm({"outcome": body.outcome, "measures": body.measures, **days})
    values = checked(form)
    actions.assess(
        actor_in(request),
        viewer_in(request),
        found,
        Outcome(values["outcome"]),
        values["assessed_on"],
        values["valid_until"],
        values["measures"],
    )
    return Status(201, _told(found))
