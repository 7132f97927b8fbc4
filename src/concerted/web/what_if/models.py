"""Lists of changes that people keep. They hold no figure: who opens one sees what it does with his own eyes.

A row is written once and may be deleted; the database itself refuses to change one, so that what a link leads to is
what was shared. Another version is another row.
"""

import uuid

from django.db import models
from django.utils import timezone

from concerted.web.accounts.models import Partner


class Scenario(models.Model):
    """A list of changes with a title, under a marking.

    Attributes:
        owner: the organisation whose it is; it may always read it.
        marking_key: who else may.
        framework: what the changes are about.
        changes: documents, as `matching.what_if.written` reads them.
        as_of: day of the picture on which they were tried.
        made_by: the account, as a plain value: a list outlives it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="scenarios", editable=False)
    title = models.CharField(max_length=200)
    marking_key = models.CharField(max_length=2000)
    framework = models.CharField(max_length=200)
    changes = models.JSONField()
    as_of = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField()

    class Meta:
        ordering = ("-made_at", "pk")

    def __str__(self) -> str:
        return self.title
