"""`concerted export`: a table of an edition as a file, for a viewer."""

from pathlib import Path
from typing import Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json
from concerted.cli.options import DEFAULT_DATA, Data, EditionName, ViewerName, named_viewer
from concerted.model.errors import ConfigError


def export(
    table: Annotated[str, typer.Argument(help="Table as in docs/reference/fields, for instance out_cell.")],
    target: Annotated[Path, typer.Argument(help="File to write: .csv, .xlsx, .parquet or .jsonl.")],
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    viewer: ViewerName = "public",
    as_json: JsonOption = False,
) -> None:
    """Write the rows of a table that the viewer may see."""
    from concerted.publish.tables import FORMATS, export_table
    from concerted.store.edition import find_edition

    form = target.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise ConfigError(f"{target}: ending {target.suffix!r} is not one of .{', .'.join(FORMATS)}")
    rows = export_table(named_viewer(viewer), find_edition(data, edition), table, target, form)
    if as_json:
        say_json({"table": table, "rows": rows, "file": target})
    else:
        say(f"{rows:,} rows of {table} in {target}")
