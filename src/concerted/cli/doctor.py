"""`concerted doctor`: what is wrong with this installation, and what to do."""

from dataclasses import asdict
from pathlib import Path

import typer

from concerted.cli.console import JsonOption, say, say_json
from concerted.cli.options import DEFAULT_DATA, Data
from concerted.cli.registry import open_registry

_SIGNS = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}


def doctor(data: Data = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Look at settings, registry, log, workers, tasks, editions, backups, mail and disk; say what is wrong, what to do.

    Changes nothing. Exit code 1 where something is an error.
    """
    open_registry(data)
    from concerted.web.config.health import examine

    findings = examine(Path(data).resolve())
    if as_json:
        say_json([asdict(each) for each in findings])
    else:
        for each in findings:
            say(f"{_SIGNS[each.state]} {each.check}: {each.says}")
            if each.do:
                say(f"        -> {each.do}")
    if any(each.state == "error" for each in findings):
        raise typer.Exit(1)
