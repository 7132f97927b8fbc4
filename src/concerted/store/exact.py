"""Exact splitting of whole numbers by cumulative shares, the same on every engine.

Place on the way: below locate, classify and allocate, which split the same way. Enters: amounts in cents or in parts
per 10^9, and weights or bounds, all 64-bit integers. Leaves: parts that add up exactly. `x // y` is not used: Ibis
writes it as a division of floats and a floor, which is wrong near whole quotients beyond 2^53.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from concerted.model.tables import ONE


def whole_division(number: ir.IntegerValue, by: ir.IntegerValue | int) -> ir.IntegerValue:
    """`number / by` towards zero, exact for quotients below 2^52.

    The remainder is taken off first, so the quotient is whole, and rounding repairs the last bit of the float.
    """
    return ((number - number % by) / by).round().cast("int64")


def rounded_division(number: ir.IntegerValue, by: ir.IntegerValue | int) -> ir.IntegerValue:
    """`number / by` rounded, halves away from zero; a negative number gives the mirror image of its positive."""
    half = whole_division(by, 2) if isinstance(by, ir.Value) else by // 2
    return whole_division(number + ibis.ifelse(number >= 0, half, -half), by)


def share_below(amount: ir.IntegerValue, bound: ir.IntegerValue, total: ir.IntegerValue | int = ONE) -> ir.IntegerValue:
    """`amount * bound / total`, rounded; the parts of an amount are the differences of this at neighbouring bounds.

    The amount is cut at `total` before it is multiplied, so that nothing exceeds 64 bits.
    """
    whole = whole_division(amount, total)
    return whole * bound + rounded_division(amount % total * bound, total)


def part(
    amount: ir.IntegerValue, low: ir.IntegerValue, high: ir.IntegerValue, total: ir.IntegerValue | int = ONE
) -> ir.IntegerValue:
    """The part of `amount` between two cumulative bounds; parts that lie end to end from 0 to `total` sum to it.

    Not a case for what need not be split: DuckDB then works out anew whatever is used twice below it.
    """
    return share_below(amount, high, total) - share_below(amount, low, total)


def cumulative_share(
    whole: ir.IntegerValue | int, weight: ir.IntegerValue, group: Sequence[str], order: Sequence[str]
) -> ir.IntegerColumn:
    """`whole` split by integer weights: differences of the rounded running total, so that a group's parts sum to it.

    Args:
        whole: what is split, the same in every row of a group; times the sum of the weights it must fit 63 bits.
        weight: not negative; at least one of a group is above 0.
        group: columns of a group.
        order: columns that order a group, unique within it.
    """
    total = weight.sum().over(ibis.window(group_by=list(group))).cast("int64")
    upto = weight.sum().over(ibis.cumulative_window(group_by=list(group), order_by=list(order))).cast("int64")
    return rounded_division(whole * upto, total) - rounded_division(whole * (upto - weight), total)


def to_cents(money: ir.DecimalValue) -> ir.IntegerValue:
    """Money with two decimals as whole cents.

    The whole part is taken out first: times 100 in one, DuckDB keeps 18 digits of narrow decimals, and wide ones are
    numbers of 128 bits there, which take 28 times as long.
    """
    rest = money % 1
    return (money - rest).cast("int64") * 100 + (rest * 100).cast("int64")


def from_cents(cents: ir.IntegerValue) -> ir.DecimalValue:
    """Whole cents as money with two decimals."""
    return (cents.cast("decimal(18,0)") * ibis.literal("0.01").cast("decimal(18,2)")).cast("decimal(18,2)")
