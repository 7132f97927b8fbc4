"""How much can be told twice at most, when the same money fits several signs.

Place on the way: chain, inner. Enters: links, each bounded by itself. Leaves: per flow the most that can be told
twice, so that the sum over flows is an upper bound. What fits two signs is not counted for both where flows, links or
incomes that hang together leave no room for it.
"""

from dataclasses import dataclass

import numpy as np

from concerted.chain.arrays import Ints, split, sums, together, zeros
from concerted.chain.ledger import Ledger
from concerted.chain.pools import Links

#: A receiving row that draws on nothing but its activity's outflow.
ALONE = -1


@dataclass(frozen=True)
class Room:
    """How much the receiving sides of links can hold.

    Attributes:
        unit: per row of `Links.into`, the income or entry that it draws on, or ALONE.
        receiver: per unit, its activity.
        amount: per unit, cents.
        outflow: per activity, cents; all that its units and rows can hold together.
    """

    unit: Ints
    receiver: Ints
    amount: Ints
    outflow: Ints


@dataclass(frozen=True)
class Most:
    """Cents that can be told twice at most: per flow that is told again, and per activity that tells again."""

    by_flow: Ints
    by_receiver: Ints


def at_most(ledger: Ledger, links: Links, room: Room) -> Most:
    """What can be told twice at most.

    In each set of flows, links and receivers that hang together the sum is the smallest of three bounds: by flows, by
    links, by receivers. It falls on the flows (and on the receivers) in proportion to what each could hold by itself,
    beyond what is likely.
    """
    flows, activities = len(ledger.flows), len(ledger)
    by_flow = np.minimum(ledger.flows.amount, sums(links.out.row, links.out.high, flows))
    is_alone = room.unit == ALONE
    drawn, unit = links.into.high[~is_alone], room.unit[~is_alone]
    by_unit = np.minimum(room.amount, sums(unit, drawn, len(room.amount)))
    by_receiver = sums(room.receiver, by_unit, activities)
    by_receiver += sums(links.into.row[is_alone], links.into.high[is_alone], activities)
    by_receiver = np.minimum(room.outflow, by_receiver)
    label, of_flow, of_receiver = _together(flows, links, activities)
    told, telling = np.flatnonzero(of_flow >= 0), np.flatnonzero(of_receiver >= 0)
    groups = int(label.max(initial=-1)) + 1
    total = np.minimum(sums(of_flow[told], by_flow[told], groups), sums(label, links.high, groups))
    total = np.minimum(total, sums(of_receiver[telling], by_receiver[telling], groups))

    def shared(likely: Ints, most: Ints, rows: Ints, group: Ints) -> Ints:
        beyond = np.maximum(total - sums(group, likely[rows], groups), 0)
        result = zeros(len(likely))
        result[rows] = likely[rows] + split(beyond, np.maximum(most - likely, 0)[rows], group)
        return result

    return Most(
        shared(sums(links.out.row, links.out.best, flows), by_flow, told, of_flow[told]),
        shared(sums(links.into.row, links.into.best, activities), by_receiver, telling, of_receiver[telling]),
    )


def _together(flows: int, links: Links, activities: int) -> tuple[Ints, Ints, Ints]:
    """Number of the set in which each link, flow and receiver hangs together with others; -1 = with no link.

    Links are few: the links of one flow (or receiver) hang together with one of them, and it with them.
    """
    begin, end, ones = [], [], []
    for share, width in ((links.out, flows), (links.into, activities)):
        one = np.full(width, -1, np.int64)
        one[share.row] = share.pool
        other = one[share.row]
        differ = np.flatnonzero(other != share.pool)
        begin.append(share.pool[differ])
        end.append(other[differ])
        ones.append(one)
    label = together(len(links), np.concatenate(begin), np.concatenate(end))
    of_flow, of_receiver = (np.r_[label, -1][one] for one in ones)
    return label, of_flow, of_receiver
