"""Decide on versions of records: sign off, validate, send back. Each decision names the version that was looked at.

So nobody needs a lock on the record: a version that is saved meanwhile has not been decided on, and waits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from concerted.marking import Viewer
from concerted.marking.keys import Label
from concerted.model.errors import NotAllowedError
from concerted.records.screening.screen import screen
from concerted.statements.texts import FoundText
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import User
from concerted.web.accounts.queries import in_organisation
from concerted.web.accounts.roles import Duty, Role
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.validation.models import Decision, Kind, Standing
from concerted.web.validation.queries import Queue
from concerted.web.validation.standing import newly_late
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.models import Record, RecordVersion, shard_of
from concerted.web.workspace.queries.records import may_read
from concerted.web.workspace.shards import touch_shard
from concerted.web.workspace.tasks import ask_for_picture

#: Whoever of the secretariat does more than read validates.
VALIDATORS = tuple(
    frozenset(map(str, (Role.SECRETARIAT, duty))) for duty in (Duty.EDITOR, Duty.SIGNER, Duty.ADMINISTRATOR)
)
#: Duties with which one may come to sign off; `may_sign` says who does.
SIGNERS = (Duty.SIGNER, Duty.ADMINISTRATOR)

#: Records that are told to be late in one transaction.
_AT_ONCE = 500
#: Records that are decided on at once.
MOST = 500

#: A record and the version of it that was looked at.
Item = tuple[UUID, int]


@dataclass
class Outcome:
    """What became of items: decided, changed meanwhile (or decided on already), or one's own that another must sign."""

    done: list[Record] = field(default_factory=list)
    stale: list[Record] = field(default_factory=list)
    own: list[Record] = field(default_factory=list)


def may_sign(actor: Actor, owner: UUID) -> bool:
    """Whether he signs off records of an organisation: its signers, and where it has none its administrators."""
    if actor.person is None or actor.person.organisation_id != owner:
        return False
    if Duty.SIGNER in actor.held:
        return True
    return Duty.ADMINISTRATOR in actor.held and not _signers(owner)


def has_other_signers(actor: Actor) -> bool:
    """Whether somebody else of his organisation signs off too: then he signs nothing that he entered himself."""
    return actor.person is not None and bool(_signers(actor.person.organisation_id) - {actor.person.pk})


def may_validate(actor: Actor) -> bool:
    """Whether he validates what partners signed off."""
    return actor.person is not None and any(needed <= actor.held for needed in VALIDATORS)


def note_seen(actor: Actor, queue: Queue) -> None:
    """Note whose restricted records somebody of another organisation was shown in a queue."""
    mine = actor.who.organisation
    restricted = {
        each.record.owner_id
        for _owner, _name, waits in queue.groups
        for each in waits
        if each.record.owner_id != mine and each.record.marking_key != str(Label.CLEAR)
    }
    if restricted:
        log(actor.who, *(Act("saw", "queue", "", owner) for owner in sorted(restricted)))


def sign_off(actor: Actor, items: Iterable[Item]) -> Outcome:
    """Sign off versions of the own organisation's records.

    What one has entered oneself another signer signs; who is the only one is not held up.

    Raises:
        NotAllowedError: not a signer of theirs.
    """

    def may(record: Record) -> None:
        if not may_sign(actor, record.owner_id):
            raise NotAllowedError("only a signer of its owner signs a record off")

    others = {owner: _signers(owner) for owner in ([actor.person.organisation_id] if actor.person else [])}

    def is_own(record: Record, standing: Standing) -> bool:
        alone = not (others.get(record.owner_id, set()) - {actor.who.person})
        return not alone and actor.who.person in _authors(record, standing)

    return _decide(
        actor,
        items,
        Kind.SIGNED,
        may,
        lambda record, standing: (
            standing.signed < record.version
            or (standing.returned is not None and standing.returned.number == record.version)
        ),
        is_own,
    )


def validate(actor: Actor, viewer: Viewer, items: Iterable[Item]) -> Outcome:
    """Validate versions that their owners signed off.

    Raises:
        NotAllowedError: not of the secretariat, or a record that the viewer may not read.
    """

    def may(record: Record) -> None:
        if not may_validate(actor) or not may_read(viewer, record):
            raise NotAllowedError("the secretariat validates what it may read")

    return _decide(actor, items, Kind.VALIDATED, may, _is_signed, lambda *_: False)


