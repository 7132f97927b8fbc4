"""Judge, and take a judgement back. Each is a row that stays; the picture is drawn again after it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from concerted.judgements.decisions import ABOUT_ACTIVITIES, activity_id
from concerted.model.errors import ConcertedError, NotAllowedError
from concerted.publish.open_questions import About, verdicts_of
from concerted.records.screening.screen import screen
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.queries import name_of
from concerted.web.accounts.roles import Duty, Role
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.desk import queries
from concerted.web.desk.models import Judgement, Undoing
from concerted.web.edition.scope import Scope
from concerted.web.workspace.tasks import ask_for_picture

#: Who judges: the secretariat and the coordination, as far as they see both sides; by their people who write.
JUDGES = (Role.SECRETARIAT, Role.COORDINATION)
WRITERS = (Duty.EDITOR, Duty.SIGNER, Duty.ADMINISTRATOR)
MAY = tuple(frozenset({str(role), str(duty)}) for role in JUDGES for duty in WRITERS)


class NotThereError(ConcertedError):
    """The one who asks does not see both that it is about; for him they are not there."""


class RefusedWordsError(ConcertedError):
    """The reason holds words that are stored nowhere. They are not in this error."""


@dataclass(frozen=True)
class Said:
    """An answer: the key of `open_questions.verdicts_of` for these two."""

    kind: About
    left: str
    right: str
    key: str
    reason: str = ""


def check_may(actor: Actor) -> None:
    """Whether he judges.

    Raises:
        NotAllowedError: he does not.
    """
    held = actor.held
    if actor.person is None or held.isdisjoint(map(str, JUDGES)) or held.isdisjoint(map(str, WRITERS)):
        raise NotAllowedError("the secretariat and the coordination judge what belongs together")


def judge(actor: Actor, scope: Scope, said: Said, today: date) -> Judgement:
    """Keep an answer.

    Raises:
        NotAllowedError: he does not judge.
        NotThereError: he does not see both, or there is no such answer.
        RefusedWordsError: the reason names a person, or something else that is stored nowhere.
    """
    check_may(actor)
    try:
        verdict = verdicts_of(said.kind, said.left, said.right).get(said.key)
        is_there = verdict is not None and queries.is_there(scope, said.kind, said.left, said.right)
    except (ConcertedError, ValueError) as error:  # ids that are none
        raise NotThereError("no such question") from error
    if verdict is None or not is_there:
        raise NotThereError("no such question")
    reason = said.reason.strip()[:500]
    if any(finding.severity == "refuse" for finding in screen(reason)):
        raise RefusedWordsError("the reason holds what is stored nowhere")
    statements: dict[str, int | None] = {"left_statement": None, "right_statement": None}
    if verdict.decision in ABOUT_ACTIVITIES:
        left, right = activity_id(verdict.left), activity_id(verdict.right)
        both = queries.sides(scope, (left, right))
        statements = {"left_statement": both[left].statement, "right_statement": both[right].statement}
    assert actor.person is not None  # noqa: S101 (who judges is somebody)
    with transaction.atomic():
        made = Judgement.objects.create(
            decision=verdict.decision,
            left=verdict.left,
            right=verdict.right,
            **statements,
            reason=reason,
            said_by=name_of(actor.person.partner, "fr"),
            said_on=today,
            made_by=actor.who.person,
            made_for=actor.who.organisation,
        )
        transaction.on_commit(ask_for_picture, robust=True)
        log(actor.who, Act("added", "judgement", str(made.pk), actor.who.organisation))
    return made


def undo(actor: Actor, scope: Scope | None, number: int) -> None:
    """Take a judgement back: what was judged of the two before it holds again.

    Raises:
        NotAllowedError: he does not judge.
        NotThereError: he may not read it, or it is taken back already.
    """
    check_may(actor)
    organisation: UUID | None = actor.who.organisation
    assert organisation is not None  # noqa: S101 (who judges is somebody of an organisation)
    found = next(iter(queries.readable(scope, organisation, number=number)), None)
    if found is None or not found.is_held:
        raise NotThereError("no such judgement")
    try:
        with transaction.atomic():
            Undoing.objects.create(judgement=found.judgement, made_by=actor.who.person, made_for=actor.who.organisation)
            transaction.on_commit(ask_for_picture, robust=True)
            log(actor.who, Act("removed", "judgement", str(number), organisation))
    except IntegrityError as error:
        raise NotThereError("taken back meanwhile") from error
