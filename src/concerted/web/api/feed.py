"""Changes of records since a cursor, as far as a viewer may know of them.

A record that he may read comes once, as it is now, at the place of its newest version. One that he could read before
and cannot any more comes as gone, at the place of the version that closed it; what happens to it afterwards is not
told. A cursor names a record and a version that the viewer was told of and nothing else, so it does not move with what
he may not see; it is sealed, so nobody can ask with it whether a version exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from concerted.marking import Viewer, may_see
from concerted.web.api.models import Change
from concerted.web.workspace.models import Condition, Record, RecordVersion

#: Changes in one answer.
PAGE = 200
_AT_ONCE = 2_000
START = ""
_SEALED = Signer(salt="concerted.api.cursor")


@dataclass(frozen=True)
class Event:
    """A change; `record` is None where it is gone for the viewer."""

    sequence: int
    id: UUID
    version: int
    record: Record | None


@dataclass(frozen=True)
class Changes:
    """A page of changes, the cursor behind it, and whether there are more."""

    events: list[Event]
    cursor: str
    has_more: bool


class CursorError(ValueError):
    """A cursor that was never given to this viewer."""


def changes_since(viewer: Viewer, cursor: str) -> Changes:
    """The next changes behind a cursor.

    Raises:
        CursorError: it is none.
    """
    since = _position(viewer, cursor)
    found = sorted([*_readable(viewer, since), *_gone(viewer, since)], key=lambda event: event.sequence)
    events = found[:PAGE]
    behind = _cursor(viewer, events[-1]) if events else cursor
    return Changes(events, behind, len(found) > PAGE)


def _readable_now(viewer: Viewer) -> Q:
    """As `queries.records.may_read`, as a condition: the markings that occur are few, and each is judged once."""
    keys = Record.objects.order_by().values_list("marking_key", flat=True).distinct()
    permitted = [key for key in keys if may_see(viewer, key)]
    kept = Q(marking_key__in=permitted) & ~Q(condition=Condition.DRAFT)
    return Q(owner=UUID(viewer.organisation)) | kept if viewer.organisation else kept


def _readable(viewer: Viewer, since: int) -> Iterator[Event]:
    newest = Change.objects.filter(record=OuterRef("pk")).order_by("-sequence").values("sequence")[:1]
    found: Any = Record.objects.filter(_readable_now(viewer)).annotate(at=Subquery(newest))
    for record in found.filter(at__gt=since).select_related("owner").order_by("at")[: PAGE + 1]:
        yield Event(record.at, record.pk, record.version, record)


def _gone(viewer: Viewer, since: int) -> Iterator[Event]:
    """Records whose version at the cursor he could read, and whose newest he cannot."""
    if not since:
        return  # who begins has been told of nothing
    # Of most of what moved he never knew, and there may be very much of it: that is told apart in one question.
    moved = Change.objects.filter(sequence__gt=since).values("record")
    known = Change.objects.filter(record=OuterRef("pk"), sequence__lte=since).order_by("-version").values("version")[:1]
    was = RecordVersion.objects.filter(record=OuterRef("pk"), number=OuterRef("before"), condition=Condition.KEPT)
    hidden: Any = Record.objects.filter(pk__in=moved).exclude(_readable_now(viewer)).annotate(before=Subquery(known))
    hidden = hidden.filter(before__isnull=False).annotate(
        was=Subquery(was.values(key=KeyTextTransform("marking_key", KeyTransform("activity", "document")))[:1])
    )
    for record, before, key in hidden.order_by().values_list("pk", "before", "was").iterator(_AT_ONCE):
        if key is None or not may_see(viewer, key):
            continue
        versions = RecordVersion.objects.filter(record=record, number__gte=before).order_by("number")
        readable = [(v.number, _may_read(viewer, v)) for v in versions]
        if not readable or not readable[0][1]:
            continue
        closed = next(number for number, is_readable in readable if not is_readable)
        at = Change.objects.filter(record=record, version=closed).values_list("sequence", flat=True).first()
        if at is not None:
            yield Event(at, record, closed, None)


def _may_read(viewer: Viewer, version: RecordVersion) -> bool:
    return version.condition != Condition.DRAFT and may_see(viewer, version.document["activity"].get("marking_key"))


def _cursor(viewer: Viewer, event: Event) -> str:
    return _SEALED.sign(f"{event.id.hex}.{event.version}.{viewer.organisation}")


def _position(viewer: Viewer, cursor: str) -> int:
    if cursor == START:
        return 0
    try:
        record, version, organisation = _SEALED.unsign(cursor).split(".")
    except (BadSignature, ValueError) as error:
        raise CursorError("no cursor of this feed") from error
    found = Change.objects.filter(record=UUID(record), version=int(version)).values_list("sequence", flat=True).first()
    if organisation != str(viewer.organisation) or found is None:
        raise CursorError("no cursor of this feed")
    return found
