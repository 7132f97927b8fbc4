"""A finished edition opened for questions: DuckDB over its Parquet files, nothing else within reach."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from concerted.model.errors import SchemaError
from concerted.model.tables import Column, TableSpec, tables
from concerted.store.code import code_version
from concerted.store.duck import NO_EXTENSIONS, quoted
from concerted.store.edition import MANIFEST, file_sha256, read_manifest

#: Types of DuckDB by the type words of the field dictionary.
_TYPES = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "binary": "BLOB",
    "amount": "DECIMAL(18, 4)",
    "usd": "DECIMAL(18, 2)",
    "eur": "DECIMAL(18, 2)",
    "ppb": "BIGINT",
}
#: The table that says which counts of people the public is not told.
SUPPRESSED = "out_suppressed"
#: Tables with such counts -> what stands in `seq` and `name` of that table, and the columns that it may name.
COUNTS_OF_PEOPLE = {
    "core_people": ("seq", "''", ("value",)),
    "core_indicator": ("seq", "''", ("baseline_value",)),
    "core_indicator_period": ("seq", "''", ("target_value", "actual_value")),
    "core_attribute": ("-1", "name", ("value",)),
    "core_term": ("seq", "kind", ("people",)),
}
#: Columns that say who may see a row and what of it: unknown there would be read as open by some question.
_WHO_SEES = frozenset(
    {
        "view",
        "marking_key",
        "coarse_marking_key",
        "precise_marking_key",
        "coarse_place_level",
        "is_partner_hidden",
        "coarse_is_current",
    }
)
#: Tables that editions of older versions lack, and that are empty there.
YOUNGER_TABLES = ("core_precedence",)
#: Tables that every open edition has, of whatever version.
STAND_INS = (*YOUNGER_TABLES, SUPPRESSED)


def open_edition(folder: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in which every table of the edition is a view of its own name.

    Extensions are never fetched, and no file outside the edition can be named by a query. Columns that an edition of
    another version lacks are null there, of their type: see `younger_columns`. Where it does not say which counts of
    people the public is not told, the public is told none.

    Raises:
        SchemaError: a column is missing that may not be, or the file is not the one that the build wrote.
    """
    connection = duckdb.connect(config=NO_EXTENSIONS | ({"threads": threads} if threads else {}))
    connection.execute(f"SET allowed_directories = [{quoted(folder.resolve())}]")
    # An edition never changes; without this each query reads the footers of its files anew, a third of a short one.
    connection.execute("SET parquet_metadata_cache = true")
    younger = younger_columns(folder)
    for path in sorted(folder.glob("*.parquet")):
        columns = _with_unknown(path.stem, younger[path.stem]) if path.stem in younger else "*"
        connection.execute(f"CREATE VIEW {path.stem} AS SELECT {columns} FROM read_parquet({quoted(path.resolve())})")
    for table in YOUNGER_TABLES:
        if not (folder / f"{table}.parquet").is_file():
            connection.execute(f"CREATE VIEW {table} AS {_nothing(table)}")
    if not (folder / f"{SUPPRESSED}.parquet").is_file():
        connection.execute(f"CREATE VIEW {SUPPRESSED} AS {_all_suppressed(folder)}")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _nothing(table: str) -> str:
    """A query for no row of a table, with its columns."""
    spec = next(each for each in tables().values() if each.full_name == table)
    columns = (f"CAST(NULL AS {_TYPES[column.type]}) AS {column.name}" for column in spec.columns)
    return f"SELECT {', '.join(columns)} WHERE false"


def _all_suppressed(folder: Path) -> str:
    """Every count of people as one that the public is not told."""
    found = ["SELECT '' AS in_table, 0 AS record_id, -1 AS seq, '' AS name, '' AS \"column\" WHERE false"]
    for table, (seq, name, columns) in COUNTS_OF_PEOPLE.items():
        if (folder / f"{table}.parquet").is_file():
            found += [f"SELECT '{table}', record_id, {seq}, {name}, '{column}' FROM {table}" for column in columns]
    return " UNION ALL ".join(found)


def younger_columns(folder: Path) -> dict[str, tuple[Column, ...]]:
    """Columns by table that the field dictionary has and this edition lacks, because another version made it.

    A released edition outlives an upgrade: what it never said is unknown. That is no way to hide damage: the code that
    made it must be another one, and a file that lacks a column must be, byte for byte, the one that the build wrote.
    Keys and columns that say who may see a row are never unknown.

    Raises:
        SchemaError: the edition lacks a column and one of this does not hold.
    """
    found: dict[str, tuple[Column, ...]] = {}
    for spec in tables().values():
        path = folder / f"{spec.full_name}.parquet"
        if not path.is_file():
            continue  # tables may be absent, as where a step made none
        there = set(pq.read_schema(path).names)
        lacking = tuple(column for column in spec.columns if column.name not in there)
        if lacking:
            _check_older(folder, path, spec, lacking)
            found[spec.full_name] = lacking
    return found


def is_made_by_this_version(manifest: dict[str, Any]) -> bool:
    """Whether the code that runs here made an edition; one that says nothing of it is taken for ours."""
    return manifest.get("code", {}).get("hash") in (None, code_version())


def _check_older(folder: Path, path: Path, spec: TableSpec, lacking: tuple[Column, ...]) -> None:
    names = ", ".join(column.name for column in lacking)
    manifest = read_manifest(folder) if (folder / MANIFEST).is_file() else {}
    entry: dict[str, Any] = manifest.get("tables", {}).get(spec.full_name, {})
    if is_made_by_this_version(manifest) or entry.get("sha256") != file_sha256(path):
        raise SchemaError(
            f"edition {folder.name} is damaged: {spec.full_name} has no {names}, and is not what its manifest says; "
            "restore it from a backup, or build it again from its sources"
        )
    if (_WHO_SEES | set(spec.key)) & {column.name for column in lacking}:
        raise SchemaError(
            f"edition {folder.name} was made by another version of Concerted: {spec.full_name} has no {names}; "
            "build it again from its sources"
        )


def _with_unknown(table: str, lacking: tuple[Column, ...]) -> str:
    """The columns of a table in the order of the field dictionary, null where the edition lacks them."""
    (spec,) = (each for each in tables().values() if each.full_name == table)
    names = {column.name for column in lacking}
    return ", ".join(
        f'CAST(NULL AS {_TYPES[c.type]}) AS "{c.name}"' if c.name in names else f'"{c.name}"' for c in spec.columns
    )
