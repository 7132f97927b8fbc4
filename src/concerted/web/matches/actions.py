"""Put a proposal forward, and take the steps of a match's life. Each step says which step it follows.

The UPDATE of the match is conditioned on that number, so of two who step at the same moment one is refused and shown
what happened. The log is written last, as it makes others wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from concerted.marking import Viewer, may_see
from concerted.matching.building import Asked
from concerted.matching.conditions import conditions
from concerted.matching.files import rules_from
from concerted.matching.life import REASONED, Kind, Side, begin, is_silent, may_step, needed_sides, step
from concerted.model.errors import ConcertedError, ConfigError, NotAllowedError
from concerted.records.screening.screen import screen
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Role
from concerted.web.asks.models import Ask
from concerted.web.audit.actions import Act, Who
from concerted.web.audit.actions import record as log
from concerted.web.edition.scope import Scope
from concerted.web.matches.asked import Told, asked_in, hold, told_in
from concerted.web.matches.files import write_soon
from concerted.web.matches.models import Match, MatchStep, Progress, Rules, Run
from concerted.web.matches.queries import (
    may_read,
    may_read_run,
    params_of,
    readable,
    rules_in_force,
    sides_of,
    silent_since,
)
from concerted.web.matches.sides import BINDERS, acting_for, anybody_of, binds, kept_here

#: Who keeps the rules.
KEEPERS_OF_RULES = tuple(frozenset({str(Role.SECRETARIAT), duty}) for duty in sorted(BINDERS))
#: What the log calls each step.
_LOGGED: dict[Kind, str] = {
    "put_forward": "put_forward",
    "accepted": "accepted",
    "committed": "committed",
    "delivered": "delivered",
    "declined": "declined",
    "withdrawn": "withdrawn",
    "returned": "returned",
}


class MovedOnError(ConcertedError):
    """Somebody took a step since the match was looked at; nothing was changed."""


class RefusedStepError(ConcertedError):
    """It cannot be done as it stands. `code` says why, see `words.refusal_word`; `found` what it is about."""

    def __init__(self, code: str, found: tuple[str, ...] = ()) -> None:
        super().__init__(f"refused: {code} {', '.join(found)}".strip())
        self.code, self.found = code, found


@dataclass(frozen=True)
class Wanted:
    """A step that somebody wants to take; `follows` is the number of the newest one that he has seen."""

    kind: Kind
    follows: int
    reason: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Putting:
    """What putting a proposal forward would do: who would be asked, and what stands against it.

    Attributes:
        giver, receiver: null = the secretariat acts for it.
        most: so much can be put forward at most: what is left of both, as far as the viewer knows of other matches.
        against: codes of `RefusedStepError`.
    """

    need: Told
    offer: Told
    giver: Partner | None
    receiver: Partner | None
    asks_secretariat: bool
    most: float
    against: tuple[tuple[str, tuple[str, ...]], ...]


def look(actor: Actor, scope: Scope, need: str, offer: str, today: date) -> Putting | None:
    """What putting a need and an offer forward would do; null where the viewer does not see both."""
    needs, offers = told_in(scope, [need], [offer])
    if need not in needs or offer not in offers:
        return None
    asked = asked_now(scope, timezone.now())
    assert asked is not None  # noqa: S101 (both are there)
    told = needs[need], offers[offer]
    here = kept_here(each.row["record_id"] for each in told)
    kept = tuple(here.get(each.row["record_id"]) for each in told)
    receiver, giver = (acting_for(ask, each.reference) for ask, each in zip(kept, told, strict=True))
    against = tuple(_against(actor, scope.viewer, asked, told, (giver, receiver), today))
    against += tuple(_changed_since(kept, (giver, receiver)))
    most = min(_left(asked, need, 0), _left(asked, offer, 1))
    is_validated = told[0].row["state"] == "validated"
    return Putting(*told, giver, receiver, not is_validated and Role.SECRETARIAT not in actor.held, most, against)


def asked_now(scope: Scope, now: datetime) -> Asked | None:
    """What is to be matched by the rules in force, with what matches hold, as far as the viewer may know of both."""
    asked, rules = asked_in(scope), rules_in_force()
    if asked is None:
        return None
    held = hold(asked, readable(scope.viewer), now, rules.declined_days)
    return replace(held, params=params_of(rules))


def put_forward(actor: Actor, scope: Scope, run: Run, need: str, offer: str, amount: Decimal, today: date) -> Match:
    """Tell both sides of a proposal. It is told by a person: what the run rests on stays with who made it.

    Raises:
        NotAllowedError: not for him, or no such proposal.
        RefusedStepError: something stands against it.
    """
    person = _binding(actor)
    if not may_read_run(scope.viewer, run) or run.progress != Progress.DONE or proposal_of(run, need, offer) is None:
        raise NotAllowedError("there is no such proposal")
    looked = look(actor, scope, need, offer, today)
    if looked is None:
        raise NotAllowedError("there is no such need or offer")
    for code, found in (*looked.against, *_wrong_amount(looked, amount)):
        raise RefusedStepError(code, found)
    stands = begin(needed_sides(is_secretariat=looked.asks_secretariat))
    own = {side for side, who in _acting(looked) if who is not None and who.pk == person.organisation_id}
    with transaction.atomic():
        match = Match(
            need=looked.need.row["record_id"],
            offer=looked.offer.row["record_id"],
            need_code=looked.need.ask.code[:200],
            offer_code=looked.offer.ask.code[:200],
            need_key=looked.need.ask.marking_key,
            offer_key=looked.offer.ask.marking_key,
            kind=looked.need.ask.kind,
            giver=looked.giver,
            receiver=looked.receiver,
            proposer_id=person.organisation_id,
            asks_secretariat=looked.asks_secretariat,
            run=run,
            amount=amount,
        )
        try:
            with transaction.atomic():  # of the refused insert alone
                match.save(force_insert=True)
        except IntegrityError as error:
            raise RefusedStepError("open_already") from error
        _keep(actor.who, match, 1, "put_forward", "proposer", amount=amount)
        acts = [("put_forward", match)]
        for side in sorted(own):  # who puts his own forward has said yes
            stands = step(stands, "accepted", side)
            match.version += 1
            match.agreed, match.state = sorted(stands.agreed), stands.state
            _keep(actor.who, match, match.version, "accepted", side)
            acts.append(("accepted", match))
        if own:
            match.save(update_fields=["version", "agreed", "state"])
        _log(actor.who, match, *(action for action, _ in acts))
    return match


def take(actor: Actor, viewer: Viewer, match: Match, wanted: Wanted) -> Match:
    """Take a step: accept, decline, withdraw what was put forward, confirm that it was delivered.

    What was promised is promised and taken back in `promises`.

    Raises:
        NotAllowedError: nobody's to take for him.
        MovedOnError: another step came first.
        RefusedStepError: a reason or a day is missing, words are not stored here, or the step does not fit any more.
    """
    _binding(actor)
    if not may_read(viewer, match):
        raise NotAllowedError("there is no such match")
    sides = sides_of(actor, viewer, match)
    reason, today = checked_reason(wanted), timezone.now().date()
    if wanted.kind == "delivered" and (wanted.day is None or wanted.day > today):
        raise RefusedStepError("day")
    with transaction.atomic():
        taken = advance(actor.who, match, wanted.follows, wanted.kind, _side_for(match, wanted, sides), reason=reason,
                        day=wanted.day)  # fmt: skip
        _log(actor.who, taken, _LOGGED[wanted.kind])
    return taken


def return_silent(now: datetime) -> int:
    """Give back to the pool what nobody took a step in for too long; how many matches."""
    days, count = rules_in_force().silent_days, 0
    for match in silent_since(days, now):
        if not is_silent(match.stands, match.changed_at, now, days):
            continue
        who = Who(channel="job")
        try:
            with transaction.atomic():
                returned = advance(who, match, match.version, "returned", None)
                _log(who, returned, "returned")
        except MovedOnError:
            continue  # somebody did
        count += 1
    return count


def keep_rules(actor: Actor, number: int, document: dict[str, Any], silent_days: int, declined_days: int) -> Rules:
    """Keep rules for all runs from now on.

    Args:
        number: of the rules that were looked at.

    Raises:
        NotAllowedError: not of the secretariat, or without a duty that binds it.
        ConfigError: a value that cannot be.
        MovedOnError: somebody has kept other rules meanwhile.
    """
    if not any(needed <= actor.held for needed in KEEPERS_OF_RULES):
        raise NotAllowedError("the secretariat keeps the rules")
    rules_from(document)
    if not (1 <= silent_days <= 365 and 1 <= declined_days <= 3650):
        raise ConfigError("days: expected 1 to 365 of silence, 1 to 3650 after a no")
    if rules_in_force().number != number:
        raise MovedOnError("other rules were kept meanwhile")
    who = actor.who
    try:
        with transaction.atomic():
            made = Rules.objects.create(
                number=number + 1,
                document=document,
                silent_days=silent_days,
                declined_days=declined_days,
                made_by=who.person,
                made_for=who.organisation,
            )
            log(who, Act("changed", "matching_rules", str(made.number), who.organisation))
    except IntegrityError as error:
        raise MovedOnError("other rules were kept meanwhile") from error
    return made


def advance(
    who: Who, match: Match, follows: int, kind: Kind, side: Side | None, amount: Decimal | None = None, **said: Any
) -> Match:
    """The match after a step, in the caller's transaction, who also logs it.

    Raises:
        MovedOnError: another step came first.
        RefusedStepError: it may not be taken now.
    """
    current = Match.objects.select_related("giver", "receiver", "proposer", "record").get(pk=match.pk)
    if current.version != follows:
        raise MovedOnError("another step came first")
    if not may_step(current.stands, kind, side):
        raise RefusedStepError("not_now")
    after = step(current.stands, kind, side)
    values: dict[str, Any] = {
        "state": after.state,
        "agreed": sorted(after.agreed),
        "version": follows + 1,
        "changed_at": timezone.now(),
        **({} if amount is None else {"amount": amount}),
    }
    if not Match.objects.filter(pk=match.pk, version=follows).update(**values):
        raise MovedOnError("another step came first")
    for name, value in values.items():
        setattr(current, name, value)
    _keep(who, current, follows + 1, kind, side, amount=amount, **said)
    return current


def checked_reason(wanted: Wanted) -> str:
    """The reason in one line.

    Raises:
        RefusedStepError: it is missing, or holds what is stored nowhere.
    """
    reason = " ".join(wanted.reason.split())[:500]
    if wanted.kind in REASONED and not reason:
        raise RefusedStepError("reason")
    if any(found.severity == "refuse" for found in screen(reason)):
        raise RefusedStepError("words")
    return reason


def log_step(who: Who, match: Match, kind: Kind) -> None:
    """Note a step in the log, for each organisation that takes part; last in a transaction."""
    _log(who, match, _LOGGED[kind])


def proposal_of(run: Run, need: str, offer: str) -> dict[str, Any] | None:
    """What a run proposes for a pair."""
    found = (run.document or {}).get("proposals", ())
    return next((each for each in found if (each["need"], each["offer"]) == (need, offer)), None)


def _binding(actor: Actor) -> Any:
    if actor.person is None or BINDERS.isdisjoint(actor.held):
        raise NotAllowedError("who signs for an organisation answers for it")
    return actor.person


def _acting(looked: Putting) -> tuple[tuple[Side, Partner | None], ...]:
    return ("giver", looked.giver), ("receiver", looked.receiver)


def _side_for(match: Match, wanted: Wanted, sides: frozenset[Side]) -> Side:
    """For which of his sides a person takes a step: the one for which it may be taken.

    Raises:
        NotAllowedError: he has no side for which it ever could.
        RefusedStepError: it does not fit where the match stands.
    """
    able: dict[Kind, tuple[Side, ...]] = {
        "accepted": ("giver", "receiver", "secretariat"),
        "declined": ("giver", "receiver", "secretariat"),
        "withdrawn": ("proposer",),
        "delivered": ("receiver",),
    }
    mine = [side for side in able.get(wanted.kind, ()) if side in sides]
    if not mine:
        raise NotAllowedError("who acts for a side takes its steps")
    found = next((side for side in mine if may_step(match.stands, wanted.kind, side)), None)
    if found is None:
        if match.version != wanted.follows:
            raise MovedOnError("another step came first")
        raise RefusedStepError("not_now")
    return found


def _against(
    actor: Actor,
    viewer: Viewer,
    asked: Asked,
    told: tuple[Told, Told],
    sides: tuple[Partner | None, Partner | None],
    today: date,
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What stands against putting a pair forward."""
    needs, offers = {each.id: each for each in asked.needs}, {each.id: each for each in asked.offers}
    need, offer = needs[told[0].ask.id], offers[told[1].ask.id]
    giver, receiver = sides
    own = actor.person.organisation_id if actor.person else None
    if Role.SECRETARIAT not in actor.held and own not in {each.pk for each in sides if each}:
        yield "not_a_side", ()
    if (need.id, offer.id) in asked.accepted:
        yield "open_already", ()
    if (need.id, offer.id) in asked.declined:
        yield "declined", ()
    if giver is not None and giver == receiver:
        yield "one_organisation", ()
    day = max(asked.as_of, today)  # an offer that has ended since the picture was drawn is not put forward
    failed = [c.code for c in conditions(need, offer, day, asked.params, asked.presence) if not c.is_met]
    if need.kind != offer.kind or failed:
        yield "conditions", tuple(failed)
    # Each side is told of the other: what it may not see is not told to it by a match either.
    if giver is not None and not may_see(anybody_of(giver.pk), told[0].ask.marking_key):
        yield "giver_sees_not", ()
    if receiver is not None and not may_see(anybody_of(receiver.pk), told[1].ask.marking_key):
        yield "receiver_sees_not", ()


