"""What changed between two editions as far as a viewer may see it, and how much of it in numbers."""

import json
from pathlib import Path
from typing import Any

import duckdb

from concerted.marking import PUBLIC, Viewer
from concerted.model.errors import ConcertedError
from concerted.publish.changes import compare
from concerted.store.edition import canonical_json
from concerted.web.edition.scope import Scope

#: Of every list of what changed so many are named; the rest is counted.
MOST = 50


def changes(scope: Scope, before: Path) -> dict[str, Any] | None:
    """What changed since `before` in the edition of a scope, for its viewer; null where they cannot be compared."""
    found: dict[str, Any] | None = scope.remember(
        ("changes since", before.name), lambda: _compared(scope.viewer, before, scope.edition.folder)
    )
    return found


def public_changes(before: Path, after: Path) -> dict[str, Any] | None:
    """What changed of what everybody sees; it reads both editions, so no request of the public asks it."""
    return _compared(PUBLIC, before, after)


def in_short(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """What changed, to be kept with a release: numbers, and the first of every list; amounts as text.

    Returns:
        `counts`, `rules` and `inputs` (added, removed, changed), `records` (added, removed, changed) and `totals`, each
        list with its first `MOST`; null where nothing could be compared.
    """
    if found is None:
        return None
    lists = ("added", "removed", "changed")
    kept = {
        "counts": counts(found),
        "rules": found["rules"][:MOST],
        "inputs": {name: found["inputs"][name][:MOST] for name in lists},
        "records": {name: found["records"][name][:MOST] for name in lists},
        "totals": found["totals"][:MOST],
    }
    told: dict[str, Any] = json.loads(canonical_json(kept))
    return told


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
