"""Small random problems for laws, and the best plan found by trying every set of open pairs."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from concerted.matching.problem import Limit, Problem, pieces_of


@st.composite
def problems(draw: st.DrawFn, most_pairs: int = 9) -> Problem:
    """A problem of a few needs and offers with whole amounts; minima, limits and accepted matches occur."""
    needs, offers = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    all_pairs = [(n, m) for n in range(needs) for m in range(offers)]
    pairs = sorted(draw(st.lists(st.sampled_from(all_pairs), min_size=1, max_size=most_pairs, unique=True)))
    high = np.array([float(draw(st.integers(1, 100))) for _ in range(needs)])
    low = np.array([float(draw(st.integers(0, int(h)))) for h in high])
    most = np.array([float(draw(st.integers(1, 100))) for _ in range(offers)])
    need, offer = np.array([n for n, _ in pairs]), np.array([m for _, m in pairs])
    least = np.array([float(draw(st.sampled_from((0, 0, 5, 20, 40)))) for _ in pairs])
    fixed = np.zeros(len(pairs))
    if draw(st.booleans()):
        fixed[0] = min(high[need[0]], most[offer[0]])
    limits = []
    if draw(st.booleans()):
        limits.append(Limit(np.arange(len(pairs)), np.ones(len(pairs)), float(draw(st.integers(0, 120)))))
    if draw(st.booleans()):
        limits.append(Limit(np.arange(len(pairs)), np.ones(len(pairs)), float(draw(st.integers(0, 3))), is_count=True))
    worth = np.array([draw(st.sampled_from((0.5, 1.0, 2.0, 3.0))) for _ in range(needs)])
    groups = (np.array([draw(st.integers(0, 1)) for _ in range(needs)]),)
    kept = np.zeros(len(pairs))
    return Problem(low, high, worth, most, need, offer, least, kept, fixed, groups, tuple(limits))


def best_objective(problem: Problem) -> float | None:
    """The best worth of all plans, by brute force over which pairs are open; null where there is no plan."""
    found = [value for value in _objectives(problem) if value is not None]
    return max(found) if found else None


def _objectives(problem: Problem) -> Iterator[float | None]:
    pieces = pieces_of(problem)
    pairs, columns = len(problem.need), len(problem.need) + len(pieces.need)
    for chosen in product((False, True), repeat=pairs):
        is_open = np.array(chosen) | (problem.fixed > 0)
        if (np.array(chosen) & (problem.fixed > 0)).any():
            continue
        if any(
            limit.is_count
            and is_open[limit.pairs].sum() > max(limit.most, float((problem.fixed[limit.pairs] > 0).sum()))
            for limit in problem.limits
        ):
            continue
        upper, right, equal = [], [], np.zeros((len(problem.low), columns))
        for m, most in enumerate(problem.most):
            upper.append(np.append(problem.offer == m, np.zeros(len(pieces.need))).astype(float))
            right.append(max(most, problem.fixed[problem.offer == m].sum()))
        for limit in problem.limits:
            if not limit.is_count:
                row = np.zeros(columns)
                row[limit.pairs] = limit.weight
                upper.append(row)
                right.append(max(limit.most, float(problem.fixed[limit.pairs] @ limit.weight)))
        equal[problem.need, np.arange(pairs)] = 1.0
        equal[pieces.need, pairs + np.arange(len(pieces.need))] = -1.0
        bounds = [
            (fixed, fixed) if fixed > 0 else (least, most) if opened else (0.0, 0.0)
            for fixed, least, most, opened in zip(problem.fixed, problem.least, problem.upper, is_open, strict=True)
        ]
        if any(low > high for low, high in bounds):
            continue
        bounds += [(0.0, size) for size in pieces.size]
        cost = -np.concatenate([np.zeros(pairs), pieces.slope])
        answer = linprog(cost, np.array(upper), right, equal, np.zeros(len(problem.low)), bounds)
        yield -float(answer.fun) if answer.status == 0 else None