def _changed_since(
    kept: tuple[Ask | None, ...], sides: tuple[Partner | None, Partner | None]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What stands against it in what is kept on the site now, which may be newer than the picture."""
    need, offer = kept
    giver, receiver = sides
    if need is not None and need.state not in ("open", "validated"):
        yield "conditions", ("need_open",)
    if offer is not None and offer.state != "open":
        yield "conditions", ("offer_open",)
    if need is not None and giver is not None and not may_see(anybody_of(giver.pk), need.marking_key):
        yield "giver_sees_not", ()
    if offer is not None and receiver is not None and not may_see(anybody_of(receiver.pk), offer.marking_key):
        yield "receiver_sees_not", ()
    if any(ask is not None and not binds(ask.owner_id) for ask in kept):
        yield "nobody_signs", ()


def _wrong_amount(looked: Putting, amount: Decimal) -> Iterable[tuple[str, tuple[str, ...]]]:
    need, offer = looked.need.ask, looked.offer.ask
    least = max(need.least, offer.least)
    if not (amount.is_finite() and amount > 0 and least <= float(amount) <= looked.most):
        yield "amount", (f"{least:g}", f"{looked.most:g}")


def _left(asked: Asked, key: str, side: int) -> float:
    """What is left of a need (side 0) or an offer (side 1) besides what matches hold."""
    of: dict[str, float | None] = (
        {n.id: n.high for n in asked.needs} if side == 0 else {o.id: o.most for o in asked.offers}
    )
    return max((of.get(key) or 0.0) - sum(given for pair, given in asked.accepted.items() if pair[side] == key), 0.0)


def _keep(who: Who, match: Match, number: int, kind: Kind, side: Side | None, **said: Any) -> None:
    MatchStep.objects.create(
        match=match,
        number=number,
        kind=kind,
        side=side or "",
        made_by=who.person,
        made_for=who.organisation,
        channel=who.channel,
        **said,
    )


def _log(who: Who, match: Match, *actions: str) -> None:
    transaction.on_commit(write_soon, robust=True)
    known = sorted({each for each in (match.giver_id, match.receiver_id) if each})
    owners: list[UUID | None] = [*known] or [who.organisation]
    log(who, *(Act(action, "match", str(match.pk), owner) for action in actions for owner in owners))
