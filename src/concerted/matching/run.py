"""A run: proposals with their reasons, what stays unmet and what would change that, and what is proven of it all.

Place on the way: the last of matching's core. Needs, offers and parameters enter; a `Run` leaves, that holds nothing
but plain values and is the same for the same inputs. It proposes; people decide.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from concerted.matching.asks import NEARLY, Need, Offer, is_met, is_open
from concerted.matching.building import Asked, Built, build
from concerted.matching.changes import Change, changes_for
from concerted.matching.conditions import Condition, conditions
from concerted.matching.fairness import Fair, share_fairly, shares_met
from concerted.matching.problem import Floats, Problem, broken, met_by, worth_of
from concerted.matching.solver import Effort, MatchInfeasibleError, Plan, solve
from concerted.matching.value import worth_of_one_more


@dataclass(frozen=True)
class Proposal:
    """One proposed match.

    Attributes:
        amount: in dollars, or in the units of what is no money.
        conditions: all that are met; of an accepted match perhaps one that no longer is.
        must_agree: who has to say yes.
        met_before, met_after: the part of the need's low end without and with this match, 0 to 1.
        is_new: the last run did not propose it.
    """

    need: str
    offer: str
    amount: float
    conditions: tuple[Condition, ...]
    must_agree: tuple[str, ...]
    met_before: float
    met_after: float
    is_accepted: bool
    is_new: bool


@dataclass(frozen=True)
class Unmet:
    """A need that the plan does not meet.

    Attributes:
        missing: until it counts as met; null = nobody knows how much is missing.
        reasons: for how many offers of its kind each condition stands in the way; `used_elsewhere` = they fit, and what
            they have is worth more where it goes; `declined` = somebody said no to that match.
        changes: single changes, each of which was tried and does meet it.
    """

    need: str
    met: float
    missing: float | None
    reasons: Mapping[str, int]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Run:
    """What a run found. `gap` is proven: no plan is better by more than this part of `bound`."""

    objective: float
    bound: float
    gap: float
    given_for_fairness: float
    worst: Mapping[str, tuple[float, float]]
    proposals: tuple[Proposal, ...]
    unmet: tuple[Unmet, ...]
    value: tuple[tuple[str, str, float], ...]
    new: int
    gone: tuple[tuple[str, str], ...]
    changed: int


def run(asked: Asked, effort: Effort | None = None) -> Run:
    """Propose.

    Raises:
        MatchInfeasibleError: what was accepted breaks a limit.
    """
    built = build(asked)
    problem = built.problem
    start = np.where(problem.fixed > 0, problem.fixed, problem.kept) if asked.last else None
    plan = solve(problem, effort or Effort(asked.params.gap), start)
    still = _standing(problem, plan, asked.params.fairness_price) if asked.last else None
    fair = still or share_fairly(problem, plan.amounts, asked.params.fairness_price)
    amounts = built.amounts(fair.amounts)
    _judge(built, amounts)
    needs, offers = {n.id: n for n in built.needs}, {o.id: o for o in built.offers}
    proposals = tuple(_proposal(asked, needs[n], offers[m], amounts) for n, m in sorted(amounts))
    got = _by_need(amounts)
    short = [n for n in built.needs if is_open(n) and _is_short(n, got.get(n.id, 0.0))]
    more = worth_of_one_more(built, fair.amounts)
    ranked = sorted(short, key=lambda n: (-(n.urgency or 0), n.id))
    unmet = tuple(_unmet(asked, need, amounts, number < asked.params.explained) for number, need in enumerate(ranked))
    worth_after = _worth(built, fair.amounts)
    return Run(
        round(plan.objective, 2),
        round(plan.bound, 2),
        round(plan.gap, 6),
        round(max(0.0, _worth(built, plan.amounts) - worth_after), 2),
        _worst(built, fair),
        proposals,
        unmet,
        _value(built, more),
        sum(p.is_new for p in proposals),
        tuple(sorted(set(asked.last) - set(amounts))),
        sum(abs(amounts[pair] - asked.last[pair]) > 0.01 for pair in set(amounts) & set(asked.last)),
    )


def as_document(run: Run, asked: Asked) -> dict[str, Any]:
    """A run with its parameters as plain values, for JSON and for the next run."""
    found = asdict(run)
    found["parameters"] = asdict(asked.params)
    found["as_of"] = asked.as_of.isoformat()
    return found


def last_of(document: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    """What an earlier run proposed."""
    return {(p["need"], p["offer"]): float(p["amount"]) for p in document["proposals"]}


def _standing(problem: Problem, plan: Plan, price: float) -> Fair | None:
    """The last run's plan with what can be added to it; null where a new plan is worth more than fairness may cost.

    So plans stand still under small changes, and yet a new offer for an unmet need is proposed at once.
    """
    held = replace(problem, fixed=np.maximum(problem.fixed, problem.kept), kept=np.zeros_like(problem.kept))
    is_kept = held.fixed > 0
    if (held.fixed[is_kept & (problem.fixed <= 0)] > problem.upper[is_kept & (problem.fixed <= 0)]).any():
        return None
    try:
        grown = solve(held).amounts
    except MatchInfeasibleError:
        return None
    if broken(problem, grown):
        return None
    best, now = (
        float(worth_of(problem, np.minimum(met_by(problem, a), problem.high)).sum()) for a in (plan.amounts, grown)
    )
    shares = shares_met(problem, grown)
    return Fair(grown, shares, shares) if now >= best * (1 - price - NEARLY) else None


def _judge(built: Built, amounts: Mapping[tuple[str, str], float]) -> None:
    """The plan in whole cents is judged again, apart from the solver: a rule that is broken stops the run."""
    values = np.array(
        [
            amounts.get((built.needs[n].id, built.offers[m].id), 0.0)
            for n, m in zip(built.problem.need, built.problem.offer, strict=True)
        ]
    )
    if wrong := broken(built.problem, values, 1e-5):
        raise MatchInfeasibleError(f"the plan breaks a rule: {'; '.join(wrong)}")


def _is_short(need: Need, got: float) -> bool:
    return need.high is None or (need.met_from > 0 and not is_met(got, need.met_from))


def _by_need(amounts: Mapping[tuple[str, str], float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for (need, _), amount in amounts.items():
        found[need] = found.get(need, 0.0) + amount
    return found


def _proposal(asked: Asked, need: Need, offer: Offer, amounts: Mapping[tuple[str, str], float]) -> Proposal:
    amount = amounts[need.id, offer.id]
    whole = _by_need(amounts)[need.id]
    size = need.low or need.high or 1.0
    who = [name for name in (offer.provider, need.receiver) if name]
    return Proposal(
        need.id,
        offer.id,
        amount,
        tuple(conditions(need, offer, asked.as_of, asked.params, asked.presence)),
        (*who, *(() if need.state == "validated" else ("secretariat",))),
        round(min(1.0, (whole - amount) / size), 4),
        round(min(1.0, whole / size), 4),
        (need.id, offer.id) in asked.accepted,
        (need.id, offer.id) not in asked.last,
    )


def _unmet(asked: Asked, need: Need, amounts: Mapping[tuple[str, str], float], is_explained: bool) -> Unmet:
    reasons: dict[str, int] = {}
    of_kind = [offer for offer in asked.offers if offer.kind == need.kind]
    for offer in of_kind:
        failed = [c.code for c in conditions(need, offer, asked.as_of, asked.params, asked.presence) if not c.is_met]
        if (need.id, offer.id) in asked.declined:
            failed.append("declined")
        for code in failed or ["used_elsewhere"]:
            reasons[code] = reasons.get(code, 0) + 1
    if not of_kind:
        reasons["no_offer_of_kind"] = 1
    met = _by_need(amounts).get(need.id, 0.0)
    missing = None if need.high is None else round(max(need.met_from - met, 0.0), 2)
    changes = tuple(changes_for(asked, need, amounts)) if is_explained else ()
    return Unmet(need.id, met, missing, dict(sorted(reasons.items())), changes)


def _worth(built: Built, amounts: Floats) -> float:
    met = np.minimum(met_by(built.problem, amounts), built.problem.high)
    return float(worth_of(built.problem, met).sum())


def _worst(built: Built, fair: Fair) -> dict[str, tuple[float, float]]:
    """The lowest share of weighted need met, before and after fairness, of regions and of lines."""
    found = {}
    for name, group, before, after in zip(
        ("region", "node"), built.problem.groups, fair.before, fair.after, strict=False
    ):
        present = np.unique(group[group >= 0])
        if len(present):
            found[name] = (round(float(before[present].min()), 4), round(float(after[present].min()), 4))
    return found


def _value(built: Built, more: Floats) -> tuple[tuple[str, str, float], ...]:
    """One more dollar for a line in a place, to the need there where it brings most."""
    found: dict[tuple[str, str], float] = {}
    for need, worth in zip(built.needs, more.tolist(), strict=True):
        for node in need.nodes or {""}:
            for place in need.places or {""}:
                found[node, place] = max(found.get((node, place), 0.0), worth)
    return tuple((node, place, worth) for (node, place), worth in sorted(found.items()))
