"""Versions of the strategy, the steps of their life, where old lines go, how nodes of two frameworks relate.

All four are append-only, in the database itself: what was adopted, and what somebody said, stays as it was. Ids of
people are plain values, for what they did outlives their accounts.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.accounts.holding import held, people
from concerted.web.accounts.models import User
from concerted.web.audit.append_only import AppendOnly


class Status(models.TextChoices):
    """How far a version has come; the words of the strategy file."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    ADOPTED = "adopted"
    REVIEW = "review"
    SUPERSEDED = "superseded"


class Version(AppendOnly):
    """A strategy as it was loaded.

    Attributes:
        framework_id, name: what the file calls the strategy, and this version of it.
        text: the file in its YAML form, without a status: that is told by the steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["framework_id", "name"], name="each_strategy_version_once"),)

    def __str__(self) -> str:
        return f"{self.framework_id} {self.name}"


class Step(AppendOnly):
    """A version comes to a status. The sequence runs over all versions: of two who step at once, one is refused.

    Attributes:
        act, day: by which act it was adopted and when; of other steps a remark, and nothing.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="steps")
    status = models.CharField(max_length=20, choices=Status.choices)
    act = models.CharField(max_length=300, blank=True)
    day = models.DateField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(status__in=Status.values), name="a_known_status"),)
        ordering = ("sequence",)

    def __str__(self) -> str:
        return f"{self.version_id} {self.status}"


class Remap(AppendOnly):
    """Where each line of a version goes in a newer one; of several the newest holds.

    Attributes:
        shares: line -> {line of the newer version: parts of `frameworks.WHOLE`}.
        said_by: role or office, as it enters the build.
        said_on: day.
    """

    old = models.ForeignKey(Version, models.PROTECT, related_name="remaps")
    new = models.ForeignKey(Version, models.PROTECT, related_name="remaps_from")
    shares = models.JSONField()
    said_by = models.CharField(max_length=300)
    said_on = models.DateField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.old_id} > {self.new_id}"


class Related(AppendOnly):
    """Somebody says how a node of one framework relates to a node of another; of one pair the last word holds.

    Attributes:
        relation: as seen from the node it leads to; empty = what was said of the pair is taken back.
        from_version, to_version: of the frameworks as they stood then.
    """

    from_framework = models.CharField(max_length=200)
    from_version = models.CharField(max_length=200, blank=True)
    from_node = models.CharField(max_length=200)
    to_framework = models.CharField(max_length=200)
    to_version = models.CharField(max_length=200, blank=True)
    to_node = models.CharField(max_length=200)
    relation = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=500, blank=True)
    said_by = models.CharField(max_length=300)
    said_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(relation__in=("", "exact", "narrower", "broader", "related")), name="a_known_relation"
            ),
        )
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.from_framework}/{self.from_node} {self.relation} {self.to_framework}/{self.to_node}"


@people(person=held())
class Upload(models.Model):
    """A file that was read and found sound, until it is kept or another one is read in its place.

    Attributes:
        text: the strategy in its YAML form.
        is_in_force: it is the file with which the picture is built now: it comes with its status.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="strategy_uploads")
    text = models.TextField()
    is_in_force = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.made_at)
