"""What is behind a figure beside its rows, as lines: its people, gross and net, and each link of its chain."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from concerted.cli.console import say, say_json
from concerted.codelists import lists
from concerted.model.finance import MONEY_KINDS

if TYPE_CHECKING:
    from concerted.cli.explain import Currency
    from concerted.marking import Viewer
    from concerted.publish.chain import Asked, End, Link
    from concerted.publish.figure import Figure
    from concerted.publish.precedence import Claim
    from concerted.publish.walk import Step

_RELATIONS = {
    "same": "is the same project as",
    "part_of": "is part of",
    "funds": "funds",
    "successor_of": "follows",
    "different": "is another project than",
}
#: Activities of one side of a link that are printed.
_ENDS_SHOWN = 3


def net_lines(total: dict[str, Any], currency: "Currency") -> list[str]:
    """How net comes from gross, in the reader's currency; nothing where nothing is told twice."""
    from concerted.records.money import xof

    column = "eur" if currency.value in ("EUR", "XOF") else "usd"
    names = [f"gross_{column}", *(f"told_twice_{bound}_{column}" for bound in ("low", "best", "high"))]
    amounts: list[Decimal] = [total[name] for name in names if total[name] is not None]
    if len(amounts) < len(names) or not any(amounts[1:]):
        return []
    if currency.value == "XOF":
        amounts = [xof(amount) or Decimal(0) for amount in amounts]
    gross, low, best, high = amounts
    unit, net = currency.value, f"{gross - high:,} low, {gross - best:,} best, {gross - low:,} high"
    lines = [f"  gross {gross:,} {unit}, less what is told twice: {low:,} certainly, {best:,} likely, {high:,} at most"]
    is_suggested = total[f"low_{column}"] < total[f"gross_{column}"] - total[f"told_twice_high_{column}"]
    rest = "; what only a suggestion relates to the node stays out of low, or of low and best" if is_suggested else ""
    return [*lines, f"  net {net} {unit}{rest}"]


def people_lines(people: dict[str, dict[str, Any]], limit: int) -> list[str]:
    """People reached and targeted, as bounds, with the largest figures behind them."""
    lines = []
    for kind, told in people.items():
        least = "" if told["at_least"] is None else f"at least {told['at_least']:,}, "
        left_out = f", {told['suppressed']} of them suppressed" if told["suppressed"] else ""
        lines.append(f"people {kind}: {least}at most {told['at_most']:,}, by {len(told['figures'])} figures{left_out}")
        for figure in told["figures"][: min(limit, _ENDS_SHOWN)]:
            who = f" ({figure['group']})" if figure["group"] else ""
            value = "suppressed" if figure["is_suppressed"] else f"{figure['value']:,}"
            lines.append(f"  {value}{who}, {figure['told_by']}; {figure['file']}:{figure['line']}")
    return lines


def say_chain(viewer: "Viewer", folder: Path, figure: "Figure", opened: dict[str, Any], limit: int) -> None:
    """Every link through which the money of a figure was told before; of one activity the chain on both sides."""
    from concerted.allocate.kinds import CHAINED
    from concerted.publish.chain import asking, end_text
    from concerted.publish.walk import further_up, told_before, walk

    with asking(viewer, folder) as asked:
        if figure.activity is not None:
            _say_relations(asked, figure.activity, limit)
            _say_claims(asked, figure.activity)
            around = walk(asked, figure.activity)
            for book in around.books():
                before, after = around.of(book)
                say("")
                say(f"The chain, {_book(book)}:")
                for step in before[:limit]:
                    _say_step("told before", step)
                    for distance, above in further_up(asked, step):
                        say(f"    {'  ' * distance}and {_giver(above.link)} told that before: {_reason(above.link)}")
                for step in after[:limit]:
                    _say_step("told again", step)
                if not before:
                    say("  nobody further up tells its money before")
            return
        ids = _activities(opened)
        for kind in sorted(set(opened["total"]) & set(CHAINED)):
            steps = told_before(asked, ids.get(kind, ()), kind)
            if not steps:
                continue
            say("")
            say(f"Told before, {kind}, link by link; amounts of the whole activity, of which a cell holds a share:")
            for step in steps[:limit]:
                _say_step("told before", step)
                say(f"    in {end_text(step.mine)}")
            if len(steps) > limit:
                say(f"  ... {len(steps) - limit} more; --limit or --json shows them")


#: Why a source counts, or why it goes on beside the other one.
_CLAIM_RULES = {
    "decided": "as its organisation decided",
    "more_open": "because more people see that source: what fewer see takes nothing away from them",
    "alone": "because the source that was decided says nothing of it",
    "coarse_view": "because some see a coarse view of it alone",
    "parts": "because the other source tells of parts, none of which speaks for the whole",
}


