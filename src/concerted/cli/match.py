"""`concerted match`: which offer could meet which need, why, and what would have to change where none can."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from concerted.cli.console import JsonOption, say, say_json, say_table
from concerted.cli.options import DEFAULT_DATA, Data, EditionName, ViewerName, named_viewer

_SHOWN = 20
_OFTEN = 4
#: A change as a sentence; `{offer}` is whose, `{value}` the new value, `{amount}` how much more.
_CHANGES = {
    "offer_place": "{offer} also for {value}",
    "offer_node": "{offer} also for line {value}",
    "offer_receiver": "{offer} also for receivers of type {value}",
    "offer_language": "{offer} also in {value}",
    "offer_expiry": "{offer} stays open until {value}",
    "offer_end": "{offer} can be given until {value}",
    "offer_start": "{offer} can be given from {value}",
    "offer_least": "{offer} gives from {value} to one need",
    "offer_most": "{offer} has {amount:,.0f} more",
    "need_least": "the need takes from {value} at once",
    "need_end": "the need waits until {value}",
    "need_due_diligence": "due diligence is recorded as done",
    "capacity": "{value} can take {amount:,.0f} more",
    "most_partners": "up to {value} partners on a line in a place",
}


def match(
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    viewer: ViewerName = "public",
    rules: Annotated[
        Path | None, typer.Option("--rules", exists=True, dir_okay=False, help="Weights and limits, YAML.")
    ] = None,
    last: Annotated[
        Path | None, typer.Option("--last", exists=True, dir_okay=False, help="The run before, as --save wrote it.")
    ] = None,
    accepted: Annotated[
        Path | None,
        typer.Option("--accepted", exists=True, dir_okay=False, help="CSV: need, offer, amount that both accepted."),
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", dir_okay=False, help="File for this run, JSON.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose matches of needs and offers, of those that the viewer may see. Nothing is decided by it."""
    from concerted.matching.asks import MatchParams
    from concerted.matching.files import read_accepted, read_last, read_rules
    from concerted.matching.reading import read_asked
    from concerted.matching.run import as_document, run
    from concerted.store.edition import find_edition, write_atomically

    folder = find_edition(data, edition)
    params = read_rules(rules) if rules else MatchParams()
    asked = read_asked(named_viewer(viewer), folder, params, read_last(last) if last else None)
    if accepted:
        asked = replace(asked, accepted=read_accepted(accepted, asked))
    found = run(asked)
    codes = {need.id: need.code for need in asked.needs} | {offer.id: offer.code for offer in asked.offers}
    document: dict[str, Any] = {"edition": folder.name, "viewer": viewer, "codes": codes} | as_document(found, asked)
    if save:
        write_atomically(save, json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n")
    if as_json:
        say_json(document)
        return
    say(f"{len(asked.needs)} needs, {len(asked.offers)} offers, as of {asked.as_of}: {len(found.proposals)} proposals")
    say(f"no plan is better by more than {found.gap:.2%} (proven)")
    for name, (before, after) in found.worst.items():
        say(f"worst {name}: {before:.0%} of its weighted need met before fairness, {after:.0%} after")
    units = {need.id: "USD" if need.kind == "money" else need.kind for need in asked.needs}
    rows = [
        (
            codes[p.need],
            codes[p.offer],
            f"{p.amount:,.0f} {units[p.need]}",
            f"{p.met_after:.0%}",
            ", ".join(p.must_agree),
        )
        for p in found.proposals
    ]
    say_table("Proposals", ("need", "offer", "amount", "of low end", "who must agree"), rows)
    short = [
        (
            codes[u.need],
            "unknown" if u.missing is None else f"{u.missing:,.0f} {units[u.need]}",
            ", ".join(f"{code} {count}" for code, count in sorted(u.reasons.items(), key=lambda r: -r[1])[:_OFTEN]),
            " | ".join(change_text(asdict_of(c), codes) for c in u.changes) or "no single change",
        )
        for u in found.unmet[:_SHOWN]
    ]
    say_table("Not met", ("need", "missing", "why not (offers)", "one change that would meet it, tried"), short)
    if len(found.unmet) > _SHOWN:
        say(f"  and {len(found.unmet) - _SHOWN} more; --json has all")
    if asked.last:
        say(f"against the last run: {found.new} new, {len(found.gone)} gone, {found.changed} in another amount")


def asdict_of(change: Any) -> dict[str, Any]:
    """A change as plain values."""
    return {"what": change.what, "offer": change.offer, "value": change.value, "amount": change.amount}


def change_text(change: dict[str, Any], codes: dict[str, str]) -> str:
    """A change as a sentence."""
    return _CHANGES[change["what"]].format(
        offer=codes.get(change["offer"] or "", ""), value=change["value"], amount=change["amount"]
    )
