"""What changed between two editions as far as a viewer may see it, and how much of it in numbers."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from concerted.marking import PUBLIC, Viewer
from concerted.model.errors import ConcertedError
from concerted.publish.changes import compare
from concerted.web.edition.scope import Scope


def changes(scope: Scope, before: Path) -> dict[str, Any] | None:
    """What changed since `before` in the edition of a scope, for its viewer; null where they cannot be compared."""
    found: dict[str, Any] | None = scope.remember(
        ("changes since", before.name), lambda: _compared(scope.viewer, before, scope.edition.folder)
    )
    return found


@lru_cache(16)
def public_changes(before: Path, after: Path) -> dict[str, Any] | None:
    """The same for what everybody sees of two editions, which never change."""
    return _compared(PUBLIC, before, after)


def counts(found: dict[str, Any] | None) -> dict[str, int]:
    """How much changed; empty where nothing could be compared."""
    if found is None:
        return {}
    return {name: len(found["records"][name]) for name in ("added", "removed", "changed")} | {
        "totals": len(found["totals"])
    }


def _compared(viewer: Viewer, before: Path, after: Path) -> dict[str, Any] | None:
    try:
        return compare(viewer, before, after)
    except (ConcertedError, OSError, ValueError, KeyError, duckdb.Error):
        return None  # one is gone, or was made by another version: its pages still open, its rows are told differently
