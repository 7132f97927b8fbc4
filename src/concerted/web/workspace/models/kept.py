"""A document that people keep: as it stands now, and what it said at each time. Activities, needs and offers are such.

The saving of all of them is one (`actions.saving`); what is different of each kind its model says.
"""

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone

from concerted.statements.document import Document
from concerted.web.accounts.models import Partner, User


class Condition(models.TextChoices):
    """How far a document has come. A draft is its owner's alone and never in the picture."""

    DRAFT = "draft"
    KEPT = "kept"


class Kept(models.Model):
    """A document with the columns by which lists and searches find it; `actions.saving` writes them together.

    A model of this kind has an `owner`, an organisation and never one of its units; a `holder`, who looks after it (a
    handover moves it, drafts and all); and `versions`, each a `KeptVersion` that refers to it as `record`.

    Attributes:
        statement: the id that the picture gives to what is said here.
        shard: the file in which the build gets it.
        document: in its one form, without `format`.
        words: folded words to search in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.BigIntegerField(unique=True, editable=False)
    shard = models.PositiveSmallIntegerField(db_index=True, editable=False)
    condition = models.CharField(max_length=20, choices=Condition.choices, default=Condition.DRAFT)
    version = models.PositiveIntegerField(default=1)
    document = models.JSONField()
    state = models.CharField(max_length=20, blank=True)
    title = models.TextField(blank=True)
    marking_key = models.TextField()
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        _default_manager: models.Manager[Self]
        owner: models.ForeignKey[Partner, Partner]
        owner_id: uuid.UUID
        holder: models.ForeignKey[User | None, User | None]
        versions: Any

    def __str__(self) -> str:
        return self.title or str(self.pk)

    @property
    def is_draft(self) -> bool:
        """Whether only its owner may know of it."""
        return self.condition == Condition.DRAFT

    @property
    def object_kind(self) -> str:
        """What the log calls it."""
        raise NotImplementedError

    @classmethod
    def checked(cls, document: Document) -> Document:
        """A document in its one form.

        Raises:
            DocumentError: it cannot be kept, and why.
        """
        raise NotImplementedError

    @classmethod
    def columns_of(cls, document: Document) -> dict[str, Any]:
        """The columns that follow from a document, itself among them."""
        raise NotImplementedError

    @classmethod
    def derived_of(cls, pk: uuid.UUID, document: Document) -> dict[str, Any]:
        """The columns that follow from its id and from what it is, which nobody gives otherwise."""
        raise NotImplementedError

    @classmethod
    def version_model(cls) -> "type[KeptVersion]":
        """The model of its versions."""
        found: type[KeptVersion] = cls._meta.get_field("versions").related_model  # type: ignore[assignment]
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What follows from its id is never given otherwise."""
        for name, value in self.derived_of(self.pk, self.document).items():
            setattr(self, name, value)
        super().save(*args, **kwargs)

    @classmethod
    def after(cls, document: Document, before: Document | None) -> Document:
        """The document as it is saved after another (null = as the first): what no author says follows here."""
        return document


class KeptVersion(models.Model):
    """What a document said from one saving to the next. The database itself refuses to change or delete one.

    Ids of people are plain values: a version outlives the account that made it.
    """

    number = models.PositiveIntegerField()
    document = models.JSONField()
    condition = models.CharField(max_length=20)
    made_at = models.DateTimeField(default=timezone.now)
    #: Account and organisation; null = the keeper of the machine.
    made_by = models.UUIDField(null=True)
    made_for = models.UUIDField(null=True)
    #: page, sheet, api, command or job.
    channel = models.CharField(max_length=10)
    #: How it came about: empty, `joined` (with what another had saved), `asked` (after a choice between two), a step
    #: of its life, or the number of the version that was restored.
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        record_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.record_id} {self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("a version is never deleted")
