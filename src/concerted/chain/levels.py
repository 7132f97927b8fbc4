"""Each amount once, at any level of the chain: who first gave it, who got it at a level, who spent it last.

Place on the way: chain, inner. Enters: a ledger and what is likely told twice. Leaves: cents per flow that are
counted there. Whatever the level, the sum is the same, to the cent: the amounts that were told at least once.
"""

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from concerted.chain.arrays import Ints, Mask, order_of, scaled, split, sums, zeros
from concerted.chain.ledger import Ledger
from concerted.chain.pools import Links


def count_at(ledger: Ledger, links: Links, at: Mask) -> Ints:
    """Cents of each flow that are counted at the level.

    Each amount is counted at the first activity of its way for which `at` holds; one that meets none of them is
    counted where it was spent last.

    Args:
        links: without circles (`find_doubles`); their likely part is followed.
        at: per activity. All true: who first gave; all false: who spent last.
    """
    flows, out, into = ledger.flows, links.out, links.into
    told = sums(out.row, out.best, len(flows))
    #: Cents of each activity's outflow that were counted further up.
    before = zeros(len(ledger))
    counted = zeros(len(flows))
    depth_of_activity, depth_of_link = depths(ledger, links)
    most = int(depth_of_activity.max(initial=-1))
    of_flow, arrived = zeros(len(flows)), zeros(len(links))
    depth_of_flow = depth_of_activity[flows.giver]
    # What carries nothing passes nothing on.
    gives, gets = np.flatnonzero(out.best), np.flatnonzero(into.best)
    steps = (
        _by_depth(depth_of_flow, most),
        (gives[rows] for rows in _by_depth(depth_of_flow[out.row[gives]], most)),
        (gets[rows] for rows in _by_depth(depth_of_link[into.pool[gets]], most)),
    )
    for mine, rows, ready in zip(*steps, strict=True):
        amount, giver, passed = flows.amount[mine], flows.giver[mine], told[mine]
        known = split(before, amount, giver)
        # What was counted before is spread evenly over what is told again and what stays.
        counted_before = np.where(at[giver], passed, scaled(known, passed, amount))
        counted[mine] = np.where(at[giver], amount - known, (amount - passed) - (known - counted_before))
        of_flow[mine] = counted_before
        np.add.at(arrived, out.pool[rows], split(of_flow, out.best[rows], out.row[rows]))
        # A link passes on once all of its givers are known; its receivers lie deeper.
        np.add.at(before, into.row[ready], split(arrived, into.best[ready], into.pool[ready]))
    return counted


def _by_depth(depth: Ints, most: int) -> Iterator[Ints]:
    """The rows of each depth 0 .. most, as they came."""
    if not len(depth):
        return repeat(zeros(0), most + 1)
    order = np.arange(len(depth))[order_of(depth)]
    return iter(np.split(order, np.cumsum(np.bincount(depth, minlength=most + 1))[:-1]))


def depths(ledger: Ledger, links: Links) -> tuple[Ints, Ints]:
    """How many links lie above each activity, at most, and above each link its givers' depth."""
    out, into = np.flatnonzero(links.out.best > 0), np.flatnonzero(links.into.best > 0)
    giver, given = ledger.flows.giver[links.out.row[out]], links.out.pool[out]
    getter, got = links.into.row[into], links.into.pool[into]
    activity, link = zeros(len(ledger)), zeros(len(links))
    while True:
        np.maximum.at(link, given, activity[giver])
        deeper = activity.copy()
        np.maximum.at(deeper, getter, link[got] + 1)
        if (deeper == activity).all():
            return activity, link
        activity = deeper
