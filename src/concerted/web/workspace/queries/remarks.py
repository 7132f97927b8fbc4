"""What others say of records: of one, for whoever may read it; and all that waits for an answer, for the owner."""

from uuid import UUID

from django.db.models import QuerySet

from concerted.marking import Viewer
from concerted.web.workspace.models import Kept, Outcome, Record, Remark
from concerted.web.workspace.queries.history import history


def versions_read(viewer: Viewer, kept: Kept, lang: str) -> set[int]:
    """Numbers of the versions that the viewer may read: what was said of others would tell of them."""
    return {each.number for each in history(viewer, kept, lang)}


def remarks_of(record: Record) -> list[Remark]:
    """Everything said of a record, newest first. The caller has made sure that the viewer may read the record."""
    found = Remark.objects.filter(record=record).select_related("organisation", "by", "record")
    return list(found.order_by("-pk"))


def open_remarks(organisation: UUID) -> list[Remark]:
    """What waits for an answer of an organisation, oldest first."""
    return list(_open(organisation).select_related("record", "organisation").order_by("pk")[:50])


def count_open_remarks(organisation: UUID) -> int:
    """How much of what is said of an organisation's records waits for an answer."""
    return _open(organisation).count()


def _open(organisation: UUID) -> QuerySet[Remark]:
    return Remark.objects.filter(owner=organisation, outcome=Outcome.OPEN)


def find_remark(record: Record, number: int) -> Remark | None:
    """One of them."""
    return Remark.objects.filter(record=record, pk=number).select_related("record", "record__owner").first()
