"""A promise becomes a planned activity of the giver; what is confirmed or taken back moves it.

The activity is the giver's record and goes through the same actions as what is typed. It follows the receiver's
confirmation where the giver said so when he promised; else the giver moves it himself.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from concerted.intake.vocabulary import Vocabulary
from concerted.marking import Viewer
from concerted.matching.activity import Organisation, Promise, narrowest, planned_activity
from concerted.model.errors import NotAllowedError
from concerted.statements.life import Needs, Step
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import Partner, User
from concerted.web.edition.scope import Scope
from concerted.web.matches.actions import RefusedStepError, Wanted, advance, checked_reason, log_step, take
from concerted.web.matches.asked import Told, pair_of, told_in
from concerted.web.matches.closing import close_need, close_offer, open_offer
from concerted.web.matches.models import Match, MatchStep
from concerted.web.matches.queries import may_read, sides_of
from concerted.web.workspace.actions import begin, create, may_write
from concerted.web.workspace.actions.life import step as step_record
from concerted.web.workspace.actions.saving import Saved
from concerted.web.workspace.models import Condition, Record

Sharing = Literal["as_both", "own"]


@dataclass(frozen=True)
class Promised:
    """A promise as it is typed.

    Attributes:
        follows: number of the newest step that was seen.
        sharing: as need and offer are marked, or the own organisation alone.
        is_followed: the receiver's confirmation moves the activity.
    """

    follows: int
    promise: Promise
    sharing: Sharing = "as_both"
    is_followed: bool = True


def promise(
    actor: Actor,
    scope: Scope,
    match: Match,
    said: Promised,
    words: Vocabulary,
    today: date,
    *,
    is_answered: bool = False,
) -> Match:
    """Keep the promise and the planned activity that it is, both or neither.

    Args:
        is_answered: the author has said that texts which looked doubtful are not what they looked like.

    Raises:
        NotAllowedError: not the giver's, or without the duty.
        MovedOnError: another step came first.
        RefusedStepError: a value cannot be, or the need or offer is not in the picture any more.
        DocumentError, RefusedError: the activity cannot be kept, see `workspace.actions.saving`.
    """
    if actor.person is None or not may_read(scope.viewer, match) or "giver" not in sides_of(actor, scope.viewer, match):
        raise NotAllowedError("who gives promises")
    told = told_of(scope, match)
    if told is None:
        raise RefusedStepError("not_in_picture")
    wanted = said.promise
    if not (wanted.amount.is_finite() and 0 < wanted.amount < Decimal(10) ** 14):
        raise RefusedStepError("amount")
    if wanted.day > today:
        raise RefusedStepError("day")
    if wanted.start and wanted.end and wanted.end < wanted.start:
        raise RefusedStepError("days")
    owner = actor.person.partner.parent or actor.person.partner
    document = begin(owner)
    if said.sharing == "as_both":
        owners = {str(each) for each in (owner.pk, match.receiver_id) if each}
        document["activity"]["marking_key"] = narrowest(match.need_key, match.offer_key, owners)
    need, offer = told
    sides = _organisation(match.giver, offer), _organisation(match.receiver, need)
    document = planned_activity(document, str(match.pk), need.ask, offer.ask, sides, wanted, words)  # type: ignore[arg-type]  # a need and an offer, as they were looked up
    with transaction.atomic():
        taken = advance(
            actor.who,
            match,
            said.follows,
            "committed",
            "giver",
            amount=wanted.amount,
            day=wanted.day,
            is_followed=said.is_followed,
        )
        made = create(actor, owner, document, Condition.KEPT, is_answered=is_answered).record
        Match.objects.filter(pk=match.pk).update(record=made)
        taken.record = made
        log_step(actor.who, taken, "committed")
    close_offer(actor, scope, taken)
    return taken


def take_step(
    actor: Actor, viewer: Viewer, match: Match, wanted: Wanted, today: date, scope: Scope | None = None
) -> Match:
    """Take a step that is no promise, and let the giver's activity, need and offer follow what was confirmed or taken
    back.

    Args:
        scope: the picture, by whose rates a need in another currency is compared with what was delivered.

    Raises:
        As `actions.take` and `withdraw_promise`.
    """
    if wanted.kind == "withdrawn" and match.state == "committed":
        return withdraw_promise(actor, viewer, match, wanted, today)
    taken = take(actor, viewer, match, wanted)
    if wanted.kind == "delivered" and wanted.day is not None:
        follow_delivery(taken, wanted.day, today)  # what was confirmed stays, whatever becomes of the activity
        close_need(actor, scope, taken)
    return taken


def withdraw_promise(actor: Actor, viewer: Viewer, match: Match, wanted: Wanted, today: date) -> Match:
    """Take a promise back: the activity is cancelled with the same reason.

    Raises:
        As `promise`; RefusedStepError also where the activity cannot be cancelled any more.
    """
    if actor.person is None or not may_read(viewer, match) or "giver" not in sides_of(actor, viewer, match):
        raise NotAllowedError("who promised takes it back")
    reason = checked_reason(wanted)
    with transaction.atomic():
        taken = advance(actor.who, match, wanted.follows, "withdrawn", "giver", reason=reason)
        if taken.record is not None and taken.record.state not in ("cancelled", ""):
            done = step_record(actor, taken.record, taken.record.version, Step("cancelled", reason=reason), today)
            if not isinstance(done, Saved):
                raise RefusedStepError("activity_stays")
        log_step(actor.who, taken, "withdrawn")
    open_offer(actor, taken)
    return taken


def follow_delivery(match: Match, day: date, today: date) -> list[Needs] | None:
    """Let the activity say that it is under way, or completed where its end is past: as the giver said when he
    promised, and in his name.

    Returns:
        What the activity still needs before it may say so; nothing = it does; null = it does not follow.
    """
    promised = MatchStep.objects.filter(match=match, kind="committed").order_by("-number").first()
    if promised is None or not promised.is_followed or match.record_id is None:
        return None
    author = _author(promised.made_by)
    record = Record.objects.select_related("owner").get(pk=match.record_id)
    if author is None or not may_write(actor_of(author, "job"), record.owner_id):
        return None
    return move_activity(actor_of(author, "job"), match, record, day, today)


def move_activity(actor: Actor, match: Match, record: Record, day: date, today: date) -> list[Needs] | None:
    """Let the activity say what the receiver confirmed; as `follow_delivery`."""
    end = record.document["activity"].get("end_planned_date")
    steps = [Step("ongoing", day)] if record.state in ("planned", "requested") else []
    if end is not None and end <= today.isoformat():
        steps.append(Step("completed", max(day, date.fromisoformat(end)), evidence=f"match {match.pk}"))
    if not steps:
        return []
    try:
        with transaction.atomic():
            for wanted in steps:
                done = step_record(actor, record, record.version, wanted, today)
                if not isinstance(done, Saved):
                    raise _NotMovedError(done if isinstance(done, list) else [])
                record = done.record
    except _NotMovedError as error:
        return error.needs
    return []


def _author(person: UUID | None) -> User | None:
    """Who promised, while his account is open."""
    if person is None:
        return None
    return User.objects.select_related("partner", "partner__parent").filter(pk=person, is_active=True).first()


class _NotMovedError(Exception):
    def __init__(self, needs: list[Needs]) -> None:
        super().__init__("the activity was not moved")
        self.needs = needs


def told_of(scope: Scope, match: Match) -> tuple[Told, Told] | None:
    """The need and the offer of a match, as the viewer sees them; null where one of them is not in the picture."""
    need, offer = pair_of(match)
    needs, offers = told_in(scope, [need], [offer])
    return (needs[need], offers[offer]) if need in needs and offer in offers else None


def _organisation(partner: Partner | None, told: Told) -> Organisation:
    """A side as the statement names it: by the picture's words, which its sources use."""
    type_code: Any = told.row.get("receiver_type_code")
    if told.organisation or partner is None:
        return Organisation(told.organisation, told.reference, type_code)
    return Organisation(partner.label("fr"), partner.reference or None, partner.kind or None)
