"""The state of a cell: covered, partly covered, not covered, or no information.

Place on the way: picture and pages. Enters: supply, target, whether the cell is informed, how many activities are
there. Leaves: one of four words. The one place where the rule of DESIGN section 7 stands, once for single cells and
once for columns.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from concerted.codelists.frameworks import CellRule

CellState = Literal["covered", "partly", "not_covered", "no_information"]
STATES: tuple[CellState, ...] = ("covered", "partly", "not_covered", "no_information")

Money = Decimal | None
#: Shares of the rule are compared in ten-thousandths, so that both forms are exact.
_SCALE = 10_000


def cell_state(
    supply_low: Money,
    supply_high: Money,
    target_low: Money,
    target_high: Money,
    informed: bool,
    activities: int,
    rule: CellRule = CellRule(),  # noqa: B008 (frozen)
) -> CellState:
    """The state of one cell.

    A claim is needed to say that help is lacking, never to say that it is there.

    - covered: low supply reaches `rule.covered` of the high target;
    - not covered: high supply stays under `rule.not_covered` of the low target, and the cell is informed; where it is
      not, that is no information;
    - partly: anything else with activities or money;
    - no information: the rest.

    Args:
        supply_low, supply_high: net money of the rule's kind; null = unknown. Without activities unknown supply is none
            where the cell is informed. Where corrections outweigh the rest low may exceed high; the smaller is the low.
        target_low, target_high: cost or validated need; null = unknown.
        informed: a source that claims to be complete here has reported within the freshness limit.
        activities: distinct activities in the cell.
    """
    if supply_low is not None and supply_high is not None and supply_low > supply_high:
        supply_low, supply_high = supply_high, supply_low
    if supply_high is None and informed and activities == 0:
        supply_low = supply_high = Decimal(0)
    if supply_low is not None and target_high is not None and supply_low >= rule.covered * target_high:
        return "covered"
    is_short = supply_high is not None and target_low is not None and supply_high < rule.not_covered * target_low
    if is_short and informed:
        return "not_covered"
    is_something = activities > 0 or (supply_high is not None and supply_high > 0)
    return "partly" if is_something and not is_short else "no_information"


def cell_states(
    supply_low: Sequence[Money],
    supply_high: Sequence[Money],
    target_low: Sequence[Money],
    target_high: Sequence[Money],
    informed: Sequence[bool],
    activities: Sequence[int],
    rule: CellRule = CellRule(),  # noqa: B008 (frozen)
) -> list[CellState]:
    """`cell_state` for columns of one length; the same answers, in numpy."""
    low, has_low = _cents(supply_low)
    high, has_high = _cents(supply_high)
    t_low, has_t_low = _cents(target_low)
    t_high, has_t_high = _cents(target_high)
    is_informed = np.asarray(informed, np.bool_)
    count = np.asarray(activities, np.int64)
    both = has_low & has_high
    low, high = np.where(both, np.minimum(low, high), low), np.where(both, np.maximum(low, high), high)
    is_none = ~has_high & is_informed & (count == 0)
    low, high = np.where(is_none, 0, low), np.where(is_none, 0, high)
    has_low, has_high = has_low | is_none, has_high | is_none
    covered = has_low & has_t_high & (low * _SCALE >= int(rule.covered * _SCALE) * t_high)
    short = has_high & has_t_low & (high * _SCALE < int(rule.not_covered * _SCALE) * t_low)
    something = (count > 0) | (has_high & (high > 0))
    cases = [covered, short & is_informed, something & ~short]
    chosen = np.select(cases, [0, 2, 1], default=STATES.index("no_information"))
    return [STATES[i] for i in chosen]


def _cents(values: Sequence[Money]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Whole cents (0 where unknown), and where they are known."""
    known = np.array([v is not None for v in values], np.bool_)
    return np.array([0 if v is None else int(v * 100) for v in values], np.int64), known
