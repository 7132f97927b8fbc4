"""Which of your organisation's two sources counts: what both tell, the decision, and taking it back."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AfterValidator, Field

from concerted.judgements.precedence import SOURCES, Source
from concerted.model.finance import MONEY_KINDS
from concerted.publish.precedence import Told
from concerted.web.api import shapes
from concerted.web.api.acting import actor_in, members, owner_in, scope_in
from concerted.web.api.asked import Language
from concerted.web.api.scopes import SOURCES_READ, SOURCES_WRITE
from concerted.web.api.sent import LARGEST, Sent
from concerted.web.config.policy import POST, READS, acts
from concerted.web.precedence import actions, queries
from concerted.web.precedence.actions import DECIDERS, Decision

router = Router(tags=["sources"])

Choices = dict[str, Source]


class OutcomeShape(Schema):
    """What it comes to when a source counts, before what others tell of the same money.

    Of `activities` told in both, `others` count from the other source, because more people see it, and `apart` stand
    beside each other, because different people see them.
    """

    counted: shapes.Amount
    beside: shapes.Amount
    activities: int
    others: int
    apart: int


class ToldShape(Schema):
    """A kind of money of the activities that are in both sources, as far as you see them; null = nothing is told."""

    kind: str
    published: shapes.Amount
    workspace: shapes.Amount
    if_published: OutcomeShape
    if_workspace: OutcomeShape


class PastShape(Schema):
    """A decision; without choices it took the one before back."""

    number: int
    made_at: datetime
    by: str
    choices: Choices


class SourcesShape(Schema):
    """What holds (nothing = not decided), its number, which the next decision follows, and those before it."""

    number: int
    choices: Choices
    told: list[ToldShape]
    past: list[PastShape]


def _known(kind: str) -> str:
    if kind not in MONEY_KINDS:
        raise ValueError(f"no such kind of money; one of {', '.join(MONEY_KINDS)}")
    return kind


class Chosen(Sent):
    """The source that counts, by kind of money; none at all takes the decision back. `follows` is the number."""

    choices: dict[Annotated[str, AfterValidator(_known)], Source]
    follows: int = Field(ge=0, le=LARGEST)


@router.get("/sources", response=SourcesShape, summary="Which source counts")
@acts(*sorted(DECIDERS), methods=READS, scope=SOURCES_READ)
def sources(request: HttpRequest, query: Query[Language]) -> Any:
    """Of your organisation alone. With a token that does not read the picture, of what the public sees of both."""
    return _said(request)


def _said(request: HttpRequest) -> dict[str, Any]:
    partner = owner_in(request)
    newest = queries.newest(partner.pk)
    found = queries.told(scope_in(request), partner)
    return {
        "number": newest.number if newest else 0,
        "choices": queries.holding(newest),
        "told": [_told(kind, told) for kind, told in found.items()],
        "past": [
            {"number": p.row.number, "made_at": p.row.made_at, "by": p.by, "choices": p.choices}
            for p in queries.history(partner.pk)
        ],
    }


def _told(kind: str, told: Told) -> dict[str, Any]:
    both = {"published": shapes.amount(told.published), "workspace": shapes.amount(told.workspace)}
    return {"kind": kind} | both | {f"if_{source}": _outcome(told, source) for source in SOURCES}


def _outcome(told: Told, source: Source) -> dict[str, Any]:
    outcome = told.outcome(source)
    amounts = {name: shapes.amount(getattr(outcome, name)) for name in ("counted", "beside")}
    return members(outcome, *amounts) | amounts


@router.post("/sources", response={201: SourcesShape}, summary="Decide which source counts")
@acts(*sorted(DECIDERS), methods=POST, scope=SOURCES_WRITE)
def decide_sources(request: HttpRequest, query: Query[Language], body: Chosen) -> Any:
    """All kinds at once; of kinds that are not named, what is published counts. It counts from the next picture on."""
    actions.decide(actor_in(request), Decision(body.choices, body.follows))
    return Status(201, _said(request))
