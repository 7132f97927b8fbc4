"""Circles in the chain: money cannot come from itself.

Place on the way: chain, inner. Enters: links. Leaves: the same links, where the smallest of each circle is possible
only, no longer likely. A circle is rarely real (money given back is a correction) and mostly two signs that
contradict each other.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from concerted.chain.arrays import Ints, Mask, among, firsts, keyed, on_circles, order_of
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
    ways = _Ways.of(ledger, links).between_circles()
    number = 1
    while ways.nodes:
        # What stood in no circle before stands in none now: each round looks at what is left alone.
        ways, group = ways.tangled()
        if offered is not None and (first := np.flatnonzero(offered[ways.links])).size:
            is_cut[ways.links[first]] = True
            ways = ways.without(first)
            continue
        # The smallest of each tangle.
        order = np.arange(len(group))[order_of(group)] if len(group) else group
        starts = firsts(group[order])
        size = np.diff(starts, append=len(group))
        rank = np.arange(len(group)) - np.repeat(starts, size)
        # Twice as many in each round: a tangle of many thousand takes a dozen rounds; never more than half of it.
        most = np.repeat(np.maximum(np.minimum(number, size // 2), 1), size)
        cut = order[np.flatnonzero(rank < most)]
        is_cut[ways.links[cut]] = True
        ways = ways.without(cut)
        number *= 2
    return _cut(links, is_cut)


@dataclass(frozen=True)
class _Ways:
    """Likely ways of money from link to link, as edges between numbered nodes.

    An activity that gets from one link and gives to another is an edge between the two: activities are many times as
    many as links. Where it would be too many edges, it is a node.

    Attributes:
        links: the links that are nodes, in the order in which they give way: the smallest first, of equal ones the less
            sure, which stands further back. Their nodes come first, those of activities behind them.
        nodes: how many there are.
        begin, end: nodes of each edge, in this order; those of an edge may be one and the same link.
    """

    links: Ints
    nodes: int
    begin: Ints
    end: Ints

    @classmethod
    def of(cls, ledger: Ledger, links: Links) -> Self:
        out, into = np.flatnonzero(links.out.best > 0), np.flatnonzero(links.into.best > 0)
        giver, getter = ledger.flows.giver[links.out.row[out]], links.into.row[into]
        # Only what gets and gives lets money through.
        gives_on, gets_on = among(giver, getter), among(getter, giver)
        _, (giver, gives) = keyed(giver[gives_on], links.out.pool[out[gives_on]])
        _, (getter, gets) = keyed(getter[gets_on], links.into.pool[into[gets_on]])
        order = np.lexsort((-np.arange(len(links)), links.best))
        place = np.empty(len(links), np.int64)
        place[order] = np.arange(len(links))
        gives, gets = place[gives], place[gets]
        fan_out, fan_in = (np.bincount(who, minlength=len(ledger)) for who in (giver, getter))
        is_node = fan_in * fan_out > _FEW * (fan_in + fan_out)
        number = len(links) + np.cumsum(is_node) - 1
        to_node, from_node = is_node[getter], is_node[giver]
        count = np.where(to_node, 0, fan_out[getter])
        first = (np.cumsum(fan_out) - fan_out)[getter] - (np.cumsum(count) - count)
        behind = np.repeat(first, count) + np.arange(int(count.sum()))
        begin = np.r_[np.repeat(gets, count), gets[to_node], number[giver[from_node]]]
        end = np.r_[gives[behind], number[getter[to_node]], gives[from_node]]
        _, (begin, end) = keyed(begin, end)
        return cls(order, len(links) + int(is_node.sum()), begin, end)

    def between_circles(self) -> Self:
        """What is left when ends of ways are taken away again and again: mostly nothing."""
        return self._of(on_circles(self.nodes, self.begin, self.end))

    def tangled(self) -> tuple[Self, Ints]:
        """(what is left when all that lies on no circle is taken away, number of the tangle of each link in it)."""
        # Few files have circles: only for them is the library loaded.
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        first = np.r_[0, np.cumsum(np.bincount(self.begin, minlength=self.nodes))].astype(np.int32)
        edges = (np.ones(len(self.end)), self.end.astype(np.int32), first)
        graph = csr_array(edges, shape=(self.nodes, self.nodes))
        _, label = connected_components(graph, directed=True, connection="strong")
        in_circle = (np.bincount(label) > 1)[label]
        in_circle[self.begin[self.begin == self.end]] = True
        left = self._of(in_circle)
        return left, label[in_circle][: len(left.links)].astype(np.int64)

    def without(self, cut: Ints) -> Self:
        """What is left when these link nodes are taken away."""
        kept = np.ones(self.nodes, np.bool_)
        kept[cut] = False
        return self._of(kept)

    def _of(self, kept: Mask) -> Self:
        """The nodes that are kept, numbered anew, and the edges between them."""
        if kept.all():
            return self
        inside = np.flatnonzero(kept[self.begin] & kept[self.end])
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
