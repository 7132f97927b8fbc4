"""Rows that are made once: what the triggers of `append_only` guard in the database."""

from typing import Any

from django.db import models
from django.utils import timezone


class AppendOnly(models.Model):
    """What the database itself refuses to change or delete, with who made it, for which organisation, and when."""

    made_at = models.DateTimeField(default=timezone.now)
    #: Account and organisation; null = the keeper of the machine.
    made_by = models.UUIDField(null=True)
    made_for = models.UUIDField(null=True)

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError(f"{type(self).__name__}: append-only")
