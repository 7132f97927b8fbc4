"""Options that several commands share, and what they stand for."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concerted.marking.few_people import FEW_PEOPLE

if TYPE_CHECKING:
    from concerted.marking import Viewer
    from concerted.steps import BuildRequest

Sources = Annotated[list[str], typer.Argument(help="Files, folders, globs or http(s) addresses.", show_default=False)]
Data = Annotated[Path, typer.Option("--data", help="Folder of the editions and the cache.", envvar="CONCERTED_DATA")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Worker processes that read.")]
Strategy = Annotated[
    Path | None, typer.Option("--strategy", exists=True, dir_okay=False, help="The strategy, YAML or XLSX.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day the picture is for; default: the newest of the sources."),
]
Frameworks = Annotated[
    list[str] | None,
    typer.Option("--framework", help="Shipped framework to draw besides the strategy, repeatable; default: all."),
]
EngineName = Annotated[str, typer.Option("--engine", help="duckdb, or spark=MASTER as in spark=local[2].")]
Learn = Annotated[
    bool, typer.Option("--learn", help="Also learn from the sector codes of these sources how their texts speak.")
]
Decisions = Annotated[
    Path | None,
    typer.Option("--decisions", exists=True, dir_okay=False, help="What people decided, CSV; see concerted reconcile."),
]
Memory = Annotated[str, typer.Option("--memory", help="What DuckDB may hold before it spills to disk.")]
FewPeople = Annotated[
    int,
    typer.Option(
        "--few-people",
        min=2,
        help="Counts of people from 1 to below it are not told to the public, nor what tells them.",
    ),
]
ViewerName = Annotated[str, typer.Option("--viewer", help="public, or keeper: you hold the files, you see everything.")]
EditionName = Annotated[
    str, typer.Option("--edition", help="First digits of an edition's id; default: the current one.")
]

DEFAULT_JOBS = os.cpu_count() or 1
DEFAULT_DATA = Path("data")


def build_request(
    strategy: Path | None,
    as_of: datetime | None,
    frameworks: list[str] | None,
    engine: str,
    memory: str,
    learn: bool,
    decisions: Path | None = None,
    few_people: int = FEW_PEOPLE,
) -> "BuildRequest":
    """What the options ask a build for.

    Raises:
        typer.BadParameter: `memory` is not an amount.
    """
    from concerted.steps import BuildRequest

    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", memory, re.IGNORECASE):
        raise typer.BadParameter(f"{memory!r} is no amount of memory such as 4GB or 800MB", param_hint="--memory")
    chosen = tuple(frameworks) if frameworks else None
    return BuildRequest(
        strategy,
        as_of.date() if as_of else None,
        chosen,
        engine,
        memory,
        learn=learn,
        decisions=decisions,
        few_people=few_people,
    )


def named_viewer(name: str) -> "Viewer":
    """The viewer that `--viewer` names.

    Raises:
        typer.BadParameter: neither public nor keeper.
    """
    from concerted.marking import KEEPER, PUBLIC

    viewers = {"public": PUBLIC, "keeper": KEEPER}
    if name not in viewers:
        raise typer.BadParameter(f"{name!r} is neither public nor keeper", param_hint="--viewer")
    return viewers[name]
