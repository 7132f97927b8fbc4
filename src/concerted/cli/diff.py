"""`concerted diff`: what changed between two editions, and why."""

from typing import Annotated, Any

import typer

from concerted.cli.console import JsonOption, money, say, say_json, say_table
from concerted.cli.options import DEFAULT_DATA, Data, ViewerName, named_viewer

FOUND = 1


def diff(
    old: Annotated[str, typer.Argument(help="First digits of the older edition's id.")],
    new: Annotated[str, typer.Argument(help="First digits of the newer edition's id.")] = "current",
    data: Data = DEFAULT_DATA,
    viewer: ViewerName = "public",
    as_json: JsonOption = False,
) -> None:
    """Compare two editions: inputs, rules, records and totals; exit code 1 when they differ."""
    from concerted.publish.changes import compare
    from concerted.store.edition import find_edition

    found = compare(named_viewer(viewer), find_edition(data, old), find_edition(data, new))
    differs = found["old"] != found["new"]
    if as_json:
        say_json(found)
    else:
        inputs, records = found["inputs"], found["records"]
        for word in ("added", "removed", "changed"):
            say(f"inputs {word}: {', '.join(inputs[word]) or 'none'}")
        for rule in found["rules"]:
            say(f"rule {rule['rule']}: {rule['before']} -> {rule['after']}")
        for word in ("added", "removed", "changed"):
            say(f"records {word}: {len(records[word])}")
            for record in records[word][:20]:
                tables = f" ({', '.join(record['tables'])})" if "tables" in record else ""
                say(f"  {record['identifier'] or record['activity_id']}  {record['file']}:{record['line']}{tables}")
        columns = ("framework", "node", "kind", "best before", "best after", "because")
        rows = [
            (
                t["framework_id"],
                t["node_id"],
                t["finance_kind"],
                money(t["before"]["best_usd"]),
                money(t["after"]["best_usd"]),
                "; ".join(_because(cause, count, t["moved"][cause]) for cause, count in t["because"].items()),
            )
            for t in found["totals"]
        ]
        if rows:
            say_table("Totals that moved (USD; --json holds low, high and EUR)", columns, rows)
        else:
            say("no total moved")
    if differs:
        raise typer.Exit(FOUND)


def _because(cause: str, count: int, moved: dict[str, Any]) -> str:
    """A cause with the number of statements and what they moved; high, where best did not move."""
    best, high = moved["best_usd"], moved["high_usd"]
    if best is None:
        return f"{cause} ({count}: unknown amount)"
    return f"{cause} ({count}: {best:+,})" if best or not high else f"{cause} ({count}: high {high:+,})"
