"""One rule for every sign that money is told twice: what was given meets what was got, and passes on what both allow.

Place on the way: chain, inner. Enters: flows (supply) and entries (demand) that carry the same key, such as "from
organisation A to organisation V". Leaves: for each key how many cents are told twice, at least, likely and at most,
and how that falls on the flows and on the entries. Money of one key is fungible: it is shared in proportion.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from concerted.chain.arrays import Ints, Mask, among, grouped, split, sums

BOUNDS = ("low", "best", "high")


@dataclass(frozen=True)
class Side:
    """Rows of one side of pools.

    Attributes:
        row: whatever the caller counts: a flow, an entry, an activity.
        keys: columns that make up the key of the pool.
        low, best, high: cents that the row holds, at least, likely and at most.
    """

    row: Ints
    keys: tuple[Ints, ...]
    low: Ints
    best: Ints
    high: Ints

    def where(self, mask: Mask) -> Self:
        """Those rows."""
        if mask.all():
            return self
        # Positions: to take rows by a mask costs numpy five times as much.
        at = np.flatnonzero(mask)
        keys = tuple(column[at] for column in self.keys)
        return type(self)(self.row[at], keys, self.low[at], self.best[at], self.high[at])


@dataclass(frozen=True)
class Share:
    """How the cents of pools fall on the rows of one side.

    Attributes:
        pool: which pool.
        row: as in `Side`.
        low, best: cents; they add up to the pool's.
        high: the most that can fall on the row, whatever the others get.
    """

    pool: Ints
    row: Ints
    low: Ints
    best: Ints
    high: Ints

    def where(self, mask: Mask) -> Self:
        """Those rows."""
        at = np.flatnonzero(mask)
        return type(self)(self.pool[at], self.row[at], self.low[at], self.best[at], self.high[at])


@dataclass(frozen=True)
class Met:
    """Pools in which both sides meet.

    Attributes:
        keys: columns, one value per pool.
        low, best, high: cents per pool.
        supply, demand: how they fall on the rows of each side.
    """

    keys: tuple[Ints, ...]
    low: Ints
    best: Ints
    high: Ints
    supply: Share
    demand: Share

    def __len__(self) -> int:
        return len(self.high)


def meet(supply: Side, demand: Side, percent: int) -> Met:
    """Pools of all keys that both sides have, with what passes through each.

    `high` is what both sides allow, `low` what both certainly hold, `best` that percentage of what both likely hold,
    never outside the other two.
    """
    supply, demand = _that_may_meet(supply, demand)
    given = len(supply.row)
    pool, keys, order = grouped(*(np.concatenate(both) for both in zip(supply.keys, demand.keys, strict=True)))
    left, right = pool[:given], pool[given:]
    low, best, high = (
        np.minimum(sums(left, getattr(supply, name), len(keys[0])), sums(right, getattr(demand, name), len(keys[0])))
        for name in BOUNDS
    )
    best = np.clip(best // 100 * percent + best % 100 * percent // 100, low, high)
    order = np.arange(len(pool))[order]
    is_left = order < given
    of_supply, of_demand = order[np.flatnonzero(is_left)], order[np.flatnonzero(~is_left)] - given
    meets = high > 0
    number = np.where(meets, np.cumsum(meets) - 1, -1)
    return Met(
        tuple(column[meets] for column in keys),
        low[meets],
        best[meets],
        high[meets],
        _share(supply, left, of_supply, (low, best, high), number),
        _share(demand, right, of_demand, (low, best, high), number),
    )


def _that_may_meet(supply: Side, demand: Side) -> tuple[Side, Side]:
    """Both without rows of which a part of the key is not on the other side: often most of them."""
    for at in range(len(supply.keys)):
        demand = demand.where(among(demand.keys[at], supply.keys[at]))
        supply = supply.where(among(supply.keys[at], demand.keys[at]))
    return supply, demand


def _share(side: Side, pool: Ints, order: Ints, amounts: tuple[Ints, Ints, Ints], number: Ints) -> Share:
    """How the amounts of pools fall on the rows; pools that have a number are kept, under that number.

    Args:
        pool: of each row.
        order: rows in the order of their pools.
        amounts, number: per pool.
    """
    low, best, high = amounts
    found = Share(
        number[pool],
        side.row,
        split(low, side.low, pool, order),
        split(best, side.best, pool, order),
        np.minimum(high[pool], side.high),
    )
    return found if (number >= 0).all() else found.where(found.pool >= 0)


@dataclass(frozen=True)
class Links:
    """What is told twice, one row per pool of one sign; arrays of one length, and the two ends in rows of their own.

    Attributes:
        kind: which sign it rests on: position in `doubles.SIGNS`.
        percent: how sure the sign is.
        giver, receiver: activities, or UNKNOWN where a pool has no single one there.
        giver_org, receiver_org: organisations, or NOBODY.
        low, best, high: cents told twice.
        out: how that falls on flows.
        into: how that falls on receiving activities.
    """

    kind: Ints
    percent: Ints
    giver: Ints
    giver_org: Ints
    receiver: Ints
    receiver_org: Ints
    low: Ints
    best: Ints
    high: Ints
    out: Share
    into: Share

    def __len__(self) -> int:
        return len(self.low)

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """All links of several sets, numbered through; at least one set."""
        starts = [0, *np.cumsum([len(part) for part in parts])]
        flat = {
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(cls)
            if field.name not in ("out", "into")
        }
        return cls(
            **flat,
            out=_numbered([part.out for part in parts], starts),
            into=_numbered([part.into for part in parts], starts),
        )


def _numbered(shares: list[Share], starts: list[int]) -> Share:
    pool = np.concatenate([share.pool + start for share, start in zip(shares, starts[:-1], strict=True)])
    row, *bounds = (np.concatenate([getattr(share, name) for share in shares]) for name in ("row", *BOUNDS))
    return Share(pool, row, *bounds)
