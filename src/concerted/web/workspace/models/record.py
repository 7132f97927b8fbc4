"""One activity as its owner keeps it, and what it said at each time."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from concerted.codelists.sheet_words import fold
from concerted.model.ids import hash_id
from concerted.statements.completeness import missing
from concerted.statements.document import FORMAT, Document, check, encode, plain
from concerted.web.accounts.holding import PAST, held, people
from concerted.web.accounts.models import Partner, User
from concerted.web.workspace.models.kept import Condition, Kept, KeptVersion
from concerted.web.workspace.models.shard import shard_of

#: The source by which the picture knows these records; ids of statements are made of it.
SOURCE_ID = "registry"


def statement_id(record: uuid.UUID) -> int:
    """The id that the picture gives to the statement of a record."""
    return hash_id(SOURCE_ID, str(record))


def derived(record: uuid.UUID) -> dict[str, int]:
    """The columns that follow from a record's own id; whoever adds many at once gives them, as `save` is not asked."""
    return {"statement": statement_id(record), "shard": shard_of(record)}


@people(holder=held(), updated_by=PAST)
class Record(Kept):
    """An activity, with the document as it stands now: as `statements.document.plain` gives it.

    Attributes:
        lacks: names of the required fields that it does not say yet.
        lack_count: how many those are, to be counted without reading them.
    """

    owner = models.ForeignKey(Partner, models.PROTECT, related_name="records")
    holder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="held_records")
    coarse_marking_key = models.TextField(blank=True)
    lacks = models.JSONField(default=list)
    lack_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        # Lists and counts of an owner with 100,000 records read an index and no record.
        indexes = (
            models.Index(fields=["owner", "condition", "-updated_at", "id"], name="records_of_an_owner"),
            # Of all its records: that a value in a query keeps the condition of a partial index, SQLite cannot know.
            models.Index(fields=["owner", "lack_count"], name="records_by_lacks"),
            # All that is asked of each record to know which versions nobody has looked at yet.
            models.Index(fields=["condition", "state", "id", "version"], name="versions_by_state"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(version__gte=1), name="versions_from_one"),
            # A condition that nobody knows would be neither hidden as a draft nor shown as kept.
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="a_known_condition"),
        )

    @property
    def object_kind(self) -> str:
        """What the log calls it."""
        return "activity"

    @classmethod
    def derived_of(cls, pk: uuid.UUID, document: Document) -> dict[str, Any]:
        """The statement and the file of a record."""
        return derived(pk)

    @classmethod
    def checked(cls, document: Document) -> Document:
        """A document in its one form; how far it was validated is decided by others, and never said by a document.

        Raises:
            DocumentError: it cannot be kept, and why.
        """
        activity = document.get("activity")
        if isinstance(activity, dict):
            document = {**document, "activity": {name: v for name, v in activity.items() if name != "validation"}}
        checked = plain(check({"format": FORMAT, **document}))
        encode(checked)  # it must fit into a line, too
        return checked

    @classmethod
    def columns_of(cls, document: Document) -> dict[str, Any]:
        """What lists and searches need of a document."""
        activity = document["activity"]
        titles = [row["text"] for row in document.get("narrative") or () if row["field"] == "title"]
        names = [row["name"] for row in document.get("participating_org") or () if row.get("name")]
        lacks = missing(document)
        return {
            "document": document,
            "state": activity.get("state") or "",
            "title": titles[0] if titles else "",
            "marking_key": activity["marking_key"],
            "coarse_marking_key": activity.get("coarse_marking_key") or "",
            "lacks": lacks,
            "lack_count": len(lacks),
            "words": " ".join(fold(text) for text in (*titles, *names, activity.get("identifier") or "")),
        }


class RecordVersion(KeptVersion):
    """What a record said from one saving to the next."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="versions")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "number"], name="each_version_once"),)
        ordering = ("record", "number")
