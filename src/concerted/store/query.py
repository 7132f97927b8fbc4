"""A finished edition opened for questions: DuckDB over its Parquet files, nothing else within reach."""

from pathlib import Path

import duckdb

from concerted.model.errors import SchemaError
from concerted.model.tables import tables
from concerted.store.duck import NO_EXTENSIONS, quoted


def open_edition(folder: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in which every table of the edition is a view of its own name.

    Extensions are never fetched, and no file outside the edition can be named by a query.

    Raises:
        SchemaError: another version of Concerted made the edition, and a column is missing.
    """
    connection = duckdb.connect(config=NO_EXTENSIONS | ({"threads": threads} if threads else {}))
    connection.execute(f"SET allowed_directories = [{quoted(folder.resolve())}]")
    for path in sorted(folder.glob("*.parquet")):
        connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet({quoted(path.resolve())})")
    _check_columns(connection, folder)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


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
