"""What an organisation brought, what its rows would do, its receipts. All of it is its own people's alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from concerted.codelists.sheet_words import fold
from concerted.marking import Viewer
from concerted.statements.document import Document
from concerted.web.accounts.models import Partner
from concerted.web.asks.models import Ask
from concerted.web.inbox.models import Applied, Receipt, State, Upload, UploadRow
from concerted.web.workspace.actions import begin
from concerted.web.workspace.models import Condition, Kept, Record
from concerted.web.workspace.queries import audience_words, directory
from concerted.web.workspace.queries.audience import AudienceWords
from concerted.web.workspace.queries.records import may_read

#: Rows on a page of a preview: it stays below 150 KB with long titles in three languages.
PAGE = 40
#: Records of one workbook: more are slow in every spreadsheet program, and cut by state or words.
_MOST = 10_000
OUTCOMES = ("new", "changed", "double", "refused", "moved", "same")


@dataclass(frozen=True)
class Rows:
    """A page of the rows of an upload, and how many there are by outcome and in this list."""

    rows: list[UploadRow]
    counts: dict[str, int]
    safe: int
    total: int


def uploads_of(organisation: UUID) -> list[Upload]:
    """What an organisation brought and has not done with, newest first."""
    return list(_open(organisation).select_related("holder").order_by("-made_at")[:30])


def count_uploads(organisation: UUID) -> int:
    """How many files an organisation brought and has not done with."""
    return _open(organisation).count()


def _open(organisation: UUID) -> QuerySet[Upload]:
    return Upload.objects.filter(owner=organisation).exclude(state=State.CLOSED)


def receipts_of(organisation: UUID) -> list[Receipt]:
    """The newest receipts of an organisation."""
    return list(Receipt.objects.filter(owner=organisation).select_related("by").order_by("-made_at")[:30])


def find_upload(organisation: UUID, upload: UUID) -> Upload | None:
    """An upload of an organisation; another's is as if it were not there."""
    return Upload.objects.select_related("owner", "holder").filter(owner=organisation, pk=upload).first()


def find_receipt(organisation: UUID, receipt: UUID) -> Receipt | None:
    """A receipt of an organisation; another's is as if it were not there."""
    found = Receipt.objects.select_related("owner", "by", "undone_by", "upload")
    return found.filter(owner=organisation, pk=receipt).first()


def rows_of_upload(upload: Upload, outcome: str, page: int) -> Rows:
    """A page of rows that nobody has accepted yet: of one outcome, else those that need a look first."""
    waiting = UploadRow.objects.filter(upload=upload, receipt=None)
    counts = dict.fromkeys(OUTCOMES, 0) | dict(
        waiting.order_by().values_list("outcome").annotate(n=Count("pk")).values_list("outcome", "n")
    )
    shown: QuerySet[UploadRow] = waiting.exclude(outcome="same") if not outcome else waiting.filter(outcome=outcome)
    total = sum(n for name, n in counts.items() if (name == outcome if outcome else name != "same"))
    begin = (max(page, 1) - 1) * PAGE
    return Rows(
        list(shown.order_by("number")[begin : begin + PAGE]), counts, waiting.filter(is_safe=True).count(), total
    )


def audience_of_new(upload: Upload, lang: str) -> AudienceWords:
    """Who will see what is new in an upload."""
    document = begin(upload.owner)
    document["activity"]["marking_key"] = upload.marking_key
    return audience_words(document, directory(timezone.now().date()), lang, with_groups=True)


def to_take(owner: Partner, state: str, text: str) -> Iterable[Document] | None:
    """Documents of an owner's kept records that go into a workbook; null where they are too many for one."""
    found = Record.objects.filter(owner=owner, condition=Condition.KEPT)
    if state:
        found = found.filter(state=state)
    for word in fold(text).split():
        found = found.filter(words__contains=word)
    if found.count() > _MOST:
        return None
    return found.order_by("created_at", "title", "pk").values_list("document", flat=True)


def titles_of_records(viewer: Viewer, rows: list[UploadRow]) -> dict[str, str]:
    """Titles of the records that new rows may be, of those that the viewer may still read: one may have been closed
    since the rows were read."""
    wanted = {record for row in rows for record in row.doubles}
    fields = ("pk", "title", "owner", "condition", "marking_key")
    found: list[Kept] = [*Record.objects.filter(pk__in=wanted).only(*fields), *Ask.objects.filter(pk__in=wanted)]
    return {str(record.pk): record.title for record in found if may_read(viewer, record)}


def applied_of(receipt: Receipt) -> tuple[list[Applied], int]:
    """The first records of a receipt, those first that undoing left; and how many there are."""
    found = Applied.objects.filter(receipt=receipt)
    shown = found.select_related("record", "ask").defer("record__document", "ask__document")
    return list(shown.order_by("undone", "pk")[:100]), found.count()
