"""Write needs and offers. Each function checks that the actor may, and writes to the log in the same transaction.

Their owner's people who write keep them, by the same saving as activities (`workspace.actions.saving`). Two things are
never their owner's to say: that a need is validated, which the keeper of the strategy says, and that due diligence was
done or refused, which a human-rights focal point says.
"""

from typing import Any, Literal
from uuid import UUID, uuid4

from concerted.codelists.need_words import Ask as Which
from concerted.marking import Viewer
from concerted.marking.keys import Label, marking_key
from concerted.model.errors import ConcertedError, NotAllowedError
from concerted.statements.document import Document, DocumentError, Fault
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Role
from concerted.web.asks.models import VALIDATED, Ask
from concerted.web.asks.origins import origins
from concerted.web.strategy.actions import KEEPS
from concerted.web.workspace import actions as workspace
from concerted.web.workspace.actions import Clash, Saved, may_write
from concerted.web.workspace.actions.saving import create_kept, make_kept, save_version, version_document
from concerted.web.workspace.models import Condition
from concerted.web.workspace.queries.records import may_read

#: The states that an owner gives.
OWN_STATES: dict[Which, tuple[str, ...]] = {
    "need": ("open", "met", "withdrawn"),
    "offer": ("open", "taken", "withdrawn"),
}


def next_states(ask: Ask) -> list[str]:
    """The states that its owner may give it from where it stands; what is validated is open already."""
    is_open = ask.state in ("open", VALIDATED)
    return [state for state in OWN_STATES[ask.asked] if state != ask.state and not (state == "open" and is_open)]


class StaleError(ConcertedError):
    """It says something else by now than what was looked at."""


def begin(actor: Actor, owner: Partner, which: Which, ask: UUID | None = None) -> Document:
    """An empty need or offer of an organisation, seen by that organisation alone until somebody says otherwise.

    Args:
        ask: an id that came from outside; a random one, as of activities.

    Raises:
        ValueError: the id is no random one.
    """
    if ask is not None and ask.version != 4:
        raise ValueError("an id from outside is a random UUID (version 4)")
    stated: dict[str, Any] = {
        "kind": "money",
        "state": "open",
        "marking_key": marking_key(Label.AMBER_STRICT, [str(owner.pk)]),
    }
    if which == "need":
        stated["origin"] = origins(actor, owner)[0]
    else:
        stated["provider_org_name"] = owner.label("fr")
        if owner.reference:
            stated["provider_org_ref"] = owner.reference
    return {"record": str(ask or uuid4()), "version": 1, which: stated}


def make(
    actor: Actor, owner: Partner, document: Document, condition: Condition, *, is_answered: bool = False
) -> Saved[Ask] | Clash[Ask]:
    """A new need or offer under the id that its document names, or, where the owner has it, the same sent twice.

    Raises:
        NotAllowedError, DocumentError, RefusedError: as `create`.
    """
    _check_origin(actor, owner, document, None)
    return make_kept(Ask, actor, owner, document, condition, is_answered=is_answered)


def create(
    actor: Actor, owner: Partner, document: Document, condition: Condition, *, is_answered: bool = False
) -> Saved[Ask]:
    """A new need or offer.

    Raises:
        NotAllowedError, DocumentError, RefusedError: as `workspace.actions.create`; DocumentError also where a need
            would come from whom its author does not speak for.
    """
    _check_origin(actor, owner, document, None)
    return create_kept(Ask, actor, owner, document, condition, is_answered=is_answered)


def save(
    actor: Actor,
    ask: Ask,
    began: int,
    document: Document,
    condition: Condition | None = None,
    note: str = "",
    *,
    is_answered: bool = False,
) -> Saved[Ask] | Clash[Ask]:
    """Save what `document` says, which began as version `began`; or say what another has said otherwise meanwhile.

    Raises:
        NotAllowedError, DocumentError, RefusedError: as `create`; DocumentError also where it would become the other of
            need and offer: its matches would be of nothing.
    """
    _check_kind(ask, document)
    _check_origin(actor, ask.owner, document, ask)
    return workspace.save(actor, ask, began, document, condition, note, is_answered=is_answered)


