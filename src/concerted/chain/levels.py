"""Each amount once, at any level of the chain: who first gave it, who got it at a level, who spent it last.

Place on the way: chain, inner. Enters: a ledger and what is likely told twice. Leaves: cents per flow that are
counted there. Whatever the level, the sum is the same, to the cent: the amounts that were told at least once.
"""

import numpy as np

from concerted.chain.arrays import Ints, Mask, scaled, split, sums, zeros
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
    arrived = zeros(len(links))
    for depth in range(int(depth_of_activity.max(initial=-1)) + 1):
        mine = np.flatnonzero(depth_of_activity[flows.giver] == depth)
        amount, giver, passed = flows.amount[mine], flows.giver[mine], told[mine]
        known = split(before, amount, giver)
        # What was counted before is spread evenly over what is told again and what stays.
        counted_before = np.where(at[giver], passed, scaled(known, passed, amount))
        counted[mine] = np.where(at[giver], amount - known, (amount - passed) - (known - counted_before))
        of_flow = zeros(len(flows))
        of_flow[mine] = counted_before
        rows = np.flatnonzero(depth_of_activity[flows.giver[out.row]] == depth)
        carried = split(of_flow, out.best[rows], out.row[rows])
        arrived += sums(out.pool[rows], carried, len(links))
        # A link passes on once all of its givers are known; its receivers lie deeper.
        ready = np.flatnonzero(depth_of_link[into.pool] == depth)
        before += sums(into.row[ready], split(arrived, into.best[ready], into.pool[ready]), len(ledger))
    return counted


def depths(ledger: Ledger, links: Links) -> tuple[Ints, Ints]:
    """How many links lie above each activity, at most, and above each link its givers' depth."""
    giver = ledger.flows.giver[links.out.row]
    out, into = links.out.best > 0, links.into.best > 0
    activity, link = zeros(len(ledger)), zeros(len(links))
    while True:
        np.maximum.at(link, links.out.pool[out], activity[giver[out]])
        deeper = activity.copy()
        np.maximum.at(deeper, links.into.row[into], link[links.into.pool[into]] + 1)
        if (deeper == activity).all():
            return activity, link
        activity = deeper
