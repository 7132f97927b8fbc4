"""Read what is cleared and what waits: for the owner of a record, and for focal points who may read it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Max, Q, Sum

from concerted.marking import Viewer, may_see, permitted_keys
from concerted.statements.document import Document
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Role
from concerted.web.safeguards.known_needs import candidates, is_denied, refresh
from concerted.web.safeguards.models import Assessment, KnownNeed, Outcome, Refused
from concerted.web.safeguards.need import Need, need_of
from concerted.web.safeguards.words import outcome_word
from concerted.web.sharing.queries import groups_of, today
from concerted.web.ui.formats import language
from concerted.web.workspace.clearing import Clearance, Found
from concerted.web.workspace.models import Record

_CLEARING = frozenset({Outcome.CLEARED, Outcome.MEASURES, Outcome.OUTSIDE})
#: Rows of the queue on its page; of more the number is told.
SHOWN = 100
_AT_ONCE = 500
#: How far back refusals are counted.
_BACK = timedelta(days=365)

#: cleared; refused by the newest assessment; expired: its last day has passed; changed: who receives, or what for, is
#: another than what was assessed; lacking: nobody has assessed it; unsaid: its owner has to say first.
Standing = Literal["cleared", "refused", "expired", "changed", "lacking", "unsaid"]


def standing_of(need: Need | KnownNeed, newest: Assessment | None) -> Standing:
    """Where an activity stands that needs due diligence, or may need it."""
    if need.answer == "no":
        return "cleared"
    if newest is None:
        return "lacking" if need.answer == "yes" else "unsaid"
    if newest.outcome not in _CLEARING:
        return "refused"
    if newest.facts != need.facts:
        return "changed"
    return "cleared" if newest.valid_until >= today() else "expired"


def clearance_of(record: Record, document: Document) -> Clearance:
    """What the workspace asks before a step, and tells the owner."""
    need = need_of(document)
    if need.answer == "no":
        return Clearance()
    newest = newest_of(record.pk)
    standing = standing_of(need, newest)
    is_seen = standing in ("cleared", "unsaid") or _is_seen_by_some(record)
    found = (
        None
        if newest is None
        else Found(
            outcome_word(newest.outcome),
            newest.assessed_on,
            newest.valid_until,
            newest.assessed_by.label(language()),
            newest.measures,
        )
    )
    return Clearance(need.answer, standing, need.whys, is_seen, found)


def newest_of(record: UUID) -> Assessment | None:
    """The assessment that counts."""
    return Assessment.objects.filter(record=record).select_related("assessed_by").order_by("-pk").first()


def assessments_of(record: Record) -> list[Assessment]:
    """All of a record, newest first. The caller has made sure that the viewer may read the record."""
    return list(Assessment.objects.filter(record=record).select_related("assessed_by").order_by("-pk"))


@dataclass(frozen=True)
class Waiting:
    """An activity that waits for a focal point."""

    record: Record
    standing: Standing
    whys: tuple[str, ...]


@dataclass(frozen=True)
class Queue:
    """What waits of all that a viewer may read: ongoing activities first, then those that are only planned.

    Attributes:
        denied: activities whose owner says that there is no such support, though the words may look like it.
    """

    waiting: list[Waiting]
    total: int
    denied: list[Record]


def queue(viewer: Viewer) -> Queue:
    """What a focal point has to look at. Of records that he may not read nothing is told, not even how many."""
    mine = _readable(viewer)
    standings = _standings(mine)
    waiting = [known for known in mine if known.record_id in standings]
    denied = [known.record_id for known in mine if is_denied(known)]
    records = _records([*(known.record_id for known in waiting[:SHOWN]), *denied[:SHOWN]])
    return Queue(
        [
            Waiting(records[known.record_id], standings[known.record_id], tuple(known.whys))
            for known in waiting[:SHOWN]
            if known.record_id in records
        ],
        len(waiting),
        [records[pk] for pk in denied[:SHOWN] if pk in records],
    )


def open_ones(viewer: Viewer) -> dict[UUID, Standing]:
    """The records of the whole queue of a viewer, however many it shows, each with where it stands."""
    return _standings(_readable(viewer))


def refused_counts() -> list[tuple[str, int, int]]:
    """(kind, refused, asked) of a year, most often first."""
    rows = Refused.objects.filter(day__gt=today() - _BACK).values_list("kind", "severity").annotate(n=Sum("count"))
    found: dict[str, list[int]] = {}
    for kind, severity, count in rows:
        found.setdefault(kind, [0, 0])[severity != "refuse"] += count
    rows_of = [(kind, counts[0], counts[1]) for kind, counts in found.items()]
    return sorted(rows_of, key=lambda row: (-row[1], -row[2], row[0]))


def _readable(viewer: Viewer) -> list[KnownNeed]:
    """What is known of records that the viewer may read, ongoing ones first."""
    refresh()
    found = KnownNeed.objects.filter(is_of_interest=True, record__in=candidates())
    keys = found.order_by().values_list("record__marking_key", flat=True).distinct()
    readable = Q(record__marking_key__in=permitted_keys(viewer, keys))
    if viewer.organisation:
        readable |= Q(record__owner=UUID(viewer.organisation))
    # `ongoing` goes before `planned` by its letters.
    return list(found.filter(readable).order_by("record__state", "record__updated_at", "record"))


def _standings(mine: list[KnownNeed]) -> dict[UUID, Standing]:
    """Where those stand that are not cleared."""
    newest = _newest([known.record_id for known in mine if known.answer != "no"])
    found = {known.record_id: standing_of(known, newest.get(known.record_id)) for known in mine}
    return {record: standing for record, standing in found.items() if standing != "cleared"}


def _records(wanted: list[UUID]) -> dict[UUID, Record]:
    found = Record.objects.filter(pk__in=wanted).select_related("owner").defer("document", "words")
    return {record.pk: record for record in found}


def _newest(records: list[UUID]) -> dict[UUID, Assessment]:
    found: dict[UUID, Assessment] = {}
    for start in range(0, len(records), _AT_ONCE):
        of_some = Assessment.objects.filter(record__in=records[start : start + _AT_ONCE])
        last = of_some.order_by().values("record").annotate(last=Max("pk")).values_list("last", flat=True)
        found |= {each.record_id: each for each in Assessment.objects.filter(pk__in=list(last))}
    return found


def _is_seen_by_some(record: Record) -> bool:
    """Whether some organisation that has the focal point's role may read the record."""
    for partner in Partner.objects.filter(parent=None, is_active=True):
        if str(Role.RIGHTS) not in partner.roles:
            continue
        viewer = Viewer("somebody", str(partner.pk), groups_of(partner.pk))
        if partner.pk == record.owner_id or may_see(viewer, record.marking_key):
            return True
    return False
