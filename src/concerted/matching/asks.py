"""Needs and offers as matching sees them, and the parameters that the secretariat owns.

Place on the way: between the tables of an edition and the conditions. Nodes and places are resolved, with all that
lies above them; amounts are in dollars, or in the units of what is no money.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from concerted.matching.problem import STEPS

Kind = Literal["money", "expertise", "training", "equipment"]
#: A need of which no more than this part is missing counts as met, and an offer of which no more is left as used up:
#: cents that rounding or fairness left.
NEARLY = 0.001


@dataclass(frozen=True)
class Need:
    """What is asked for.

    Attributes:
        nodes, places: what it names, by id.
        within: every id that a node or place of it lies in, itself included, by id.
        low, high: at least and at most this is missing; high null = unknown, so nothing can be proposed.
        met_from: from here on it counts as met.
        unknown: terms that no node or place is called by.
    """

    id: str
    code: str
    title: str
    kind: Kind
    high: float | None
    low: float = 0.0
    least: float = 0.0
    met_from: float = 0.0
    nodes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)
    region: str | None = None
    receiver: str | None = None
    receiver_type: str | None = None
    start: date | None = None
    end: date | None = None
    urgency: int | None = None
    origin: str = "government"
    state: str | None = "open"
    due_diligence: str | None = None
    languages: frozenset[str] = frozenset()
    marking_key: str = "CLEAR"
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """Help that is there. Empty nodes, places, receiver types: not bound in that respect."""

    id: str
    code: str
    title: str
    kind: Kind
    most: float | None
    least: float = 0.0
    nodes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    receiver_types: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    provider: str | None = None
    start: date | None = None
    end: date | None = None
    expiry: date | None = None
    state: str | None = "open"
    marking_key: str = "CLEAR"
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class MatchParams:
    """What the secretariat decides; stored with each run.

    Attributes:
        urgency: weight of a need by its urgency 1 to 4; of one that says none, `urgency_unknown`.
        validated: a need that the strategy's owner validated counts so much more.
        steps: diminishing returns, (part of a need, worth of a unit in it), falling.
        caution: weight of the low picture of what is missing against the high one, 0 to 1.
        keep_bonus: what it is worth to propose again what the last run proposed, as part of a need's first unit.
        fairness_price: the part of the worth that may be given up for the worst off.
        most_partners: no new partner where so many are at work on a line in a place; null = no limit.
        capacity: what a receiver, or a place, can take in dollars, by its name or id; others have no limit.
        dollars: what a unit of what is no money is worth, by kind.
        gap: at which a plan is good enough, relative.
        explained: for so many unmet needs at most a change is looked for.
    """

    urgency: tuple[float, float, float, float] = (0.75, 1.0, 1.5, 2.0)
    urgency_unknown: float = 1.0
    validated: float = 1.25
    steps: tuple[tuple[float, float], ...] = STEPS
    caution: float = 0.5
    keep_bonus: float = 0.02
    fairness_price: float = 0.005
    most_partners: int | None = 8
    capacity: Mapping[str, float] = field(default_factory=dict)
    dollars: Mapping[str, float] = field(
        default_factory=lambda: {"money": 1.0, "expertise": 500.0, "training": 300.0, "equipment": 1000.0}
    )
    gap: float = 1e-4
    explained: int = 500


def is_open(need: Need) -> bool:
    """Whether it is still asked for."""
    return need.state in ("open", "validated", None)


def met_from(low: float | None, high: float | None, met_pct: float | None) -> float:
    """From how much on a need counts as met: its part of the low end, else of the high one; 0 = unknown."""
    return (low or high or 0.0) * (met_pct or 100.0) / 100.0


def is_met(given: float, wanted: float) -> bool:
    """Whether what is given reaches what counts as met; never where that is unknown."""
    return wanted > 0 and given >= wanted * (1 - NEARLY)


def is_used_up(most: float | None, least: float, given: float) -> bool:
    """Whether nothing more can be given of an offer: what is left is nothing, or less than it gives to one need."""
    return most is not None and most > 0 and most - given < max(least, most * NEARLY)


def weight_of(need: Need, params: MatchParams) -> float:
    """How much a dollar of a need counts."""
    urgency = params.urgency[need.urgency - 1] if need.urgency else params.urgency_unknown
    return urgency * (params.validated if need.state == "validated" else 1.0)
