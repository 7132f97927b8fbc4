"""How far a record has come through the two gates, and since when it waits. No decision is made here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from concerted.web.validation.models import Decision, Kind, Standing
from concerted.web.workspace.models import Condition, Record, RecordVersion

#: After so long a record that nobody validated says so.
PATIENCE = timedelta(days=10)


class State(StrEnum):
    """Where the newest version of a record stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    SIGNED = "signed"
    VALIDATED = "validated"
    RETURNED = "returned"


@dataclass(frozen=True)
class Stands:
    """A record's standing.

    Attributes:
        since: since when something in it waits; null = nothing does.
        is_late: it has waited for more than `PATIENCE`: unvalidated.
        returned: the decision that sent this very version back.
    """

    state: State
    since: datetime | None = None
    is_late: bool = False
    returned: Decision | None = None

    @property
    def word(self) -> str:
        """How the picture calls it: a value of `validation` in the field dictionary."""
        if self.is_late:
            return "unvalidated"
        return str(State.WAITING if self.state is State.RETURNED else self.state)


def waiting(records: QuerySet[Record]) -> QuerySet[Record]:
    """Those of `records` of which the newest version is kept and not validated, each with `since`."""
    kept = RecordVersion.objects.filter(
        record=OuterRef("pk"), condition=Condition.KEPT, number__gt=Coalesce(OuterRef("standing__validated"), 0)
    )
    first = kept.order_by().values("record").annotate(first=Min("made_at")).values("first")
    return (
        records.filter(condition=Condition.KEPT)
        .exclude(standing__validated__gte=F("version"))
        .select_related("standing", "standing__returned")
        .annotate(since=Subquery(first))
    )


def stands(records: Iterable[Record], now: datetime | None = None) -> dict[UUID, Stands]:
    """The standing of each record."""
    now, found = now or timezone.now(), {record.pk: record for record in records}
    kept = Standing.objects.filter(record__in=found).select_related("returned").in_bulk()
    since = dict[UUID, datetime]()
    # By versions of these records and not by `waiting`: of few records SQLite would look through all that are kept.
    said = RecordVersion.objects.filter(record__in=found, condition=Condition.KEPT)
    for pk, number, made_at in said.order_by().values_list("record_id", "number", "made_at"):
        standing = kept.get(pk)
        if number > (standing.validated if standing else 0):
            since[pk] = min(made_at, since.get(pk, made_at))
    return {pk: stands_of(record, kept.get(pk), since.get(pk), now) for pk, record in found.items()}


def stands_of(record: Record, standing: Standing | None, since: datetime | None, now: datetime) -> Stands:
    """The standing of one record, from what is known of it."""
    if record.is_draft:
        return Stands(State.DRAFT)
    if standing and standing.validated >= record.version:
        return Stands(State.VALIDATED)
    is_late = since is not None and now - since > PATIENCE
    returned = standing.returned if standing else None
    if returned and returned.number == record.version:
        return Stands(State.RETURNED, since, is_late, returned)
    state = State.SIGNED if standing and standing.signed >= record.version else State.WAITING
    return Stands(state, since, is_late)


def columns_of(records: Iterable[Record]) -> Mapping[UUID, Mapping[str, Any]]:
    """What the source of the picture says of each record beside its document."""
    return {pk: {"validation": each.word} for pk, each in stands(records).items()}


def newly_late(now: datetime) -> QuerySet[Record]:
    """Records that have waited for too long, of which the picture has not been told yet."""
    return waiting(Record.objects.all()).filter(since__lt=now - PATIENCE).exclude(standing__is_late=True)  # type: ignore[misc]


def last_decision(record: Record, kind: Kind) -> Decision | None:
    """The newest decision of a kind on a record."""
    return Decision.objects.filter(record=record, kind=kind).order_by("-pk").first()
