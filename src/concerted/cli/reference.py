"""Every reference page, with the commands added: `make docs` writes them, a test holds the committed ones current."""

import sys
from pathlib import Path

import typer.main

from concerted.cli.main import app
from concerted.publish.reference import GENERATED, PAGES, table_cell


def commands_page() -> str:
    """Every command with its arguments and options, from the command line itself."""
    lines = [
        GENERATED + "# Commands\n",
        "Exit codes: 0 done, 1 findings, 2 wrong command line, 3 wrong source or setting, 130 stopped by Ctrl-C. "
        "`--json` answers machines.\n",
    ]
    group = typer.main.get_command(app)
    for name, command in sorted(getattr(group, "commands", {}).items()):
        lines += [f"## concerted {name}\n", (command.help or "").strip() + "\n", "| option | meaning |", "|---|---|"]
        for parameter in command.params:
            flags = ", ".join(f"`{o}`" for o in parameter.opts) or f"`{parameter.name}`"
            lines.append(f"| {flags} | {table_cell(getattr(parameter, 'help', None) or '')} |")
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """File name and text of every reference page."""
    return {name: page() for name, page in PAGES.items()} | {"commands.md": commands_page()}


if __name__ == "__main__":
    for name, text in pages().items():
        (Path(sys.argv[1]) / name).write_text(text, "utf-8")
