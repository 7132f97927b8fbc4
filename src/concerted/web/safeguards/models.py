"""Records of due diligence, and how often words were refused. Neither holds the name of a person."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.accounts.models import Partner
from concerted.web.workspace.models import Record


class Outcome(models.TextChoices):
    """What an assessment found. The last one: there is no such support, whatever the words look like."""

    CLEARED = "cleared"
    MEASURES = "measures"
    REFUSED = "refused"
    OUTSIDE = "outside"


class Assessment(models.Model):
    """One assessment of an activity; the newest counts. The database refuses to change or delete one.

    Attributes:
        assessed_by: the organisation whose human-rights focal point assessed; persons are not named.
        facts: fingerprint of who receives and of the purposes, as they were: with others it is another support.
        version: of the record that was read.
        made_by, made_for: account and organisation, as plain values: an assessment outlives the account.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="assessments")
    assessed_by = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    assessed_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    measures = models.TextField(blank=True)
    valid_until = models.DateField()
    facts = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField()
    made_for = models.UUIDField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="a_known_assessment"),
            models.CheckConstraint(condition=Q(valid_until__gte=models.F("assessed_on")), name="valid_from_its_day"),
        )
        indexes = (models.Index(fields=["record", "-id"], name="assessments_of_a_record"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.record_id} {self.outcome}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("an assessment is never deleted")


class KnownNeed(models.Model):
    """What `need_of` says of a version of a record, so that lists need not read every document. It is no decision: it
    may be removed at any time, and is worked out again.

    Attributes:
        version: of the record that was read.
        rules: the version of the code and the words that said so.
        is_of_interest: due diligence is needed or asked for, or its owner denied what the words look like.
    """

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="known_need")
    version = models.PositiveIntegerField()
    rules = models.CharField(max_length=16)
    answer = models.CharField(max_length=3)
    said = models.CharField(max_length=3, blank=True)
    signs = models.CharField(max_length=3)
    whys = models.JSONField(default=list)
    facts = models.CharField(max_length=64)
    is_of_interest = models.BooleanField(db_index=True)

    def __str__(self) -> str:
        return f"{self.record_id} {self.answer}"


class Refused(models.Model):
    """How often words of one kind were refused, or asked about, on one day, at one door. Never which, nor whose."""

    day = models.DateField()
    kind = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "kind", "severity", "channel"], name="refusals_counted_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.count}"
