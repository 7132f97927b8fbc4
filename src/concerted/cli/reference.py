"""The reference pages with the commands added; `make docs` runs it."""

import sys
from pathlib import Path

import typer.main

from concerted.cli.main import app
from concerted.publish.reference import GENERATED, table_cell, write_reference


def commands_page() -> str:
    """Every command with its arguments and options, from the command line itself."""
    lines = [
        GENERATED + "# Commands\n",
        "Exit codes: 0 done, 1 findings, 2 wrong command line, 3 wrong source or setting, ",
    ]
    lines[-1] += "130 stopped by Ctrl-C. `--json` answers machines.\n"
    group = typer.main.get_command(app)
    for name, command in sorted(getattr(group, "commands", {}).items()):
        lines += [f"## concerted {name}\n", (command.help or "").strip() + "\n", "| option | meaning |", "|---|---|"]
        for parameter in command.params:
            flags = ", ".join(f"`{o}`" for o in parameter.opts) or f"`{parameter.name}`"
            lines.append(f"| {flags} | {table_cell(getattr(parameter, 'help', None) or '')} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_reference(target)
    (target / "commands.md").write_text(commands_page(), "utf-8")
