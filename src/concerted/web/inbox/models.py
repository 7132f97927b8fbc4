"""What was brought, what each row of it would do, what was accepted, and what it changed.

Rows and files go when they are done with or after a week; receipts stay, because they say which versions came how.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.web.accounts.holding import PAST, held, people
from concerted.web.accounts.models import Partner, User
from concerted.web.asks.models import Ask
from concerted.web.workspace.models import Record

#: How long a file and its rows are kept while nobody decides, and how long what was accepted can be undone.
KEPT = timedelta(days=7)
UNDO = timedelta(days=30)


class State(models.TextChoices):
    """How far an upload has come."""

    WAITING = "waiting"
    READING = "reading"
    COLUMNS = "columns"  # nothing in it is a sheet that is known: its columns are asked
    READY = "ready"
    REFUSED = "refused"
    CLOSED = "closed"  # all is accepted, it was put away, or its time is over


class Work(models.TextChoices):
    """How far a receipt, or the undoing of one, has come."""

    NONE = "none"
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@people(holder=held(open=~Q(state=State.CLOSED)))
class Upload(models.Model):
    """A file that somebody brought.

    Attributes:
        name: as its sender called it, without what must not be stored.
        ending: how the file that is kept ends, from what is in it.
        sha256: of its bytes; ids of new records follow from it, so that the same file names the same records.
        marking_key: of records that it makes.
        why: why it was refused: a code of `intake.admitting`, or `cut`.
        done, total: rows that were read, of about how many.
        beat_at: the last sign of life of who reads it; an old one means that nobody does.
        told: counts by outcome, headers that no column is, sheets that are not read, statements set aside.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="uploads")
    holder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="uploads")
    name = models.CharField(max_length=200)
    ending = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    marking_key = models.TextField()
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["owner", "-made_at"], name="uploads_of_an_owner"),)
        constraints = (models.CheckConstraint(condition=Q(state__in=State.values), name="a_known_upload_state"),)

    def __str__(self) -> str:
        return self.name


#: The kind of a file that holds needs and offers.
NEEDS = "needs"


class UploadRow(models.Model):
    """A row of an upload and what it would do; see `intake.preview.PreviewRow`.

    Attributes:
        number: its place among the rows.
        digest: of the changes, by which taking it again is held against what was shown.
        changes: as `stored.changes_to_json` writes them; empty for a new record of a large file.
        is_kept: its record is no draft, or it is not the first that would make it one that is kept.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100, blank=True)
    line = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=10)
    is_safe = models.BooleanField()
    record = models.CharField(max_length=100)
    title = models.TextField(blank=True)
    digest = models.CharField(max_length=32)
    changes = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    doubles = models.JSONField(default=list)
    lacks = models.JSONField(default=list)
    asks = models.JSONField(default=list)
    is_kept = models.BooleanField(default=True)
    #: The receipt that takes it over; null = nobody has accepted it.
    receipt = models.ForeignKey("Receipt", models.SET_NULL, null=True, related_name="rows")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["upload", "number"], name="each_row_once"),)
        indexes = (models.Index(fields=["upload", "outcome", "number"], name="rows_by_outcome"),)
        ordering = ("upload", "number")

    def __str__(self) -> str:
        return f"{self.sheet}:{self.line}"


@people(by=PAST, undone_by=PAST)
class Receipt(models.Model):
    """What was accepted at once, and what became of it.

    Attributes:
        upload: null when the upload was forgotten.
        told: counts: records added, changed; rows that were the same, or had become something else meanwhile.
        undo, undo_told: the same for undoing: records brought back, and those that had been changed since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    upload = models.ForeignKey(Upload, models.SET_NULL, null=True, related_name="receipts")
    name = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    work = models.CharField(max_length=10, choices=Work.choices, default=Work.WAITING)
    undo = models.CharField(max_length=10, choices=Work.choices, default=Work.NONE)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    #: Whether it changed needs and offers; else activities. A file holds the ones or the others.
    is_of_asks = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)
    undo_told = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["owner", "-made_at"], name="receipts_of_an_owner"),)

    def __str__(self) -> str:
        return self.name

    @property
    def column(self) -> str:
        """The column of `Applied` that says what it changed."""
        return "ask" if self.is_of_asks else "record"

    @property
    def may_be_undone(self) -> bool:
        """Whether it is done, nobody undoes it, and its days are not over."""
        is_open = self.work == Work.DONE and self.undo in (Work.NONE, Work.FAILED)
        return is_open and self.done_at is not None and timezone.now() < self.done_at + UNDO


class Applied(models.Model):
    """An activity, need or offer that a receipt changed: from which version to which. `before` 0 = it made it."""

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="applied")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", null=True)
    ask = models.ForeignKey(Ask, models.PROTECT, related_name="+", null=True)
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    condition_before = models.CharField(max_length=20, blank=True)
    #: What undoing did: empty = nothing yet, `undone`, or `changed` = it was changed since and stays.
    undone = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["receipt", "record"], name="each_record_once_per_receipt"),
            models.UniqueConstraint(fields=["receipt", "ask"], name="each_ask_once_per_receipt"),
            models.CheckConstraint(condition=Q(record=None) ^ Q(ask=None), name="applied_to_one_of_the_two"),
        )

    def __str__(self) -> str:
        return f"{self.kept_id} {self.before}-{self.after}"

    @property
    def kept(self) -> Record | Ask:
        """What was changed."""
        found = self.record or self.ask
        assert found is not None  # noqa: S101 (a constraint of the table)
        return found

    @property
    def kept_id(self) -> uuid.UUID:
        """Its id."""
        found = self.record_id or self.ask_id
        assert found is not None  # noqa: S101 (a constraint of the table)
        return found


class Column(models.Model):
    """What a header means in the sheets of an organisation, said once. `name` empty = it is left out."""

    owner = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    header = models.CharField(max_length=200)
    name = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "header"], name="a_header_once_per_owner"),)

    def __str__(self) -> str:
        return self.header
