"""The single change that would meet an unmet need: which earmark, which date, which minimum, how much more.

Place on the way: behind a plan. A need and the plan enter; changes leave, each tried: it is made, the model is solved
again with all other matches held, and only what then meets the need is told. So nobody loses by a change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Literal

from concerted.matching.asks import Need, Offer
from concerted.matching.building import Asked, build
from concerted.matching.conditions import Condition, conditions
from concerted.matching.solver import solve

What = Literal[
    "offer_place",
    "offer_node",
    "offer_receiver",
    "offer_language",
    "offer_expiry",
    "offer_end",
    "offer_start",
    "offer_least",
    "offer_most",
    "need_least",
    "need_end",
    "need_due_diligence",
    "capacity",
    "most_partners",
]
#: Changes that cost nobody money come first.
_ORDER: tuple[What, ...] = (
    "need_due_diligence",
    "offer_end",
    "offer_start",
    "offer_expiry",
    "need_end",
    "offer_least",
    "need_least",
    "offer_place",
    "offer_node",
    "offer_receiver",
    "offer_language",
    "most_partners",
    "capacity",
    "offer_most",
)
_RELAXED: dict[str, What] = {
    "place": "offer_place",
    "node": "offer_node",
    "receiver": "offer_receiver",
    "language": "offer_language",
    "expiry": "offer_expiry",
    "due_diligence": "need_due_diligence",
    "concentration": "most_partners",
}
#: So many changes are tried and told for a need at most.
_TRIED, _TOLD = 40, 3


@dataclass(frozen=True)
class Change:
    """One change. `offer` is whose, null where it is the need's or a rule's; `value` the new value, as text."""

    what: What
    offer: str | None
    value: str
    amount: float = 0.0


def apply(asked: Asked, need_id: str, change: Change) -> Asked:
    """What is asked when the change is made, for this need alone where it is an earmark."""
    need = next(n for n in asked.needs if n.id == need_id)
    if change.what == "most_partners":
        return replace(asked, params=replace(asked.params, most_partners=int(change.value)))
    if change.what == "capacity":
        capacity = {**asked.params.capacity, change.value: asked.params.capacity[change.value] + change.amount}
        return replace(asked, params=replace(asked.params, capacity=capacity))
    if change.what.startswith("need_"):
        changed = _need(need, change)
        return replace(asked, needs=tuple(changed if n.id == need_id else n for n in asked.needs))
    offers = tuple(_offer(o, need, change) if o.id == change.offer else o for o in asked.offers)
    return replace(asked, offers=offers)


def changes_for(asked: Asked, need: Need, plan: Mapping[tuple[str, str], float]) -> list[Change]:
    """Up to three changes each of which alone meets the need while all others keep what they have; cheapest first.

    Empty where none does: no offer of its kind, an amount that nobody knows, or more than one thing in the way.
    """
    if need.high is None or need.high <= 0:
        return []
    own = sum(amount for (n, _), amount in plan.items() if n == need.id)
    missing = need.met_from - own
    tried = sorted(
        set(_candidates(asked, need, plan, missing)),
        key=lambda c: (c.amount if c.what == "offer_most" else 0.0, _ORDER.index(c.what), c.offer or "", c.value),
    )
    found: list[Change] = []
    for change in tried[:_TRIED]:
        if meets(asked, need.id, change, plan):
            found.append(change)
            if len(found) == _TOLD:
                break
    return found


def meets(asked: Asked, need_id: str, change: Change, plan: Mapping[tuple[str, str], float]) -> bool:
    """Whether the need is met when the change is made and all other matches stay as they are: solved again."""
    changed = apply(asked, need_id, change)
    need = next(n for n in changed.needs if n.id == need_id)
    held = {pair: amount for pair, amount in plan.items() if pair[0] != need_id}
    built = build(changed, need_id, held)
    amounts = built.amounts(solve(built.problem).amounts)
    return sum(amounts.values()) >= need.met_from - 1e-6 * max(1.0, need.met_from)


def _candidates(asked: Asked, need: Need, plan: Mapping[tuple[str, str], float], missing: float) -> Iterator[Change]:
    """Changes that may do; each is tried afterwards."""
    may_be = (o for o in asked.offers if o.kind == need.kind and (need.id, o.id) not in asked.declined)
    for offer in sorted(may_be, key=lambda o: o.id):
        broken = [c for c in conditions(need, offer, asked.as_of, asked.params, asked.presence) if not c.is_met]
        left = (offer.most or 0.0) - sum(amount for (_, m), amount in plan.items() if m == offer.id)
        if len(broken) == 1:
            yield from _relaxing(asked, need, offer, broken[0])
        elif not broken:
            yield from _more(need, offer, left, missing)
    room = need.high or 0.0
    for name in asked.params.capacity:
        yield Change("capacity", None, name, float(ceil(room * asked.params.dollars.get(need.kind, 1.0))))
    if asked.params.most_partners is not None:
        yield Change("most_partners", None, str(asked.params.most_partners + 1))


def _relaxing(asked: Asked, need: Need, offer: Offer, broken: Condition) -> Iterator[Change]:
    """What would have to give way for the one condition that is not met."""
    match broken.code:
        case "place":
            yield Change("offer_place", offer.id, "; ".join(sorted(need.places)))
        case "node":
            yield Change("offer_node", offer.id, "; ".join(sorted(need.nodes)))
        case "receiver" if need.receiver_type:
            yield Change("offer_receiver", offer.id, need.receiver_type)
        case "language":
            yield Change("offer_language", offer.id, "; ".join(sorted(need.languages)))
        case "expiry":
            yield Change("offer_expiry", offer.id, asked.as_of.isoformat())
        case "due_diligence":
            yield Change("need_due_diligence", None, "done")
        case "concentration" if asked.params.most_partners is not None:
            yield Change("most_partners", None, str(asked.params.most_partners + 1))
        case "minimum" if need.high is not None:
            if offer.least > need.high:
                yield Change("offer_least", offer.id, f"{need.met_from:g}")
            if offer.most is not None and need.least > offer.most:
                yield Change("need_least", None, f"{offer.most:g}")
                yield Change("offer_most", offer.id, f"{need.least:g}", need.least - offer.most)
        case "window":
            first = max(day for day in (need.start, asked.as_of) if day is not None)
            if offer.end is not None and offer.end < first:
                yield Change("offer_end", offer.id, first.isoformat())
            if need.end is not None and offer.start is not None and offer.start > need.end:
                yield Change("offer_start", offer.id, need.end.isoformat())
                yield Change("need_end", None, offer.start.isoformat())
            if need.end is not None and need.end < asked.as_of:
                yield Change("need_end", None, (asked.as_of + timedelta(days=1)).isoformat())


def _more(need: Need, offer: Offer, left: float, missing: float) -> Iterator[Change]:
    """The offer fits: how much more of it, or what smaller minimum, would do."""
    if offer.most is None:
        return
    if offer.least > 0:
        yield Change("offer_least", offer.id, "0")
    if need.least > 0:
        yield Change("need_least", None, "0")
    wanted = max(missing, need.met_from - need.high if need.high else missing, need.least, offer.least)
    for amount in (missing - max(left, 0.0), wanted - max(left, 0.0), wanted):
        if amount > 0:
            more = float(ceil(amount))
            yield Change("offer_most", offer.id, f"{offer.most + more:g}", more)


def _need(need: Need, change: Change) -> Need:
    match change.what:
        case "need_due_diligence":
            return replace(need, due_diligence=change.value)
        case "need_end":
            return replace(need, end=date.fromisoformat(change.value))
        case _:
            return replace(need, least=float(change.value))


def _offer(offer: Offer, need: Need, change: Change) -> Offer:
    match change.what:
        case "offer_place":
            return replace(offer, places=offer.places | need.places)
        case "offer_node":
            return replace(offer, nodes=offer.nodes | need.nodes)
        case "offer_receiver":
            return replace(offer, receiver_types=offer.receiver_types | {change.value})
        case "offer_language":
            return replace(offer, languages=offer.languages | need.languages)
        case "offer_expiry":
            return replace(offer, expiry=date.fromisoformat(change.value))
        case "offer_end":
            return replace(offer, end=date.fromisoformat(change.value))
        case "offer_start":
            return replace(offer, start=date.fromisoformat(change.value))
        case "offer_least":
            return replace(offer, least=float(change.value))
        case _:
            return replace(offer, most=(offer.most or 0.0) + change.amount)
