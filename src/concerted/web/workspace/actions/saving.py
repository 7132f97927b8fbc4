"""Save a document so that nobody's words are overwritten in silence: an activity, or another that people keep.

Whoever saves says which version he began with. If another one has been saved since, both are joined field by field
(`statements.merging`); what both changed differently comes back as a `Clash`, to be asked of the person. The UPDATE
itself is conditioned on the version, so two who save at the same moment cannot both win.
"""

from dataclasses import dataclass, field
from typing import Any, Generic
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from typing_extensions import TypeVar

from concerted.marking.keys import Label, marking_key
from concerted.model.errors import ConcertedError, NotAllowedError
from concerted.statements.document import Document, DocumentError, Fault
from concerted.statements.merging import Merged, merge
from concerted.statements.texts import FoundText, found_texts
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Duty
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.workspace.models import Condition, Kept, Record
from concerted.web.workspace.shards import touch
from concerted.web.workspace.signals import words_refused
from concerted.web.workspace.tasks import ask_for_picture

#: Duties that write the organisation's records.
WRITERS = frozenset(map(str, (Duty.EDITOR, Duty.SIGNER, Duty.ADMINISTRATOR)))
#: A kind of document that is kept: activities, where nothing else is said.
R = TypeVar("R", bound=Kept, default=Record)

#: What is expected of the id of a new record.
TAKEN = "an id that no other record has; leave it out"


class RefusedError(ConcertedError):
    """Free texts hold what must not be stored, or what their author must answer for first.

    The words are for the author alone: never log this error's `found`.
    """

    def __init__(self, found: list[FoundText]) -> None:
        super().__init__(f"{len(found)} places in texts hold what must not, or may not, be stored")
        self.found = found


@dataclass(frozen=True)
class Saved(Generic[R]):
    """What was kept, after saving.

    Attributes:
        is_changed: false where nothing new was said; no version was made then.
        is_joined: another had saved meanwhile, and both were joined without a question.
        is_new: it was made by this.
    """

    record: R
    is_changed: bool = True
    is_joined: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class Clash(Generic[R]):
    """Another saved meanwhile, and some fields say different things.

    Attributes:
        began: number of the version that mine began with.
        theirs: number of the version that is kept now.
        condition: what was to become of the record.
    """

    record: R
    mine: Document
    began: int
    theirs: int
    condition: Condition | None
    merged: Merged = field(repr=False)


def may_write(actor: Actor, owner: UUID) -> bool:
    """Whether he writes the records of an organisation: his own, with the duty to."""
    if actor.person is None:
        return False  # the keeper of the machine keeps no records
    return actor.person.organisation_id == owner and not WRITERS.isdisjoint(actor.held)


def begin(owner: Partner, record: UUID | None = None) -> Document:
    """An empty document of an organisation, seen by that organisation alone until somebody says otherwise.

    Args:
        record: an id that came from outside. It must be a random one: those of records that came by a sheet follow from
            their owner and their code, so whoever offers one could learn whether another has a record with that code,
            or take its place before it comes.

    Raises:
        ValueError: the id is no random one.
    """
    if record is not None and record.version != 4:
        raise ValueError("an id from outside is a random UUID (version 4)")
    activity: dict[str, Any] = {"marking_key": marking_key(Label.AMBER_STRICT, [str(owner.pk)])}
    if owner.reference:
        activity["reporting_org_ref"] = owner.reference
    activity["reporting_org_name"] = owner.label("fr")
    if owner.kind:
        activity["reporting_org_type_code"] = owner.kind
    return {"record": str(record or uuid4()), "version": 1, "activity": activity}


def make(
    actor: Actor, owner: Partner, document: Document, condition: Condition, *, is_answered: bool = False
) -> Saved | Clash:
    """A new record under the id that its document names, or, where the owner has it already, the same sent twice.

    Raises:
        NotAllowedError, DocumentError, RefusedError: as `create`.
    """
    return make_kept(Record, actor, owner, document, condition, is_answered=is_answered)


def make_kept(
    model: type[R], actor: Actor, owner: Partner, document: Document, condition: Condition, *, is_answered: bool = False
) -> Saved[R] | Clash[R]:
    """As `make`, of any kind that is kept.

    Raises:
        NotAllowedError, DocumentError, RefusedError: as `create`.
    """
    existing = model._default_manager.filter(pk=document["record"], owner=owner).first()
    if existing is not None:
        return save(actor, existing, 1, document, condition, is_answered=is_answered)
    return create_kept(model, actor, owner, document, condition, is_answered=is_answered)


def create(
    actor: Actor, owner: Partner, document: Document, condition: Condition, *, is_answered: bool = False
) -> Saved:
    """A new record.

    Raises:
        NotAllowedError, DocumentError, RefusedError: as `save`; DocumentError also where the id is a record's already:
            whose it is, is not told.
    """
    return create_kept(Record, actor, owner, document, condition, is_answered=is_answered)


