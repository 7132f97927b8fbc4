"""Which of your organisation's two sources counts: what both tell, the decision, and taking it back."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AfterValidator, Field

from concerted.judgements.precedence import SOURCES, Source
from concerted.model.finance import MONEY_KINDS
from concerted.model.subjects import SUBJECTS
from concerted.publish.precedence import Outcome, Told
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
    """What it comes to when a source counts.

    Of `activities` told in both, `others` count from the other source, because more people see it, and `apart` stand
    beside each other, because different people see them. Money is in dollars, before what others tell of the same;
    null = it is no money.
    """

    counted_usd: shapes.Amount
    beside_usd: shapes.Amount
    activities: int
    others: int
    apart: int


class ToldShape(Schema):
    """What both sources tell of a subject, of the activities that are in both, as far as you see them.

    A kind of money in dollars (null = nothing is told, or it is no money), and how many activities each source tells
    it of.
    """

    subject: str
    published_usd: shapes.Amount
    workspace_usd: shapes.Amount
    published_activities: int
    workspace_activities: int
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


def _known(subject: str) -> str:
    if subject not in SUBJECTS:
        raise ValueError(f"no such subject; one of {', '.join(SUBJECTS)}")
    return subject


class Chosen(Sent):
    """The source that counts, by subject; none at all takes the decision back. `follows` is the number."""

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
        "told": [_told(subject, told) for subject, told in found.items()],
        "past": [
            {"number": p.row.number, "made_at": p.row.made_at, "by": p.by, "choices": p.choices}
            for p in queries.history(partner.pk)
        ],
    }


def _told(subject: str, told: Told) -> dict[str, Any]:
    is_money = subject in MONEY_KINDS
    return {
        "subject": subject,
        "published_usd": shapes.amount(told.published if is_money else None),
        "workspace_usd": shapes.amount(told.workspace if is_money else None),
        "published_activities": told.activities("published"),
        "workspace_activities": told.activities("workspace"),
        **{f"if_{source}": _outcome(told.outcome(source), is_money=is_money) for source in SOURCES},
    }


def _outcome(outcome: Outcome, *, is_money: bool) -> dict[str, Any]:
    amounts = {f"{name}_usd": getattr(outcome, name) if is_money else None for name in ("counted", "beside")}
    return members(outcome, "counted", "beside") | {name: shapes.amount(value) for name, value in amounts.items()}


@router.post("/sources", response={201: SourcesShape}, summary="Decide which source counts")
@acts(*sorted(DECIDERS), methods=POST, scope=SOURCES_WRITE)
def decide_sources(request: HttpRequest, query: Query[Language], body: Chosen) -> Any:
    """All at once, from the next picture on. Once some money is decided, what is published counts of kinds that are not
    named; of other fields (texts, dates, places, people) what is not named stays as it is."""
    actions.decide(actor_in(request), Decision(body.choices, body.follows))
    return Status(201, _said(request))
