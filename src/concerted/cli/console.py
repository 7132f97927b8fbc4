"""How commands speak: tables and progress bars for people on a terminal, JSON for machines with `--json`."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from concerted.build import Watcher

JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON, for machines.")]


def say(text: str) -> None:
    """One line for people, on standard output."""
    typer.echo(text)


def say_error(text: str) -> None:
    """One line on standard error."""
    typer.secho(text, fg=typer.colors.RED, err=True)


def say_json(value: Any) -> None:
    """A value as JSON on standard output; ids, dates and decimals as text."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str))


def money(amount: Any) -> str:
    """An amount as people read it; null is said, never shown as nothing or zero."""
    return "unknown" if amount is None else f"{amount:,}"


def say_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table for people; numbers stand to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    for index, name in enumerate(columns):
        is_number = any(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row))
    Console().print(table)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}".replace(",", " ") if isinstance(value, int) and not isinstance(value, bool) else str(value)


@contextmanager
def watching(*, quiet: bool) -> Iterator["Watcher"]:
    """A watcher that draws a bar with counts and speed while inputs are read, and a line per step."""
    from concerted.build import Watcher

    if quiet or not sys.stderr.isatty():
        yield Watcher()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("read", total=None, note="")

        def on_reading(state: Any) -> None:
            progress.update(
                task,
                completed=state.bytes,
                total=state.of_bytes,
                note=f"{state.inputs}/{state.of_inputs} files, {state.records:,} records",
            )

        yield Watcher(on_reading, lambda name, seconds: progress.console.print(f"  {name:<10} {seconds:7.2f} s"))
