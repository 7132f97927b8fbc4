"""How much can be told twice at most, when the same money fits several signs.

Place on the way: chain, inner. Enters: links, each bounded by itself. Leaves: per flow the most that can be told
twice, so that the sum over flows is an upper bound. What fits two signs is not counted for both where flows, links or
incomes that hang together leave no room for it.
"""

from dataclasses import dataclass

import numpy as np

from concerted.chain.arrays import Ints, split, sums, together
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
    flows, width, activities = len(ledger.flows), len(links), len(ledger)
    by_flow = np.minimum(ledger.flows.amount, sums(links.out.row, links.out.high, flows))
    is_alone = room.unit == ALONE
    drawn, unit = links.into.high[~is_alone], room.unit[~is_alone]
    by_unit = np.minimum(room.amount, sums(unit, drawn, len(room.amount)))
    by_receiver = sums(room.receiver, by_unit, activities)
    by_receiver += sums(links.into.row[is_alone], links.into.high[is_alone], activities)
    by_receiver = np.minimum(room.outflow, by_receiver)
    label = _together(flows, links, activities)
    of_flow, of_link, of_receiver = label[:flows], label[flows : flows + width], label[flows + width :]
    groups = int(label.max(initial=-1)) + 1
    total = np.minimum(sums(of_flow, by_flow, groups), sums(of_link, links.high, groups))
    total = np.minimum(total, sums(of_receiver, by_receiver, groups))

    def shared(likely: Ints, most: Ints, group: Ints) -> Ints:
        beyond = np.maximum(total - sums(group, likely, groups), 0)
        return likely + split(beyond, np.maximum(most - likely, 0), group)

    return Most(
        shared(sums(links.out.row, links.out.best, flows), by_flow, of_flow),
        shared(sums(links.into.row, links.into.best, activities), by_receiver, of_receiver),
    )


def _together(flows: int, links: Links, activities: int) -> Ints:
    """Number of the set in which each flow, link and receiver hangs together with others."""
    width = len(links)
    begin = np.r_[links.out.row, flows + width + links.into.row]
    end = np.r_[flows + links.out.pool, flows + links.into.pool]
    return together(flows + width + activities, begin, end)
