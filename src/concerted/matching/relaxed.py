"""The problem as a linear model: minima left out, or with some pairs open (at least their minimum) and others closed.

Place on the way: below the solver. Columns are, in this order, the amounts of the pairs, the pieces of worth, and what
is kept of the last run; rows are needs, offers, limits, and kept parts.
"""

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix

from concerted.matching.highs import INFINITY, Model
from concerted.matching.problem import Bools, Floats, Ints, Limit, Problem, pieces_of


class Relaxation:
    """A linear model of a problem; `worth` of all columns, `pairs` first.

    Amounts are counted in `unit`, so that numbers in the model are near one whatever the currency.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.pieces = problem, pieces_of(problem)
        known = problem.high[problem.high > 0]
        self.unit = float(np.median(known)) if len(known) else 1.0
        worth = self.pieces.slope * self.unit
        self.scale = float(np.median(worth)) if len(worth) else 1.0
        self.kept = np.flatnonzero((problem.kept > 0) & (problem.fixed <= 0) & (problem.upper > 0))
        self.columns, self.rows = self._shape()
        self.matrix, self.row_lower, self.row_upper = self._rows()
        self.worth = np.concatenate([np.zeros(len(problem.need)), worth, self._bonus(worth)]) / self.scale

    def model(self) -> Model:
        """The model with every pair free between nothing and its most."""
        lower, upper = self.bounds()
        return Model(self.worth, lower, upper, self.matrix, self.row_lower, self.row_upper)

    def bounds(self) -> tuple[Floats, Floats]:
        """Bounds of all columns; accepted matches stand where they are."""
        problem = self.problem
        lower = np.zeros(self.columns)
        pairs = len(problem.need)
        lower[:pairs] = problem.fixed / self.unit
        upper = np.concatenate(
            [
                np.where(problem.fixed > 0, problem.fixed, problem.upper) / self.unit,
                self.pieces.size / self.unit,
                np.minimum(problem.kept, problem.upper)[self.kept] / self.unit,
            ]
        )
        return lower, upper

    def plan_bounds(self, is_open: Bools) -> tuple[Floats, Floats]:
        """Bounds of the pairs' columns when some are open and the others closed."""
        problem = self.problem
        is_fixed = problem.fixed > 0
        lower = np.where(is_fixed, problem.fixed, np.where(is_open, problem.least, 0.0)) / self.unit
        upper = np.where(is_fixed, problem.fixed, np.where(is_open, problem.upper, 0.0)) / self.unit
        return lower, upper

    def without_counts(self, model: Model) -> None:
        """Leave the rows of limits of matches out of a model: which pairs are open keeps them."""
        first = len(self.problem.low) + len(self.problem.most)
        for number, limit in enumerate(self.problem.limits):
            if limit.is_count:
                model.set_row(first + number, -INFINITY, INFINITY)

    def amounts(self, values: Floats) -> Floats:
        """Amounts of the pairs, in their units."""
        return np.maximum(values[: len(self.problem.need)], 0.0) * self.unit

    def _shape(self) -> tuple[int, int]:
        problem = self.problem
        columns = len(problem.need) + len(self.pieces.need) + len(self.kept)
        return columns, len(problem.low) + len(problem.most) + len(problem.limits) + len(self.kept)

    def _bonus(self, worth: Floats) -> Floats:
        """What keeping a unit of the last run is worth: a little of the need's first unit."""
        first = np.zeros(len(self.problem.low))
        np.maximum.at(first, self.pieces.need, worth)
        return self.problem.keep_bonus * first[self.problem.need[self.kept]]

    def _rows(self) -> tuple[csc_matrix, Floats, Floats]:
        problem, pieces = self.problem, self.pieces
        pairs, needs, offers = len(problem.need), len(problem.low), len(problem.most)
        at_piece = pairs + np.arange(len(pieces.need))
        at_kept = pairs + len(pieces.need) + np.arange(len(self.kept))
        first_limit = needs + offers
        kept_row = first_limit + len(problem.limits) + np.arange(len(self.kept))
        entries: list[tuple[Ints, Ints, Floats]] = [
            (problem.need, np.arange(pairs), np.ones(pairs)),
            (pieces.need, at_piece, -np.ones(len(pieces.need))),
            (needs + problem.offer, np.arange(pairs), np.ones(pairs)),
            (kept_row, at_kept, np.ones(len(self.kept))),
            (kept_row, self.kept, -np.ones(len(self.kept))),
        ]
        most = []
        for number, limit in enumerate(problem.limits):
            entries.append((np.full(len(limit.pairs), first_limit + number), limit.pairs, self._weights(limit)))
            most.append(self._most(limit))
        row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        matrix = coo_matrix((value, (row, column)), shape=(self.rows, self.columns)).tocsc()
        held_offer = np.bincount(problem.offer, weights=problem.fixed, minlength=offers)
        upper = np.concatenate(
            [
                np.zeros(needs),
                np.maximum(problem.most, held_offer) / self.unit,
                np.array(most),
                np.zeros(len(self.kept)),
            ]
        )
        lower = np.concatenate([np.full(needs, -INFINITY), np.full(self.rows - needs, -INFINITY)])
        # What is accepted beyond the need's high end meets nothing: the row of a need may be passed by it.
        lower[:needs] = 0.0
        held_need = np.bincount(problem.need, weights=problem.fixed, minlength=needs)
        upper[:needs] = np.maximum(held_need - problem.high, 0.0) / self.unit
        return matrix, lower, upper

    def _weights(self, limit: Limit) -> Floats:
        """A match counts as the part of its most that it gives: as whole where it gives all, never as more than one."""
        if not limit.is_count:
            return limit.weight
        upper = self.problem.upper[limit.pairs]
        return np.divide(self.unit, upper, out=np.zeros_like(upper), where=upper > 0)

    def _most(self, limit: Limit) -> float:
        fixed = self.problem.fixed[limit.pairs]
        if limit.is_count:
            return max(limit.most, float((fixed > 0).sum()))
        return max(limit.most, float(fixed @ limit.weight)) / self.unit
