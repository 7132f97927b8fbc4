"""Runs, proposals and matches as pages and programs show them: every need and offer by what the reader sees of it now.

What a run told of a record that has been closed since is shown to nobody: only how many such lines there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from concerted.matching.asks import Need, Offer
from concerted.matching.building import Asked
from concerted.matching.conditions import Condition, conditions
from concerted.web.edition.scope import Scope
from concerted.web.matches.asked import Told, asked_in, pair_of, statement_of, told_in
from concerted.web.matches.models import Match, Run
from concerted.web.matches.queries import states_of
from concerted.web.matches.sides import kept_here

#: Lines of a table on a page.
PAGE = 40


@dataclass(frozen=True)
class Line:
    """A proposal: the pair with its words, and the match that was made of it."""

    need: Told
    offer: Told
    amount: Decimal
    met_before: float
    met_after: float
    must_agree: tuple[str, ...]
    is_new: bool
    is_accepted: bool
    match: Match | None


@dataclass(frozen=True)
class Short:
    """A need that stays open: what is missing, why, and single changes that would meet it."""

    need: Told
    met: float
    missing: float | None
    reasons: tuple[tuple[str, int], ...]
    changes: tuple[tuple[Mapping[str, Any], Told | None], ...]


@dataclass(frozen=True)
class Found:
    """What a run found, as its reader sees it now.

    Attributes:
        hidden: lines about what is not in the picture for him any more.
        value: (line, place, worth of one more dollar), the most first.
    """

    lines: tuple[Line, ...]
    short: tuple[Short, ...]
    hidden: int
    value: tuple[tuple[str, str, float], ...]
    gone: tuple[tuple[Told | None, Told | None], ...]


def found_in(scope: Scope, run: Run, node: str = "", place: str = "") -> Found:
    """What a run found, of the needs that lie in a line and a place, where these are given."""
    document: Mapping[str, Any] = run.document or {}
    asked = asked_in(scope)
    if asked is None:
        return Found((), (), 0, (), ())
    needs = {need.id: need for need in asked.needs}
    offers = {offer.id: offer for offer in asked.offers}
    wanted = {key for key, need in needs.items() if _is_in(need, node) and _is_in(need, place)}
    is_all = not node and not place

    def is_told(need: str, offer: str | None = None) -> bool:
        return need in needs and (offer is None or offer in offers)

    proposals = [p for p in document.get("proposals", ()) if p["need"] in wanted or (is_all and p["need"] not in needs)]
    unmet = [u for u in document.get("unmet", ()) if u["need"] in wanted or (is_all and u["need"] not in needs)]
    gone = [pair for pair in document.get("gone", ()) if pair[0] in wanted]
    all_needs = [*(p["need"] for p in proposals), *(u["need"] for u in unmet), *(pair[0] for pair in gone)]
    all_offers = [p["offer"] for p in proposals] + [c["offer"] for u in unmet for c in u["changes"] if c["offer"]]
    all_offers += [pair[1] for pair in gone]
    needs_told, offers_told = told_in(scope, all_needs, all_offers)
    states = states_of(scope.viewer, [(statement_of(p["need"]), statement_of(p["offer"])) for p in proposals])
    lines = tuple(
        _line(p, needs_told, offers_told, states)
        for p in proposals
        if p["need"] in needs_told and p["offer"] in offers_told
    )
    short = tuple(_short(u, needs_told, offers_told) for u in unmet if u["need"] in needs_told)
    hidden = sum(not is_told(p["need"], p["offer"]) for p in proposals) + sum(not is_told(u["need"]) for u in unmet)
    return Found(
        lines,
        short,
        hidden,
        _value(document.get("value", ()), asked, node, place),
        tuple((needs_told.get(n), offers_told.get(o)) for n, o in gone if n in needs_told and o in offers_told),
    )


def conditions_now(asked: Asked, need: str, offer: str, today: date) -> list[Condition]:
    """The conditions of a pair, worked out for this reader by what he sees; none where he does not see both."""
    by_need: dict[str, Need] = {each.id: each for each in asked.needs}
    by_offer: dict[str, Offer] = {each.id: each for each in asked.offers}
    if need not in by_need or offer not in by_offer:
        return []
    day = max(asked.as_of, today)
    found = conditions(by_need[need], by_offer[offer], day, asked.params, asked.presence)
    if (need, offer) not in asked.accepted:
        return found
    # That its need is met, or its offer used up, stands against no match that helped to it.
    by_itself = {"need_open": by_need[need].state == "met", "offer_open": by_offer[offer].state == "taken"}
    return [each for each in found if not by_itself.get(each.code)]


def met_with(asked: Asked, need: str, offer: str, amount: float) -> tuple[float, float]:
    """The part of a need's low end that is met without and with so much of an offer: accepted matches count."""
    found = next((each for each in asked.needs if each.id == need), None)
    if found is None:
        return 0.0, 0.0
    size = found.low or found.high or 1.0
    before = sum(given for (n, o), given in asked.accepted.items() if n == need and o != offer)
    return min(1.0, before / size), min(1.0, (before + amount) / size)


