"""A finished edition opened for questions: DuckDB over its Parquet files, nothing else within reach."""

from pathlib import Path

import duckdb

from concerted.model.errors import SchemaError
from concerted.model.tables import tables
from concerted.store.duck import NO_EXTENSIONS, quoted

#: Columns that editions of older versions lack and that are null there: a released edition outlives an upgrade. None
#: that a marking or a figure rests on is ever among them.
YOUNGER = {"core_activity": {"validation": "VARCHAR"}}


def open_edition(folder: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in which every table of the edition is a view of its own name.

    Extensions are never fetched, and no file outside the edition can be named by a query.

    Raises:
        SchemaError: another version of Concerted made the edition, and a column is missing.
    """
    connection = duckdb.connect(config=NO_EXTENSIONS | ({"threads": threads} if threads else {}))
    connection.execute(f"SET allowed_directories = [{quoted(folder.resolve())}]")
    # An edition never changes; without this each query reads the footers of its files anew, a third of a short one.
    connection.execute("SET parquet_metadata_cache = true")
    for path in sorted(folder.glob("*.parquet")):
        connection.execute(f"CREATE VIEW {path.stem} AS {_rows(connection, path)}")
    _check_columns(connection, folder)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _rows(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    source = f"read_parquet({quoted(path.resolve())})"
    younger = YOUNGER.get(path.stem, {})
    there = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()} if younger else set()
    added = "".join(f", CAST(NULL AS {kind}) AS {name}" for name, kind in younger.items() if name not in there)
    return f"SELECT *{added} FROM {source}"


def _check_columns(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Tables may be absent, as where a step made none; one that is there has the columns that questions name."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    for spec in tables().values():
        missing = [c.name for c in spec.columns if c.name not in found.get(spec.full_name, {c.name})]
        if missing:
            raise SchemaError(
                f"edition {folder.name} was made by another version of Concerted: {spec.full_name} has no "
                f"{', '.join(missing)}; build it again from its sources"
            )
