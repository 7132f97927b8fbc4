"""Is an edition what its manifest says, and does it keep the laws? An independent look, by questions to the tables.

Enters: the folder of an edition. Leaves: one finding per law, with the first rows that break it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from concerted.marking.few_people import FEW_PEOPLE
from concerted.model.errors import SchemaError
from concerted.model.tables import Column, tables
from concerted.publish.laws import Law, laws
from concerted.publish.secrecy import Question, few_in_public, public_rows_of_restricted, restricted_words_in_public
from concerted.store.edition import edition_id, file_sha256, read_manifest
from concerted.store.query import is_made_by_this_version, open_edition, younger_columns

#: Offending rows that are named; the number of all stands beside them.
SHOWN = 3
#: Kinds of inputs whose records are statements.
_STATEMENTS = ("iati-activities", "hxl-3w", "sheet", "registry")
_INPUT_FIELDS = ("path", "sha256", "bytes", "kind", "licence", "seen", "read", "set_aside", "unread")


@dataclass(frozen=True)
class Finding:
    """One law and whether it holds: what was found, how often it is broken, and the first rows that break it."""

    law: str
    holds: bool
    detail: str
    broken: int = 0
    rows: tuple[str, ...] = ()
    table: str | None = None


def check_edition(folder: Path, heard: Callable[[int, int], None] | None = None) -> list[Finding]:
    """Every law with whether it holds in this edition.

    Files and manifest first; of files that are not those of the manifest nothing else is asked: they may not even be
    tables.

    Args:
        heard: told after each law how many were looked at, of about how many.
    """
    manifest = read_manifest(folder)
    findings = [_files(folder, manifest), _schemas(folder, manifest), *_manifest(folder, manifest)]
    if not (findings[0].holds and findings[1].holds):
        return findings
    with open_edition(folder) as connection:
        few = manifest["parameters"].get("few_people", FEW_PEOPLE)
        asked = [law for law in laws(few) if law.table in manifest["tables"]]
        secrets = list(public_rows_of_restricted(connection))
        few_told = few_in_public(connection, few)
        total = len(findings) + len(asked) + len(secrets) + 4
        for finding in _laws(connection, manifest, asked, secrets, few_told):
            findings.append(finding)
            if heard:
                heard(len(findings), total)
    return findings


def _laws(
    connection: duckdb.DuckDBPyConnection,
    manifest: dict[str, Any],
    asked: list[Law],
    secrets: list[Question],
    few_told: Question,
) -> Iterator[Finding]:
    yield _issues(connection, manifest)
    yield _statements(connection, manifest["inputs"])
    for law in asked:
        yield _asked(connection, law.name, law.table, law.query)
    for table, query, given in secrets:
        yield _asked(connection, "the public sees no row of a restricted statement", table, query, given)
    yield _asked(connection, "the public is told no count of few people", *few_told)
    yield _found("no public text names what is restricted", restricted_words_in_public(connection))


def _found(law: str, rows: Iterable[str]) -> Finding:
    broken = list(rows)
    return Finding(law, not broken, f"broken {len(broken)} times", len(broken), tuple(broken[:SHOWN]))


def _files(folder: Path, manifest: dict[str, Any]) -> Finding:
    """Every table is there once, with the bytes that the manifest tells, and no other."""
    entries = manifest["tables"]
    wrong = [f"{name}.parquet is missing" for name in entries if not (folder / f"{name}.parquet").is_file()]
    for name, entry in entries.items():
        path = folder / f"{name}.parquet"
        if path.is_file() and file_sha256(path) != entry["sha256"]:
            wrong.append(f"{path.name} has other bytes than the manifest says")
    wrong += [
        f"{path.name} is not in the manifest" for path in sorted(folder.glob("*.parquet")) if path.stem not in entries
    ]
    return _found("files are those of the manifest", wrong)


def _schemas(folder: Path, manifest: dict[str, Any]) -> Finding:
    """Every table of the field dictionary is there, with its columns, their types, and as many rows as told.

    What another version made may lack columns, where `younger_columns` lets it.
    """
    wrong, younger = [], dict[str, tuple[Column, ...]]()
    try:
        younger = younger_columns(folder)
    except (SchemaError, OSError, ValueError) as error:
        wrong.append(str(error))
    for spec in tables().values():
        name, path = spec.full_name, folder / f"{spec.full_name}.parquet"
        if name not in manifest["tables"]:
            if is_made_by_this_version(manifest):
                wrong.append(f"{name} is not in the manifest")
        elif path.is_file():
            try:
                found = pq.read_schema(path).remove_metadata()
                rows = pq.read_metadata(path).num_rows
            except (OSError, ValueError) as error:
                wrong.append(f"{path.name} is no table ({error})")
                continue
            lacking = {column.name for column in younger.get(name, ())}
            wanted = [field for field in spec.schema() if field.name not in lacking]
            odd = [f.name for f in wanted if f.name not in found.names or found.field(f.name).type != f.type]
            if odd or len(found) != len(wanted):
                wrong.append(f"{name} has other columns than its dictionary: {', '.join(odd) or 'more'}")
            if rows != manifest["tables"][name]["rows"]:
                wrong.append(f"{name} has {rows} rows, the manifest says {manifest['tables'][name]['rows']}")
    return _found("tables are those of the field dictionary", wrong)


def _manifest(folder: Path, manifest: dict[str, Any]) -> Iterator[Finding]:
    inputs: list[dict[str, Any]] = manifest["inputs"]
    is_own = manifest["edition_id"] == folder.name == edition_id(manifest["identity"])
    yield _found(
        "the id of the edition is that of its inputs, parameters and code",
        [] if is_own else [f"folder {folder.name}, manifest {manifest['edition_id']}"],
    )
    yield _found(
        "every input tells its hash, size, kind, licence and counts",
        [
            f"{entry.get('path')}: no {', '.join(missing)}"
            for entry in inputs
            if (missing := [name for name in _INPUT_FIELDS if name not in entry])
        ],
    )
    yield _found(
        "seen = read + set aside, for every input",
        [
            f"{i['path']}: {i['seen']} seen, {i['read']} read, {i['set_aside']} set aside"
            for i in inputs
            if i["seen"] != i["read"] + i["set_aside"] or min(i["seen"], i["read"], i["set_aside"]) < 0
        ],
    )
    unread = dict(sum((Counter(i["unread"]) for i in inputs), Counter[str]()))
    yield _found(
        "unread elements are those of the inputs",
        [
            f"{name}: {manifest['unread'].get(name)} in all, {unread.get(name)} in the inputs"
            for name in sorted(unread.keys() | manifest["unread"].keys())
            if unread.get(name) != manifest["unread"].get(name)
        ],
    )


def _issues(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> Finding:
    told = dict(connection.execute("SELECT code, CAST(sum(count) AS BIGINT) FROM out_issue GROUP BY 1").fetchall())
    said = manifest["issues"]
    return _found(
        "issues by code are those of the manifest",
        [
            f"{c}: {told.get(c)}, the manifest says {said.get(c)}"
            for c in sorted(told | said)
            if told.get(c) != said.get(c)
        ],
    )


def _statements(connection: duckdb.DuckDBPyConnection, inputs: list[dict[str, Any]]) -> Finding:
    there = dict(connection.execute("SELECT input_path, count(*) FROM core_activity GROUP BY 1").fetchall())
    read = {i["path"]: i["read"] for i in inputs if i["kind"] in _STATEMENTS}
    return _found(
        "statements are the records read, for every input",
        [
            f"{path}: {there.get(path, 0)} statements, {read.get(path, 0)} read"
            for path in sorted(there.keys() | read.keys())
            if there.get(path, 0) != read.get(path, 0)
        ],
    )


def _asked(
    connection: duckdb.DuckDBPyConnection, law: str, table: str, query: str, given: dict[str, str] | None = None
) -> Finding:
    """A law as a query that must give no row; the first rows stand in the finding."""
    cursor = connection.execute(f"SELECT *, count(*) OVER () FROM ({query}) LIMIT {SHOWN}", given or {})
    names = [column[0] for column in cursor.description or []][:-1]
    rows = cursor.fetchall()
    broken = rows[0][-1] if rows else 0
    shown = tuple(", ".join(f"{n} {v}" for n, v in zip(names, row[:-1], strict=True) if v is not None) for row in rows)
    return Finding(law, not broken, f"broken {broken} times", broken, shown, table)
