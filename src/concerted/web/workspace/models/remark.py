"""What somebody says of a record: that a thing in it is not right, or how it should read. Its owner answers."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.accounts.holding import PAST, people
from concerted.web.accounts.models import Partner, User
from concerted.web.workspace.models.kept import Kept
from concerted.web.workspace.models.record import Record


class Outcome(models.TextChoices):
    """What became of a remark."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ANSWERED = "answered"


class Said(models.Model):
    """What somebody says of a document that is kept. It inherits the document's marking: whoever may read that may read
    it, and nobody else.

    Attributes:
        owner: whose document it is, repeated so that what waits for an organisation is found without all its documents.
        about: number of the version that was before the eyes of who wrote it.
    """

    owner = models.ForeignKey(Partner, models.PROTECT, related_name="+", editable=False, db_index=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    about = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        record: Kept
        record_id: UUID

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whose it is follows from what it is about."""
        self.owner_id = self.record.owner_id
        super().save(*args, **kwargs)


@people(by=PAST, answered_by=PAST)
class Remark(Said):
    """What somebody says of a record.

    Attributes:
        where: which field is meant, in the words of the field dictionary; empty = several, or the whole.
        proposed: the document as it should read, begun with `about`; null = only said in words.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="remarks")
    where = models.CharField(max_length=200, blank=True)
    proposed = models.JSONField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["record", "outcome"], name="remarks_of_a_record"),
            models.Index(fields=["owner", "outcome"], name="remarks_that_wait"),
        )
        constraints = (models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="a_known_outcome"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.record_id} {self.where}"
