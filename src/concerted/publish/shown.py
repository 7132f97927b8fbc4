"""What a viewer may know of an edition as a whole: its inputs, and an id for what he sees of it.

Enters: a manifest, an open edition, a viewer. Leaves: the inputs that are not hidden, and a hash. The edition's own id
is a hash of every input, so it would tell everybody that something hidden has changed, and when.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from concerted.marking import PUBLIC, Viewer, may_see
from concerted.publish.visible import RULES, filter_of, rows_sql
from concerted.store.duck import quoted, with_literals
from concerted.store.edition import canonical_json
from concerted.store.query import YOUNGER_TABLES, open_edition

#: What is said of a file as a whole; where rows of it may be hidden it counts those too.
_OF_THE_WHOLE = ("sha256", "bytes", "seen", "read", "set_aside", "unread", "issues", "cache")
#: Parameters that tell who keeps records in the workspace, maybe hidden ones: what they do to what a viewer sees is in
#: the rows that he sees.
UNTOLD = ("precedence",)


def visible_inputs(viewer: Viewer, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The inputs of which the viewer sees the precise records, as the manifest has them.

    Of files whose rows carry markings of their own only the keeper is told more than that they are there. An input
    without a marking, as in a manifest of an older version, is for nobody but the keeper.
    """
    shown = []
    for entry in manifest.get("inputs", []):
        if not (viewer.is_keeper or may_see(viewer, entry.get("marking"))):
            continue
        is_whole = viewer.is_keeper or not entry.get("has_row_markings")
        shown.append({k: v if is_whole or k not in _OF_THE_WHOLE else None for k, v in entry.items()})
    return shown


def shown_edition_id(viewer: Viewer, connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> str:
    """32 hexadecimal digits for all that `viewer` sees of an edition; for the keeper the edition's own id.

    Equal for editions that differ in hidden records only, else different: every row that he sees enters, whatever its
    order, and with it the inputs that he knows of, the parameters and the code. The public's stands in the manifest,
    since the build has looked at every row for it.
    """
    if viewer.is_keeper:
        return str(manifest["edition_id"])
    if viewer.is_public and "public_id" in manifest:
        return str(manifest["public_id"])
    there = {name for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    allowed = filter_of(viewer, connection)
    # One query, because DuckDB gives a small table one thread, and most tables are small.
    each = (
        f"SELECT {quoted(table)}, count(*), sum(hash(t)) FROM ({with_literals(*rows_sql(allowed, table))}) AS t"
        for table in sorted(RULES.keys() & there)
    )
    sums = connection.execute(" UNION ALL ".join(each)).fetchall()
    # Editions that were made before there was such a table keep their ids.
    content = {table: [str(rows), str(total)] for table, rows, total in sums if rows or table not in YOUNGER_TABLES}
    known = {key: manifest.get(key) for key in ("as_of", "code")}
    known["parameters"] = {k: v for k, v in (manifest.get("parameters") or {}).items() if k not in UNTOLD}
    identity = known | {"inputs": visible_inputs(viewer, manifest), "content": content}
    return sha256(canonical_json(identity).encode()).hexdigest()[:32]


def public_id(folder: Path, manifest: dict[str, Any]) -> str:
    """The id of what everybody sees of the tables in `folder`, for the manifest that is made of them."""
    with open_edition(folder) as connection:
        return shown_edition_id(PUBLIC, connection, manifest)
