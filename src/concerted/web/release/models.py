"""What was released and taken back, by whom, when and why. The database itself refuses to change or delete a row."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


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
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    edition = models.CharField(max_length=64)
    public_id = models.CharField(max_length=64)
    shown = models.CharField(max_length=64, blank=True)
    before = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(null=True)
    note = models.TextField()
    counts = models.JSONField(default=dict)
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
