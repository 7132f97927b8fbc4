"""How near to proven best plans are, how much more they meet than a sensible greedy, and how still they stand.

Run `python -m benchmarks.matching`. Portfolios are generated (`_match_portfolios`): minima on every pair, receivers of
a region that can take 60 % of what is missing there, four matches in a cell; about one need in each cell. Processor
time.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks._match_portfolios import portfolio
from concerted.matching.fairness import share_fairly
from concerted.matching.problem import Floats, Problem, broken, met_by, worth_of
from concerted.matching.solver import Effort, solve

#: (needs = offers, pairs, minima, limits)
EXACT = (
    (500, 12_500, 1.0, True),
    (500, 12_500, 1.0, False),
    (500, 12_500, 2.5, True),
    (2_000, 50_000, 1.0, True),
    (2_000, 50_000, 1.0, False),
    (2_000, 50_000, 2.5, False),
)
SEEDS = (1, 2, 3)


def main() -> dict[str, Any]:
    """Print the figures and give them back."""
    return {"exact": [_exact(*case) for case in EXACT], "quality": _quality(), "stability": _stability()}


def _exact(size: int, pairs: int, minima: float, limits: bool) -> dict[str, Any]:
    problem = portfolio(size, size, pairs, minima=minima, limits=limits)
    start = time.process_time()
    plan = solve(problem, Effort(1e-3))
    seconds = time.process_time() - start
    assert broken(problem, plan.amounts) == []
    found = {"size": size, "pairs": pairs, "minima": minima, "limits": limits, "gap": plan.gap, "seconds": seconds}
    print(
        f"{size:>5} x {pairs:>6} minima x {minima} limits {limits!s:>5}: gap {plan.gap:.2%}, {seconds:.1f} s",
        flush=True,
    )
    return found


def greedy(problem: Problem) -> Floats:
    """What a careful clerk does: the weightiest need first, from the offer that fits fewest others, all it takes."""
    amounts = np.zeros(len(problem.need))
    left_need, left_offer = problem.high.copy(), problem.most.copy()
    room = [limit.most for limit in problem.limits]
    of_pair: dict[int, list[int]] = {}
    for number, limit in enumerate(problem.limits):
        for pair in limit.pairs.tolist():
            of_pair.setdefault(pair, []).append(number)
    fits = np.bincount(problem.offer, minlength=len(problem.most))
    for pair in np.lexsort((fits[problem.offer], -problem.worth[problem.need])).tolist():
        n, m = problem.need[pair], problem.offer[pair]
        given = min(left_need[n], left_offer[m])
        for number in of_pair.get(pair, ()):
            given = min(given, room[number]) if not problem.limits[number].is_count else given * (room[number] >= 1)
        if given >= problem.least[pair] and given > 0:
            amounts[pair] = given
            left_need[n] -= given
            left_offer[m] -= given
            for number in of_pair.get(pair, ()):
                room[number] -= 1 if problem.limits[number].is_count else given
    assert broken(problem, amounts) == []
    return amounts


def _quality() -> dict[str, Any]:
    ratios, most, worst = [], [], []
    for supply in (0.4, 0.7, 1.0):
        for seed in SEEDS:
            problem = portfolio(200, 150, 3_000, supply=supply, seed=seed)
            plan = solve(problem, Effort(1e-3))
            ours, clerk = (worth_of(problem, met_by(problem, a)).sum() for a in (plan.amounts, greedy(problem)))
            fair = share_fairly(problem, plan.amounts, 0.005)
            ratios.append(float(ours / clerk))
            most.append(float(plan.bound / clerk))  # no plan at all is further above the clerk's than this
            worst.append((float(fair.before[0].min()), float(fair.after[0].min())))
            said = f"{ours / clerk:.3f} of greedy, at most {most[-1]:.3f}; worst region {worst[-1]}"
            print(f"supply {supply} seed {seed}: {said}", flush=True)
    return {"of_greedy": ratios, "of_greedy_at_most": most, "worst_region": worst}


def _stability() -> list[float]:
    found = []
    for seed in SEEDS:
        problem = portfolio(300, 250, 6_000, seed=seed)
        first = solve(problem, Effort(1e-3)).amounts
        random = np.random.default_rng(seed)
        high, low, most = problem.high.copy(), problem.low.copy(), problem.most.copy()
        for values, part in ((high, 0.01), (most, 0.01)):
            at = random.choice(len(values), size=max(1, round(part * len(values))), replace=False)
            values[at] = np.round(values[at] * random.uniform(0.8, 1.2, len(at)))
        changed = replace(problem, high=high, low=np.minimum(low, high), most=most, kept=first)
        again = solve(changed, Effort(1e-3), first).amounts
        was = first > 0
        same = float((np.abs(again - first)[was] <= 0.01 * first[was]).mean())
        found.append(same)
        print(f"seed {seed}: {same:.1%} of proposals unchanged after 1 % of inputs changed", flush=True)
    return found


if __name__ == "__main__":
    main()
