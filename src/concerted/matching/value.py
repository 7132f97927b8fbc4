"""What one more dollar would bring: to each need, line and place.

Place on the way: behind a plan. The linear model of the plan's matches enters; its duals leave, in weighted dollars of
need met per dollar. One more dollar here may free another elsewhere: that is counted.
"""

import numpy as np

from concerted.matching.building import Built
from concerted.matching.problem import Floats
from concerted.matching.relaxed import Relaxation


def worth_of_one_more(built: Built, amounts: Floats) -> Floats:
    """Of each need, the worth of one more dollar that is bound to it; 0 where it is met to its high end.

    Args:
        built: the problem.
        amounts: of its pairs, in the plan.
    """
    problem = built.problem
    if not len(problem.low):
        return np.zeros(0)
    relaxation = Relaxation(problem)
    model = relaxation.model()
    lower, upper = relaxation.plan_bounds((amounts > 0) | (problem.fixed > 0))
    if len(lower):
        model.set_bounds(np.arange(len(lower)), lower, upper)
    answer = model.run()
    if answer.row_duals is None:
        return np.zeros(len(problem.low))
    per_unit = np.abs(answer.row_duals[: len(problem.low)]) * relaxation.scale / relaxation.unit
    return np.round(per_unit / built.dollars, 6)
