"""A finished edition opened for questions: DuckDB over its Parquet files, nothing else within reach."""

from pathlib import Path

import duckdb

from concerted.store.duck import NO_EXTENSIONS, quoted


def open_edition(folder: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in which every table of the edition is a view of its own name.

    Extensions are never fetched, and no file outside the edition can be named by a query.
    """
    connection = duckdb.connect(config=NO_EXTENSIONS | ({"threads": threads} if threads else {}))
    connection.execute("SET allowed_directories = [?]", [str(folder.resolve())])
    for path in sorted(folder.glob("*.parquet")):
        connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet({quoted(path.resolve())})")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
