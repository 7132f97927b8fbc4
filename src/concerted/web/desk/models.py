"""What somebody judged of two activities or two names, and that it was taken back. The database keeps both."""

from django.db import models
from django.db.models import Q

from concerted.judgements.decisions import ABOUT_ACTIVITIES, ABOUT_ORGANISATIONS
from concerted.web.audit.append_only import AppendOnly


class Judgement(AppendOnly):
    """Left DECISION right, as the decisions file says it. Who may see both statements may read it, and nobody else.

    Attributes:
        left, right: ids of activities, or keys of organisations.
        left_statement, right_statement: statements that told of the two, to whoever judged: the most open ones that he
            saw. They keep their ids when two activities have become one. Null for organisations.
        said_by: role or office, as it enters the build.
    """

    decision = models.CharField(max_length=30)
    left = models.CharField(max_length=500)
    right = models.CharField(max_length=500)
    left_statement = models.BigIntegerField(null=True)
    right_statement = models.BigIntegerField(null=True)
    said_by = models.CharField(max_length=300)
    said_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decision__in=ABOUT_ACTIVITIES + ABOUT_ORGANISATIONS), name="a_known_decision"
            ),
        )
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.left} {self.decision} {self.right}"


class Undoing(AppendOnly):
    """A judgement is taken back, once."""

    judgement = models.OneToOneField(Judgement, models.PROTECT, primary_key=True, related_name="undoing")

    def __str__(self) -> str:
        return f"undone {self.judgement_id}"
