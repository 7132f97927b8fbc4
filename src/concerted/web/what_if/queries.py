"""Lists of changes that people keep, of those that one may read; a list that he may not is not there."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from concerted.marking import Viewer, may_see, parse_key
from concerted.marking.keys import Label
from concerted.matching.what_if.changes import Change
from concerted.matching.what_if.written import read
from concerted.web.accounts.queries import names_of_partners
from concerted.web.sharing.queries import names_of_groups
from concerted.web.what_if.models import Scenario


@dataclass(frozen=True)
class Kept:
    """A list of changes with whose it is and who may read it.

    Attributes:
        is_own: it is of the reader's organisation, whoever of it made it.
        group: name of the group that it is shared with; empty = none.
    """

    id: UUID
    title: str
    owner: UUID
    owner_name: str
    label: str
    group: str
    framework: str
    changes: tuple[Change, ...]
    as_of: date | None
    made_at: datetime
    made_by: UUID
    is_own: bool


def may_read(viewer: Viewer, row: Scenario) -> bool:
    """By its marking, and whoever is of the organisation whose it is; through other eyes only what both may."""
    return viewer.is_of(str(row.owner_id)) or may_see(viewer, row.marking_key)


def listed(viewer: Viewer, lang: str) -> list[Kept]:
    """Those that one may read, the newest first."""
    return _kept(viewer, [row for row in Scenario.objects.all() if may_read(viewer, row)], lang)


def opened(viewer: Viewer, scenario: UUID, lang: str) -> Kept | None:
    """One that one may read; null = there is none for him."""
    row = Scenario.objects.filter(pk=scenario).first()
    if row is None or not may_read(viewer, row):
        return None
    return _kept(viewer, [row], lang)[0]


def _kept(viewer: Viewer, rows: list[Scenario], lang: str) -> list[Kept]:
    names = names_of_partners({row.owner_id for row in rows}, lang)
    markings = {row.pk: parse_key(row.marking_key) for row in rows}
    groups = names_of_groups({n for m in markings.values() if m.label is Label.AMBER for n in m.names})
    return [
        Kept(
            id=row.pk,
            title=row.title,
            owner=row.owner_id,
            owner_name=names.get(row.owner_id, ""),
            label=str(markings[row.pk].label),
            group=", ".join(groups.get(name, "") for name in sorted(markings[row.pk].names) if name in groups),
            framework=row.framework,
            changes=read(row.changes),
            as_of=row.as_of,
            made_at=row.made_at,
            made_by=row.made_by,
            is_own=viewer.is_of(str(row.owner_id)),
        )
        for row in rows
    ]
