"""Which conditions a need and an offer meet together: the one place where earmarks, windows and flags are judged.

Place on the way: before the problem is built, and in every explanation. A need, an offer and the day enter; conditions
leave, each met or not. What is not understood is not met: nothing is guessed in favour of a match.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from concerted.matching.asks import MatchParams, Need, Offer, is_open

#: Partners at work, by (node, place).
Presence = Mapping[tuple[str, str], frozenset[str]]
#: Help of these kinds is given by people who talk: there a language matters.
_SPOKEN = ("expertise", "training")


@dataclass(frozen=True)
class Condition:
    """One condition. `wanted` is what the offer (or the rule) asks, `found` what there is."""

    code: str
    is_met: bool
    wanted: str = ""
    found: str = ""


def conditions(
    need: Need,
    offer: Offer,
    as_of: date,
    params: MatchParams,
    presence: Presence,
) -> list[Condition]:
    """Every condition that matters between a need and an offer of its kind."""
    found = [
        Condition("need_open", is_open(need), "open", need.state or ""),
        Condition("offer_open", offer.state in ("open", None), "open", offer.state or ""),
        Condition("understood", not need.unknown and not offer.unknown, "", "; ".join((*need.unknown, *offer.unknown))),
        Condition("amount_known", bool(need.high and need.high > 0 and offer.most and offer.most > 0)),
        Condition("expiry", offer.expiry is None or offer.expiry >= as_of, str(as_of), str(offer.expiry or "")),
        _window(need, offer, as_of),
        _inside("node", need.nodes, offer.nodes, need.within),
        _inside("place", need.places, offer.places, need.within),
        Condition(
            "receiver",
            not offer.receiver_types or need.receiver_type in offer.receiver_types,
            ", ".join(sorted(offer.receiver_types)),
            need.receiver_type or "",
        ),
        Condition(
            "due_diligence",
            need.due_diligence in (None, "none", "done"),
            "done",
            need.due_diligence or "",
        ),
        Condition("other", need.receiver is None or need.receiver != offer.provider, "", need.receiver or ""),
    ]
    if need.kind in _SPOKEN and need.languages and offer.languages:
        is_shared = bool(need.languages & offer.languages)
        wanted, there = ", ".join(sorted(need.languages)), ", ".join(sorted(offer.languages))
        found.append(Condition("language", is_shared, wanted, there))
    if found[3].is_met and need.high is not None and offer.most is not None:
        least = max(offer.least, need.least)
        most = min(need.high, offer.most)
        found.append(Condition("minimum", least <= most, f"{least:g}", f"{most:g}"))
    crowded = [cell for cell in _cells(need) if _is_crowded(cell, offer, params, presence)]
    found.append(Condition("concentration", not crowded, str(params.most_partners or ""), str(crowded or "")))
    return found


def are_met(found: list[Condition]) -> bool:
    """Whether all are."""
    return all(condition.is_met for condition in found)


def cells_of(need: Need) -> list[tuple[str, str]]:
    """The cells (node, place) in which a need lies."""
    return _cells(need)


def _window(need: Need, offer: Offer, as_of: date) -> Condition:
    """Some day from now on must be one on which help is of use and can be given."""
    first = max(day for day in (need.start, offer.start, as_of) if day is not None)
    last = min((day for day in (need.end, offer.end) if day is not None), default=None)
    found = f"{first} .. {last or ''}"
    return Condition("window", last is None or first <= last, "", found)


def _inside(
    code: str, named: frozenset[str], earmark: frozenset[str], within: Mapping[str, frozenset[str]]
) -> Condition:
    """All that the need names must lie within the earmark: a part outside would be paid with bound money."""
    is_met = not earmark or (bool(named) and all(within.get(name, frozenset({name})) & earmark for name in named))
    return Condition(code, is_met, ", ".join(sorted(earmark)), ", ".join(sorted(named)))


def _cells(need: Need) -> list[tuple[str, str]]:
    return [(node, place) for node in sorted(need.nodes) for place in sorted(need.places)]


def _is_crowded(cell: tuple[str, str], offer: Offer, params: MatchParams, presence: Presence) -> bool:
    there = presence.get(cell, frozenset())
    return params.most_partners is not None and offer.provider not in there and len(there) >= params.most_partners
