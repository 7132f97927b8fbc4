"""What was said when, by whom and through what: version by version, and for each field the last who said it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concerted.marking import Viewer
from concerted.statements.changes import Change, changes_between
from concerted.statements.document import main_row, main_table
from concerted.statements.rows import Row
from concerted.web.accounts.queries import names_of_partners, names_of_people
from concerted.web.workspace.models import Condition, Kept, KeptVersion
from concerted.web.workspace.queries.records import may_read_marked


@dataclass(frozen=True)
class Told:
    """One version: what changed in it, when, by whom (empty where that is not told) and through what."""

    number: int
    at: datetime
    by: str
    channel: str
    note: str
    changes: tuple[Change, ...]


def history(viewer: Viewer, record: Kept, lang: str) -> list[Told]:
    """The versions that a viewer may read, newest first.

    Who is not of the owner reads no version that was a draft, or that was not for him; what such a version changed is
    told with the next one that he may read. Names of people are told to their own organisation only.
    """
    is_own = viewer.is_of(str(record.owner_id))
    versions = [v for v in record.versions.order_by("number") if _may_read(viewer, record, v)]
    names = _names(record.owner_id, versions, lang, with_people=is_own)
    told, before = [], {"record": "", "version": 0, main_table(record.document): {}}
    for version in versions:
        changes = tuple(changes_between(before, version.document))
        told.append(
            Told(version.number, version.made_at, names.get(version.number, ""), version.channel, version.note, changes)
        )
        before = version.document
    return told[::-1]


def last_said(told: Iterable[Told]) -> dict[tuple[Row, str], Told]:
    """For each field the version in which it got the value that it has; `told` newest first."""
    found: dict[tuple[Row, str], Told] = {}
    for version in told:
        for change in version.changes:
            found.setdefault((change.row, change.column), version)
    return found


def _may_read(viewer: Viewer, record: Kept, version: KeptVersion) -> bool:
    key, is_draft = main_row(version.document).get("marking_key"), version.condition == Condition.DRAFT
    return may_read_marked(viewer, record.owner_id, key, is_draft=is_draft)


def _names(owner: UUID, versions: list[KeptVersion], lang: str, *, with_people: bool) -> dict[int, str]:
    people = names_of_people(owner, {v.made_by for v in versions}) if with_people else {}
    partners = names_of_partners({v.made_for for v in versions}, lang)
    found = {}
    for v in versions:
        by = people.get(v.made_by) if v.made_by else None
        found[v.number] = by or (partners.get(v.made_for, "") if v.made_for else "")
    return found
