"""What every DuckDB connection of ours is opened with, and how SQL names a file.

Place on the way: below engine and query. Nothing is loaded here, so that whoever only asks an edition starts fast.
"""

import re
from collections.abc import Mapping
from pathlib import Path

#: Extensions are never fetched: DuckDB would otherwise call an outside host when a query names one.
NO_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def quoted(value: Path | str) -> str:
    """A path or text as a literal of SQL, for statements that take no parameters (CREATE VIEW, COPY)."""
    return "'" + str(value).replace("'", "''") + "'"


def with_literals(query: str, parameters: Mapping[str, str]) -> str:
    """`query` with its named parameters (`$name`) put in as literals: to bind the first one makes DuckDB load pandas.

    Raises:
        KeyError: the query names a parameter that is not given.
    """
    return re.sub(r"\$(\w+)", lambda found: quoted(parameters[found[1]]), query)
