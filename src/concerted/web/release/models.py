"""What was released and taken back, by whom, when and why. The database itself refuses to change or delete a row."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.accounts.holding import PAST, people
from concerted.web.accounts.models import User


class Kind(models.TextChoices):
    """What was decided."""

    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class Release(models.Model):
    """One decision on what the public is shown. `note` and `counts` are for everybody.

    Attributes:
        edition: the edition that is released or taken back. It is made of hidden inputs too, so no page shows it.
        public_id: the id of what everybody sees of it.
        shown: the edition that the public is shown from then on; empty = none.
        before: the edition that it was shown until then; empty = none.
        counts: what changed for the public: `added`, `removed` and `changed` records, `totals` that moved; empty where
            it cannot be compared with what was before.
        changes: the same in words and lists, see `comparing.in_short`; null where nothing could be compared, and of
            releases that an older version made.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    edition = models.CharField(max_length=64)
    public_id = models.CharField(max_length=64)
    shown = models.CharField(max_length=64, blank=True)
    before = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(null=True)
    note = models.TextField()
    counts = models.JSONField(default=dict)
    changes = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    #: Account and organisation; null = the keeper of the machine.
    made_by = models.UUIDField(null=True)
    made_for = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_known_kind_of_release"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("a release is never deleted")


class Progress(models.TextChoices):
    """How far a release that was asked for has come."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"  # something stands against it
    FAILED = "failed"


OPEN = (Progress.WAITING, Progress.WORKING)


@people(by=PAST)
class Asked(models.Model):
    """A release of a large edition: it is looked at beside the site, since that takes longer than an answer may.

    Attributes:
        by: who asked for it; what stands against it is told to this person alone, who may know of it.
        reasons: [kind, what, count] of each reason against it, see `checks.Reason`.
        done, total: laws that were looked at, of about how many.
        beat_at: the last sign of life of who looks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.CharField(max_length=64)
    note = models.TextField()
    is_meant = models.BooleanField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    progress = models.CharField(max_length=10, choices=Progress.choices, default=Progress.WAITING)
    reasons = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(progress__in=Progress.values), name="a_known_progress"),
            # Two who ask at once would release one after the other, the older one last.
            models.UniqueConstraint(
                models.Value(1), condition=Q(progress__in=("waiting", "working")), name="one_release_at_a_time"
            ),
        )
        ordering = ("made_at",)

    def __str__(self) -> str:
        return f"{self.edition} {self.progress}"
