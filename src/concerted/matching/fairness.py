"""The worst off first: among plans of nearly the best worth the one in which the worst region has most.

Place on the way: behind the solver. A plan enters, with the part of its worth that may be given up; a plan with the
same matches in other amounts leaves. Regions come first, then lines of the strategy: the lowest share is raised as far
as it goes, then the lowest of the others, and so on (lexicographic max-min).
"""

from dataclasses import dataclass

import numpy as np

from concerted.matching.highs import INFINITY, Model
from concerted.matching.problem import Bools, Floats, Ints, Problem, met_by, pieces_of, worth_of
from concerted.matching.relaxed import Relaxation
from concerted.matching.solver import clean

#: So many floors are raised for each kind of group; the worst off are those that matter.
_ROUNDS = 12
_SLACK = 1e-6


@dataclass(frozen=True)
class Fair:
    """Amounts after fairness, and the share of its weighted need that each group has met, before and after."""

    amounts: Floats
    before: tuple[Floats, ...]
    after: tuple[Floats, ...]


def shares_met(problem: Problem, amounts: Floats) -> tuple[Floats, ...]:
    """The worth of what is met as a share of what could be, by group, for each kind of group."""
    pieces = pieces_of(problem)
    got = worth_of(problem, np.minimum(met_by(problem, amounts), problem.high), pieces)
    whole = np.bincount(pieces.need, weights=pieces.size * pieces.slope, minlength=len(problem.low))
    all_of: Floats = whole.astype(np.float64)
    return tuple(_by_group(group, got) / np.maximum(_by_group(group, all_of), 1e-12) for group in problem.groups)


def _by_group(group: Ints, values: Floats) -> Floats:
    inside = group >= 0
    found = np.bincount(group[inside], weights=values[inside], minlength=int(group.max(initial=-1)) + 1)
    return found.astype(np.float64)


def share_fairly(problem: Problem, amounts: Floats, price: float) -> Fair:
    """The same matches in amounts that are fairest; at most `price` of the worth is given up for it."""
    before = shares_met(problem, amounts)
    if not len(problem.need) or not problem.groups:
        return Fair(amounts, before, before)
    relaxation = Relaxation(problem)
    is_open: Bools = (amounts > 0) | (problem.fixed > 0)
    model = relaxation.model()
    lower, upper = relaxation.plan_bounds(is_open)
    pairs = len(problem.need)
    model.set_bounds(np.arange(pairs), lower, upper)
    best = model.run()
    if best.values is None:
        return Fair(amounts, before, before)
    every = np.arange(relaxation.columns)
    model.add_row(best.objective * (1 - price) - _SLACK, INFINITY, every, relaxation.worth)
    model.set_worth(every, np.zeros(relaxation.columns))
    level = model.add_column(1.0, 0.0, 1.0, [], [])
    worth = relaxation.worth[pairs : pairs + len(relaxation.pieces.need)]
    whole = worth * relaxation.pieces.size / relaxation.unit
    columns = pairs + np.arange(len(worth))
    for group in problem.groups:
        of_piece = group[relaxation.pieces.need]
        rows: dict[int, tuple[int, int]] = {}
        for g in np.unique(of_piece[of_piece >= 0]).tolist():
            at = of_piece == g
            values = np.append(worth[at] / max(whole[at].sum(), 1e-12), -1.0)
            rows[g] = (
                model.add_row(0.0, INFINITY, np.append(columns[at], level), values),
                model.add_row(0.0, INFINITY, columns[at], values[:-1]),
            )
        _raise_floors(model, rows)
    model.set_worth(every, relaxation.worth)
    model.set_worth(np.array([level]), np.zeros(1))
    last = model.run()
    if last.values is None:
        return Fair(amounts, before, before)
    fair = clean(problem, relaxation.amounts(last.values))
    return Fair(fair, before, shares_met(problem, fair))


def _raise_floors(model: Model, rows: dict[int, tuple[int, int]]) -> None:
    """Raise the lowest share as far as it goes, hold the groups that stop it there, and go on with the others.

    Args:
        rows: of each group, that its share is no less than the level, and its own floor.
    """
    left = dict(rows)
    for _ in range(min(_ROUNDS, len(rows))):
        answer = model.run()
        if answer.values is None or answer.row_duals is None:
            break
        level = float(answer.objective)
        duals = {group: abs(float(answer.row_duals[row])) for group, (row, _) in left.items()}
        # Where several are lowest together the duals may name one alone: the others show in the next round.
        stops = [group for group, dual in duals.items() if dual > 1e-9] or list(left)
        for group in stops:
            row, floor = left.pop(group)
            model.set_row(row, -INFINITY, INFINITY)
            model.set_row(floor, max(level - _SLACK, 0.0), INFINITY)
        if not left:
            break
    for row, _ in left.values():  # those not reached keep what the last level gave them
        model.set_row(row, -INFINITY, INFINITY)
