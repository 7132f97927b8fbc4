"""The desk: what is asked next with both its sides, the answer, and what was judged."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.judgements.decisions import activity_id
from concerted.model.ids import id_text
from concerted.publish.open_questions import About, decides, ends
from concerted.publish.proposals import NameQuestion
from concerted.web.accounts.queries import names_of_partners
from concerted.web.api import shapes
from concerted.web.api.acting import actor_in, person_in, scope_in
from concerted.web.api.asked import Language, language_in_use, scope_of
from concerted.web.api.scopes import DESK_READ, DESK_WRITE
from concerted.web.api.sent import Sent
from concerted.web.chain.effects import Effect
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.watching import Watched
from concerted.web.coverage.filters import NotThere
from concerted.web.desk import actions, queries, words
from concerted.web.desk.actions import MAY, Said
from concerted.web.desk.asking import LISTED, names_in, shown
from concerted.web.desk.queries import Read, Side
from concerted.web.edition.owners import restricted_owners

router = Router(tags=["desk"])


class SideShape(Schema):
    """One of the two, as you see it. Of a name its key alone is told."""

    title: str | None
    identifier: str | None
    activity: shapes.Id | None
    organisation: str | None
    state: str | None
    begins: date | None
    ends: date | None
    file: str | None
    line: int | None
    promised: shapes.Amount
    spent: shapes.Amount


class QuestionPage(Schema):
    """What is asked: both sides, the reasons for (+) and against, and how far the net range would go."""

    question: str
    about: str
    left: str
    right: str
    sides: list[SideShape]
    reasons: list[str]
    usd: shapes.Amount
    links: int
    book: str
    now: shapes.MoneyShape | None
    if_yes: shapes.MoneyShape | None
    if_no: shapes.MoneyShape | None
    answers: dict[str, str]


class NextShape(Schema):
    """A question that comes after, with its place."""

    at: int
    question: str
    left: str
    right: str
    usd: shapes.Amount


class DeskShape(Schema):
    """How many questions are open for you, the one at `at`, and those behind it."""

    count: int
    at: int
    asked: QuestionPage | None
    after: list[NextShape]


class JudgementShape(Schema):
    """What was judged. `left` and `right` are null where you do not see both: then it is your organisation's own."""

    number: int
    left: str | None
    decision: str
    right: str | None
    reason: str | None
    said_on: date
    by: str | None
    is_held: bool


class DeskQuery(Language):
    """What about, in which book, and how many to skip."""

    about: Literal["everything", "money", "projects", "organisations"] = "everything"
    book: Literal["spent", "commitment", "pledge"] = "spent"
    at: int = Field(0, ge=0, le=99_999)


class Judged(Sent):
    """An answer to a question: its `about`, `left` and `right`, and one of the keys of `answers`."""

    about: About
    left: str = Field(max_length=500)
    right: str = Field(max_length=500)
    answer: str = Field(min_length=1, max_length=10)
    reason: str = Field("", max_length=500)


@router.get("/desk", response=DeskShape, summary="What is asked")
@acts(*MAY, methods=READS, scope=DESK_READ)
def desk(request: HttpRequest, query: Query[DeskQuery]) -> Any:
    """The question whose answer decides most comes first. You are asked only of what you see in full: with a token that
    does not read the picture, of what the public sees. Restricted records in it are noted in the log."""
    scope = scope_in(request)
    found = queries.open_for(scope, query.about, query.book) if scope else []
    at = min(query.at, len(found) - 1) if found else 0
    asked = None
    if scope and found:
        asked = _question(shown(scope, found[at], query.book))
        if not isinstance(found[at], NameQuestion):
            owners = restricted_owners(scope, [activity_id(end) for end in ends(found[at])])
            request.concerted_watched = Watched("saw", "activity", "", owners)  # type: ignore[attr-defined]
    after = enumerate(found[at + 1 : at + 1 + LISTED], start=at + 1)
    return {
        "count": len(found),
        "at": at,
        "asked": asked,
        "after": [
            {"at": place, "question": words.question_words(each), "usd": shapes.amount(decides(each))}
            | dict(zip(("left", "right"), names_in(each), strict=True))
            for place, each in after
        ],
    }


def _question(found: dict[str, Any]) -> dict[str, Any]:
    effect: Effect | None = found["effect"]
    return {
        "question": found["question"],
        "about": found["kind"],
        "left": found["left"],
        "right": found["right"],
        "sides": [_side(each) for each in found["columns"]],
        "reasons": [f"{sign} {why}" for sign, why in found["reasons"]],
        "usd": shapes.amount(found["usd"]),
        "links": found["links"],
        "book": found["shown_book"],
        "now": shapes.money(effect.now) if effect else None,
        "if_yes": shapes.money(effect.yes) if effect else None,
        "if_no": shapes.money(effect.no) if effect else None,
        "answers": dict(found["answers"]),
    }


def _side(column: dict[str, Any]) -> dict[str, Any]:
    side: Side | None = column.get("side")
    names = ("organisation", "state", "begins", "ends", "line")
    return {name: getattr(side, name, None) for name in names} | {
        "title": column["title"],
        "identifier": side.identifier if side else column["identifier"],
        "activity": id_text(side.activity) if side else None,
        "file": side.input_path if side else None,
        "promised": shapes.amount(side.promised) if side else None,
        "spent": shapes.amount(side.spent) if side else None,
    }


@router.get("/desk/judgements", response=list[JudgementShape], summary="What was judged")
@acts(*MAY, methods=READS, scope=DESK_READ)
def judgements(request: HttpRequest, query: Query[Language]) -> Any:
    """Newest first, as far as you see both sides."""
    return _listed(request)


def _listed(request: HttpRequest) -> list[dict[str, Any]]:
    found = queries.readable(scope_in(request), person_in(request).organisation_id)
    names = names_of_partners((each.judgement.made_for for each in found), language_in_use())
    return [_judgement(each, names) for each in found]


def _judgement(read: Read, names: dict[UUID, str]) -> dict[str, Any]:
    kept, is_seen = read.judgement, read.left is not None
    return {
        "number": kept.pk,
        "left": read.left,
        "decision": kept.decision if is_seen else "",
        "right": read.right,
        "reason": kept.reason if is_seen else None,
        "said_on": kept.said_on,
        "by": names.get(kept.made_for) if kept.made_for else None,
        "is_held": read.is_held,
    }


@router.post("/desk/judgements", response={201: JudgementShape}, summary="Judge")
@acts(*MAY, methods=POST, scope=DESK_WRITE)
def judge(request: HttpRequest, query: Query[Language], body: Judged) -> Any:
    """Of two that you see in full; it counts from the next picture on, and can be taken back."""
    said = Said(body.about, body.left, body.right, body.answer, body.reason)
    made = actions.judge(actor_in(request), scope_of(request), said, timezone.now().date())
    return Status(201, next(each for each in _listed(request) if each["number"] == made.pk))


@router.post("/desk/judgements/{int:number}/undo", response={204: None}, summary="Take a judgement back")
@acts(*MAY, methods=POST, scope=DESK_WRITE)
def undo_judgement(request: HttpRequest, number: int, query: Query[Language]) -> Any:
    """What was judged of the two before it holds again."""
    if number >= 1 << 63:
        raise NotThere("judgement")
    actions.undo(actor_in(request), scope_in(request), number)
    return Status(204, None)
