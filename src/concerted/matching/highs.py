"""HiGHS as this package uses it: one thread, a fixed seed, silent, no clock: equal problems give equal answers.

Place on the way: the one door to the solver. Limits are counts of nodes and iterations, never seconds, because a plan
that depends on how busy a machine was cannot be made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_matrix

from concerted.matching.problem import Bools, Floats, Ints

#: Columns from which a model is large, and steps of the simplex method after which another method is taken.
LARGE, _STEPS = 30_000, 100_000
INFINITY = float(highspy.kHighsInf)


@dataclass(frozen=True)
class Answer:
    """What came of a run. `bound` is proven; `values` are null where nothing was found."""

    is_optimal: bool
    objective: float
    bound: float
    values: Floats | None
    row_duals: Floats | None = None
    reduced: Floats | None = None


class _Silent(highspy.Highs):
    """Says nothing: HiGHS greets on standard output, where JSON is to stand, as soon as it is given anything."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the library's name)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Model:
    """A maximisation: columns with bounds and worth, rows with bounds."""

    def __init__(
        self,
        worth: Floats,
        lower: Floats,
        upper: Floats,
        matrix: csc_matrix,
        row_lower: Floats,
        row_upper: Floats,
        integral: Bools | None = None,
    ) -> None:
        self._solver = _Silent()  # type: ignore[no-untyped-call]
        for option, value in (("threads", 1), ("random_seed", 2018), ("parallel", "off")):
            self._solver.setOptionValue(option, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(worth), len(row_lower)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = worth, lower, upper
        lp.row_lower_, lp.row_upper_ = row_lower, row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        self._is_mip = integral is not None and bool(integral.any())
        if integral is not None and self._is_mip:
            lp.integrality_ = [
                highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in integral
            ]
        self._solver.passModel(lp)
        self._has_run = False

    def set_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Other bounds of some columns; the next run starts from the last basis."""
        self._solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def set_worth(self, columns: Ints, worth: Floats) -> None:
        """Another worth of some columns."""
        self._solver.changeColsCost(len(columns), columns.astype(np.int32), worth)

    def add_row(self, lower: float, upper: float, columns: Ints, values: Floats) -> int:
        """One more row; its number."""
        self._solver.addRow(lower, upper, len(columns), columns.astype(np.int32), values)
        return int(self._solver.getNumRow()) - 1

    def add_column(self, worth: float, lower: float, upper: float, rows: Sequence[int], values: Sequence[float]) -> int:
        """One more column; its number."""
        self._solver.addCol(worth, lower, upper, len(rows), np.array(rows, np.int32), np.array(values, np.float64))
        return int(self._solver.getNumCol()) - 1

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Other bounds of a row."""
        self._solver.changeRowBounds(row, lower, upper)

    def start_from(self, values: Floats) -> None:
        """A known solution, from which a search for whole numbers begins."""
        solution = highspy.HighsSolution()
        solution.col_value = values.tolist()
        self._solver.setSolution(solution)

    def run(self, nodes: int = 0, gap: float = 0.0) -> Answer:
        """Solve. `nodes`: at most so many branches; `gap`: relative, at which a search may end."""
        if self._is_mip:
            for option, value in (("mip_max_nodes", nodes), ("mip_rel_gap", gap), ("mip_abs_gap", 1e-9)):
                self._solver.setOptionValue(option, value)
        elif self._solver.getNumCol() > LARGE:
            # Where many matches count in few limits the simplex method can stand still on large models; interior
            # points do not, and their crossover leaves a basis for the next run. The limit is one of steps, not time.
            self._solver.setOptionValue("solver", "simplex" if self._has_run else "ipm")
            self._solver.setOptionValue("simplex_iteration_limit", _STEPS)
        self._solver.run()
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            self._solver.setOptionValue("solver", "ipm")
            self._solver.setOptionValue("simplex_iteration_limit", 10 * _STEPS)
            self._solver.run()
        self._has_run = True
        info, solution = self._solver.getInfo(), self._solver.getSolution()
        is_optimal = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        has = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = np.array(solution.col_value) if has else None
        bound = float(info.mip_dual_bound) if self._is_mip else float(info.objective_function_value)
        duals = None if self._is_mip or not has else np.array(solution.row_dual)
        reduced = None if self._is_mip or not has else np.array(solution.col_dual)
        return Answer(is_optimal, float(info.objective_function_value), bound, values, duals, reduced)
