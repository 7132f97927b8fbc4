"""One entry of the log. The database itself refuses to change or delete one, or to add one out of its turn."""

from typing import Any

from django.db import models


class Entry(models.Model):
    """Who did what to what of whom.

    Ids are plain values and no references: an entry outlives what it speaks of, and nothing that is deleted can take an
    entry along.
    """

    sequence = models.BigIntegerField(primary_key=True)
    time = models.DateTimeField()
    #: Account; null = nobody who is signed in, or the keeper of the machine (channel `command`).
    actor = models.UUIDField(null=True)
    #: Organisation for which the account acted.
    actor_partner = models.UUIDField(null=True)
    #: `signed_in`, `changed`, `saw`, `exported`, ..; see `actions.ACTIONS`.
    action = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=80, blank=True)
    #: Organisation whose data it is; null = nobody's.
    owner = models.UUIDField(null=True)
    #: page, api, command or job.
    channel = models.CharField(max_length=10)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = (models.Index(fields=["owner", "-sequence"], name="audit_by_owner"),)
        ordering = ("sequence",)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("an entry of the log is never deleted")
