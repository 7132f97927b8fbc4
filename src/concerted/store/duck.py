"""What every DuckDB connection of ours is opened with, and how SQL names a file.

Place on the way: below engine and query. Nothing is loaded here, so that whoever only asks an edition starts fast.
"""

from pathlib import Path

#: Extensions are never fetched: DuckDB would otherwise call an outside host when a query names one.
NO_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def quoted(path: Path) -> str:
    """The path as a literal of SQL, for statements that take no parameters (CREATE VIEW, COPY)."""
    return "'" + str(path).replace("'", "''") + "'"
