"""A finished edition opened for questions: DuckDB over its Parquet files, nothing else within reach."""

from pathlib import Path

import duckdb


def open_edition(folder: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in which every table of the edition is a view of its own name.

    Extensions are never fetched, and no file outside the edition can be named by a query.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if threads:
        config["threads"] = threads
    connection = duckdb.connect(config=config)
    connection.execute("SET allowed_directories = [?]", [str(folder.resolve())])
    for path in sorted(folder.glob("*.parquet")):
        connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{_quoted(path.resolve())}')")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
