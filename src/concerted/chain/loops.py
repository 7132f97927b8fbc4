"""Circles in the chain: money cannot come from itself.

Place on the way: chain, inner. Enters: links. Leaves: the same links, where the smallest of each circle is possible
only, no longer likely. A circle is rarely real (money given back is a correction) and mostly two signs that
contradict each other.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from concerted.chain.arrays import Ints, Mask, keyed, on_circles, pairs, zeros
from concerted.chain.ledger import Ledger
from concerted.chain.pools import Links, Share

#: An activity stays a node where its ways from link to link are more than so many times its links.
_FEW = 4


def without_loops(ledger: Ledger, links: Links, offered: Mask | None = None) -> Links:
    """`links`, of which those that close a circle are neither likely nor certain.

    Args:
        offered: links that the program proposes and nobody says: on a circle they give way before all others, so that
            no proposal makes doubtful what files say.
    """
    is_cut = np.zeros(len(links), np.bool_)
    ways = _Ways.of(ledger, links)
    number = 1
    while True:
        # What stood in no circle before stands in none now: each round looks at what is left alone.
        ways, group = ways.on_circles()
        if not len(group):
            return _cut(links, is_cut)
        if offered is not None and (first := np.flatnonzero(offered[ways.links])).size:
            is_cut[ways.links[first]] = True
            ways = ways.without(first)
            continue
        # The smallest of each tangle; the surest stay where amounts are equal, because links stand in that order.
        order = np.lexsort((-ways.links, links.best[ways.links], group))
        tangle = group[order]
        starts = np.flatnonzero(np.r_[True, tangle[1:] != tangle[:-1]])
        size = np.diff(np.r_[starts, len(tangle)])
        rank = np.arange(len(tangle)) - np.repeat(starts, size)
        # Twice as many in each round: a tangle of many thousand takes a dozen rounds; never more than half of it.
        most = np.repeat(np.maximum(np.minimum(number, size // 2), 1), size)
        cut = order[rank < most]
        is_cut[ways.links[cut]] = True
        ways = ways.without(cut)
        number *= 2


@dataclass(frozen=True)
class _Ways:
    """Likely ways of money from link to link, as edges between numbered nodes.

    An activity that gets from one link and gives to another is an edge between the two: activities are many times as
    many as links. Where it would be too many edges, it is a node.

    Attributes:
        links: the links that are nodes; their nodes come first, those of activities behind them.
        nodes: how many there are.
        begin, end: nodes of each edge; those of an edge may be one and the same link.
    """

    links: Ints
    nodes: int
    begin: Ints
    end: Ints

    @classmethod
    def of(cls, ledger: Ledger, links: Links) -> Self:
        out, into = links.out.best > 0, links.into.best > 0
        _, (giver, gives) = keyed(ledger.flows.giver[links.out.row[out]], links.out.pool[out])
        _, (getter, gets) = keyed(links.into.row[into], links.into.pool[into])
        fan_out, fan_in = (np.bincount(who, minlength=len(ledger)) for who in (giver, getter))
        is_node = fan_in * fan_out > _FEW * (fan_in + fan_out)
        number = len(links) + np.cumsum(is_node) - 1
        through, behind = pairs(getter, np.where(is_node[giver], -1, giver))
        to_node, from_node = is_node[getter], is_node[giver]
        begin = np.r_[gets[through], gets[to_node], number[giver[from_node]]]
        end = np.r_[gives[behind], number[getter[to_node]], gives[from_node]]
        _, (begin, end) = keyed(begin, end)
        return cls(np.arange(len(links)), len(links) + int(is_node.sum()), begin, end)

    def on_circles(self) -> tuple[Self, Ints]:
        """(what is left when all that lies on no circle is taken away, number of the tangle of each link in it)."""
        left = self._of(on_circles(self.nodes, self.begin, self.end))
        if not left.nodes:
            return left, zeros(0)
        # Few nodes are left: only for them is the library loaded.
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        edges = (np.ones(len(left.begin), np.int8), (left.begin, left.end))
        graph = coo_array(edges, shape=(left.nodes, left.nodes))
        _, label = connected_components(graph, directed=True, connection="strong")
        in_circle = np.bincount(label)[label] > 1
        in_circle[left.begin[left.begin == left.end]] = True
        left = left._of(in_circle)
        return left, label[in_circle][: len(left.links)].astype(np.int64)

    def without(self, cut: Ints) -> Self:
        """What is left when these link nodes are taken away."""
        kept = np.ones(self.nodes, np.bool_)
        kept[cut] = False
        return self._of(kept)

    def _of(self, kept: Mask) -> Self:
        """The nodes that are kept, numbered anew, and the edges between them."""
        inside = kept[self.begin] & kept[self.end]
        number = np.cumsum(kept) - 1
        links = self.links[kept[: len(self.links)]]
        return type(self)(links, int(kept.sum()), number[self.begin[inside]], number[self.end[inside]])


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
