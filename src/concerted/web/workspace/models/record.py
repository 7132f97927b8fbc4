"""One activity as its owner keeps it, and what it said at each time."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.model.ids import hash_id
from concerted.web.accounts.holding import PAST, held, people
from concerted.web.accounts.models import Partner, User
from concerted.web.workspace.models.shard import shard_of

#: The source by which the picture knows these records; ids of statements are made of it.
SOURCE_ID = "registry"


def statement_id(record: uuid.UUID) -> int:
    """The id that the picture gives to the statement of a record."""
    return hash_id(SOURCE_ID, str(record))


def derived(record: uuid.UUID) -> dict[str, int]:
    """The columns that follow from a record's own id; whoever adds many at once gives them, as `save` is not asked."""
    return {"statement": statement_id(record), "shard": shard_of(record)}


class Condition(models.TextChoices):
    """How far a record has come. A draft is its owner's alone and never in the picture."""

    DRAFT = "draft"
    KEPT = "kept"


@people(holder=held(), updated_by=PAST)
class Record(models.Model):
    """An activity, with the document as it stands now.

    The other columns repeat what lists and searches need of the document; `actions.saving` writes them together.

    Attributes:
        owner: the organisation whose record it is, never one of its units.
        holder: who looks after it; a handover moves it, drafts and all.
        statement: id of the statement that the picture makes of it.
        shard: the file in which the build gets it.
        condition: draft or kept; wide enough for the conditions that validation will add.
        document: as `statements.document.plain` gives it.
        lacks: names of the required fields that it does not say yet.
        lack_count: how many those are, to be counted without reading them.
        words: folded words of titles, names and identifier, to search in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="records")
    holder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="held_records")
    statement = models.BigIntegerField(unique=True, editable=False)
    shard = models.PositiveSmallIntegerField(db_index=True, editable=False)
    condition = models.CharField(max_length=20, choices=Condition.choices, default=Condition.DRAFT)
    version = models.PositiveIntegerField(default=1)
    document = models.JSONField()
    state = models.CharField(max_length=20, blank=True)
    title = models.TextField(blank=True)
    marking_key = models.TextField()
    coarse_marking_key = models.TextField(blank=True)
    lacks = models.JSONField(default=list)
    lack_count = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        # Lists and counts of an owner with 100,000 records read an index and no record.
        indexes = (
            models.Index(fields=["owner", "condition", "-updated_at", "id"], name="records_of_an_owner"),
            models.Index(fields=["owner"], condition=Q(lack_count__gt=0), name="records_with_a_lack"),
            # All that is asked of each record to know which versions nobody has looked at yet.
            models.Index(fields=["condition", "state", "id", "version"], name="versions_by_state"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(version__gte=1), name="versions_from_one"),
            # A condition that nobody knows would be neither hidden as a draft nor shown as kept.
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="a_known_condition"),
        )

    def __str__(self) -> str:
        return self.title or str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What follows from the record's id is never given otherwise."""
        for name, value in derived(self.pk).items():
            setattr(self, name, value)
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        """Whether only its owner may know of it."""
        return self.condition == Condition.DRAFT


class RecordVersion(models.Model):
    """What a record said from one saving to the next. The database itself refuses to change or delete one.

    Ids of people are plain values: a version outlives the account that made it.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    condition = models.CharField(max_length=20)
    made_at = models.DateTimeField(default=timezone.now)
    #: Account and organisation; null = the keeper of the machine.
    made_by = models.UUIDField(null=True)
    made_for = models.UUIDField(null=True)
    #: page, sheet, api, command or job.
    channel = models.CharField(max_length=10)
    #: How it came about: empty, `joined` (with what another had saved), `asked` (after a choice between two), a step
    #: of its life, or the number of the version that was restored.
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "number"], name="each_version_once"),)
        ordering = ("record", "number")

    def __str__(self) -> str:
        return f"{self.record_id} {self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("a version of a record is never deleted")
