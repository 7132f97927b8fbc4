"""What somebody says of a record: that a thing in it is not right, or how it should read. Its owner answers."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.accounts.holding import PAST, people
from concerted.web.accounts.models import Partner, User
from concerted.web.workspace.models.record import Record


class Outcome(models.TextChoices):
    """What became of a remark."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ANSWERED = "answered"


@people(by=PAST, answered_by=PAST)
class Remark(models.Model):
    """Whoever may read the record may read it, and nobody else: it inherits the record's marking.

    Attributes:
        owner: whose record it is, repeated so that what waits for an organisation is found without all its records.
        about: number of the version that was before the eyes of who wrote it.
        where: which field is meant, in the words of the field dictionary; empty = several, or the whole.
        proposed: the document as it should read, begun with `about`; null = only said in words.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="remarks")
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="+", editable=False, db_index=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    about = models.PositiveIntegerField()
    where = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    proposed = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = (
            models.Index(fields=["record", "outcome"], name="remarks_of_a_record"),
            models.Index(fields=["owner", "outcome"], name="remarks_that_wait"),
        )
        constraints = (models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="a_known_outcome"),)
        ordering = ("pk",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whose record it is follows from the record."""
        self.owner_id = self.record.owner_id
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return f"{self.record_id} {self.where}"
