"""Needs and offers as a problem in numbers, and amounts back as matches.

Place on the way: between conditions and the solver. Only pairs of one kind that meet every condition become pairs;
receivers, places and crowded cells become limits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

import numpy as np

from concerted.matching.asks import MatchParams, Need, Offer, is_open, weight_of
from concerted.matching.conditions import Presence, are_met, cells_of, conditions
from concerted.matching.problem import Floats, Limit, Problem

#: Less than this part of a need is no help but a visit: never proposed, whatever the minima say.
_SMALLEST = 0.01
#: Amounts by (id of the need, id of the offer).
Amounts = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Asked:
    """What is to be matched, on which day, by which rules.

    Attributes:
        presence: partners at work by (node, place).
        last: what the last run proposed.
        accepted: what both sides accepted: it stays.
        declined: pairs that somebody said no to: they are not proposed again.
    """

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    as_of: date
    params: MatchParams
    presence: Presence
    last: Mapping[tuple[str, str], float]
    accepted: Mapping[tuple[str, str], float]
    declined: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Built:
    """A problem with the needs and offers behind its numbers.

    Attributes:
        names: of the limits.
        dollars: what a unit of each need is worth.
    """

    problem: Problem
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    names: tuple[str, ...]
    dollars: Floats

    def amounts(self, values: Floats) -> dict[tuple[str, str], float]:
        """What a plan gives, in whole cents or whole units, never more than the plan."""
        found = {}
        for n, m, value in zip(self.problem.need, self.problem.offer, values, strict=True):
            per_unit = 100 if self.needs[n].kind == "money" else 1
            amount = floor(value * per_unit + 1e-6) / per_unit
            if amount > 0:
                found[self.needs[n].id, self.offers[m].id] = amount
        return found


def build(asked: Asked, only: str | None = None, held: Amounts | None = None) -> Built:
    """The problem.

    Args:
        asked: what is to be matched.
        only: a need alone; then `held` is what the others keep, taken from offers and limits beforehand.
    """
    held = held or {}
    needs = tuple(sorted((n for n in asked.needs if only in (None, n.id)), key=lambda n: n.id))
    offers = tuple(sorted(asked.offers, key=lambda o: o.id))
    pairs = [(n, m) for n, need in enumerate(needs) for m, offer in enumerate(offers) if _is_pair(asked, need, offer)]
    taken = {offer.id: 0.0 for offer in offers}
    for (_, offer_id), amount in held.items():
        taken[offer_id] = taken.get(offer_id, 0.0) + amount
    least = [_least(needs[n], offers[m]) for n, m in pairs]
    keys = [(needs[n].id, offers[m].id) for n, m in pairs]
    limits, names = _limits(asked, needs, offers, pairs, held)
    params = asked.params
    high = [_high(asked, need) for need in needs]
    regions, nodes = (
        (_numbered([_first(values) for values in of]) for of in zip(*map(_groups, needs, high), strict=True))
        if (needs)
        else (np.zeros(0, np.int64), np.zeros(0, np.int64))
    )
    problem = Problem(
        np.array([min(need.low, most) for need, most in zip(needs, high, strict=True)]),
        np.array(high),
        np.array([weight_of(need, params) * params.dollars.get(need.kind, 1.0) for need in needs]),
        np.array([max((offer.most or 0.0) - taken[offer.id], 0.0) for offer in offers]),
        np.array([n for n, _ in pairs], np.int64),
        np.array([m for _, m in pairs], np.int64),
        np.array(least),
        np.array([asked.last.get(key, 0.0) for key in keys]),
        np.array([asked.accepted.get(key, 0.0) for key in keys]),
        (regions, nodes),
        tuple(limits),
        params.steps,
        params.caution,
        params.keep_bonus,
    )
    dollars = np.array([params.dollars.get(need.kind, 1.0) for need in needs])
    return Built(problem, needs, offers, tuple(names), dollars)


def _is_pair(asked: Asked, need: Need, offer: Offer) -> bool:
    if need.kind != offer.kind:
        return False
    if (need.id, offer.id) in asked.accepted:
        return True
    if (need.id, offer.id) in asked.declined:
        return False
    return are_met(conditions(need, offer, asked.as_of, asked.params, asked.presence))


def _high(asked: Asked, need: Need) -> float:
    """How much is missing at most. Of what is not asked for any more it is what matches gave: else a need that is over
    would pull down the share of its region, and help would be led away from needs that wait."""
    if is_open(need):
        return need.high or 0.0
    return sum(amount for (n, _), amount in asked.accepted.items() if n == need.id)


def _least(need: Need, offer: Offer) -> float:
    return max(need.least, offer.least, _SMALLEST * (need.high or 0.0))


def _groups(need: Need, high: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Its region and lines. Where nothing is missing, or nobody knows how much, it says nothing of how they fare."""
    if not high:
        return (), ()
    return ((need.region,) if need.region else ()), tuple(sorted(need.nodes))


def _first(values: Sequence[str]) -> str | None:
    return values[0] if values else None


def _numbered(words: Sequence[str | None]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    codes = {word: n for n, word in enumerate(sorted({word for word in words if word is not None}))}
    return np.array([-1 if word is None else codes[word] for word in words], np.int64)


def _limits(
    asked: Asked,
    needs: Sequence[Need],
    offers: Sequence[Offer],
    pairs: Sequence[tuple[int, int]],
    held: Amounts,
) -> tuple[list[Limit], list[str]]:
    """What receivers and places can take, and how many new partners a cell can."""
    params = asked.params
    by_id = {need.id: need for need in asked.needs}
    providers = {offer.id: offer.provider for offer in asked.offers}
    limits, names = [], []
    for name, most in sorted(params.capacity.items()):
        inside = [p for p, (n, _) in enumerate(pairs) if _takes(needs[n], name)]
        used = sum(
            amount * params.dollars.get(by_id[n].kind, 1.0) for (n, _), amount in held.items() if _takes(by_id[n], name)
        )
        if inside:
            weight = np.array([params.dollars.get(needs[pairs[p][0]].kind, 1.0) for p in inside])
            limits.append(Limit(np.array(inside, np.int64), weight, max(most - used, 0.0)))
            names.append(name)
    if params.most_partners is None:
        return limits, names
    cells: dict[tuple[str, str], list[int]] = {}
    for p, (n, m) in enumerate(pairs):
        for cell in cells_of(needs[n]):
            if offers[m].provider not in asked.presence.get(cell, frozenset()):
                cells.setdefault(cell, []).append(p)
    for cell, inside in sorted(cells.items()):
        there = asked.presence.get(cell, frozenset())
        new = sum(cell in cells_of(by_id[n]) and providers.get(m) not in there for n, m in held)
        room = params.most_partners - len(there) - new
        if len(inside) > room:
            limits.append(Limit(np.array(inside, np.int64), np.ones(len(inside)), float(max(room, 0)), is_count=True))
            names.append("/".join(cell))
    return limits, names


def _takes(need: Need, name: str) -> bool:
    return need.receiver == name or any(name in need.within.get(place, frozenset({place})) for place in need.places)
