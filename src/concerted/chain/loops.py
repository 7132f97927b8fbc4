"""Circles in the chain: money cannot come from itself.

Place on the way: chain, inner. Enters: links. Leaves: the same links, where the smallest of each circle is possible
only, no longer likely. A circle is rarely real (money given back is a correction) and mostly two signs that
contradict each other.
"""

from dataclasses import replace

import numpy as np

from concerted.chain.arrays import Ints, Mask, on_circles, zeros
from concerted.chain.ledger import Ledger
from concerted.chain.pools import Links, Share


def without_loops(ledger: Ledger, links: Links) -> Links:
    """`links`, of which those that close a circle are neither likely nor certain."""
    is_cut = np.zeros(len(links), np.bool_)
    in_circle = np.ones(len(links), np.bool_)
    number = 1
    while True:
        # What stood in no circle before stands in none now: each round looks at what is left alone.
        group, in_circle = _circles(ledger, links, in_circle & ~is_cut)
        if not in_circle.any():
            return _cut(links, is_cut)
        closing = np.flatnonzero(in_circle)
        # The smallest of each tangle; the surest stay where amounts are equal, because links stand in that order.
        order = np.lexsort((-closing, links.best[closing], group[closing]))
        tangle = group[closing][order]
        starts = np.flatnonzero(np.r_[True, tangle[1:] != tangle[:-1]])
        size = np.diff(np.r_[starts, len(tangle)])
        rank = np.arange(len(tangle)) - np.repeat(starts, size)
        # Twice as many in each round: a tangle of many thousand takes a dozen rounds; never more than half of it.
        most = np.repeat(np.maximum(np.minimum(number, size // 2), 1), size)
        is_cut[closing[order][rank < most]] = True
        number *= 2


def _circles(ledger: Ledger, links: Links, looked_at: Mask) -> tuple[Ints, Mask]:
    """(group of each link, whether it stands in a circle), over links that are likely and looked at."""
    activities, width = len(ledger), len(ledger) + len(links)
    out = (links.out.best > 0) & looked_at[links.out.pool]
    into = (links.into.best > 0) & looked_at[links.into.pool]
    begin = np.r_[ledger.flows.giver[links.out.row[out]], links.into.pool[into] + activities]
    end = np.r_[links.out.pool[out] + activities, links.into.row[into]]
    left = on_circles(width, begin, end)
    if not left.any():
        return zeros(len(links)), left[activities:]
    # Few nodes are left: only for them is the library loaded.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    inside = left[begin] & left[end]
    edges = (np.ones(int(inside.sum()), np.int8), (begin[inside], end[inside]))
    _, label = connected_components(coo_array(edges, shape=(width, width)), directed=True, connection="strong")
    size = np.bincount(label, minlength=width)
    return label[activities:].astype(np.int64), size[label[activities:]] > 1


def _cut(links: Links, is_cut: Mask) -> Links:
    def opened(share: Share) -> Share:
        cut = is_cut[share.pool]
        return replace(share, low=np.where(cut, 0, share.low), best=np.where(cut, 0, share.best))

    return replace(
        links,
        low=np.where(is_cut, 0, links.low),
        best=np.where(is_cut, 0, links.best),
        out=opened(links.out),
        into=opened(links.into),
    )
