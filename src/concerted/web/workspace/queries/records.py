"""Which records a viewer may read: those of his organisation, and kept ones whose precise view he may see."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet
from typing_extensions import TypeVar

from concerted.codelists.sheet_words import fold
from concerted.marking import Viewer, may_see
from concerted.web.workspace.models import Condition, Kept, Record

R = TypeVar("R", bound=Kept)

#: Records on a page.
PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A page of records, and how many there are in all."""

    records: list[Record]
    total: int


def find_record(viewer: Viewer, wanted: QuerySet[R]) -> R | None:
    """The record that is wanted, if it is one that the viewer may read as it is; else it is as if it were not there.

    A coarse view is shown by the picture and never here, where the document itself is.
    """
    found = wanted.select_related("owner", "holder", "updated_by").first()
    return found if found is not None and may_read(viewer, found) else None


def may_read(viewer: Viewer, record: Kept) -> bool:
    """Whether the viewer reads a record in full."""
    return may_read_marked(viewer, record.owner_id, record.marking_key, is_draft=record.is_draft)


def may_read_marked(viewer: Viewer, owner: UUID, key: str | None, *, is_draft: bool) -> bool:
    """Whether the viewer reads what an owner wrote under a marking: his own organisation's, or what is marked for him.

    Who looks through another's eyes reads what he may read himself and what the marking shows to the other.
    """
    if viewer.is_public:
        return False
    if viewer.within is not None:
        alone = replace(viewer, within=None)
        return may_read_marked(viewer.within, owner, key, is_draft=is_draft) and not is_draft and may_see(alone, key)
    return viewer.is_of(str(owner)) or (not is_draft and may_see(viewer, key))


def own_records(organisation: UUID, text: str = "", page: int = 1) -> Listed:
    """The records of an organisation, drafts first, then those that were changed last; of them a page.

    Args:
        text: words that must stand in title, names or identifier.
    """
    found = Record.objects.filter(owner=organisation)
    for word in fold(text).split():
        found = found.filter(words__contains=word)
    drafts_first = found.order_by("condition", "-updated_at", "pk")  # draft comes before kept
    begin = (max(page, 1) - 1) * PAGE
    return Listed(list(drafts_first.defer("document")[begin : begin + PAGE]), found.count())


def count_open(organisation: UUID) -> tuple[int, int]:
    """Records of an organisation with something missing, and its drafts."""
    own = Record.objects.filter(owner=organisation)
    return own.filter(lack_count__gt=0).count(), own.filter(condition=Condition.DRAFT).count()
