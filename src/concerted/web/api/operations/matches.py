"""Runs of the matching with what they propose, and matches with the steps of their life."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.codelists.frameworks import Lang
from concerted.matching.activity import Promise
from concerted.model.errors import ConfigError
from concerted.web.accounts.roles import ANY
from concerted.web.api import shapes
from concerted.web.api.acting import actor_in, scope_in, viewer_in, words_in
from concerted.web.api.asked import Language, language_in_use, scope_of
from concerted.web.api.refusals import NotNowError
from concerted.web.api.scopes import MATCHES_READ, MATCHES_WRITE
from concerted.web.api.sent import LARGEST, FormError, Sent, checked
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.watching import Watched
from concerted.web.coverage.filters import NotThere
from concerted.web.edition.scope import Scope
from concerted.web.matches import actions, promises, queries, running, words
from concerted.web.matches.actions import KEEPERS_OF_RULES, Wanted
from concerted.web.matches.asked import Told
from concerted.web.matches.forms import PutForm
from concerted.web.matches.models import Match, Progress, Run
from concerted.web.matches.shown import Found, Line, Short, conditions_now, found_in, restricted, told_pairs
from concerted.web.matches.sides import BINDERS
from concerted.web.workspace.actions.saving import WRITERS

router = Router(tags=["matches"])
Money = Annotated[str, Field(pattern=r"^\d{1,13}(\.\d{1,2})?$", description="a decimal number as text")]


class RunShape(Schema):
    """A run. Of one that failed `why` says it in words; `gap` is proven: no plan is better by more than this part."""

    run: UUID
    made_at: datetime
    progress: str
    why: str
    as_of: date | None
    gap: float | None


class AskShape(Schema):
    """A need or an offer, by the id that it has in the picture."""

    id: shapes.Id
    code: str
    title: str
    organisation: str | None


class ProposalShape(Schema):
    """What is proposed, in dollars or units of what is no money; the part of the low end met without and with it."""

    need: AskShape
    offer: AskShape
    amount: shapes.Amount
    unit: str
    met_before: float
    met_after: float
    must_agree: list[str]
    is_new: bool
    match: UUID | None
    state: str | None


class UnmetShape(Schema):
    """A need that stays open: why, in words, and single changes that would meet it, each of which was tried."""

    need: AskShape
    missing: float | None
    unit: str
    reasons: list[str]
    changes: list[str]


class WorthShape(Schema):
    """What one more dollar for a line in a place would bring, in weighted dollars of need met."""

    node: str
    place: str
    worth: float


class FoundShape(RunShape):
    """What a run found, as you see it now; `hidden` lines are about what is not in the picture for you any more."""

    proposals: list[ProposalShape]
    unmet: list[UnmetShape]
    value: list[WorthShape]
    hidden: int
    gone: int
    parameters: dict[str, Any]


class ConditionShape(Schema):
    """A condition, worked out by what you see."""

    condition: str
    is_met: bool
    wanted: str
    found: str


class StepShape(Schema):
    """A step that was taken."""

    number: int
    step: str
    side: str
    at: datetime
    organisation: UUID | None
    amount: shapes.Amount
    day: date | None
    reason: str


class MatchShape(Schema):
    """A match. `version` is the number of its newest step: send it as `follows`. `need` and `offer` are null where they
    are not in the picture for you."""

    match: UUID
    need: AskShape | None
    offer: AskShape | None
    amount: shapes.Amount
    kind: str
    state: str
    version: int
    waits_for: list[str]
    agreed: list[str]
    giver: UUID | None
    receiver: UUID | None
    proposer: UUID
    record: UUID | None
    changed_at: datetime


class OneMatchShape(MatchShape):
    """A match with its steps and conditions."""

    steps: list[StepShape]
    conditions: list[ConditionShape]


class CellQuery(Language):
    """Needs of one line or place only."""

    node: str = Field("", max_length=200)
    place: str = Field("", max_length=200)


class Forward(Sent):
    """What is put forward."""

    run: UUID
    need: shapes.Id
    offer: shapes.Id
    amount: Money


class Stepped(Sent):
    """A step that is no promise."""

    step: Literal["accepted", "declined", "withdrawn", "delivered"]
    follows: int = Field(ge=1, le=LARGEST)
    reason: str = Field("", max_length=500)
    day: date | None = None


class PromiseSent(Sent):
    """A promise; the planned activity is filled in from the need and the offer."""

    follows: int = Field(ge=1, le=LARGEST)
    amount: Money
    day: date
    title: str = Field(min_length=1, max_length=300)
    start: date | None = None
    end: date | None = None
    sharing: Literal["as_both", "own"] = "as_both"
    is_followed: bool = True
    answered: bool = False


class RulesShape(Schema):
    """The rules in force; `number` 0 = nobody has kept any."""

    number: int
    parameters: dict[str, Any]
    silent_days: int
    declined_days: int


class RulesSent(Sent):
    """Rules by the names of docs/how-to/match-needs-and-offers.md; `number` of those that were looked at."""

    number: int = Field(ge=0, le=LARGEST)
    parameters: dict[str, Any]
    silent_days: int
    declined_days: int


@router.get("/matches/runs", response=list[RunShape], summary="Runs")
@acts(*ANY, methods=READS, scope=MATCHES_READ)
def matching_runs(request: HttpRequest, query: Query[Language]) -> Any:
    """Of your organisation, made with eyes that you have too; newest first."""
    return [_run(each) for each in queries.runs_of(viewer_in(request))]


@router.post("/matches/runs", response={202: RunShape}, summary="Make a run")
@acts(*WRITERS, methods=POST, scope=MATCHES_WRITE)
def ask_for_run(request: HttpRequest, query: Query[Language]) -> Any:
    """Over the newest picture, with all that you may see. It is made beside the site: ask for it again."""
    made = running.ask(actor_in(request))
    if made is None:
        raise NotNowError("a run of your organisation is being made")
    return Status(202, _run(made))


@router.get("/matches/runs/{uuid:run}", response=FoundShape, summary="What a run found")
@acts(*ANY, methods=READS, scope=MATCHES_READ)
def matching_run(request: HttpRequest, run: UUID, query: Query[CellQuery]) -> Any:
    """Proposals, needs that stay open and why, what one more dollar would bring, and the rules it was made by."""
    found, scope = queries.find_run(viewer_in(request), run), scope_of(request)
    if found is None:
        raise NotThere("run")
    document = found.document or {}
    told = found_in(scope, found, query.node, query.place) if document else Found((), (), 0, (), ())
    _note(request, [t for line in told.lines for t in (line.need, line.offer)])
    return _run(found) | {
        "proposals": [_line(each) for each in told.lines],
        "unmet": [_short(each, scope) for each in told.short],
        "value": [{"node": n, "place": p, "worth": worth} for n, p, worth in told.value],
        "hidden": told.hidden,
        "gone": len(told.gone),
        "parameters": document.get("parameters", {}),
    }


@router.get("/matches/rules", response=RulesShape, summary="The rules in force")
@acts(*KEEPERS_OF_RULES, methods=READS, scope=MATCHES_READ)
def matching_rules(request: HttpRequest, query: Query[Language]) -> Any:
    """Weights and limits of all runs."""
    return _rules()


def _rules() -> dict[str, Any]:
    kept = queries.rules_in_force()
    return {
        "number": kept.number,
        "parameters": kept.document,
        "silent_days": kept.silent_days,
        "declined_days": kept.declined_days,
    }


@router.post("/matches/rules", response=RulesShape, summary="Keep rules")
@acts(*KEEPERS_OF_RULES, methods=POST, scope=MATCHES_WRITE)
def keep_matching_rules(request: HttpRequest, query: Query[Language], body: RulesSent) -> Any:
    """From the next run on. What is not named has its first value."""
    try:
        actions.keep_rules(actor_in(request), body.number, body.parameters, body.silent_days, body.declined_days)
    except ConfigError as error:
        raise FormError([{"where": "body.parameters", "what": "cannot be", "do": str(error)}]) from error
    return _rules()


@router.get("/matches", response=list[MatchShape], summary="Matches")
@acts(*ANY, methods=READS, scope=MATCHES_READ)
def list_matches(request: HttpRequest, query: Query[Language]) -> Any:
    """Those that you may read, the one in which a step was taken last first."""
    rows = told_pairs(scope_in(request), queries.readable(viewer_in(request))[:500])
    _note(request, [t for _match, *both in rows for t in both])
    return [_match(*row) for row in rows]


@router.post("/matches", response={201: OneMatchShape}, summary="Put a proposal forward")
@acts(*BINDERS, methods=POST, scope=MATCHES_WRITE)
def put_match_forward(request: HttpRequest, query: Query[Language], body: Forward) -> Any:
    """Both sides are told of the pair and the amount, and of nothing else. The token must read the picture, too."""
    run, scope = queries.find_run(viewer_in(request), body.run), scope_of(request)
    if run is None or actions.proposal_of(run, body.need, body.offer) is None:
        raise NotThere("proposal")
    amount = checked(PutForm({"amount": body.amount}))["amount"]
    made = actions.put_forward(actor_in(request), scope, run, body.need, body.offer, amount, timezone.now().date())
    return Status(201, _one(request, made))


@router.get("/matches/{uuid:match}", response=OneMatchShape, summary="A match")
@acts(*ANY, methods=READS, scope=MATCHES_READ)
def one_match(request: HttpRequest, match: UUID, query: Query[Language]) -> Any:
    """Where it stands, what happened, and every condition as you see it."""
    return _one(request, _found(request, match))


@router.post("/matches/{uuid:match}/step", response=OneMatchShape, summary="Take a step")
@acts(*BINDERS, methods=POST, scope=MATCHES_WRITE)
def step_match(request: HttpRequest, match: UUID, query: Query[Language], body: Stepped) -> Any:
    """Accept, decline or withdraw with a reason, or confirm the day on which it was delivered."""
    wanted = Wanted(body.step, body.follows, body.reason, body.day)
    today = timezone.now().date()
    known, scope = _found(request, match), scope_in(request)
    found = promises.take_step(actor_in(request), viewer_in(request), known, wanted, today, scope)
    return _one(request, found)


@router.post("/matches/{uuid:match}/promise", response=OneMatchShape, summary="Promise")
@acts(*BINDERS, methods=POST, scope=MATCHES_WRITE)
def promise_match(request: HttpRequest, match: UUID, query: Query[Language], body: PromiseSent) -> Any:
    """It becomes a planned activity of your organisation, with the lines, places and partners of both. The token must
    read the picture."""
    found, lang = _found(request, match), cast(Lang, language_in_use())
    said = Promise(Decimal(body.amount), body.day, body.title.strip(), lang, body.start, body.end)
    promised = promises.Promised(body.follows, said, body.sharing, body.is_followed)
    kept = promises.promise(
        actor_in(request),
        scope_of(request),
        found,
        promised,
        words_in(request),
        timezone.now().date(),
        is_answered=body.answered,
    )
    return _one(request, kept)


def _found(request: HttpRequest, match: UUID) -> Match:
    """A match.

    Raises:
        NotThere: it is not, or not for him.
    """
    found = queries.find_match(viewer_in(request), match)
    if found is None:
        raise NotThere("match")
    return found


def _note(request: HttpRequest, tolds: list[Told | None]) -> None:
    """Let the log know whose restricted needs and offers an answer holds."""
    request.concerted_watched = Watched("saw", "need", "", restricted(tolds))  # type: ignore[attr-defined]


def _run(run: Run) -> dict[str, Any]:
    failed = run.progress == Progress.FAILED
    return {
        "run": run.pk,
        "made_at": run.made_at,
        "progress": run.progress,
        "why": words.failure_word(run.why) if failed else "",
        "as_of": run.as_of,
        "gap": run.gap,
    }


def _ask(told: Told) -> dict[str, Any]:
    return {
        "id": told.ask.id,
        "code": told.ask.code,
        "title": told.ask.title,
        "organisation": told.organisation,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "need": _ask(line.need),
        "offer": _ask(line.offer),
        "amount": shapes.amount(line.amount),
        "unit": words.unit_word(line.need.ask.kind, line.need.row.get("unit")),
        "met_before": line.met_before,
        "met_after": line.met_after,
        "must_agree": list(line.must_agree),
        "is_new": line.is_new,
        "match": line.match.pk if line.match else None,
        "state": line.match.state if line.match else None,
    }


def _short(short: Short, scope: Scope) -> dict[str, Any]:
    unit = words.unit_word(short.need.ask.kind, short.need.row.get("unit"))
    return {
        "need": _ask(short.need),
        "missing": short.missing,
        "unit": unit,
        "reasons": [words.reason_word(code, count) for code, count in short.reasons],
        "changes": [words.change_word(c, offer.ask.title if offer else "", scope, unit) for c, offer in short.changes],
    }


def _match(match: Match, need: Told | None, offer: Told | None) -> dict[str, Any]:
    return {
        "match": match.pk,
        "need": _ask(need) if need else None,
        "offer": _ask(offer) if offer else None,
        "amount": shapes.amount(match.amount),
        "kind": match.kind,
        "state": match.state,
        "version": match.version,
        "waits_for": sorted(match.stands.waits_for),
        "agreed": sorted(match.agreed),
        "giver": match.giver_id,
        "receiver": match.receiver_id,
        "proposer": match.proposer_id,
        "record": match.record_id,
        "changed_at": match.changed_at,
    }


def _one(request: HttpRequest, match: Match) -> dict[str, Any]:
    scope = scope_in(request)
    ((_same, need, offer),) = told_pairs(scope, [match])
    _note(request, [need, offer])
    asked = actions.asked_now(scope, timezone.now()) if scope else None
    found = conditions_now(asked, need.ask.id, offer.ask.id, timezone.now().date()) if asked and need and offer else []
    return _match(match, need, offer) | {
        "steps": [
            {
                "number": each.number,
                "step": each.kind,
                "side": each.side,
                "at": each.made_at,
                "organisation": each.made_for,
                "amount": None if each.amount is None else shapes.amount(each.amount),
                "day": each.day,
                "reason": each.reason,
            }
            for each in queries.steps_of(match)
        ],
        "conditions": [
            {"condition": words.condition_word(c.code), "is_met": c.is_met}
            | dict(zip(("wanted", "found"), _values(c.code, c.wanted, c.found, scope), strict=True))
            for c in found
        ],
    }


def _values(code: str, wanted: str, found: str, scope: Scope | None) -> tuple[str, str]:
    return words.condition_values(code, wanted, found, scope) if scope else ("", "")
