"""`concerted explain`: open a figure down to its rows, files and lines."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concerted.cli.console import JsonOption, money, say, say_json
from concerted.cli.options import DEFAULT_DATA, Data, EditionName, ViewerName, named_viewer

if TYPE_CHECKING:
    from concerted.marking import Viewer
    from concerted.publish.figure import Figure


class Currency(Enum):
    """In what amounts are shown; JSON holds dollars and euros."""

    USD = "USD"
    EUR = "EUR"
    XOF = "XOF"


def explain(
    framework: Annotated[
        str, typer.Option("--framework", help="Framework the figure is in, by id or name; default: the strategy.")
    ] = "",
    node: Annotated[
        str | None, typer.Option("--node", help="Node, with all beneath it, by id or name; UNCLASSIFIED.")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="Place, with all within it, by code or name; UNKNOWN, REGIONAL.")
    ] = None,
    period: Annotated[str | None, typer.Option("--period", help="Calendar year, or unknown.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="commitment, disbursement, .. as named in fr, en or ar; presence.")
    ] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", help="Reporting partner, by id, reference or name.")
    ] = None,
    activity: Annotated[
        str | None, typer.Option("--activity", help="One activity, by id or published identifier.")
    ] = None,
    chain: Annotated[
        bool, typer.Option("--chain", help="The whole chain of money instead of a figure: gross, net, every link.")
    ] = False,
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    viewer: ViewerName = "public",
    currency: Annotated[Currency, typer.Option(case_sensitive=False, help="Currency of the amounts shown.")] = (
        Currency.USD
    ),
    limit: Annotated[int, typer.Option(min=0, help="Rows to show; JSON holds all.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """Open a figure: its total, every row behind it with file, line, rule and evidence, and its chain of money.

    The total is net: all that is told, less what somebody further up told before, link by link. With --activity the
    chain is followed further up, and down to who tells the money again.

    Without options: all money of the strategy, each kind by itself. Names are taken without regard to case and accents;
    where a name is unknown or shared, the near ones are offered.
    """
    from concerted.cli.explain_behind import net_lines, people_lines, say_chain
    from concerted.publish.figures import explain as open_figure
    from concerted.store.edition import find_edition

    folder, looker = find_edition(data, edition), named_viewer(viewer)
    if chain:
        from concerted.cli.explain_behind import say_whole_chain

        say_whole_chain(looker, folder, limit, as_json=as_json)
        return
    figure = _figure(looker, folder, (framework, node, place, period, partner, kind, activity))
    opened = open_figure(looker, folder, figure)
    if as_json:
        say_json(opened)
        return
    asked = ", ".join(f"{name} {value}" for name, value in opened["figure"].items())
    say(f"edition {opened['edition'][:12]}, as of {opened['as_of']}: {asked}")
    for finance_kind, total in opened["total"].items():
        unvalued = f", {total['unvalued']} rows without a value" if total["unvalued"] else ""
        say(f"{finance_kind}: {_range(total, finance_kind, currency)}{unvalued}")
        for line in net_lines(total, currency):
            say(line)
    say(f"{opened['activities']} activities, {len(opened['rows'])} rows")
    for line in people_lines(opened["people"], limit):
        say(line)
    if not opened["rows"]:
        say(
            "No row that you can see answers this: nobody has told of it here. That is not zero, and need not be a gap."
        )
    for row in opened["rows"][:limit]:
        for line in row_lines(row, currency):
            say(line)
    if len(opened["rows"]) > limit:
        say(f"... {len(opened['rows']) - limit} more; --limit or --json shows them")
    say_chain(looker, folder, figure, opened, limit)


def _figure(viewer: "Viewer", folder: Path, asked: tuple[str | None, ...]) -> "Figure":
    """What is asked for, with names turned into the ids of this edition.

    Raises:
        typer.BadParameter: the period is no year.
        ConfigError: a name is unknown or shared.
    """
    from concerted.publish import lookup
    from concerted.publish.figure import Figure
    from concerted.publish.figures import default_framework
    from concerted.store.query import open_edition

    framework, node, place, period, partner, kind, activity = asked
    if period is not None and period != "unknown" and not period.isdecimal():
        raise typer.BadParameter(f"{period!r} is neither a year nor unknown", param_hint="--period")
    with open_edition(folder) as connection:
        tree = lookup.find_framework(connection, framework) if framework else default_framework(folder)
        return Figure(
            framework=tree,
            node=lookup.find_node(connection, tree, node) if node else None,
            place=lookup.find_place(viewer, connection, place) if place else None,
            period=int(period) if period and period != "unknown" else None,
            is_undated=period == "unknown",
            org=lookup.find_partner(viewer, connection, partner) if partner else None,
            finance_kind=lookup.find_kind(kind) if kind else None,
            activity=lookup.find_activity(viewer, connection, activity) if activity else None,
        )


def _range(amounts: dict[str, Any], finance_kind: str, currency: Currency) -> str:
    from concerted.records.money import xof

    column = "usd" if currency is Currency.USD else "eur"
    low, best, high = (amounts[f"{bound}_{column}"] for bound in ("low", "best", "high"))
    if high is None:
        return "no money" if finance_kind == "presence" else "unknown amount"
    if currency is Currency.XOF:
        low, best, high = xof(low), xof(best), xof(high)
    return f"{low:,} to {high:,} {currency.value}, best {best:,}"


def row_lines(row: dict[str, Any], currency: Currency = Currency.USD) -> list[str]:
    """One row as people read it: the amount and its cell, what it is, where it stands, why it counts so."""
    year, place = row["period"] or "year unknown", row["place_id"]
    kind, why = row["finance_kind"], ", ".join(row["rule"])
    lines = ["", f"{_range(row, kind, currency)}  {kind}  {year}  {row['node_id']}  {place}  [{why}]"]
    if row.get("view") == "coarse":
        return [*lines, f"  activity {row['activity_id']}, shown in its coarse view"]
    lines.append(f"  {row['title'] or '(no title)'}  {row['identifier'] or row['activity_id']}  {row['organisation']}")
    lines.append(f"  {row['file']}:{row['line']}" + (f" in sheet {row['sheet']}" if row["sheet"] else ""))
    for label in row["labels"]:
        words = [str(e.get("words") or e.get("code")) for e in label["evidence"] if e.get("words") or e.get("code")]
        lines.append(f"  node by {label['method']} ({label['probability']:.2f}): {', '.join(words) or 'see --json'}")
    for t in row["transactions"][:5]:
        rate = f", rate of {t['rate_date']} ({t['rate_source']})" if t["rate_date"] else ""
        valued = f"{money(t['value_usd'])} USD" if currency is Currency.USD else f"{money(t['value_eur'])} EUR"
        stated = f"{money(t['value'])} {t['currency'] or '(no currency)'}"
        lines.append(f"  line {t['line']}: {stated} on {t['date'] or 'an unknown day'} = {valued}{rate}")
    if len(row["transactions"]) > 5:
        lines.append(f"  and {len(row['transactions']) - 5} more transactions")
    return lines
