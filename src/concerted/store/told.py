"""What editions told of records that are not shown is an input of the next one: readers have kept it.

Place on the way: below the build. Enters: the data folder and what else makes the edition. Leaves: the edition to read
that from, and the identity with it. It is the current edition and not the released one, because partners who sign in
see what is built before it is released; every edition carries on what those before it told, so the last one is enough.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from concerted.store.content import Contents
from concerted.store.edition import MANIFEST, canonical_json, read_manifest

TOLD_BEFORE = "told_before"
_FILES = ("out_unshown_part.parquet", "out_unshown_total.parquet")


def with_told(data: Path, identity: Mapping[str, Any]) -> tuple[Path | None, dict[str, Any]]:
    """The edition whose telling this one has to go on from (None = nothing was ever told), and the whole identity.

    Where nothing but what was told has changed since the current edition it is that edition again, and not one more
    that follows upon it.
    """
    folder = _latest(data)
    if folder is None:
        return None, dict(identity)
    known = dict(read_manifest(folder).get("identity", {}))
    before = known.pop(TOLD_BEFORE, None)
    if canonical_json(known) == canonical_json(json.loads(canonical_json(identity))):
        return folder, {**identity, **({TOLD_BEFORE: before} if before else {})}
    paths = [folder / name for name in _FILES]
    if not all(path.is_file() for path in paths) or not pq.read_metadata(paths[0]).num_rows:
        return None, dict(identity)
    return folder, {**identity, TOLD_BEFORE: [Contents().of([path]) for path in paths]}


def _latest(data: Path) -> Path | None:
    """The edition that `current` names; where it is gone, the newest that is there: a build mends such a folder."""
    pointer = data / "current"
    named = data / "editions" / pointer.read_text("utf-8").strip() if pointer.is_file() else None
    if named is not None and (named / MANIFEST).is_file():
        return named
    there = sorted((data / "editions").glob(f"[!.]*/{MANIFEST}"), key=lambda path: path.stat().st_mtime_ns)
    return there[-1].parent if there else None
