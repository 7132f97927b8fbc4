"""Read what was released."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from concerted.marking import Viewer
from concerted.publish.shown import shown_edition_id
from concerted.rebuild import MADE
from concerted.store.edition import MANIFEST, current_edition, read_manifest
from concerted.store.query import open_edition
from concerted.web.accounts.queries import names_of_partners
from concerted.web.release.models import Kind, Release


@dataclass(frozen=True)
class Listed:
    """A release as the list shows it: who decided it, whether the public is shown it now, whether it was taken back."""

    row: Release
    by: str
    is_shown: bool
    is_withdrawn: bool


def releases(lang: str) -> list[Listed]:
    """Every decision, newest first."""
    rows = list(Release.objects.order_by("-pk"))
    names = names_of_partners({row.made_for for row in rows}, lang)
    shown = rows[0].shown if rows else ""
    found, later = [], set()
    for row in rows:
        is_release = row.kind == Kind.RELEASED
        is_shown = is_release and row.edition == shown and row.edition not in later
        withdrawn = is_release and row.edition in {
            r.edition for r in rows if r.kind == Kind.WITHDRAWN and r.pk > row.pk
        }
        found.append(Listed(row, names.get(row.made_for, "") if row.made_for else "", is_shown, withdrawn))
        later |= {row.edition} if is_release else set()
    return found


def folder_of(edition: str) -> Path | None:
    """Where an edition lies; null where it is not there."""
    folder: Path = settings.CONCERTED_DATA / "editions" / edition
    return folder if edition and (folder / MANIFEST).is_file() else None


def public_changes_of(row: Release) -> dict[str, Any] | None:
    """What a release changed of what everybody sees, as it was kept then; null where that cannot be told.

    What was taken back is not read out again, not even in a comparison.
    """
    named = {row.before, row.edition} - {""}
    is_withdrawn = Release.objects.filter(kind=Kind.WITHDRAWN, edition__in=named).exists()
    is_open = row.kind == Kind.RELEASED and not is_withdrawn
    changes: dict[str, Any] | None = row.changes if is_open else None
    return changes


def looked_at(viewer: Viewer, shown_id: str) -> Path | None:
    """The edition of which a viewer was shown this id, of the current one and those that rebuilds made just before.

    Of two that differ for him in nothing it is the newer one.
    """
    data = settings.CONCERTED_DATA
    current = current_edition(data)
    note = data / MADE
    made = [folder_of(name) for name in note.read_text("utf-8").split()[::-1]] if note.is_file() else []
    for folder in dict.fromkeys(each for each in (current, *made[:5]) if each):
        with open_edition(folder) as connection:
            if shown_edition_id(viewer, connection, read_manifest(folder)) == shown_id:
                return folder
    return None
