"""Which needs and offers a viewer may read: those of his organisation, and kept ones whose marking he may see."""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from concerted.codelists.need_words import Ask as Which
from concerted.marking import Viewer, may_see
from concerted.model.ids import id_text
from concerted.statements.document import Document
from concerted.web.asks.models import VALIDATED, Ask
from concerted.web.edition.scope import Scope
from concerted.web.workspace.models import Condition
from concerted.web.workspace.queries.picture import InPicture
from concerted.web.workspace.queries.records import find_record, may_read, may_read_marked
from concerted.web.workspace.tasks import is_rebuilt, last_failed, made_since

#: Notes of the versions by which a state was given: by a match, by the owner himself.
BY_MATCH, BY_OWNER = "match:", "state:"


def find_ask(viewer: Viewer, ask: UUID) -> Ask | None:
    """The need or offer of this id, if it is one that the viewer may read; else it is as if it were not there."""
    return find_record(viewer, Ask.objects.filter(pk=ask))


def asks_seen(viewer: Viewer, which: Which | None = None) -> list[Ask]:
    """What a viewer may read of needs and offers, drafts of his own organisation among it; newest first."""
    if viewer.is_public:
        return []
    found = _wanted(viewer).select_related("owner").order_by("-updated_at", "pk")
    return [ask for ask in (found.filter(which=which) if which else found) if may_read(viewer, ask)]


def _wanted(viewer: Viewer) -> QuerySet[Ask]:
    """What must be looked at one by one: drafts of others never."""
    kept = Q(condition=Condition.KEPT)
    return Ask.objects.filter(kept | Q(owner=UUID(viewer.organisation)) if viewer.organisation else kept)


#: For what a need waits: to be validated, or for due diligence.
Waits = Literal["unvalidated", "diligence"]


def count_waiting(viewer: Viewer, state: Waits, today: date) -> int:
    """Needs that wait to be validated, or for due diligence, of those that the viewer may read."""
    if viewer.is_public:
        return 0
    # Counted by owner and marking: who may read is the same for all of one, and no document is loaded.
    counts = _waiting(state, today).order_by().values_list("owner", "marking_key").annotate(count=Count("pk"))
    return sum(n for owner, key, n in counts if may_read_marked(viewer, owner, key, is_draft=False))


def waiting(viewer: Viewer, state: Waits, today: date) -> list[tuple[UUID, int]]:
    """The same needs with the versions that wait, oldest first."""
    if viewer.is_public:
        return []
    rows = _waiting(state, today).order_by("updated_at", "pk").values_list("pk", "version", "owner", "marking_key")
    return [(pk, at) for pk, at, owner, key in rows if may_read_marked(viewer, owner, key, is_draft=False)]


def _waiting(state: Waits, today: date) -> QuerySet[Ask]:
    found = Ask.objects.filter(Q(ends=None) | Q(ends__gte=today), which="need", condition=Condition.KEPT)
    if state == "unvalidated":
        return found.filter(state="open")
    return found.filter(state__in=("open", VALIDATED), document__need__due_diligence="pending")


def is_closed_by_match(ask: Ask) -> bool:
    """Whether a match met it or used it up, and not its owner himself said so."""
    if ask.state not in ("met", "taken"):
        return False
    notes: Iterable[str] = ask.versions.order_by("-number").values_list("note", flat=True)
    return next((note for note in notes if note.startswith((BY_MATCH, BY_OWNER))), "").startswith(BY_MATCH)


def to_take(organisation: UUID) -> QuerySet[Ask, Document]:
    """The documents of what an organisation keeps, drafts not among them, for its own workbook."""
    kept = Ask.objects.filter(owner=organisation, condition=Condition.KEPT).order_by("created_at", "title", "pk")
    return kept.values_list("document", flat=True)


def behind(statements: Iterable[int]) -> dict[int, Ask]:
    """The needs and offers that stand behind rows of the picture, by `record_id`; one that came by a file has none.

    Whose they are and what they say today is in them whoever asks: the caller makes sure who may read it (`may_read`).
    """
    found = Ask.objects.filter(statement__in=list(statements)).select_related("owner")
    return {ask.statement: ask for ask in found}


def where(scope: Scope | None, ask: Ask) -> InPicture:
    """Where the newest version stands on its way into the picture that this viewer is shown."""
    if ask.is_draft:
        return InPicture("draft")
    if scope is None or not may_see(scope.viewer, ask.marking_key):
        return InPicture("unseen" if scope else "still")
    table = f"core_{ask.which}"
    rows = scope.rows(
        f"SELECT 1 FROM {table} WHERE record_id = $record AND {scope.filter.sql_precise()}",
        {"record": ask.statement},
    )
    found = id_text(ask.statement) if rows else ""
    if not is_rebuilt():
        return InPicture("still", found)
    if rows and made_since(ask.updated_at):
        return InPicture("there", found)
    return InPicture("failed" if last_failed() else "coming", found)


__all__ = [
    "asks_seen",
    "behind",
    "count_waiting",
    "find_ask",
    "is_closed_by_match",
    "may_read",
    "to_take",
    "waiting",
    "where",
]
