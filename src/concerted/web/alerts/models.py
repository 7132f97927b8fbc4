"""How often a person wants to be told, and what was told already. Neither holds a word of any record."""

from django.db import models
from django.db.models import Q

from concerted.web.accounts.holding import PERSONAL, people
from concerted.web.accounts.models import User


class Every(models.TextChoices):
    """How often digests come."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


@people(person=PERSONAL)
class Wish(models.Model):
    """What a person wants; without a row it is daily. `sent_at`: when the newest digest left."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="alerts")
    every = models.CharField(max_length=10, choices=Every.choices, default=Every.DAILY)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(every__in=Every.values), name="a_known_wish"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.every}"


@people(person=PERSONAL)
class Told(models.Model):
    """What of one kind was there when a digest last spoke of it, so that nothing is told twice.

    Attributes:
        marks: digests of `told.MARK` bytes, one for each thing, in their order. What is over leaves with the next
            digest of the kind, so a row is as large as what waits: eight bytes for each of an upload of 100,000.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    marks = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "kind"], name="told_once_per_kind"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
