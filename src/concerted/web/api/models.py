"""Tokens of programs, and the order in which records changed."""

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone

from concerted.web.accounts.holding import PERSONAL, people
from concerted.web.accounts.models import User
from concerted.web.workspace.models import Record


@people(owner=PERSONAL)
class Token(models.Model):
    """A key with which a program asks as its owner, at most.

    Only a digest is kept: a copy of the registry opens nothing. What its owner may no longer do, it does not either.

    Attributes:
        name: what the owner calls it, such as the program that carries it.
        digest: SHA-256 of the token; it has 256 random bits, so it needs no slow hash.
        scopes: see `scopes.SCOPES`.
        used_on: the last day on which it was used; finer would be a log of the owner's days.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    made_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now)
    expires_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    used_on = models.DateField(null=True)

    class Meta:
        ordering = ("-made_at", "pk")

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """Where a version of a record stands among all changes.

    The number is the one of its entry in the log, whose writers wait for each other: a change that is seen has every
    earlier one before it, which numbers that a database gives out at random moments do not promise.
    """

    sequence = models.BigIntegerField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()

    class Meta:
        ordering = ("sequence",)
        constraints = (models.UniqueConstraint(fields=["record", "version"], name="a_version_changes_once"),)

    def __str__(self) -> str:
        return f"{self.sequence}: {self.record_id} {self.version}"
