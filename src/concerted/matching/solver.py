"""Which amounts, of which offers, to which needs: the plan of most worth, with what is proven of it.

Place on the way: the heart. A problem in numbers enters; amounts leave, with the proven bound. First all minima are
left out (which proves a bound); then pairs that would give less than their minimum are closed, a part of them in each
round; what that closed too much is opened again; then, where the bound leaves few pairs open to doubt, a search over
these proves or improves the plan. Nothing depends on a clock or on chance.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, hstack, vstack

from concerted.matching.highs import INFINITY, LARGE, Model
from concerted.matching.problem import Bools, Floats, Ints, Problem, broken, met_by
from concerted.matching.relaxed import Relaxation
from concerted.model.errors import ConcertedError

#: Part of the pairs below their minimum that is closed in each round.
_CLOSED = 0.5
#: So many rounds close only a part; then all that is wrong goes at once.
_PATIENT = 40
#: A search over whole numbers is begun where at most so many pairs are in doubt, and ends after so many branches.
_DOUBTFUL, _NODES = 400, 200
_LITTLE = 1e-7


class MatchInfeasibleError(ConcertedError):
    """What was accepted cannot stand together, or a plan broke a rule: nothing is proposed."""


@dataclass(frozen=True)
class Effort:
    """How hard to try. `gap`: relative, at which a plan is good enough; `nodes`, `doubtful`: of the search."""

    gap: float = 1e-6
    nodes: int = _NODES
    doubtful: int = _DOUBTFUL


@dataclass(frozen=True)
class Plan:
    """A plan.

    Attributes:
        amounts: of each pair, in the need's units.
        objective: worth of the plan with the bonus for what is kept.
        bound: no plan has a larger objective: proven.
    """

    amounts: Floats
    objective: float
    bound: float

    @property
    def gap(self) -> float:
        """How far from proven best, relative to the bound; 0 = proven."""
        return max(0.0, (self.bound - self.objective) / self.bound) if self.bound > 0 else 0.0


def solve(problem: Problem, effort: Effort = Effort(), start: Floats | None = None) -> Plan:
    """The plan of most worth that was found.

    Args:
        problem: see there.
        effort: how hard to try.
        start: amounts of an earlier plan; where they still break no rule, the result is no worse than they are.

    Raises:
        MatchInfeasibleError: no plan at all, because accepted matches break a limit.
    """
    if not len(problem.need):
        return Plan(np.zeros(0), 0.0, 0.0)
    relaxation = Relaxation(problem)
    model = relaxation.model()
    first = model.run()
    if first.values is None or not first.is_optimal or first.reduced is None:
        raise MatchInfeasibleError("no plan keeps what was accepted within the limits; take back a match or raise one")
    bound = first.objective
    starts = [_rounded(relaxation, model, first.values, first.reduced)]
    if start is not None and not broken(problem, start):
        starts.append(_values(relaxation, _open_of(problem, start)))
    values, best = max((found for found in starts if found is not None), key=lambda found: found[1])
    values, best = _reopened(relaxation, values, best)
    if bound - best > effort.gap * abs(bound):
        values, best, bound = _searched(relaxation, first.reduced, bound, values, best, effort)
        # A small need that still fits is met, however little it adds to the whole.
        values, best = _reopened(relaxation, values, best)
    amounts = clean(problem, relaxation.amounts(values))
    if wrong := broken(problem, amounts):
        raise MatchInfeasibleError(f"the plan breaks a rule: {'; '.join(wrong)}")
    return Plan(amounts, best * relaxation.scale, max(bound, best) * relaxation.scale)


def clean(problem: Problem, amounts: Floats) -> Floats:
    """Amounts without the dust of floating point: nothing stays nothing, and bounds are met exactly."""
    dust = _LITTLE * np.maximum(1.0, problem.upper)
    found = np.where(amounts <= dust, 0.0, np.clip(amounts, np.minimum(problem.least, problem.upper), problem.upper))
    return np.where(problem.fixed > 0, problem.fixed, found)


def _open_of(problem: Problem, amounts: Floats) -> Bools:
    found: Bools = (amounts > _LITTLE * np.maximum(1.0, problem.upper)) | (problem.fixed > 0)
    return found


def _needs_choice(problem: Problem) -> Bools:
    """Pairs that are all or nothing up to a minimum, or that count in a limit of matches."""
    found: Bools = (problem.least > 0) & (problem.fixed <= 0) & (problem.upper > 0)
    for limit in problem.limits:
        if limit.is_count:
            found[limit.pairs] = (problem.fixed[limit.pairs] <= 0) & (problem.upper[limit.pairs] > 0)
    return found


def _rounded(relaxation: Relaxation, model: Model, values: Floats, reduced: Floats) -> tuple[Floats, float] | None:
    """A plan from the relaxed one: pairs below their minimum are closed, those nearest to nothing first."""
    problem = relaxation.problem
    lower, upper = relaxation.bounds()
    pairs = len(problem.need)
    rounds = 0
    if relaxation.columns > LARGE and any(limit.is_count for limit in problem.limits):
        frozen = _frozen(relaxation, model, values, reduced)
        if frozen is None:
            return None
        values = frozen
    while True:
        rounds += 1
        amounts = relaxation.amounts(values)
        dust = _LITTLE * np.maximum(1.0, problem.upper)
        wrong = (amounts > dust) & (amounts < problem.least - dust) & (problem.fixed <= 0)
        at = np.flatnonzero(wrong)
        # Nearest to nothing first; of equals the one with the higher number, so that the order is complete.
        order = at[np.lexsort((-at, amounts[at] / np.maximum(problem.least[at], 1e-12)))]
        part = _CLOSED if rounds < _PATIENT else 1.0
        closing = [*order[: int(np.ceil(len(order) * part))].tolist(), *_too_many(problem, amounts, rounds)]
        if not closing:
            break
        closed = np.unique(np.array(closing, np.int64))
        model.set_bounds(closed, np.zeros(len(closed)), np.zeros(len(closed)))
        answer = model.run()
        if answer.values is None:
            return None
        values = answer.values
    is_open = _open_of(problem, relaxation.amounts(values))
    at_pairs = np.arange(pairs)
    model.set_bounds(at_pairs, lower[:pairs], upper[:pairs])
    return _values(relaxation, is_open)


def _frozen(relaxation: Relaxation, model: Model, values: Floats, reduced: Floats) -> Floats | None:
    """In a large model, choose at once which pairs may use the places of a limit of matches, and leave its row out.

    Such rows make the simplex method stand still, in each round anew; the bound, proven with them, stays.
    """
    problem = relaxation.problem
    used = relaxation.amounts(values) / np.maximum(problem.upper, 1e-12)
    is_closed = np.zeros(len(problem.need), np.bool_)
    for limit in problem.limits:
        if limit.is_count:
            free = limit.pairs[problem.fixed[limit.pairs] <= 0]
            room = int(max(0.0, limit.most - (len(limit.pairs) - len(free))))
            order = free[np.lexsort((free, -reduced[free], -used[free]))]
            is_closed[order[room:]] = True
    closed = np.flatnonzero(is_closed)
    model.set_bounds(closed, np.zeros(len(closed)), np.zeros(len(closed)))
    relaxation.without_counts(model)
    return model.run().values


def _too_many(problem: Problem, amounts: Floats, rounds: int) -> list[int]:
    """Pairs to close because a limit of matches is passed: of each such limit half of those that are too many.

    Behind the first rounds all others under that limit go with them, or they would take their place one by one.
    """
    found: list[int] = []
    dust = _LITTLE * np.maximum(1.0, problem.upper)
    for limit in problem.limits:
        if limit.is_count:
            used = limit.pairs[(amounts[limit.pairs] > dust[limit.pairs])]
            free = used[problem.fixed[used] <= 0]
            over = len(used) - int(max(limit.most, len(used) - len(free)))
            if over > 0:
                order = free[np.lexsort((-free, amounts[free] / np.maximum(problem.upper[free], 1e-12)))]
                if rounds < _PATIENT:
                    found += order[: max(1, int(np.ceil(over * _CLOSED)))].tolist()
                else:
                    stays = {*used.tolist()} - {*order[:over].tolist()}
                    found += [pair for pair in limit.pairs.tolist() if pair not in stays]
    return found


def _values(relaxation: Relaxation, is_open: Bools) -> tuple[Floats, float] | None:
    """The best amounts when exactly these pairs may give, each at least its minimum; null where there are none."""
    model = relaxation.model()
    lower, upper = relaxation.plan_bounds(is_open)
    model.set_bounds(np.arange(len(lower)), lower, upper)
    relaxation.without_counts(model)  # open pairs are few enough
    answer = model.run()
    return None if answer.values is None or not answer.is_optimal else (answer.values, answer.objective)


def _reopened(relaxation: Relaxation, values: Floats, best: float) -> tuple[Floats, float]:
    """Open pairs again for which need and offer have room, dearest first, as long as it helps."""
    problem = relaxation.problem
    counts = [limit for limit in problem.limits if limit.is_count]
    counted: dict[int, list[int]] = {}
    for number, limit in enumerate(counts):
        for pair in limit.pairs.tolist():
            counted.setdefault(pair, []).append(number)
    for _ in range(8):
        amounts = relaxation.amounts(values)
        is_open = _open_of(problem, amounts)
        room_need = problem.high - met_by(problem, amounts)
        room_offer = problem.most - np.bincount(problem.offer, weights=amounts, minlength=len(problem.most))
        room = np.minimum(np.minimum(room_need[problem.need], room_offer[problem.offer]), problem.upper)
        gain = room * problem.worth[problem.need]
        fits = ~is_open & (problem.upper > 0) & (room >= np.maximum(problem.least, _LITTLE * problem.upper))
        used_up = [int(is_open[limit.pairs].sum()) for limit in counts]
        added = False
        for pair in np.flatnonzero(fits)[np.argsort(-gain[fits], kind="stable")].tolist():
            n, m = problem.need[pair], problem.offer[pair]
            if min(room_need[n], room_offer[m]) < max(problem.least[pair], 1e-9):
                continue
            if any(used_up[number] >= counts[number].most for number in counted.get(pair, ())):
                continue
            is_open[pair] = added = True
            for number in counted.get(pair, ()):
                used_up[number] += 1
            used = min(room_need[n], room_offer[m], problem.upper[pair])
            room_need[n] -= used
            room_offer[m] -= used
        found = _values(relaxation, is_open) if added else None
        if found is None or found[1] <= best * (1 + 1e-9):
            break
        values, best = found
    return values, best


def _searched(
    relaxation: Relaxation, reduced: Floats, bound: float, values: Floats, best: float, effort: Effort
) -> tuple[Floats, float, float]:
    """Search over the pairs in doubt: those that a plan better than the best one may still use.

    A pair that is closed in the relaxed plan and whose use costs more than what bound and plan are apart can be in no
    better plan: it stays closed, which is exact.
    """
    problem = relaxation.problem
    pairs = len(problem.need)
    amounts = relaxation.amounts(values)
    cost = -reduced[:pairs] * np.maximum(problem.least, 0.0) / relaxation.unit
    is_out = (cost > bound - best + 1e-9 * abs(bound)) & ~_open_of(problem, amounts)
    is_choice = _needs_choice(problem) & ~is_out
    choices = np.flatnonzero(is_choice)
    if len(choices) > effort.doubtful:
        return values, best, bound
    lower, upper = relaxation.bounds()
    upper[:pairs] = np.where(is_out, 0.0, upper[:pairs])
    count = len(choices)
    at = np.arange(count)
    most, least = problem.upper[choices] / relaxation.unit, problem.least[choices] / relaxation.unit
    ones = np.ones(count)
    amount = coo_matrix((np.concatenate([ones, -ones]), (np.concatenate([at, count + at]), np.tile(choices, 2))),
                        shape=(2 * count, relaxation.columns))  # fmt: skip
    choice = coo_matrix(
        (np.concatenate([-most, least]), (np.arange(2 * count), np.tile(at, 2))), shape=(2 * count, count)
    )
    limits = [limit for limit in problem.limits if limit.is_count]
    number = {int(pair): n for n, pair in enumerate(choices)}
    rows, columns, counted = [], [], []
    for n, limit in enumerate(limits):
        inside = [number[int(pair)] for pair in limit.pairs if int(pair) in number]
        rows += [n] * len(inside)
        columns += inside
        held = float((problem.fixed[limit.pairs] > 0).sum())
        counted.append(max(limit.most, held) - held)
    counts = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(limits), count))
    empty = coo_matrix((len(limits), relaxation.columns))
    none = coo_matrix((relaxation.rows, count))
    matrix = vstack([hstack([relaxation.matrix, none]), hstack([amount, choice]), hstack([empty, counts])]).tocsc()
    row_upper = np.concatenate([relaxation.row_upper, np.zeros(2 * count), np.array(counted)])
    row_lower = np.concatenate([relaxation.row_lower, np.full(2 * count + len(limits), -INFINITY)])
    integral = np.concatenate([np.zeros(relaxation.columns, np.bool_), np.ones(count, np.bool_)])
    model = Model(
        np.concatenate([relaxation.worth, np.zeros(count)]),
        np.concatenate([lower, np.zeros(count)]),
        np.concatenate([upper, ones]),
        matrix,
        row_lower,
        row_upper,
        integral,
    )
    model.start_from(np.concatenate([values, _open_of(problem, amounts)[choices].astype(np.float64)]))
    answer = model.run(effort.nodes, effort.gap)
    if answer.values is not None and answer.objective > best:
        improved = _values(relaxation, _open_of(problem, _settled(relaxation, answer.values, choices)))
        if improved is not None and improved[1] > best:
            values, best = improved
    return values, best, max(best, min(bound, answer.bound))


def _settled(relaxation: Relaxation, values: Floats, choices: Ints) -> Floats:
    """Amounts of a search's answer; what it chose is open only where the choice says so."""
    amounts = relaxation.amounts(values)
    amounts[choices] = np.where(values[relaxation.columns :] > 0.5, amounts[choices], 0.0)
    return amounts