def told_pairs(scope: Scope | None, matches: Iterable[Match]) -> list[tuple[Match, Told | None, Told | None]]:
    """Matches with the need and the offer, null where the reader does not see them."""
    listed = list(matches)
    if scope is None:
        return [(match, None, None) for match in listed]
    pairs = [pair_of(match) for match in listed]
    needs, offers = told_in(scope, [n for n, _ in pairs], [o for _, o in pairs])
    return [(match, needs.get(n), offers.get(o)) for match, (n, o) in zip(listed, pairs, strict=True)]


def restricted(tolds: Iterable[Told | None]) -> tuple[str, ...]:
    """References of those whose restricted needs and offers a page holds, for the log: of what is kept on the site
    those who keep it, else those who are named."""
    told = [t for t in tolds if t is not None and t.row["marking_key"] != "CLEAR"]
    kept = kept_here(t.row["record_id"] for t in told) if told else {}
    found = {
        kept[t.row["record_id"]].owner.reference if t.row["record_id"] in kept else t.reference or "" for t in told
    }
    return tuple(sorted(found - {""}))


def _is_in(need: Need, key: str) -> bool:
    return not key or any(key in above for above in need.within.values())


def _line(
    proposal: Mapping[str, Any],
    needs: Mapping[str, Told],
    offers: Mapping[str, Told],
    states: Mapping[tuple[int, int], Match],
) -> Line:
    need, offer = proposal["need"], proposal["offer"]
    return Line(
        needs[need],
        offers[offer],
        Decimal(str(proposal["amount"])),
        proposal["met_before"],
        proposal["met_after"],
        tuple(proposal["must_agree"]),
        proposal["is_new"],
        proposal["is_accepted"],
        states.get((statement_of(need), statement_of(offer))),
    )


def _short(unmet: Mapping[str, Any], needs: Mapping[str, Told], offers: Mapping[str, Told]) -> Short:
    changes = [(c, offers.get(c["offer"] or "")) for c in unmet["changes"] if not c["offer"] or c["offer"] in offers]
    reasons = sorted(unmet["reasons"].items(), key=lambda r: (-r[1], r[0]))
    return Short(needs[unmet["need"]], unmet["met"], unmet["missing"], tuple(reasons), tuple(changes))


def _value(value: Sequence[Sequence[Any]], asked: Asked, node: str, place: str) -> tuple[tuple[str, str, float], ...]:
    """Of the cells in which the reader still sees a need."""
    seen = {
        (n, p)
        for need in asked.needs
        for n in need.nodes or {""}
        for p in need.places or {""}
        if _is_in(need, node) and _is_in(need, place)
    }
    found = [(n, p, float(worth)) for n, p, worth in value if (n, p) in seen and worth > 0]
    return tuple(sorted(found, key=lambda each: (-each[2], each[0], each[1])))
