"""Decisions on versions of records, which only grow, and what follows from them for each record now."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.workspace.models import Record


class Kind(models.TextChoices):
    """What was decided."""

    SIGNED = "signed"
    VALIDATED = "validated"
    SENT_BACK = "sent_back"


class Decision(models.Model):
    """What somebody decided on one version of a record. The database itself refuses to change or delete one.

    Ids of people are plain values: a decision outlives the account that made it.

    Attributes:
        number: the version that was before the eyes of who decided.
        is_secretariats: the second gate; else the owner's own.
        reason: why it was sent back; empty otherwise.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_secretariats = models.BooleanField()
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    #: Account and organisation.
    made_by = models.UUIDField(null=True)
    made_for = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)

    class Meta:
        indexes = (models.Index(fields=["record", "number"], name="decisions_of_a_version"),)
        constraints = (models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_known_kind_of_decision"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.record_id} {self.number} {self.kind}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("a decision is never deleted")


class Standing(models.Model):
    """What follows from the decisions on a record; `actions` writes it with them. A record without one has none.

    Attributes:
        signed, validated: newest version that was; 0 = none.
        returned: the decision that sent a version back and that nothing has answered yet.
        is_late: the picture has been told that it waits for too long.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="standing")
    signed = models.PositiveIntegerField(default=0)
    validated = models.PositiveIntegerField(default=0)
    returned = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    is_late = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.record_id} {self.signed} {self.validated}"
