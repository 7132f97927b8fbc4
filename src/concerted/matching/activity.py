"""What a match becomes in the picture: a planned activity of who gives, told by what the need and the offer said.

Place on the way: behind a commitment. A need, both organisations and the promise enter; the document of a statement
leaves, in the words of `model/fields.yml`, so that nobody types again what was said before. It names need and offer in
attributes, never as identifiers: two activities for one need are not one activity.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from concerted.codelists.frameworks import Lang
from concerted.intake.reading import SheetRow
from concerted.intake.taking import Taken, take_row
from concerted.intake.templates import Layout
from concerted.intake.vocabulary import Vocabulary
from concerted.marking import is_evidence
from concerted.marking.keys import Label, marking_key
from concerted.matching.asks import Need, Offer
from concerted.statements.completeness import AMOUNT_UNKNOWN
from concerted.statements.document import Document, plain_value

#: Attributes that name what an activity came of.
NEED, OFFER, MATCH = "match_need", "match_offer", "match"
#: IATI OrganisationRole.
_PAYS, _DOES = "1", "4"
#: IATI TransactionType: outgoing commitment.
_COMMITMENT = "2"


@dataclass(frozen=True)
class Organisation:
    """One side, as the statement names it."""

    name: str | None
    ref: str | None
    type_code: str | None = None

    def row(self, role: str) -> dict[str, Any]:
        """As a participating organisation."""
        said = {"role_code": role, "name": self.name, "ref": self.ref, "type_code": self.type_code}
        return {name: value for name, value in said.items() if value}

    @property
    def is_named(self) -> bool:
        """Whether anything names it."""
        return bool(self.name or self.ref)


@dataclass(frozen=True)
class Promise:
    """What the giver promised.

    Attributes:
        amount: dollars, or units of what is no money.
        day: of the promise.
        title, lang: of the activity, and the language it is in.
    """

    amount: Decimal
    day: date
    title: str
    lang: Lang
    start: date | None = None
    end: date | None = None


def planned_activity(
    empty: Document,
    match: str,
    need: Need,
    offer: Offer,
    sides: tuple[Organisation, Organisation],
    promise: Promise,
    words: Vocabulary,
) -> Document:
    """The document of the activity.

    Args:
        empty: of the owner, with its marking, as the workspace begins one.
        match: id of the match.
        sides: who gives, who receives.
        words: the strategy and places of the picture; lines and places that it does not list are left out.
    """
    taken = Taken(deepcopy(empty))
    places = {place.place_id: place for place in words.places}
    nodes = {node.id for node in words.framework.nodes} if words.framework else set()
    said: dict[str, Any] = {"title": promise.title, "state": "planned"}
    said["nodes"] = [node for node in sorted(need.nodes) if node in nodes]
    said["places"] = [places[place] for place in sorted(need.places) if place in places]
    for name, day in (("start", promise.start), ("end", promise.end)):
        if day is not None:
            said[name] = day.isoformat()
    row = SheetRow(Layout("activities", promise.lang, {}, {}), None, 0, None, said)
    take_row(taken, row, words, promise.day, is_new=True)
    document, (giver, receiver) = taken.document, sides
    document["participating_org"] = [
        side.row(role) for side, role in ((giver, _PAYS), (receiver, _DOES)) if side.is_named
    ]
    attributes = [(NEED, need.code or need.id), (OFFER, offer.code or offer.id), (MATCH, match)]
    if need.kind == "money":
        document["transaction"] = [_commitment(giver, receiver, promise)]
    else:
        attributes.append((AMOUNT_UNKNOWN, "true"))  # days and places are help without an amount of money
        attributes.append((f"match_{need.kind}", plain_value(promise.amount)))
    document["attribute"] = [{"name": name, "value": value} for name, value in attributes]
    return document


def narrowest(need_key: str, offer_key: str, owners: Iterable[str]) -> str:
    """The marking of what rests on a need and an offer: seen by nobody who does not see both, as far as markings tell.

    Where neither marking is the narrower one for certain, the organisations of both sides alone see it.
    """
    if is_evidence(need_key, offer_key):
        return offer_key
    return need_key if is_evidence(offer_key, need_key) else marking_key(Label.AMBER_STRICT, owners)


def _commitment(giver: Organisation, receiver: Organisation, promise: Promise) -> dict[str, Any]:
    row = {
        "type_code": _COMMITMENT,
        "value": plain_value(promise.amount),
        "currency": "USD",
        "value_date": promise.day.isoformat(),
        "transaction_date": promise.day.isoformat(),
        "provider_org_name": giver.name,
        "provider_org_ref": giver.ref,
        "receiver_org_name": receiver.name,
        "receiver_org_ref": receiver.ref,
    }
    return {name: value for name, value in row.items() if value}
