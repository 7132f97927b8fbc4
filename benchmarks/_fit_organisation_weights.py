"""Fit `resolve/matching/weights.json` on the learning half of the gold sets.

Run `python -m benchmarks._fit_organisation_weights`.

A logistic model, one weight per level. More alike never weighs less (levels of a comparison are ordered, "not known"
stands apart), a small square penalty holds rare levels near zero. Pairs of spellings count four times, as there are
fewer of them than candidates of names. At the end slope and start are fitted on candidates alone, so that a
probability means what it says where the program meets pairs. Only these numbers are kept; they hold nobody's text.
"""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks._organisation_pairs import compare_pairs, compare_queries
from benchmarks._organisation_sets import data_folder, pair_set, read_gold
from concerted.resolve.matching.comparison import COMPARISONS, LEVELS

Floats = npt.NDArray[np.float64]
PENALTY, PAIR_WEIGHT = 0.3, 4.0
#: Levels that say that something is not known, or stand beside the order.
APART = {"known": (3,), "country": (2,), "type": (2,), "work": (2,), "named": (2,), "partners": (3,)}
_STARTS = np.cumsum([0, *(len(LEVELS[name]) for name in COMPARISONS)])


def main() -> None:
    """Fit, and write the file."""
    gold = read_gold(data_folder())
    pairs = compare_pairs(gold, pair_set(gold))
    queries = compare_queries(gold).compared
    learn_pairs, learn_queries = pairs.of(test=False), queries.of(test=False)
    x = np.vstack([design(queries.levels[learn_queries]), design(pairs.levels[learn_pairs])])
    y = np.concatenate([queries.same[learn_queries], pairs.same[learn_pairs]]).astype(float)
    weight = np.concatenate([np.ones(learn_queries.sum()), np.full(learn_pairs.sum(), PAIR_WEIGHT)])
    start, levels = fit(x, y, weight)
    candidates = design(queries.levels[learn_queries])
    slope, shift = calibrate(start + candidates @ levels, queries.same[learn_queries].astype(float))
    bits = 1000 / np.log(2)
    shipped = {
        "made": "benchmarks/_fit_organisation_weights.py: logistic model on levels, thousandths of a bit",
        "learnt_from": {
            "candidates": int(learn_queries.sum()), "of_them_same": int(queries.same[learn_queries].sum()),
            "pairs": int(learn_pairs.sum()), "of_pairs_same": int(pairs.same[learn_pairs].sum()),
        },
        "start": round((slope * start + shift) * bits),
        "levels": {
            name: [round(w) for w in slope * levels[_STARTS[at] : _STARTS[at + 1]] * bits]
            for at, name in enumerate(COMPARISONS)
        },
    }  # fmt: skip
    path = Path(str(files("concerted.resolve.matching").joinpath("weights.json")))
    path.write_text(json.dumps(shipped, indent=1) + "\n")
    print(json.dumps(shipped["learnt_from"]), "slope", round(slope, 3))


def design(levels: npt.NDArray[np.int64]) -> Floats:
    """One column per level."""
    columns = np.zeros((len(levels), _STARTS[-1]))
    for at in range(len(COMPARISONS)):
        columns[np.arange(len(levels)), _STARTS[at] + levels[:, at]] = 1
    return columns


def fit(x: Floats, y: Floats, weight: Floats) -> tuple[float, Floats]:
    """Start and one weight per level."""
    steps, bounds = _ordered()

    def loss(values: Floats) -> tuple[float, Floats]:
        levels = steps @ values[1:]
        odds = values[0] + x @ levels
        error = weight * (1 / (1 + np.exp(-odds)) - y)
        total = float((weight * (np.logaddexp(0, odds) - y * odds)).sum() + PENALTY / 2 * (levels @ levels))
        return total, np.concatenate([[error.sum()], steps.T @ (x.T @ error + PENALTY * levels)])

    first = np.zeros(1 + steps.shape[1])
    found = minimize(
        loss, first, jac=True, bounds=[(None, None), *bounds], method="L-BFGS-B",
        options={"maxiter": 5000, "maxfun": 20_000},
    )  # fmt: skip
    if not found.success:
        raise RuntimeError(f"the weights were not found: {found.message}")
    return float(found.x[0]), steps @ found.x[1:]


def calibrate(odds: Floats, y: Floats) -> tuple[float, float]:
    """Slope and shift of log odds."""

    def loss(values: Floats) -> float:
        z = values[0] * odds + values[1]
        return float((np.logaddexp(0, z) - y * z).sum())

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6})
    return float(found.x[0]), float(found.x[1])


def _ordered() -> tuple[Floats, list[tuple[float | None, float | None]]]:
    """Levels as sums of steps: the last ordered level of a comparison, then how much each better one adds."""
    columns: list[Floats] = []
    bounds: list[tuple[float | None, float | None]] = []
    for at, name in enumerate(COMPARISONS):
        order = [level for level in range(len(LEVELS[name])) if level not in APART.get(name, ())]
        for kept in range(len(order), 0, -1):
            column = np.zeros(_STARTS[-1])
            column[[_STARTS[at] + level for level in order[:kept]]] = 1
            columns.append(column)
            bounds.append((None, None) if kept == len(order) else (0, None))
        for level in APART.get(name, ()):
            column = np.zeros(_STARTS[-1])
            column[_STARTS[at] + level] = 1
            columns.append(column)
            bounds.append((None, None))
    return np.array(columns).T, bounds


if __name__ == "__main__":
    main()