def _say_claims(asked: "Asked", activity: int) -> None:
    """Both claims of an organisation that publishes an activity and keeps it in the workspace too, and the rule."""
    from concerted.publish.precedence import claims_of

    claims = claims_of(asked, activity)
    if claims:
        say("")
        say("Told in two sources by its organisation, which decided which of both counts:")
    for claim in claims:
        instead = "" if claim.other_path is None else f", in its place {claim.other_path}:{claim.other_line}"
        counts = "counts" if claim.is_counted else "is kept beside and not counted"
        say(
            f"  {claim.subject}: {claim.source}{_claimed(claim)} {counts}, {_CLAIM_RULES[claim.rule]}{instead}"
            f" (decided: {claim.decided}, on {claim.decided_on}; {claim.input_path}:{claim.line})"
        )


def _claimed(claim: "Claim") -> str:
    """What a statement tells, where it is an amount or stands beside."""
    if claim.subject in MONEY_KINDS:
        return " unknown amount" if claim.usd is None else f" {claim.usd:,} USD"
    said = ", ".join(f"{name} {value}" for name, value in claim.own.items())
    return f" ({said})" if said else ""


def _say_relations(asked: "Asked", activity: int, limit: int) -> None:
    """The same project, a part, funded, following: what files declare, people judged, and what is only proposed."""
    from concerted.publish.relations import relations_of, speaks_for

    found = relations_of(asked, activity)
    if found:
        say("")
        say("What it is to other activities:")
    for relation in found[:limit]:
        one, other = ("this", "that") if relation.is_left else ("that", "this")
        sure = "declared" if relation.decided_by == "declared" else f"{relation.probability:.0%} sure"
        sure = "a person said so" if relation.decided_by == "judgement" else sure
        reasons = [lists.label("relation_reason", str(p["code"]), "en") or str(p["code"]) for p in speaks_for(relation)]
        why = f"; {', '.join(reasons)}" if reasons and relation.decided_by == "rule" else ""
        word = _RELATIONS.get(relation.relation, relation.relation)
        say(f"  {one} {word} {other} ({sure}{why}): {relation.title or 'without title'}")


def _activities(opened: dict[str, Any]) -> dict[str, set[int]]:
    from concerted.model.ids import id_from_text

    full = [(row["finance_kind"], row["activity_id"]) for row in opened["rows"] if row.get("view") != "coarse"]
    return {kind: {id_from_text(activity) for of, activity in full if of == kind} for kind, _ in full}


def _say_step(what: str, step: "Step") -> None:
    from concerted.publish.chain import end_text

    mine, link = step.mine, step.link
    amount = f"{mine.low_usd:,.0f} to {mine.high_usd:,.0f}, likely {mine.best_usd:,.0f} USD"
    say(f"  {what}: {amount}; {_reason(link)}")
    others = "by" if what == "told before" else "in"
    if not step.others:
        say(f"    {others} {_giver(link) if others == 'by' else link.receiver or 'any receiver'}")
    for end in step.others[:_ENDS_SHOWN]:
        say(f"    {others} {end_text(end)}")
    if len(step.others) > _ENDS_SHOWN:
        say(f"    {others} ... {len(step.others) - _ENDS_SHOWN} more activities; --json holds all")


def _giver(link: "Link") -> str:
    return link.giver or "some giver"


def _reason(link: "Link") -> str:
    return f"{lists.label('chain_sign', link.sign, 'en') or link.sign} ({link.percent} % sure)"


def _book(book: str) -> str:
    return lists.label("book", book, "en") or book


def say_whole_chain(viewer: "Viewer", folder: Path, limit: int, *, as_json: bool) -> None:
    """Gross and net of each book, and every link with both its ends."""
    from dataclasses import asdict

    from concerted.publish.chain import asking, links, totals

    with asking(viewer, folder) as asked:
        sums, found = totals(asked), links(asked, "spent")
    if as_json:
        say_json({"totals": [asdict(total) for total in sums], "links": [asdict(link) for link in found]})
        return
    for total in sums:
        say(
            f"{total.book}: gross {total.gross:,.0f} USD; net low {total.low:,.0f}, best {total.best:,.0f},"
            f" high {total.high:,.0f}"
        )
    say(f"{len(found)} links of all money that left, the widest range first")
    for link in found[:limit]:
        twice = f"{link.low_usd:,.0f} to {link.high_usd:,.0f}, likely {link.best_usd:,.0f} USD told twice"
        say(f"{link.book}: {twice}; {_reason(link)}")
        say(f"  {link.giver or 'any giver'} -> {link.receiver or 'any receiver'}")
        for side, ends in (("gives", link.givers), ("gets ", link.receivers)):
            _say_ends(side, ends)
    if len(found) > limit:
        say(f"... {len(found) - limit} more; --limit or --json shows them")


def _say_ends(side: str, ends: "tuple[End, ...]") -> None:
    from concerted.publish.chain import end_text

    for end in ends[:_ENDS_SHOWN]:
        say(f"    {side} {end_text(end)}")
    if len(ends) > _ENDS_SHOWN:
        say(f"    {side} ... {len(ends) - _ENDS_SHOWN} more activities; --json holds all")
