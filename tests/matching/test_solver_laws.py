"""No rule is ever broken, small problems are solved to the proven best, and more help never makes a plan worse."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.matching.problem import Problem, broken, met_by, worth_of
from concerted.matching.solver import Effort, solve
from matching.portfolios import best_objective, problems


@settings(max_examples=150, deadline=None)
@given(problems())
def test_a_plan_breaks_no_rule_and_is_the_best_by_brute_force(problem: Problem) -> None:
    best = best_objective(problem)
    assert best is not None
    plan = solve(problem)
    assert broken(problem, plan.amounts) == []
    assert plan.objective == pytest.approx(best, rel=1e-5, abs=1e-5)
    assert plan.bound >= best - 1e-5 * max(1.0, best)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_objective_is_the_worth_of_what_is_met(problem: Problem) -> None:
    plan = solve(problem)
    met = np.minimum(met_by(problem, plan.amounts), problem.high)
    assert plan.objective == pytest.approx(worth_of(problem, met).sum(), rel=1e-6, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(problems(), st.data())
def test_more_help_never_makes_a_plan_worse(problem: Problem, data: st.DataObject) -> None:
    before = solve(problem)
    more = np.array([float(data.draw(st.integers(0, 60))) for _ in problem.most])
    after = solve(replace(problem, most=problem.most + more))
    assert after.objective >= before.objective * (1 - 1e-6) - 1e-6


@settings(max_examples=60, deadline=None)
@given(problems())
def test_with_little_effort_no_rule_is_broken_and_what_is_proven_holds(problem: Problem) -> None:
    best = best_objective(problem)
    plan = solve(problem, Effort(nodes=0, doubtful=0))
    assert best is not None
    assert broken(problem, plan.amounts) == []
    assert plan.objective <= best * (1 + 1e-6) + 1e-6 <= plan.bound * (1 + 2e-6) + 2e-6


@settings(max_examples=60, deadline=None)
@given(problems())
def test_from_an_earlier_plan_the_result_is_no_worse(problem: Problem) -> None:
    best = solve(problem)
    again = solve(problem, Effort(nodes=0, doubtful=0), best.amounts)
    assert again.objective >= best.objective * (1 - 1e-6) - 1e-6


@settings(max_examples=60, deadline=None)
@given(problems())
def test_equal_problems_have_equal_plans(problem: Problem) -> None:
    assert solve(problem).amounts.tolist() == solve(problem).amounts.tolist()


def test_the_judge_sees_each_kind_of_breach() -> None:
    one = np.array([0])
    problem = Problem(
        np.array([5.0]),
        np.array([10.0]),
        np.ones(1),
        np.array([8.0]),
        one,
        one,
        np.array([4.0]),
        np.zeros(1),
        np.zeros(1),
    )
    assert broken(problem, np.array([5.0])) == []
    assert broken(problem, np.array([2.0])) == ["a match below its minimum"]
    assert "an offer was used twice" in broken(problem, np.array([9.0]))
    assert broken(problem, np.array([-3.0])) == ["an amount below zero"]
