"""Invented chains of money with known truth, and how much of it the statements tell.

Money is mixed inside an activity: what leaves it came from its incomes in proportion. The truth is kept as fractions
of a cent, in plain Python, without a line of the code under test.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction

from concerted.chain.arrays import columns
from concerted.chain.ledger import NOBODY, SPENT, UNKNOWN, Flows, Incomes, Ledger, Pairs


@dataclass(frozen=True)
class Transfer:
    """Cents that went from one activity to another, or (receiver None) were spent."""

    giver: int
    receiver: int | None
    amount: int


@dataclass(frozen=True)
class World:
    """Activities 0 .. n-1, in an order in which money only goes to later ones.

    Attributes:
        org: organisation of each activity, from 1.
        publishers: organisations that tell what they do.
        own: cents that each activity got from outside.
        transfers: all that went anywhere.
    """

    org: tuple[int, ...]
    publishers: frozenset[int]
    own: tuple[int, ...]
    transfers: tuple[Transfer, ...]

    def is_told(self, activity: int) -> bool:
        """Whether the activity is in the data."""
        return self.org[activity] in self.publishers

    def income(self, activity: int) -> int:
        """Cents that an activity got."""
        return self.own[activity] + sum(t.amount for t in self.transfers if t.receiver == activity)

    def outflow(self, activity: int) -> int:
        """Cents that left an activity."""
        return sum(t.amount for t in self.transfers if t.giver == activity)

    def net_at(self, at: frozenset[int]) -> dict[int, Fraction]:
        """Cents by activity: each once, at the first activity in `at` that tells it, else at the last that does."""
        counted: dict[int, Fraction] = defaultdict(Fraction)

        def settle(amount: Fraction, tellers: tuple[int, ...]) -> None:
            if tellers and amount:
                counted[next((a for a in tellers if a in at), tellers[-1])] += amount

        def walk(activity: int, amount: Fraction, tellers: tuple[int, ...]) -> None:
            rest, whole = amount, self.income(activity)
            for transfer in self.transfers:
                if transfer.giver != activity:
                    continue
                part = amount * transfer.amount / whole
                rest -= part
                telling = (*tellers, activity) if self.is_told(activity) else tellers
                if transfer.receiver is None:
                    settle(part, telling)
                else:
                    walk(transfer.receiver, part, telling)
            settle(rest, tellers)

        for activity, amount in enumerate(self.own):
            if amount:
                walk(activity, Fraction(amount), ())
        return counted


def make_world(rng: random.Random, *, all_publish: bool = False) -> World:
    """A small world of a random shape; the money of an activity never exceeds what it got."""
    count, organisations = rng.randint(2, 8), rng.randint(2, 5)
    org = tuple(rng.randint(1, organisations) for _ in range(count))
    publishers = {o for o in set(org) if all_publish or rng.random() < 0.75} or {org[0]}
    own, got, transfers = [0] * count, [0] * count, []
    for activity in range(count):
        if activity == 0 or not got[activity] or rng.random() < 0.3:
            own[activity] = rng.choice([1, 7, 100, 9_999, 123_457])
        left = own[activity] + got[activity]
        for _ in range(rng.randint(0, 3)):
            amount = left if rng.random() < 0.3 else rng.randint(0, left)
            later = [a for a in range(activity + 1, count) if org[a] in publishers or org[activity] in publishers]
            receiver = rng.choice([*later, None]) if rng.random() < 0.8 else None
            if not amount:
                continue
            transfers.append(Transfer(activity, receiver, amount))
            left -= amount
            if receiver is not None:
                got[receiver] += amount
    return World(org, frozenset(publishers), tuple(own), tuple(transfers))


def known_ledger(world: World) -> tuple[Ledger, list[int]]:
    """All that a ledger can hold of a world: every statement names the activity at the other end."""
    told = [a for a in range(len(world.org)) if world.is_told(a)]
    place = {activity: at for at, activity in enumerate(told)}
    flows: Counter[tuple[int, int, int]] = Counter()
    incomes: Counter[tuple[int, int, int]] = Counter()
    for t in world.transfers:
        if t.giver in place:
            org = SPENT if t.receiver is None else world.org[t.receiver]
            flows[place[t.giver], place.get(t.receiver, UNKNOWN) if t.receiver is not None else UNKNOWN, org] += (
                t.amount
            )
        if t.receiver in place:
            incomes[place[t.receiver], place.get(t.giver, UNKNOWN), world.org[t.giver]] += t.amount
    for activity in told:
        if world.own[activity]:
            # Own money: an income of the books, from an organisation outside.
            incomes[place[activity], UNKNOWN, 1000 + activity] += world.own[activity]
    return _ledger(world, told, flows, incomes, []), told


def partly_known_ledger(world: World, rng: random.Random) -> tuple[Ledger, list[int]]:
    """A ledger in which names are missing on either side, but each transfer leaves a sign on at least one."""
    told = [a for a in range(len(world.org)) if world.is_told(a)]
    place = {activity: at for at, activity in enumerate(told)}
    keeps_books = {a: rng.random() < 0.6 for a in told}
    flows: Counter[tuple[int, int, int]] = Counter()
    incomes: Counter[tuple[int, int, int]] = Counter()
    funders: list[tuple[int, int]] = []
    for t in world.transfers:
        giver, receiver = place.get(t.giver, UNKNOWN), UNKNOWN if t.receiver is None else place.get(t.receiver, UNKNOWN)
        sign_of_giver, sign_of_receiver = rng.choice([(2, 2), (2, 0), (1, 1), (1, 0), (0, 1), (0, 2), (1, 2), (2, 1)])
        is_within = t.receiver is not None and world.org[t.giver] == world.org[t.receiver]
        if is_within:
            # Between activities of one organisation only activities can be a sign.
            sign_of_giver = 2
        if UNKNOWN in (giver, receiver):
            # Around a silent organisation, those who tell name it.
            sign_of_giver, sign_of_receiver = max(sign_of_giver, 1), max(sign_of_receiver, 1)
        if giver != UNKNOWN:
            if t.receiver is None:
                flows[giver, UNKNOWN, SPENT] += t.amount
            else:
                org = world.org[t.receiver] if sign_of_giver else NOBODY
                flows[giver, receiver if sign_of_giver == 2 else UNKNOWN, org] += t.amount
        if receiver != UNKNOWN and t.receiver is not None:
            org = world.org[t.giver] if sign_of_receiver else NOBODY
            if keeps_books[t.receiver]:
                incomes[receiver, giver if sign_of_receiver == 2 else UNKNOWN, org] += t.amount
            elif sign_of_receiver:
                funders.append((receiver, org))
    for activity in told:
        if world.own[activity] and keeps_books[activity]:
            incomes[place[activity], UNKNOWN, rng.choice([NOBODY, 1000 + activity])] += world.own[activity]
    return _ledger(world, told, flows, incomes, funders), told


def _ledger(
    world: World,
    told: list[int],
    flows: Counter[tuple[int, int, int]],
    incomes: Counter[tuple[int, int, int]],
    funders: list[tuple[int, int]],
) -> Ledger:
    return Ledger(
        columns([(world.org[activity],) for activity in told], 1)[0],
        Flows.of((*key, amount) for key, amount in flows.items()),
        Incomes.of((*key, amount) for key, amount in incomes.items()),
        Pairs.of(funders),
    )
