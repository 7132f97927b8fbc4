"""Where the money that leaves an activity came from, by its own books.

Place on the way: chain, inner. Enters: a ledger. Leaves: for each activity how many of the cents that leave it came
from which income, and how many its books leave open. Money inside an activity is fungible: what leaves it came from
its incomes in proportion.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from concerted.chain.arrays import Ints, Mask, keyed, split, sums, zeros
from concerted.chain.ledger import NOBODY, UNKNOWN, Ledger


@dataclass(frozen=True)
class Books:
    """The outflow of every activity by origin, in cents.

    Attributes:
        outflow: per activity.
        passed: per income, the cents of it that left its receiver again.
        reports: per activity, whether it reports any income.
        unexplained: per activity, cents that left it and that no income explains; all, where it reports none.
    """

    outflow: Ints
    passed: Ints
    reports: Mask
    unexplained: Ints


def books(ledger: Ledger) -> Books:
    """The books of every activity."""
    outflow = ledger.outflow()
    income = sums(ledger.incomes.receiver, ledger.incomes.amount, len(ledger))
    passed = split(np.minimum(income, outflow), ledger.incomes.amount, ledger.incomes.receiver)
    return Books(outflow, passed, income > 0, np.maximum(outflow - income, 0))


@dataclass(frozen=True)
class Entries:
    """Parts of outflows whose giver is not known as an activity; one row per receiver and named organisation.

    Attributes:
        receiver: activity.
        provider_org: organisation named by its books, or NOBODY.
        amount: cents.
    """

    receiver: Ints
    provider_org: Ints
    amount: Ints

    @classmethod
    def of(cls, ledger: Ledger, kept: Books) -> Self:
        """Incomes without the giver's activity, and what the books leave open."""
        incomes = ledger.incomes
        loose = np.flatnonzero(incomes.provider == UNKNOWN)
        left_open = np.flatnonzero(kept.unexplained)
        receivers = np.r_[incomes.receiver[loose], left_open]
        providers = np.r_[incomes.provider_org[loose], zeros(len(left_open)) + NOBODY]
        amounts = np.r_[kept.passed[loose], kept.unexplained[left_open]]
        number, (receiver, provider_org) = keyed(receivers, providers)
        return cls(receiver, provider_org, sums(number, amounts, len(receiver)))

    def __len__(self) -> int:
        return len(self.amount)
