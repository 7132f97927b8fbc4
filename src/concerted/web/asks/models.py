"""One need or offer as its owner keeps it, and what it said at each time."""

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from concerted.codelists.need_words import ASKS
from concerted.codelists.need_words import Ask as Which
from concerted.codelists.sheet_words import fold
from concerted.model.ids import hash_id
from concerted.statements.asks import check_ask, encode_ask, last_day, plain_ask
from concerted.statements.document import SHARING, Document, main_table
from concerted.web.accounts.holding import PAST, held, people
from concerted.web.accounts.models import Partner, User
from concerted.web.workspace.models import SHARDS, Condition, Kept, KeptVersion, Outcome, Said

#: The source by which the picture knows them; ids of their statements are made of it.
SOURCE_ID = "asks"
#: Their files, numbered behind those of activities. They are few: a file holds an eighth of them.
FILES = range(SHARDS, SHARDS + 8)
#: The state that the secretariat alone gives, and that ends with the next word that its owner changes.
VALIDATED = "validated"
#: What a human-rights focal point alone says of due diligence.
SAID_BY_RIGHTS = ("done", "refused")


_BESIDES = frozenset({*SHARING, "state", "due_diligence"})


def statement_id(which: Which, ask: uuid.UUID) -> int:
    """The id that the picture gives to a need or offer: `record_id` of its tables."""
    return hash_id(SOURCE_ID, which, str(ask))


def shard_of(ask: uuid.UUID) -> int:
    """The file in which it stands, by its random id."""
    return FILES[ask.int % len(FILES)]


def derived(which: Which, ask: uuid.UUID) -> dict[str, int]:
    """The columns that follow from what it is and from its id."""
    return {"statement": statement_id(which, ask), "shard": shard_of(ask)}


@people(holder=held(), updated_by=PAST)
class Ask(Kept):
    """A need or an offer, with the document as it stands now: as `statements.asks` checks it.

    Attributes:
        which: need or offer.
        kind: money, expertise, training or equipment.
        ends: the last day on which it can still be met or accepted; null = no such day. That it is past is worked out
            when somebody looks, and never written.
    """

    owner = models.ForeignKey(Partner, models.PROTECT, related_name="asks")
    holder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="held_asks")
    which = models.CharField(max_length=10)
    kind = models.CharField(max_length=20)
    ends = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=["owner", "condition", "-updated_at", "id"], name="asks_of_an_owner"),)
        constraints = (
            models.CheckConstraint(condition=Q(version__gte=1), name="asks_versions_from_one"),
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="asks_a_known_condition"),
            models.CheckConstraint(condition=Q(which__in=ASKS), name="asks_a_need_or_an_offer"),
        )

    @property
    def asked(self) -> Which:
        """Need or offer."""
        return "offer" if self.which == "offer" else "need"

    @property
    def stated(self) -> dict[str, Any]:
        """What its document says of it, without its terms."""
        found: dict[str, Any] = self.document[self.which]
        return found

    @property
    def object_kind(self) -> str:
        """What the log calls it."""
        return self.which

    def standing(self, today: date) -> str:
        """Its state as of a day: what is open and whose last day has passed is `past`."""
        is_past = self.ends is not None and self.ends < today
        return "past" if is_past and self.state in ("open", VALIDATED) else self.state

    @classmethod
    def derived_of(cls, pk: uuid.UUID, document: Document) -> dict[str, Any]:
        """The statement and the file of a need or offer."""
        return derived("offer" if "offer" in document else "need", pk)

    @classmethod
    def checked(cls, document: Document) -> Document:
        """A document in its one form, open where it says nothing else.

        Raises:
            DocumentError: it cannot be kept, and why.
        """
        which = main_table(document)
        with_format = {**document, "format": f"concerted-{which}/1"}
        if isinstance(stated := document.get(which), dict) and stated.get("state") is None:
            with_format[which] = {**stated, "state": "open"}
        ask, checked = check_ask(with_format)
        found = plain_ask(ask, checked)
        encode_ask(found)  # it must fit into a line, too
        return {name: value for name, value in found.items() if name != "format"}

    @classmethod
    def columns_of(cls, document: Document) -> dict[str, Any]:
        """What lists and searches need of a document."""
        which = main_table(document)
        stated = document[which]
        names = (stated["title"], stated.get("identifier"), stated.get("receiver_org_name"))
        return {
            "document": document,
            "which": which,
            "kind": stated["kind"],
            "state": stated.get("state") or "",
            "title": stated["title"],
            "marking_key": stated["marking_key"],
            "ends": last_day(stated),
            "words": " ".join(fold(text) for text in (*names, stated.get("provider_org_name")) if text),
        }

    @classmethod
    def after(cls, document: Document, before: Document | None) -> Document:
        """What was validated, or found by due diligence, stays so while its owner changes no more than who may see it.

        Else a need is open again, and due diligence pending, which only a human-rights focal point ends: nobody's
        document says either of itself.
        """
        which = main_table(document)
        stated, was = dict(document[which]), before[which] if before is not None else {}
        is_same = before is not None and _asked(document) == _asked(before)
        if stated.get("state") == VALIDATED and not (is_same and was.get("state") == VALIDATED):
            stated["state"] = "open"
        found, before_it = stated.get("due_diligence"), was.get("due_diligence")
        if found in SAID_BY_RIGHTS or before_it in ("pending", *SAID_BY_RIGHTS):
            stated["due_diligence"] = found if is_same and found == before_it else "pending"
        return {**document, which: stated}


def _asked(document: Document) -> Document:
    """What a document asks for: all besides who may see it, and what others say of it. The order of its terms says
    nothing: a sheet tells lines and places behind groups of people."""
    which = main_table(document)
    stated = {name: value for name, value in document[which].items() if name not in _BESIDES}
    terms = sorted(document.get("term") or (), key=lambda term: sorted((name, str(term[name])) for name in term))
    return {**document, "version": 0, which: stated, "term": terms}


class AskVersion(KeptVersion):
    """What a need or offer said from one saving to the next."""

    record = models.ForeignKey(Ask, models.PROTECT, related_name="versions")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "number"], name="each_version_of_an_ask_once"),)
        ordering = ("record", "number")


@people(by=PAST, answered_by=PAST)
class AskRemark(Said):
    """That something in a need or offer is not right, in words."""

    record = models.ForeignKey(Ask, models.PROTECT, related_name="remarks")

    class Meta:
        indexes = (
            models.Index(fields=["record", "outcome"], name="remarks_of_an_ask"),
            models.Index(fields=["owner", "outcome"], name="ask_remarks_that_wait"),
        )
        constraints = (models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="asks_a_known_outcome"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.record_id} {self.pk}"
