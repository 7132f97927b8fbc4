"""`concerted explain`: open a figure down to its rows, files and lines."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concerted.cli.console import JsonOption, money, say, say_json
from concerted.cli.options import DEFAULT_DATA, Data, EditionName, ViewerName, named_viewer

if TYPE_CHECKING:
    from concerted.marking import Viewer
    from concerted.publish.figures import Figure


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
        bool, typer.Option("--chain", help="The chain of money: gross, net, and the links; of --activity, or of all.")
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
    """Open a figure: its total, and every row behind it with file, line, rule and evidence.

    Without options: all money of the strategy, each kind by itself. Names are taken without regard to case and accents;
    where a name is unknown or shared, the near ones are offered.
    """
    from concerted.publish.figures import explain as open_figure
    from concerted.store.edition import find_edition

    folder, looker = find_edition(data, edition), named_viewer(viewer)
    if chain:
        _explain_chain(looker, folder, activity, limit, as_json)
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
    say(f"{opened['activities']} activities, {len(opened['rows'])} rows")
    if not opened["rows"]:
        say(
            "No row that you can see answers this: nobody has told of it here. That is not zero, and need not be a gap."
        )
    for row in opened["rows"][:limit]:
        for line in row_lines(row, currency):
            say(line)
    if len(opened["rows"]) > limit:
        say(f"... {len(opened['rows']) - limit} more; --limit or --json shows them")


def _explain_chain(viewer: "Viewer", folder: Path, activity: str | None, limit: int, as_json: bool) -> None:
    """Gross and net of each book, and the links with both their ends."""
    from dataclasses import asdict

    from concerted.publish import lookup
    from concerted.publish.chain import asking, end_text, links, totals
    from concerted.store.query import open_edition

    about = None
    if activity:
        with open_edition(folder) as connection:
            about = lookup.find_activity(viewer, connection, activity)
    with asking(viewer, folder) as asked:
        sums, found = totals(asked), links(asked, None if about else "spent", about)
    if as_json:
        say_json({"totals": [asdict(total) for total in sums], "links": [asdict(link) for link in found]})
        return
    if about is None:
        for total in sums:
            say(
                f"{total.book}: gross {total.gross:,.0f} USD; net low {total.low:,.0f}, best {total.best:,.0f},"
                f" high {total.high:,.0f}"
            )
    of_all = "" if about else " of all money that left"
    say(f"{len(found)} links{of_all}, the widest range first")
    for link in found[:limit]:
        twice = f"{link.low_usd:,.0f} to {link.high_usd:,.0f}, likely {link.best_usd:,.0f} USD told twice"
        say(f"{link.book}, {link.sign.replace('_', ' ')} ({link.percent} % sure): {twice}")
        say(f"  {link.giver or 'any giver'} -> {link.receiver or 'any receiver'}")
        for side, ends in (("gives", link.givers), ("gets ", link.receivers)):
            for end in ends[:_ENDS_SHOWN]:
                say(f"    {side} {end_text(end)}")
            if len(ends) > _ENDS_SHOWN:
                say(f"    {side} ... {len(ends) - _ENDS_SHOWN} more activities; --json holds all")
    if len(found) > limit:
        say(f"... {len(found) - limit} more; --limit or --json shows them")


#: Activities of a link that are printed on each side.
_ENDS_SHOWN = 3


def _figure(viewer: "Viewer", folder: Path, asked: tuple[str | None, ...]) -> "Figure":
    """What is asked for, with names turned into the ids of this edition.

    Raises:
        typer.BadParameter: the period is no year.
        ConfigError: a name is unknown or shared.
    """
    from concerted.publish import lookup
    from concerted.publish.figures import Figure, default_framework
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