def create_kept(
    model: type[R], actor: Actor, owner: Partner, document: Document, condition: Condition, *, is_answered: bool = False
) -> Saved[R]:
    """As `create`, of any kind that is kept.

    Raises:
        NotAllowedError, DocumentError, RefusedError: as `create`.
    """
    _check_may(actor, owner.pk)
    document = {**document, "version": 1}
    checked = _checked(model, document, None, is_answered=is_answered, channel=actor.channel)
    checked = model.after(checked, None)
    record = model(
        pk=UUID(checked["record"]),
        owner=owner,
        holder=actor.person,
        condition=condition,
        version=1,
        **model.columns_of(checked),
    )
    record.updated_by = actor.person
    with transaction.atomic():
        try:
            with transaction.atomic():  # of the refused insert alone: the transaction around it must stay usable
                record.save(force_insert=True)
        except IntegrityError as error:
            raise DocumentError([Fault("record", TAKEN)]) from error
        _keep_version(actor, record)
        _tell(actor, record, "added")
    return Saved(record, is_new=True)


def save(
    actor: Actor,
    record: R,
    began: int,
    document: Document,
    condition: Condition | None = None,
    note: str = "",
    *,
    is_answered: bool = False,
) -> Saved[R] | Clash[R]:
    """Save what `document` says, which began as version `began`; or say what another has said otherwise meanwhile.

    Args:
        condition: null = as it is. What is kept never becomes a draft again.
        is_answered: the author has said that texts which looked doubtful are not what they looked like.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
        DocumentError: a value is wrong; says where.
        RefusedError: a free text holds what must not be stored, or what its author has not answered for.
    """
    _check_may(actor, record.owner_id)
    model, channel = type(record), actor.channel
    mine, joined = _checked(model, document, record.document, is_answered=is_answered, channel=channel), False
    while True:
        current = model._default_manager.select_related("owner").get(pk=record.pk)
        if current.version != began:
            merged = merge(version_document(record, began), mine, current.document)
            if merged.conflicts:
                return Clash(current, mine, began, current.version, condition, merged)
            mine, began, joined = merged.resolved(mine["record"], current.version, {}), current.version, True
            # Each part of it was answered for by who wrote it.
            mine = _checked(model, mine, None, is_answered=True, channel=channel)
        mine = model.after(mine, current.document)
        becomes = current.condition if condition is None or not current.is_draft else str(condition)
        if _says_the_same(mine, current.document) and becomes == current.condition:
            return Saved(current, is_changed=False, is_joined=joined)
        saved = save_version(actor, current, mine, becomes, note or ("joined" if joined else ""))
        if saved is not None:
            return Saved(saved, is_joined=joined)


def settle(actor: Actor, clash: Clash[R], takes_mine: dict[int, bool]) -> Saved[R] | Clash[R]:
    """Save a clash with the answers to its conflicts, by their places in `clash.merged.conflicts`.

    Raises:
        KeyError: a conflict has no answer, or what is kept belongs to a row that is not.
        Others as `save`.
    """
    answers = {(c.row, c.column): takes_mine[at] for at, c in enumerate(clash.merged.conflicts)}
    document = clash.merged.resolved(clash.mine["record"], clash.theirs, answers)
    return save(actor, clash.record, clash.theirs, document, clash.condition, "asked", is_answered=True)


def version_document(record: Kept, number: int) -> Document:
    """What a version said.

    Raises:
        ObjectDoesNotExist: there is none of that number.
    """
    found: Document = record.versions.values_list("document", flat=True).get(number=number)
    return found


def save_version(
    actor: Actor, current: R, document: Document, condition: str, note: str, action: str = "changed"
) -> R | None:
    """What is kept with its next version; null where another was quicker. The caller has made sure that he may."""
    number = current.version + 1
    document = {**document, "version": number}
    values = {
        **current.columns_of(document),
        "version": number,
        "condition": condition,
        "updated_at": timezone.now(),
        "updated_by": actor.person,
    }
    with transaction.atomic():
        if not type(current)._default_manager.filter(pk=current.pk, version=current.version).update(**values):
            return None
        for name, value in values.items():
            setattr(current, name, value)
        _keep_version(actor, current, note)
        _tell(actor, current, action)
    return current


def _checked(
    model: type[Kept], document: Document, before: Document | None, *, is_answered: bool, channel: str
) -> Document:
    """The document in its one form.

    Raises:
        DocumentError, RefusedError: it cannot be kept.
    """
    checked = model.checked(document)
    found = found_texts(checked, before)
    if any(each.is_refused for each in found) or (found and not is_answered):
        raise refusal(found, channel)
    return checked


def refusal(found: list[FoundText], channel: str) -> RefusedError:
    """The error, after whoever counts refusals was told their kinds."""
    told = [(each.finding.kind, each.finding.severity) for each in found]
    words_refused.send(RefusedError, found=told, channel=channel)
    return RefusedError(found)


def _says_the_same(mine: Document, theirs: Document) -> bool:
    return {**mine, "version": 0} == {**theirs, "version": 0}


def _keep_version(actor: Actor, record: Kept, note: str = "") -> None:
    who = actor.who
    record.versions.create(
        number=record.version,
        document=record.document,
        condition=record.condition,
        made_at=record.updated_at,
        made_by=who.person,
        made_for=who.organisation,
        channel=who.channel,
        note=note,
    )


def _tell(actor: Actor, record: Kept, action: str) -> None:
    """What follows from a saving: the file for the build, the log (last, as it keeps other writers waiting)."""
    if not record.is_draft:
        touch(record)
        transaction.on_commit(ask_for_picture, robust=True)  # what is saved stays saved
    log(actor.who, Act(action, record.object_kind, str(record.pk), record.owner_id))


def _check_may(actor: Actor, owner: UUID) -> None:
    if not may_write(actor, owner):
        raise NotAllowedError("only its owner writes a record")
