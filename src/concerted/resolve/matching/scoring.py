"""Levels to a probability and to reasons: a sum of whole numbers that anybody can check.

Place on the way: resolve, inner. Enters: levels of a comparison. Leaves: the probability that both spellings are of one
organisation, and in words what spoke for it and against it. Weights are thousandths of a bit (1000 = twice the odds);
how they were made stands in `weights.json` itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from concerted.model.errors import ConfigError
from concerted.resolve.matching.comparison import COMPARISONS, LEVELS

#: A reason is worth saying from this weight on.
TELLING = 250


@dataclass(frozen=True)
class Weights:
    """`start`: log odds before any evidence. `levels`: per comparison one weight per level."""

    start: int
    levels: tuple[tuple[int, ...], ...]

    def bits(self, found: Sequence[int]) -> int:
        """Log odds of the levels, thousandths of a bit."""
        return self.start + sum(row[level] for row, level in zip(self.levels, found, strict=True))

    def reasons(self, found: Sequence[int]) -> tuple[str, ...]:
        """What spoke for and against, the weightiest first: `+ the same words (3.2)`."""
        said = [
            (weight, LEVELS[name][level])
            for name, row, level in zip(COMPARISONS, self.levels, found, strict=True)
            if abs(weight := row[level]) >= TELLING
        ]
        said.sort(key=lambda item: (-abs(item[0]), item[1]))
        return tuple(f"{'+' if weight > 0 else '-'} {text} ({abs(weight) / 1000:.1f})" for weight, text in said)


def probability(bits: int) -> float:
    """Log odds in thousandths of a bit as a probability, four decimals."""
    return float(round(1 / (1 + 2.0 ** (-max(-30_000, min(30_000, bits)) / 1000)), 4))


@cache
def load_weights() -> Weights:
    """The shipped weights.

    Raises:
        ConfigError: comparisons or levels differ from those of the program.
    """
    shipped = json.loads(files("concerted.resolve.matching").joinpath("weights.json").read_text("utf-8"))
    levels = shipped["levels"]
    if list(levels) != list(COMPARISONS) or any(len(levels[name]) != len(LEVELS[name]) for name in COMPARISONS):
        raise ConfigError("resolve/matching/weights.json does not fit the comparisons; fit it again")
    return Weights(shipped["start"], tuple(tuple(levels[name]) for name in COMPARISONS))