def send_back(actor: Actor, viewer: Viewer, item: Item, reason: str, *, is_secretariats: bool) -> Outcome:
    """Send a version back with a reason, from either gate; it stays in the picture as it is.

    Raises:
        NotAllowedError: who asks does not stand at that gate.
        ValueError: there is no reason.
        RefusedError: the reason holds what must not be stored.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ValueError("what is sent back needs a reason")
    found = [FoundText("decision", 0, "reason", reason[f.start : f.end], f) for f in screen(reason)]
    if any(each.is_refused for each in found):
        raise RefusedError([each for each in found if each.is_refused])

    def may(record: Record) -> None:
        allowed = may_validate(actor) if is_secretariats else may_sign(actor, record.owner_id)
        if not allowed or not may_read(viewer, record):
            raise NotAllowedError("it is sent back by who would decide on it")

    def is_open(record: Record, standing: Standing) -> bool:
        return _is_signed(record, standing) if is_secretariats else standing.validated < record.version

    return _decide(actor, [item], Kind.SENT_BACK, may, is_open, lambda *_: False, reason, is_secretariats)


def tell_late(now: datetime | None = None) -> int:
    """Let the picture say of what has waited for too long that it is unvalidated; how many records that are.

    Some hundreds at a time: a large sheet that nobody validated is late on one day, and whoever writes meanwhile waits.
    """
    found = list(newly_late(now or timezone.now()).values_list("pk", flat=True))
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        with transaction.atomic():
            Standing.objects.bulk_create(
                (Standing(record_id=record, is_late=True) for record in some),
                update_conflicts=True,
                unique_fields=["record"],
                update_fields=["is_late"],
            )
            _touch(some)
    return len(found)


def _decide(
    actor: Actor,
    items: Iterable[Item],
    kind: Kind,
    may: Callable[[Record], None],
    is_open: Callable[[Record, Standing], bool],
    is_own: Callable[[Record, Standing], bool],
    reason: str = "",
    is_secretariats: bool | None = None,
) -> Outcome:
    """Decide on what is still as it was looked at, in one transaction; the log last, as it makes others wait."""
    outcome, who = Outcome(), actor.who
    with transaction.atomic():
        for pk, number in sorted(set(items)):  # in one order: two who lock in different orders stop each other
            record = Record.objects.select_related("owner").filter(pk=pk).first()
            if record is None:
                raise NotAllowedError("there is no such record")
            may(record)
            Standing.objects.get_or_create(record=record)
            standing = Standing.objects.select_for_update(of=("self",)).select_related("returned").get(record=record)
            if record.is_draft or record.version != number or not is_open(record, standing):
                outcome.stale.append(record)
                continue
            if is_own(record, standing):
                outcome.own.append(record)
                continue
            made = Decision.objects.create(
                record=record,
                number=number,
                kind=kind,
                is_secretariats=kind is Kind.VALIDATED if is_secretariats is None else is_secretariats,
                reason=reason,
                made_by=who.person,
                made_for=who.organisation,
                channel=who.channel,
            )
            standing.returned = made if kind is Kind.SENT_BACK else None
            if kind is Kind.SIGNED:
                standing.signed = number
            elif kind is Kind.VALIDATED:
                standing.validated, standing.is_late = number, False
            standing.save()
            outcome.done.append(record)
        _touch([record.pk for record in outcome.done])
        action = {Kind.SIGNED: "signed_off", Kind.VALIDATED: "validated", Kind.SENT_BACK: "sent_back"}[kind]
        log(who, *(Act(action, "activity", str(record.pk), record.owner_id) for record in outcome.done))
    return outcome


def _is_signed(record: Record, standing: Standing) -> bool:
    is_returned = standing.returned is not None and standing.returned.number == record.version
    return standing.signed >= record.version > standing.validated and not is_returned


def _signers(organisation: UUID) -> set[UUID]:
    """Active accounts of an organisation that sign off."""
    found = User.objects.filter(in_organisation(organisation), is_active=True, assignments__held=Duty.SIGNER)
    return set(found.values_list("pk", flat=True))


def _authors(record: Record, standing: Standing) -> set[UUID | None]:
    """Who entered what waits to be signed off."""
    versions = RecordVersion.objects.filter(record=record, number__gt=standing.signed, number__lte=record.version)
    return set(versions.values_list("made_by", flat=True))


def _touch(records: Iterable[UUID]) -> None:
    shards = sorted({shard_of(pk) for pk in records})
    for number in shards:
        touch_shard(number)
    if shards:
        transaction.on_commit(ask_for_picture, robust=True)  # what is decided stays decided
