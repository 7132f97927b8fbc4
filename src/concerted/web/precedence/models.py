"""What an organisation decided of its two sources, each time anew; the database keeps every time."""

from django.db import models

from concerted.web.accounts.models import Partner
from concerted.web.audit.append_only import AppendOnly


class Choosing(AppendOnly):
    """One decision of an organisation; the one with the largest number holds.

    Attributes:
        number: 1 for its first decision. Two who decide at the same moment cannot both have the next one.
        choices: source by subject (`model.subjects`); empty = it decides nothing any more, and it is as before the
            first decision.
    """

    organisation = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    choices = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "number"], name="a_decision_of_sources_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="decisions_of_sources_from_one"),
        )
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.number}"
