"""The reference pages made from the core: tables and fields, issue codes, frameworks, the strategy file.

`cli/reference.py` adds the commands. The pages are committed, so that they can be read without building anything; a
test holds them equal to the code.
"""

from collections.abc import Callable

from concerted.codelists import reference as codelists
from concerted.codelists.frameworks import LANGS
from concerted.codelists.issues import catalogue
from concerted.model.tables import ON_ACTIVITY, ONE, tables

GENERATED = "<!-- Generated from the code by `make docs`; edit the source it names. -->\n\n"


def fields_page() -> str:
    """Every table with its key, columns, types and meanings, from model/fields.yml."""
    lines = [
        GENERATED + "# Tables and fields\n",
        "One Parquet file per table in an edition. `null` is *unknown*, never zero. Source: `model/fields.yml`.\n",
        f"Shares (`ppb`) are parts of {ONE:,}; `transaction_seq` {ON_ACTIVITY} stands for the activity itself; "
        "`amount` is decimal(18,4) as the source gave it, `usd` and `eur` are decimal(18,2).\n",
    ]
    for spec in tables().values():
        lines += [f"## {spec.full_name}\n", spec.doc + "\n", f"Key: {', '.join(f'`{k}`' for k in spec.key)}\n"]
        lines += ["| column | type | filled by | meaning |", "|---|---|---|---|"]
        lines += [f"| `{c.name}` | {c.type} | {c.step} | {table_cell(c.doc)} |" for c in spec.columns]
        lines.append("")
    return "\n".join(lines)


def issues_page() -> str:
    """Every issue code with what it says and what to do, in three languages, from codelists/issues.yml."""
    lines = [
        GENERATED + "# Issue codes\n",
        "What was set aside, why, and what to do. Source: `codelists/issues.yml`.\n",
    ]
    for code, entry in sorted(catalogue().items()):
        brings = f"; mending it: {entry['brings']}" if "brings" in entry else ""
        lines += [f"## {code}\n", f"Severity: {entry['severity']}{brings}\n"]
        lines += [
            f"- {lang}: {table_cell(entry['message'][lang])} *{table_cell(entry['action'][lang])}*" for lang in LANGS
        ]
        lines.append("")
    return "\n".join(lines)


def table_cell(text: str) -> str:
    """Text as a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


PAGES: dict[str, Callable[[], str]] = {
    "fields.md": fields_page,
    "issues.md": issues_page,
    "frameworks.md": codelists.frameworks_page,
    "strategy-file.md": codelists.strategy_file_page,
}
