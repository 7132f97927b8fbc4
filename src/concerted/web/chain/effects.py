"""What an answer does to the range of a total, as values that pages show."""

from dataclasses import dataclass

from concerted.publish.chain import Decides, Total, if_no, if_yes
from concerted.web.edition.money import Money


@dataclass(frozen=True, slots=True)
class Effect:
    """The net range now, and after each answer, in dollars."""

    now: Money
    yes: Money
    no: Money


def effect_of(total: Total, question: Decides) -> Effect:
    """How far the range of `total` would go after yes, and after no."""
    ranges = ((total.low, total.high), if_yes(total, question), if_no(total, question))
    now, yes, no = (Money(low, None, high) for low, high in ranges)
    return Effect(now, yes, no)
