"""The matching problem in numbers: what the solver is given, without a word of what it is about.

Place on the way: between needs and offers and the solver. Amounts are in the units of each need (dollars, days,
places); worth is in dollars of need met, weighted. Every array has one entry per need, offer or pair.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
#: Diminishing returns: (part of a need, worth of a unit in it). The first half of a need is worth most.
STEPS = ((0.5, 1.0), (0.3, 0.85), (0.2, 0.7))


@dataclass(frozen=True)
class Limit:
    """At most `most` over some pairs: of amounts times `weight`, or of matches where `is_count`."""

    pairs: Ints
    weight: Floats
    most: float
    is_count: bool = False


@dataclass(frozen=True)
class Problem:
    """What is to be matched.

    Attributes:
        low, high: at least and at most this is missing of each need; low 0 where it is not known.
        worth: of one unit of a need that is wholly in want: weight times dollars per unit.
        groups: of needs for fairness, the more important kind first (regions, then nodes); -1 = in none.
        most: what each offer has.
        need, offer: of each pair that breaks no condition.
        least: a pair gives nothing or at least this.
        kept: what the last run proposed for the pair; to keep it is worth a little.
        fixed: what was accepted; it stays, whatever comes.
        caution: weight of the low picture of what is missing against the high one, 0 to 1.
    """

    low: Floats
    high: Floats
    worth: Floats
    most: Floats
    need: Ints
    offer: Ints
    least: Floats
    kept: Floats
    fixed: Floats
    groups: tuple[Ints, ...] = ()
    limits: tuple[Limit, ...] = ()
    steps: tuple[tuple[float, float], ...] = STEPS
    caution: float = 0.5
    keep_bonus: float = 0.02
    upper: Floats = field(init=False)

    def __post_init__(self) -> None:
        most = np.minimum(self.high[self.need], self.most[self.offer])
        for limit in self.limits:
            if not limit.is_count:
                np.minimum.at(most, limit.pairs, limit.most / np.maximum(limit.weight, 1e-12))
        object.__setattr__(self, "upper", np.maximum(np.where(most < self.least, 0.0, most), self.fixed))


@dataclass(frozen=True)
class Pieces:
    """The worth of needs as pieces of falling slope: piece k of need n is worth `slope` a unit up to `size` units."""

    need: Ints
    size: Floats
    slope: Floats


def pieces_of(problem: Problem) -> Pieces:
    """The concave worth of each need, averaged over the low and the high picture of what is missing.

    In either picture units beyond what is missing are worth nothing, so what the low picture already holds met counts
    less: a plan stays good whichever of both is true.
    """
    cuts = np.cumsum([part for part, _ in problem.steps])
    slopes = np.array([worth for _, worth in problem.steps])
    ends = np.concatenate([np.outer(problem.low, cuts), np.outer(problem.high, cuts)], axis=1)
    ends.sort(axis=1)
    starts = np.concatenate([np.zeros((len(ends), 1)), ends[:, :-1]], axis=1)
    middle = (starts + ends) / 2
    slope = np.zeros_like(ends)
    for size, weight in ((problem.low, problem.caution), (problem.high, 1 - problem.caution)):
        at = np.divide(middle, size[:, None], out=np.full_like(middle, 2.0), where=size[:, None] > 0)
        place = np.searchsorted(cuts, at.ravel(), side="right").reshape(at.shape)
        slope += weight * np.append(slopes, 0.0)[np.minimum(place, len(slopes))]
    size = ends - starts
    n, k = np.nonzero((size > 1e-9) & (slope > 1e-12))
    return Pieces(n, size[n, k], slope[n, k] * problem.worth[n])


def worth_of(problem: Problem, met: Floats, pieces: Pieces | None = None) -> Floats:
    """The weighted worth of each need when so much of it is met."""
    pieces = pieces_of(problem) if pieces is None else pieces
    worth: list[float] = [0.0] * len(problem.low)
    left: list[float] = met.tolist()
    needs: list[int] = pieces.need.tolist()
    sizes: list[float] = pieces.size.tolist()
    slopes: list[float] = pieces.slope.tolist()
    for n, size, slope in zip(needs, sizes, slopes, strict=True):  # of one need the dearest piece comes first
        part = size if size < left[n] else left[n]
        worth[n] += part * slope
        left[n] -= part
    return np.array(worth)


def met_by(problem: Problem, amounts: Floats) -> Floats:
    """How much of each need some amounts meet."""
    found: Floats = np.bincount(problem.need, weights=amounts, minlength=len(problem.low)).astype(np.float64)
    return found


def broken(problem: Problem, amounts: Floats, tolerance: float = 1e-6) -> list[str]:
    """Which rules some amounts break, in words; the judge of every plan, apart from the solver."""
    found = []
    scale = tolerance * np.maximum(1.0, problem.upper)
    is_free = problem.fixed <= 0
    if (amounts < -scale).any():
        found.append("an amount below zero")
    if ((amounts > scale) & (amounts < problem.least - scale) & is_free).any():
        found.append("a match below its minimum")
    if (amounts > problem.upper + scale).any():
        found.append("a match above what the need or the offer has")
    if (np.abs(amounts - problem.fixed) > scale)[~is_free].any():
        found.append("an accepted match was changed")
    for what, index, most in (("offer", problem.offer, problem.most), ("need", problem.need, problem.high)):
        total = np.bincount(index, weights=amounts, minlength=len(most))
        accepted = np.bincount(index, weights=problem.fixed, minlength=len(most))
        if (total > np.maximum(most, accepted) * (1 + tolerance) + tolerance).any():
            found.append(f"an {what} was used twice" if what == "offer" else "a need was met beyond its high end")
    for limit in problem.limits:
        given = amounts[limit.pairs]
        used = float((given > scale[limit.pairs]).sum() if limit.is_count else given @ limit.weight)
        fixed = problem.fixed[limit.pairs]
        held = float((fixed > 0).sum() if limit.is_count else fixed @ limit.weight)
        given_up_to = limit.most if limit.most > held else held
        if used > given_up_to * (1 + tolerance) + tolerance:
            found.append("a limit was passed")
    return found
