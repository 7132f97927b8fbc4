"""Sharing groups: one row for the group, one for each version of it, one for each member of a version.

Versions and their members are only ever added, as `marking.groups` wants them; the database itself refuses to change
one. The newest version is the one with the highest number, and nothing else says so: a column that repeats it could be
brought back from a backup, and would then open what was closed.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.accounts.models import Partner


class Group(models.Model):
    """A group. Markings name it by its id, which is made at random and means nothing anywhere else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="sharing_groups", editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.id)


class Version(models.Model):
    """What a group was from one change to the next.

    Attributes:
        name, purpose: for people to read; they decide nothing.
        last_day: the last day of the agreement; null = until it is changed.
        made_by, made_for: account and organisation, as plain values: a version outlives the account.
        left: the organisation that took itself out; null where the owner made the change.
    """

    group = models.ForeignKey(Group, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    last_day = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField()
    made_for = models.UUIDField()
    left = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group", "number"], name="each_group_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="group_versions_from_one"),
        )
        ordering = ("group", "number")

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("a version of a sharing group is never deleted")


class Member(models.Model):
    """An organisation in one version of a group."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Partner, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "organisation"], name="a_member_once"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.organisation_id}"
