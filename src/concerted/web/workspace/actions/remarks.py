"""Say of a record that something is not right, or how it should read; and answer, as its owner.

Nobody but the owner changes a record: a proposal is a document that began with a version, and accepting it saves it as
the owner's own, joined with what has been saved since. Who may see a record is never proposed.
"""

from django.db import transaction
from django.utils import timezone

from concerted.model.errors import NotAllowedError
from concerted.records.screening.screen import screen
from concerted.statements.document import FORMAT, SHARING, Document, check, plain
from concerted.statements.rows import Row, document_of, row_text, rows_of
from concerted.statements.texts import FoundText, found_texts, rules_of
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.workspace.actions.saving import Clash, Saved, may_write, refusal, save, version_document
from concerted.web.workspace.models import Outcome, Record, Remark, Said


def with_value(document: Document, row: Row, column: str, value: str) -> Document:
    """The document with another value in one field.

    Raises:
        DocumentError: no value of that field.
    """
    rows = {name: dict(stated) for name, stated in rows_of(document).items()}
    rows[row][column] = value
    return plain(check({"format": FORMAT, **document_of(rows, document["record"], document["version"])}))


def remark(
    actor: Actor,
    record: Record,
    about: int,
    text: str,
    proposed: Document | None = None,
    field: tuple[Row, str] | None = None,
) -> Remark:
    """Say something of a record. The caller has made sure that the actor may read it.

    Raises:
        NotAllowedError: nobody of an organisation says it.
        DocumentError: a proposed value is none.
        RefusedError: the text, or what is proposed, holds what must not be stored.
    """
    if actor.person is None:
        raise NotAllowedError("a remark is made by a person of an organisation")
    found = words_found(record.document, text, "text")
    if proposed is not None:
        proposed = plain(check({"format": FORMAT, **_with_marking_of(proposed, version_document(record, about))}))
        found += found_texts(proposed, record.document)
    if any(each.is_refused for each in found):
        raise refusal([each for each in found if each.is_refused], actor.channel)
    with transaction.atomic():
        made = Remark.objects.create(
            record=record,
            by=actor.person,
            organisation=Partner.objects.get(pk=actor.person.organisation_id),
            about=about,
            where=f"{row_text(field[0])}.{field[1]}"[:200] if field else "",
            text=text,
            proposed=proposed,
        )
        log(actor.who, Act("added", "remark", str(record.pk), record.owner_id))
    return made


def accept(actor: Actor, given: Remark) -> Saved | Clash:
    """Save what was proposed as the owner's own; a clash is asked of the owner as any other, and leaves it open.

    Raises:
        NotAllowedError: not the owner's, answered already, or nothing is proposed.
        RefusedError, DocumentError: what was proposed cannot be kept.
    """
    with transaction.atomic():
        # Locked before the record and the log, as an answer does it: two who lock in different orders stop each other.
        given = Remark.objects.select_for_update(of=("self",)).select_related("record").get(pk=given.pk)
        _check_open(actor, given)
        if given.proposed is None:
            raise NotAllowedError("nothing is proposed")
        outcome = save(actor, given.record, given.about, given.proposed, note=f"remark:{given.pk}", is_answered=True)
        if isinstance(outcome, Saved):
            _close(actor, given, Outcome.ACCEPTED, "")
    return outcome


def words_found(document: Document, text: str, column: str) -> list[FoundText]:
    """What stands in words about a document that may not be stored. Who may read the document may read them, so they
    tell no place finer than its own texts may."""
    return [FoundText("remark", 0, column, text[f.start : f.end], f) for f in screen(text, rules_of(document))]


@transaction.atomic
def answer(actor: Actor, given: Said, text: str) -> None:
    """Answer in words; what is spoken of stays as it is.

    Raises:
        NotAllowedError: not the owner's, or answered already.
        RefusedError: the words hold what must not be stored.
    """
    _check_open(actor, given)
    if refused := [each for each in words_found(given.record.document, text, "answer") if each.is_refused]:
        raise refusal(refused, actor.channel)
    _close(actor, given, Outcome.ANSWERED, text)
    log(actor.who, Act("changed", "remark", str(given.record_id), given.record.owner_id))


def _close(actor: Actor, given: Said, outcome: Outcome, text: str) -> None:
    """Only one who answers wins: the other finds it closed."""
    values = {"outcome": outcome, "answer": text, "answered_at": timezone.now(), "answered_by": actor.person}
    if not type(given)._default_manager.filter(pk=given.pk, outcome=Outcome.OPEN).update(**values):
        raise NotAllowedError("it is answered already")


def _check_open(actor: Actor, given: Said) -> None:
    if not may_write(actor, given.record.owner_id):
        raise NotAllowedError("only the owner of a record answers")
    if given.outcome != Outcome.OPEN:
        raise NotAllowedError("it is answered already")


def _with_marking_of(proposed: Document, base: Document) -> Document:
    kept = {name: value for name, value in base["activity"].items() if name in SHARING}
    return {**proposed, "activity": {n: v for n, v in proposed["activity"].items() if n not in SHARING} | kept}
