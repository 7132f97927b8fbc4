"""`concerted explain`: open a figure down to its rows, files and lines."""

from typing import Annotated, Any

import typer

from concerted.cli.console import JsonOption, money, say, say_json
from concerted.cli.options import DEFAULT_DATA, Data, EditionName, ViewerName, named_viewer


def explain(
    framework: Annotated[
        str, typer.Option("--framework", help="Framework the figure is in; default: the strategy.")
    ] = "",
    node: Annotated[str | None, typer.Option("--node", help="Node, with all beneath it.")] = None,
    place: Annotated[str | None, typer.Option("--place", help="Place, with all within it; UNKNOWN, REGIONAL.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="Calendar year, or unknown.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="commitment, disbursement, expenditure, ...")] = None,
    partner: Annotated[str | None, typer.Option("--partner", help="Id of the reporting partner.")] = None,
    activity: Annotated[str | None, typer.Option("--activity", help="Id of one activity.")] = None,
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    viewer: ViewerName = "public",
    limit: Annotated[int, typer.Option(help="Rows to show; JSON holds all.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """Open a figure: its total, and every row behind it with file, line, rule and evidence."""
    from concerted.publish.figures import Figure, default_framework
    from concerted.publish.figures import explain as open_figure
    from concerted.store.edition import find_edition

    if period is not None and period != "unknown" and not period.isdecimal():
        raise typer.BadParameter(f"{period!r} is neither a year nor unknown", param_hint="--period")
    folder = find_edition(data, edition)
    figure = Figure(
        framework or default_framework(folder),
        node,
        place,
        int(period) if period and period != "unknown" else None,
        period == "unknown",
        _id(partner, "--partner"),
        kind,
        _id(activity, "--activity"),
    )
    opened = open_figure(named_viewer(viewer), folder, figure)
    if as_json:
        say_json(opened)
        return
    for finance_kind, total in opened["total"].items():
        unvalued = f", {total['unvalued']} rows without a value" if total["unvalued"] else ""
        say(f"{finance_kind}: {_range(total, finance_kind)}{unvalued}")
    say(f"{opened['activities']} activities, {len(opened['rows'])} rows")
    for row in opened["rows"][:limit]:
        for line in row_lines(row):
            say(line)
    if len(opened["rows"]) > limit:
        say(f"... {len(opened['rows']) - limit} more; --limit or --json shows them")


def _range(amounts: dict[str, Any], finance_kind: str) -> str:
    if amounts["high_usd"] is None:
        return "no money" if finance_kind == "presence" else "unknown amount"
    return f"{amounts['low_usd']:,} to {amounts['high_usd']:,} USD, best {amounts['best_usd']:,}"


def _id(text: str | None, option: str) -> int | None:
    from concerted.model.ids import id_from_text

    try:
        return id_from_text(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def row_lines(row: dict[str, Any]) -> list[str]:
    """One row as people read it: the amount and its cell, what it is, where it stands, why it counts so."""
    year, place = row["period"] or "year unknown", row["place_id"]
    kind, why = row["finance_kind"], ", ".join(row["rule"])
    lines = ["", f"{_range(row, kind)}  {kind}  {year}  {row['node_id']}  {place}  [{why}]"]
    if row.get("view") == "coarse":
        return [*lines, f"  activity {row['activity_id']}, shown in its coarse view"]
    lines.append(f"  {row['title'] or '(no title)'}  {row['identifier'] or row['activity_id']}  {row['organisation']}")
    lines.append(f"  {row['file']}:{row['line']}")
    for label in row["labels"]:
        words = [str(e.get("words") or e.get("code")) for e in label["evidence"] if e.get("words") or e.get("code")]
        lines.append(f"  node by {label['method']} ({label['probability']:.2f}): {', '.join(words) or 'see --json'}")
    for t in row["transactions"][:5]:
        rate = f", rate of {t['rate_date']} ({t['rate_source']})" if t["rate_date"] else ""
        stated, valued = f"{money(t['value'])} {t['currency']}", f"{money(t['value_usd'])} USD"
        lines.append(f"  line {t['line']}: {stated} on {t['date']} = {valued}{rate}")
    if len(row["transactions"]) > 5:
        lines.append(f"  and {len(row['transactions']) - 5} more transactions")
    return lines
