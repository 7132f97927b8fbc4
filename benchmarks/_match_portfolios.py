"""Generated portfolios of needs and offers, as hard as one likes, with the same numbers for the same seed.

Amounts are log-normal around 200,000 dollars, offers together hold a part of what is missing, each need fits some
offers only, the smallest match is a part of the smaller of both. `minima` times 5 to 30 % is that part.
"""

import numpy as np

from concerted.matching.problem import Limit, Problem


def portfolio(
    needs: int, offers: int, pairs: int, *, minima: float = 1.0, supply: float = 0.7, seed: int = 1, limits: bool = True
) -> Problem:
    """A problem. `supply`: what offers hold together, as part of what is missing."""
    random = np.random.default_rng(seed)
    high = np.round(np.exp(random.normal(12.2, 0.8, needs)))
    low = np.round(high * random.uniform(0.5, 0.95, needs))
    most = np.exp(random.normal(12.2, 1.0, offers))
    most = np.round(most * supply * high.sum() / most.sum())
    flat = random.choice(needs * offers, size=pairs, replace=False)
    flat.sort()
    need, offer = flat // offers, flat % offers
    least = np.round(np.minimum(high[need], most[offer]) * random.uniform(0.05, 0.3, pairs) * minima)
    lines = max(40, needs // 12)  # so that about one need lies in each cell, whatever the size
    region, node = random.integers(0, 12, needs), random.integers(0, lines, needs)
    found: tuple[Limit, ...] = ()
    if limits:  # the receivers of each region can take 60 % of what is missing there; a cell four matches
        found = tuple(
            Limit(at, np.ones(len(at)), float(np.round(0.6 * high[region == r].sum())))
            for r in range(12)
            if len(at := np.flatnonzero(region[need] == r))
        )
        cells = region * lines + node
        found += tuple(
            Limit(at, np.ones(len(at)), 4.0, is_count=True)
            for c in np.unique(cells)
            if len(at := np.flatnonzero(cells[need] == c)) > 4
        )
    nothing = np.zeros(pairs)
    return Problem(
        low,
        high,
        random.choice([1.0, 1.5, 2.0, 3.0], needs),
        most,
        need,
        offer,
        least,
        nothing,
        nothing,
        (region, node),
        found,
    )
