"""What waits to be decided on, with the changed values only. The viewer is the first argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from concerted.marking import Viewer, may_see
from concerted.statements.changes import Change, changes_between
from concerted.statements.document import Document
from concerted.web.accounts.models import Partner
from concerted.web.accounts.queries import name_of, names_of_partners, names_of_people
from concerted.web.validation.models import Standing
from concerted.web.validation.standing import Stands, stands_of, waiting
from concerted.web.workspace.models import Condition, Record, RecordVersion
from concerted.web.workspace.queries.records import may_read

#: Records on a page: with their changes they stay below the weight of a first view.
PAGE = 25
_NOTHING: Document = {"record": "", "version": 0, "activity": {}}


@dataclass(frozen=True)
class Waits:
    """A record that waits.

    Attributes:
        began: the version that `changes` begin with; 0 = nothing of it was decided on before.
        by: who saved it last, for whom that is told.
    """

    record: Record
    stands: Stands
    began: int
    changes: tuple[Change, ...]
    by: str


@dataclass(frozen=True)
class Queue:
    """A page of what waits, by organisation, and how many records there are in all."""

    groups: list[tuple[Partner, str, list[Waits]]]
    total: int
    records: int


def to_sign(viewer: Viewer, page: int = 1, lang: str = "fr") -> Queue:
    """What the signers of the viewer's own organisation have not signed off, longest waiting first."""
    return _queue(viewer, to_be_signed(viewer), page, lang, "signed", is_own=True)


def to_validate(viewer: Viewer, page: int = 1, lang: str = "fr") -> Queue:
    """What owners signed off and the secretariat has not validated, as far as the viewer may read it."""
    return _queue(viewer, to_be_validated(viewer), page, lang, "validated", is_own=False)


def count_to_sign(viewer: Viewer) -> int:
    """How many records wait to be signed off by the viewer's organisation."""
    return to_be_signed(viewer).count()


def count_to_validate(viewer: Viewer) -> int:
    """How many records wait to be validated, of those that the viewer may read."""
    return to_be_validated(viewer).count()


def to_be_signed(viewer: Viewer) -> QuerySet[Record]:
    """Records of the viewer's organisation of which the newest version waits for a signature."""
    return _to_sign(UUID(viewer.organisation))


def to_be_validated(viewer: Viewer) -> QuerySet[Record]:
    """Records that their owners signed off and the viewer may read."""
    return readable(viewer, _to_validate())


def readable(viewer: Viewer, records: QuerySet[Record]) -> QuerySet[Record]:
    """Those that the viewer may read in full: his organisation's own, and those with a marking that lets him.

    There are few markings and many records: the markings are asked one by one, the records by their database.
    """
    keys = set(records.order_by().values_list("marking_key", flat=True).distinct())
    allowed = [key for key in keys if may_see(viewer, key)]
    return records.filter(Q(owner=UUID(viewer.organisation)) | Q(marking_key__in=allowed))


def find_items(viewer: Viewer, items: Iterable[tuple[UUID, int]]) -> bool:
    """Whether the viewer may read every record that is named."""
    wanted = {pk for pk, _number in items}
    found = Record.objects.filter(pk__in=wanted).select_related("owner")
    return len(found) == len(wanted) and all(may_read(viewer, record) for record in found)


def _to_sign(owner: UUID) -> QuerySet[Record]:
    by_secretariat = Q(standing__returned__number=F("version"), standing__returned__is_secretariats=True)
    by_signer = Q(standing__returned__number=F("version"), standing__returned__is_secretariats=False)
    unsigned = Q(standing=None) | Q(standing__signed__lt=F("version"))
    return waiting(Record.objects.filter(owner=owner)).filter((unsigned & ~by_signer) | by_secretariat)


def _to_validate() -> QuerySet[Record]:
    is_returned = Q(standing__returned__number=F("version"))
    return waiting(Record.objects.all()).filter(standing__signed__gte=F("version")).exclude(is_returned)


def _queue(viewer: Viewer, found: QuerySet[Record], page: int, lang: str, gate: str, *, is_own: bool) -> Queue:
    begin = (max(page, 1) - 1) * PAGE
    ordered = found.select_related("owner", "standing__returned").order_by("since", "pk")  # type: ignore[misc]
    shown = list(ordered[begin : begin + PAGE])
    now = timezone.now()
    people = names_of_people(UUID(viewer.organisation), _authors(shown)) if is_own else {}
    groups: dict[UUID, tuple[Partner, str, list[Waits]]] = {}
    for record in shown:
        group = groups.setdefault(record.owner_id, (record.owner, name_of(record.owner, lang), []))
        group[2].append(_waits(viewer, record, gate, people, now, is_own=is_own))
    return Queue(list(groups.values()), found.count(), len(shown))


def _waits(viewer: Viewer, record: Record, gate: str, people: dict[UUID, str], now: datetime, *, is_own: bool) -> Waits:
    standing = getattr(record, "standing", None)
    began = getattr(standing, gate, 0) if standing else 0
    before = _document(viewer, record, began, is_own=is_own)
    stands = stands_of(record, standing, record.since, now)  # type: ignore[attr-defined]
    by = people.get(record.updated_by_id, "") if record.updated_by_id else ""
    changes = tuple(changes_between(before or _NOTHING, record.document))
    return Waits(record, stands, began if before else 0, changes, by)


def _document(viewer: Viewer, record: Record, number: int, *, is_own: bool) -> Document | None:
    """What a version said, where the viewer may read that; what was not for him then is not told now."""
    found = RecordVersion.objects.filter(record=record, number=number).first() if number else None
    if found is None:
        return None
    document: Document = found.document
    is_read = is_own or (found.condition == Condition.KEPT and may_see(viewer, document["activity"].get("marking_key")))
    return document if is_read else None


def _authors(records: Iterable[Record]) -> set[UUID | None]:
    return {record.updated_by_id for record in records}


def count_returned(organisation: UUID) -> int:
    """How many records were sent back to an organisation and not answered yet."""
    return returned(organisation).count()


def returned(organisation: UUID) -> QuerySet[Standing]:
    """Standings of an organisation's records of which the newest version was sent back and not answered yet."""
    return Standing.objects.filter(
        record__owner=organisation, record__condition=Condition.KEPT, returned__number=F("record__version")
    )


def returned_to(organisation: UUID, lang: str) -> list[tuple[Record, str, str]]:
    """What was sent back to an organisation and not answered yet: the record, the reason and who sent it."""
    rows = list(returned(organisation).select_related("record", "returned").order_by("-returned__pk")[:PAGE])
    names = names_of_partners({row.returned.made_for for row in rows if row.returned}, lang)
    return [
        (row.record, row.returned.reason, names.get(row.returned.made_for, "") if row.returned.made_for else "")
        for row in rows
        if row.returned
    ]
