"""A logistic model on levels, one weight per level, for pairs whose truth is known.

More alike never weighs less: levels of a comparison are ordered, those that say "not known" stand apart. A small square
penalty holds rare levels near zero.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
PENALTY = 0.3


class LevelModel:
    """Levels by comparison, and which of them stand apart from the order."""

    def __init__(self, levels: Mapping[str, Sequence[str]], apart: Mapping[str, Sequence[int]]) -> None:
        self.names = tuple(levels)
        self.sizes = [len(levels[name]) for name in self.names]
        self.apart = apart
        self.starts = np.cumsum([0, *self.sizes])

    def design(self, found: npt.NDArray[np.int_]) -> Floats:
        """One column per level."""
        columns = np.zeros((len(found), self.starts[-1]))
        for at in range(len(self.names)):
            columns[np.arange(len(found)), self.starts[at] + found[:, at]] = 1
        return columns

    def fit(self, x: Floats, y: Floats, weight: Floats, tolerance: float = 2.2e-9) -> tuple[float, Floats]:
        """Start and one weight per level.

        Raises:
            RuntimeError: no weights were found.
        """
        steps, bounds = self._ordered()

        def loss(values: Floats) -> tuple[float, Floats]:
            levels = steps @ values[1:]
            odds = values[0] + x @ levels
            error = weight * (1 / (1 + np.exp(-odds)) - y)
            total = float((weight * (np.logaddexp(0, odds) - y * odds)).sum() + PENALTY / 2 * (levels @ levels))
            return total, np.concatenate([[error.sum()], steps.T @ (x.T @ error + PENALTY * levels)])

        first = np.zeros(1 + steps.shape[1])
        found = minimize(
            loss, first, jac=True, bounds=[(None, None), *bounds], method="L-BFGS-B",
            options={"maxiter": 5000, "maxfun": 20_000, "ftol": tolerance},
        )  # fmt: skip
        if not found.success:
            raise RuntimeError(f"the weights were not found: {found.message}")
        return float(found.x[0]), steps @ found.x[1:]

    def by_name(self, levels: Floats) -> dict[str, Floats]:
        """The weights of each comparison."""
        return {name: levels[self.starts[at] : self.starts[at + 1]] for at, name in enumerate(self.names)}

    def _ordered(self) -> tuple[Floats, list[tuple[float | None, float | None]]]:
        """Levels as sums of steps: the last ordered level of a comparison, then how much each better one adds."""
        columns: list[Floats] = []
        bounds: list[tuple[float | None, float | None]] = []
        for at, name in enumerate(self.names):
            order = [level for level in range(self.sizes[at]) if level not in self.apart.get(name, ())]
            for kept in range(len(order), 0, -1):
                column = np.zeros(self.starts[-1])
                column[[self.starts[at] + level for level in order[:kept]]] = 1
                columns.append(column)
                bounds.append((None, None) if kept == len(order) else (0, None))
            for level in self.apart.get(name, ()):
                column = np.zeros(self.starts[-1])
                column[self.starts[at] + level] = 1
                columns.append(column)
                bounds.append((None, None))
        return np.array(columns).T, bounds


def calibrate(odds: Floats, y: Floats, weight: Floats | None = None) -> tuple[float, float]:
    """Slope and shift of log odds."""
    counted = np.ones(len(odds)) if weight is None else weight

    def loss(values: Floats) -> float:
        z = values[0] * odds + values[1]
        return float((counted * (np.logaddexp(0, z) - y * z)).sum())

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6})
    return float(found.x[0]), float(found.x[1])
