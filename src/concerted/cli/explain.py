"""`concerted explain`: open a figure down to its rows, files and lines."""

from typing import Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json, say_table
from concerted.cli.options import DEFAULT_DATA, Data, EditionName, ViewerName, named_viewer


def explain(
    framework: Annotated[
        str, typer.Option("--framework", help="Framework the figure is in; default: the strategy.")
    ] = "",
    node: Annotated[str | None, typer.Option("--node", help="Node, with all beneath it.")] = None,
    place: Annotated[str | None, typer.Option("--place", help="Place, with all within it; UNKNOWN, REGIONAL.")] = None,
    period: Annotated[int | None, typer.Option("--period", help="Calendar year.")] = None,
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
    from concerted.model.ids import id_from_text
    from concerted.publish.figures import Figure, default_framework
    from concerted.publish.figures import explain as open_figure
    from concerted.store.edition import find_edition

    folder = find_edition(data, edition)
    figure = Figure(
        framework or default_framework(folder),
        node,
        place,
        period,
        id_from_text(partner) if partner else None,
        kind,
        id_from_text(activity) if activity else None,
    )
    opened = open_figure(named_viewer(viewer), folder, figure)
    if as_json:
        say_json(opened)
        return
    for finance_kind, total in opened["total"].items():
        unvalued = f", {total['unvalued']} rows without a value" if total["unvalued"] else ""
        say(f"{finance_kind}: {total['low_usd']:,} to {total['high_usd']:,} USD, best {total['best_usd']:,}{unvalued}")
    say(f"{opened['activities']} activities, {len(opened['rows'])} rows")
    columns = ("best USD", "low", "high", "year", "node", "place", "activity", "where it stands", "why")
    rows = [
        (
            str(r["best_usd"] if r["best_usd"] is not None else "unknown"),
            str(r["low_usd"] if r["low_usd"] is not None else ""),
            str(r["high_usd"] if r["high_usd"] is not None else ""),
            str(r["period"] or "unknown"),
            r["node_id"],
            r["place_id"],
            (r.get("title") or r.get("identifier") or r["activity_id"])[:60],
            f"{r['file']}:{r['line']}" if "file" in r else "(coarse view)",
            ", ".join(r["rule"]),
        )
        for r in opened["rows"][:limit]
    ]
    say_table("", columns, rows)
    if len(opened["rows"]) > limit:
        say(f"... {len(opened['rows']) - limit} more; --limit or --json shows them")
