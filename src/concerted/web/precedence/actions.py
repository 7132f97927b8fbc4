"""Decide which source counts, and take it back: each is a row that stays, and the picture is drawn again after it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from concerted.judgements.precedence import SOURCES
from concerted.model.errors import ConcertedError, NotAllowedError
from concerted.model.subjects import SUBJECTS
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner, User
from concerted.web.accounts.roles import Duty
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.precedence import queries
from concerted.web.precedence.models import Choosing
from concerted.web.workspace.tasks import ask_for_picture

#: Who decides for his organisation.
DECIDERS = frozenset(map(str, (Duty.SIGNER, Duty.ADMINISTRATOR)))


class DecidedMeanwhileError(ConcertedError):
    """Somebody of the organisation has decided since the page was shown."""


@dataclass(frozen=True)
class Decision:
    """A decision: source by subject (empty = nothing is decided any more), and the number it follows."""

    choices: Mapping[str, str]
    follows: int


def check_may(actor: Actor) -> User:
    """Who decides for his organisation: the actor.

    Raises:
        NotAllowedError: he does not.
    """
    if actor.person is None or DECIDERS.isdisjoint(actor.held):
        raise NotAllowedError("who signs off and administrators decide which source of their organisation counts")
    return actor.person


def decide(actor: Actor, decision: Decision) -> Choosing:
    """Keep a decision of the actor's own organisation.

    Raises:
        NotAllowedError: he does not decide, or names a subject or a source that there is not.
        DecidedMeanwhileError: another decision came between.
    """
    person = check_may(actor)
    if not set(decision.choices) <= set(SUBJECTS) or not set(decision.choices.values()) <= set(SOURCES):
        raise NotAllowedError("no such subject, or no such source")
    owner = Partner.objects.get(pk=person.organisation_id)
    last = queries.newest(owner.pk)
    if (last.number if last else 0) != decision.follows:
        raise DecidedMeanwhileError("another decision was made since the page was shown")
    if (last.choices if last else {}) == dict(decision.choices):
        raise DecidedMeanwhileError("this is what holds already")
    try:
        with transaction.atomic():
            made = Choosing.objects.create(
                organisation=owner,
                number=decision.follows + 1,
                choices=dict(sorted(decision.choices.items())),
                made_by=actor.who.person,
                made_for=actor.who.organisation,
            )
            transaction.on_commit(ask_for_picture, robust=True)
            action = "changed" if decision.choices else "removed"
            log(actor.who, Act(action, "precedence", str(made.pk), owner.pk))
    except IntegrityError as error:
        raise DecidedMeanwhileError("another decision was made at the same moment") from error
    return made
