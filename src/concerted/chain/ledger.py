"""What the chain of money is worked out from: who says they gave what to whom, and who says they got it.

Place on the way: chain, inner. Enters: money of one kind (commitments, or money that left: disbursements and
expenditure), summed per statement and counterpart. Leaves: arrays that `doubles` and `levels` work on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Self, cast

from concerted.chain.arrays import Ints, columns, sums

#: Where an activity is not named, or not in the data. Activities are positions in `Ledger.owners`.
UNKNOWN = -1
#: Where an organisation is not named. Organisations are the ids of `core_organisation`, hashes that are never 0.
NOBODY = 0
#: Receiver of money that bought goods and services: nobody tells it again.
SPENT = -1


class _Columns:
    """Arrays of one length, one per field."""

    @classmethod
    def of(cls, rows: Iterable[tuple[int, ...]] = ()) -> Self:
        """From rows, the values in the order of the fields."""
        names = [field.name for field in fields(cast("type[Any]", cls))]
        return cls(*columns(rows, len(names)))

    def __len__(self) -> int:
        return len(getattr(self, fields(cast("Any", self))[0].name))


@dataclass(frozen=True)
class Flows(_Columns):
    """Money that givers say they let go; one row per giver and counterpart, all arrays of one length.

    Attributes:
        giver: activity that gives.
        receiver: activity that gets it, or UNKNOWN; never the giver itself.
        receiver_org: organisation that gets it, NOBODY or SPENT.
        amount: cents, 0 or more; corrections are netted before.
    """

    giver: Ints
    receiver: Ints
    receiver_org: Ints
    amount: Ints


@dataclass(frozen=True)
class Incomes(_Columns):
    """Money that receivers say they got; one row per receiver and counterpart.

    Attributes:
        receiver: activity that gets.
        provider: activity it comes from, or UNKNOWN; never the receiver itself.
        provider_org: organisation it comes from, or NOBODY.
        amount: cents, 0 or more.
    """

    receiver: Ints
    provider: Ints
    provider_org: Ints
    amount: Ints


@dataclass(frozen=True)
class Pairs(_Columns):
    """Relations without amounts, as two arrays of one length."""

    left: Ints
    right: Ints


@dataclass(frozen=True)
class Ledger:
    """Everything that is said of one kind of money.

    Attributes:
        owners: organisation of each activity that is counted; NOBODY = unknown.
        flows: what givers say.
        incomes: what receivers say; an activity with a row here is taken to report all that it gets.
        funders: (activity, organisation) declared to fund it, used where incomes do not say.
        above: (upper, lower) activities declared or judged to stand in a chain, without an amount.
        retold: (upper, lower) activities that may tell of one project in other words.
        apart: (giver, receiver) activities judged to hold different money.
        judged: (giver, receiver) activities judged to hold the same money; they are among `above`.
    """

    owners: Ints
    flows: Flows
    incomes: Incomes
    funders: Pairs = field(default_factory=Pairs.of)
    above: Pairs = field(default_factory=Pairs.of)
    apart: Pairs = field(default_factory=Pairs.of)
    judged: Pairs = field(default_factory=Pairs.of)
    retold: Pairs = field(default_factory=Pairs.of)

    def __len__(self) -> int:
        return len(self.owners)

    @property
    def gross(self) -> int:
        """Cents, every statement added up."""
        return int(self.flows.amount.sum())

    def outflow(self) -> Ints:
        """Cents that leave each activity."""
        return sums(self.flows.giver, self.flows.amount, len(self))
