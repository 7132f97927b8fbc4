"""`concerted what-if`: what changes would do to the picture, cell by cell; nothing is saved."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concerted.cli.console import JsonOption, money, say, say_json, say_table
from concerted.cli.options import DEFAULT_DATA, Data, EditionName, ViewerName, named_viewer

if TYPE_CHECKING:
    from concerted.matching.what_if.changes import Change, Problem
    from concerted.matching.what_if.sandbox import Difference, Side

_SHOWN = 40
#: What is set beside the node in the cells that are shown.
_BY = {"total": "", "place": "p", "year": "y", "both": "py"}
_STATES = {"covered": "covered", "partly": "partly", "not_covered": "not covered", "no_information": "no information"}


def what_if(
    changes: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="Changes, YAML: `changes:` with a list of move, add, end, rule and cost.",
            show_default=False,
        ),
    ],
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    viewer: ViewerName = "public",
    by: Annotated[str, typer.Option("--by", help="Cells that are shown: total, place, year or both.")] = "place",
    as_json: JsonOption = False,
) -> None:
    """Say what changes would do to the picture, of what the viewer may see. Nothing is saved."""
    from concerted.matching.what_if.sandbox import what_if as ask
    from concerted.matching.what_if.written import document, read_file
    from concerted.model.errors import ConfigError
    from concerted.publish.figures import default_framework
    from concerted.publish.lookup import find_activity, find_framework, find_node, find_place
    from concerted.store.edition import find_edition
    from concerted.store.query import open_edition

    if by not in _BY:
        raise typer.BadParameter(f"{by!r} is none of {', '.join(_BY)}", param_hint="--by")
    folder, who = find_edition(data, edition), named_viewer(viewer)
    with open_edition(folder) as connection:
        scenario = read_file(changes, lambda words: find_activity(who, connection, words))
        stated = scenario.framework
        framework = find_framework(connection, stated) if stated else default_framework(folder)

        def find(kind: str, words: str) -> str:
            if kind == "node":
                return find_node(connection, framework, words)
            return find_place(who, connection, words)

        asked = tuple(_with_ids(each, f"{changes}: changes[{n}]", find) for n, each in enumerate(scenario.changes, 1))
    try:
        compared = ask(who, folder, framework, asked)
    except ConfigError as error:
        raise ConfigError(f"{changes}: {error}") from error
    if compared.problems:
        raise ConfigError("; ".join(f"{changes}: {_problem(each)}" for each in compared.problems))
    if as_json:
        say_json(
            {
                "edition": folder.name,
                "viewer": viewer,
                "framework": framework,
                "changes": document(asked),
                "differences": [_plain(each) for each in compared.differences],
            }
        )
        return
    shown = [each for each in compared.differences if _dimensions(each) == _BY[by]]
    say(f"{len(scenario.changes)} changes on {framework}: {len(compared.differences)} cells would be others")
    say_table(
        f"By {by}" if by != "both" else "By place and year",
        ("node", "place", "year", "low to high before, USD", "after", "activities", "state"),
        [
            (
                each.node,
                each.place,
                each.period,
                _range(each.before),
                _range(each.after),
                _arrow(str(each.before.activities), str(each.after.activities)),
                _arrow(_state(each.before), _state(each.after)),
            )
            for each in shown[:_SHOWN]
        ],
    )
    if len(shown) > _SHOWN:
        say(f"  and {len(shown) - _SHOWN} more; --json has all")
    for other in (name for name in _BY if name != by):
        if not shown and any(_dimensions(each) == _BY[other] for each in compared.differences):
            say(f"  no cell of these differs; try --by {other}")
            return


def _with_ids(change: "Change", at: str, find: Callable[[str, str], str]) -> "Change":
    """A change in which nodes and places are ids, whatever people call them in the file."""
    from concerted.matching.what_if.changes import Where
    from concerted.model.errors import ConfigError

    def named(value: Any) -> Any:
        if not isinstance(value, Where):
            return value
        node, place = (v and find(k, v) for k, v in (("node", value.node), ("place", value.place)))
        return replace(value, node=node, place=place)

    try:
        parts = {f.name: named(getattr(change, f.name)) for f in fields(change)}
        parts |= {k: find(k, v) for k in ("node", "place") if isinstance(v := parts.get(k), str)}
    except ConfigError as error:
        raise ConfigError(f"{at}: {error}") from error
    return replace(change, **parts)


def _problem(problem: "Problem") -> str:
    at = f"changes[{problem.number + 1}]"
    match problem.kind:
        case "little":
            return f"{at}.move: the viewer sees {money(problem.there)} USD there at best; move no more than that"
        case "no_money":
            return f"{at}.from: no money is known there; name another node, place or year"
        case "nothing":
            return (
                f"{at}.end: the viewer sees nothing of such a project after that year; name another, or an earlier day"
            )


def _dimensions(difference: "Difference") -> str:
    return ("p" if difference.place is not None else "") + ("y" if difference.period is not None else "")


def _plain(difference: "Difference") -> dict[str, Any]:
    sides = {
        name: {each: getattr(side, each) for each in ("low", "best", "high", "activities", "state")}
        for name, side in (("before", difference.before), ("after", difference.after))
    }
    return {"node": difference.node, "place": difference.place, "year": difference.period, **sides}


def _range(side: "Side") -> str:
    if side.high is None or side.low is None:
        return money(side.high)
    return f"{side.low:,.0f} to {side.high:,.0f}"


def _state(side: "Side") -> str:
    return _STATES[side.state] if side.state else ""


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} -> {after}"