def settle(actor: Actor, clash: Clash[Ask], takes_mine: dict[int, bool]) -> Saved[Ask] | Clash[Ask]:
    """Save a clash with the answers to its conflicts; what was mine is checked as if it came anew.

    Raises:
        KeyError: as `workspace.actions.settle`.
        NotAllowedError, DocumentError, RefusedError: as `save`.
    """
    _check_kind(clash.record, clash.mine)
    _check_origin(actor, clash.record.owner, clash.mine, clash.record)
    return workspace.settle(actor, clash, takes_mine)


def close(actor: Actor, ask: Ask, began: int, state: str, note: str = "") -> Saved[Ask] | Clash[Ask]:
    """Say that it is withdrawn, met or taken, or open again.

    Args:
        note: how the version came about; empty = its owner said so.

    Raises:
        NotAllowedError: not the owner's, or without the duty.
        DocumentError: no state that an owner gives.
    """
    if state not in OWN_STATES[ask.asked]:
        raise DocumentError([Fault(f"{ask.which}.state", " or ".join(OWN_STATES[ask.asked]))])
    document = version_document(ask, began)
    wanted = {**document, ask.which: {**document[ask.which], "state": state}}
    return save(actor, ask, began, wanted, note=note or f"state:{state}", is_answered=True)


def may_validate(actor: Actor) -> bool:
    """Whether he validates needs: who keeps the strategy."""
    return actor.person is not None and any(needed <= actor.held for needed in KEEPS)


def validate(actor: Actor, viewer: Viewer, ask: Ask, number: int, *, is_valid: bool = True) -> Ask:
    """Say that a need stands as its version `number` states it, or take that back.

    Raises:
        NotAllowedError: he does not keep the strategy, may not read it, or it is no need that is kept and open.
        StaleError: it says something else by now.
    """
    if not may_validate(actor) or not may_read(viewer, ask) or ask.is_draft or ask.which != "need":
        raise NotAllowedError("who keeps the strategy validates needs that he may read")
    if ask.state != ("open" if is_valid else VALIDATED):
        raise NotAllowedError("only what is open is validated")
    state = VALIDATED if is_valid else "open"
    return _said_of(actor, ask, number, {"state": state}, "validated" if is_valid else "sent_back", f"state:{state}")


def may_assess(actor: Actor) -> bool:
    """Whether he says that due diligence was done."""
    return actor.person is not None and str(Role.RIGHTS) in actor.held


def assess(actor: Actor, viewer: Viewer, ask: Ask, number: int, found: Literal["none", "done", "refused"]) -> Ask:
    """Say what due diligence found of a need as its version `number` states it; none = it needs none.

    Raises:
        NotAllowedError: no human-rights focal point, may not read it, or it is no need that is kept.
        StaleError: it says something else by now.
    """
    if not may_assess(actor) or not may_read(viewer, ask) or ask.is_draft or ask.which != "need":
        raise NotAllowedError("a human-rights focal point assesses needs that he may read")
    return _said_of(actor, ask, number, {"due_diligence": found}, "changed", f"diligence:{found}")


def _said_of(actor: Actor, ask: Ask, number: int, values: dict[str, str], action: str, note: str) -> Ask:
    """A version in which another than its owner says what is his to say."""
    if ask.version != number:
        raise StaleError(f"version {number} is not the newest")
    document = {**ask.document, ask.which: {**ask.stated, **values}}
    saved = save_version(actor, ask, document, ask.condition, note, action)
    if saved is None:
        raise StaleError(f"version {number} is not the newest")
    return saved


def _check_kind(ask: Ask, document: Document) -> None:
    if ask.which not in document:
        raise DocumentError([Fault(ask.which, "an object")])


def _check_origin(actor: Actor, owner: Partner, document: Document, before: Ask | None) -> None:
    """A need comes from whom its author speaks for; one that came from elsewhere already may be changed otherwise."""
    stated = document.get("need")
    origin = stated.get("origin") if isinstance(stated, dict) else None
    if origin is None or (before is not None and before.stated.get("origin") == origin):
        return
    if origin not in (allowed := origins(actor, owner)):
        raise DocumentError([Fault("need.origin", " or ".join(allowed))])


__all__ = [
    "OWN_STATES", "StaleError", "assess", "begin", "close", "create", "make", "may_assess", "may_validate", "may_write",
    "next_states", "origins", "save", "settle", "validate",
]  # fmt: skip
