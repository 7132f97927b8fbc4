"""The files in which what is kept is given to the build: 64 of activities, so that saving one makes one small file.

Other apps number theirs from there on.
"""

from uuid import UUID

from django.db import models

#: Changing it moves every record to another file once.
SHARDS = 64


def shard_of(record: UUID) -> int:
    """The file of a record, by its random id."""
    return record.int % SHARDS


class Shard(models.Model):
    """A file and how often what stands in it has changed. `written` is the count when the file was last written."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    changed = models.PositiveBigIntegerField(default=0)
    written = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number:02}"
