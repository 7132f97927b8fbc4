"""What the statements tell of money that moved, as arrays of numbers.

Place on the way: chain, inner. `told` fills them, `worlds` takes from them what those who may see a marking know.
"""

from dataclasses import dataclass
from typing import Any

from concerted.chain.arrays import Ints, Mask
from concerted.chain.numbering import Numbering
from concerted.marking.order import EvidenceOrder

#: The books that are kept apart, each by the types of money out and in (IATI 2.03). `spent` is all that left; it is for
#: following the chain as a whole. The others are kinds of money, which are never summed.
BOOKS = {
    "spent": (("3", "4"), ("1",)),
    "disbursement": (("3",), ("1",)),
    "expenditure": (("4",), ("1",)),
    "commitment": (("2",), ("11",)),
    "pledge": (("12",), ("13",)),
}
#: Books that are one kind of money: what they find is taken off the figures of that kind.
KINDS = tuple(book for book, (out, _) in BOOKS.items() if len(out) == 1)
#: In the place of a statement: a person said it, so everybody knows it.
JUDGED = -1


@dataclass(frozen=True)
class Views:
    """What is counted: one row per view of a statement, in the order of (mark, record).

    Attributes:
        record, activity, org: ids; NOBODY where the organisation is unknown.
        mark: number of the view and marking, see `EvidenceOrder`.
        teller: rank of the source; of those that tell of one activity the smallest is counted.
        is_precise: whether the view is the precise one.
    """

    record: Ints
    activity: Ints
    org: Ints
    mark: Ints
    teller: Ints
    is_precise: Mask

    def where(self, rows: Any) -> "Views":
        """Those rows."""
        return Views(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Money:
    """Sums of one book: per statement and counterpart.

    Attributes:
        record: statement.
        is_out: whether it left the statement's activity; else it came in.
        other_activity, other_org: who is at the other end; UNKNOWN and NOBODY where it is not named or not counted.
        amount: cents; negative where corrections exceed what they correct.
    """

    record: Ints
    is_out: Mask
    other_activity: Ints
    other_org: Ints
    amount: Ints


@dataclass(frozen=True)
class Relations:
    """What is declared or judged without an amount.

    Attributes:
        funders: (record, organisation).
        above: (record that declares it, activity above, activity below); record JUDGED = a judgement.
        retold: (mark under which it is known, activity, other activity) likely to be one project in other words; the
            money that both let go may be the same.
        apart: (giver, receiver) activities judged to hold different money.
    """

    funders: tuple[Ints, Ints]
    above: tuple[Ints, Ints, Ints]
    retold: tuple[Ints, Ints, Ints]
    apart: tuple[Ints, Ints]


@dataclass(frozen=True)
class Told:
    """All that the statements tell, in numbers instead of ids.

    Attributes:
        numbering: what the numbers stand for.
        views: see there.
        order: which views are evidence for which.
        books: money per book.
        relations: see there.
    """

    numbering: Numbering
    views: Views
    order: EvidenceOrder
    books: dict[str, Money]
    relations: Relations
