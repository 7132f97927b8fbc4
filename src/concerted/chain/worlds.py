"""One world per marking: what those who may see it know of who gave what to whom.

Place on the way: chain. Enters: views, their money and relations. Leaves: for each mark the ledger of all that is
evidence for it, and what of it is told twice on the mark's own statements. What is hidden from somebody moves no figure
that he sees. Money told twice is taken off where it is told again; where the receiver is more open than the giver, it
is taken off at the giver.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from concerted.chain.arrays import Ints, Mask, keyed, lookup, order_of, scaled, split_range, sums, zeros
from concerted.chain.doubles import Doubles, find_doubles
from concerted.chain.facts import JUDGED, Money, Relations, Told, Views
from concerted.chain.ledger import NOBODY, SPENT, UNKNOWN, Flows, Incomes, Ledger, Pairs
from concerted.chain.pools import BOUNDS

Place: TypeAlias = Callable[[Ints], Ints]


@dataclass(frozen=True)
class World:
    """A ledger with where its rows come from, and what is told twice in it.

    Attributes:
        mark: whose world it is.
        activities: numbers of the ledger's activities.
        ledger, doubles: see there.
        is_own: per activity, whether a statement of this very mark tells it.
        rows: rows of `Money` whose statement has this very mark, money out only.
        low, best, high: cents of each of `rows` that are told twice.
        amount, org: cents of each of `rows`, and the organisation that lets them go.
    """

    mark: int
    activities: Ints
    ledger: Ledger
    doubles: Doubles
    is_own: Mask
    rows: Ints
    low: Ints
    best: Ints
    high: Ints
    amount: Ints
    org: Ints


def worlds(told: Told) -> Iterator[tuple[str, World]]:
    """The world of each mark that has statements, for each book.

    Each is worked out whole, though it repeats the more open one it rests on: pools of organisations tie nearly all
    together (of 105,000 links of a million generated activities 99,000 lie in one tangle), so a row that is added moves
    shares, and what is left for later signs, everywhere.
    """
    evidence: dict[int, list[int]] = {}
    for mark, other in told.order.pairs:
        evidence.setdefault(mark, []).append(other)
    for mark in np.unique(told.views.mark).tolist():
        seen = told.views.where(np.isin(told.views.mark, evidence[mark]))
        known = _Known.of(_once(seen), told.relations)
        for book, money in told.books.items():
            yield book, _world(mark, known, money)


def _once(views: Views) -> Views:
    """One view of each record: the precise one where both are known."""
    ordered = views.where(order_of(views.record, ~views.is_precise))
    return ordered.where(_firsts(ordered.record))


def _firsts(ordered: Ints) -> Mask:
    """Whether each row is the first of those with its value, in rows that are in order."""
    return np.r_[True, ordered[1:] != ordered[:-1]] if len(ordered) else np.zeros(0, np.bool_)


@dataclass(frozen=True)
class _Known:
    """What those who may see a mark know, whatever the book.

    Attributes:
        told, second: views whose source is the first to tell of its activity, and the rest.
        positions: of the activity of each told view among `activities`.
        activities, owners: numbers, and organisations; the most open statement says who does an activity.
        marks: per activity, the mark of that statement.
        funders, above, retold, apart, judged: see `Ledger`.
    """

    told: Views
    second: Views
    positions: Ints
    activities: Ints
    owners: Ints
    marks: Ints
    funders: Pairs
    above: Pairs
    retold: Pairs
    apart: Pairs
    judged: Pairs

    @classmethod
    def of(cls, known: Views, relations: Relations) -> Self:
        told, second = _first_tellers(known)
        is_first = _firsts(told.activity)
        first = np.flatnonzero(is_first)
        activities = told.activity[first]

        def place(ids: Ints) -> Ints:
            return lookup((ids,), (activities,))

        return cls(
            told,
            second,
            np.cumsum(is_first) - 1,
            activities,
            told.org[first],
            told.mark[first],
            _funders(told, place, relations),
            _above(told, place, relations),
            _retold(known, place, relations),
            _inside(place(relations.apart[0]), place(relations.apart[1])),
            _judged(place, relations),
        )

    def place(self, ids: Ints) -> Ints:
        """Positions of activities; UNKNOWN for those that are not known."""
        return lookup((ids,), (self.activities,))


def _world(mark: int, known: _Known, money: Money) -> World:
    told, second, owners = known.told, known.second, known.owners
    is_own = known.marks == mark
    at = lookup((money.record,), (told.record,))
    rows = np.flatnonzero(at >= 0)
    mine = known.positions[at[rows]]
    # Statements lie in the order of their ids; all that follows goes through them activity by activity.
    if len(rows):
        order = order_of(mine)
        rows, mine = rows[order], mine[order]
    other = known.place(money.other_activity[rows])
    other[other == mine] = UNKNOWN
    # A coarse view does not tell who is at the other end: only a shared activity can link it.
    is_told = told.is_precise[at[rows]]
    other_org = np.where(is_told, money.other_org[rows], np.where(money.is_out[rows], SPENT, NOBODY))
    out, into = np.flatnonzero(money.is_out[rows]), np.flatnonzero(~money.is_out[rows])
    out_rows = rows[out]
    _, flows = _summed(mine[out], other[out], other_org[out], money.amount[out_rows])
    _, incomes = _summed(mine[into], other[into], other_org[into], money.amount[rows[into]])
    ledger = Ledger(
        owners, Flows(*flows), Incomes(*incomes), known.funders, known.above, known.apart, known.judged, known.retold
    )
    doubles = find_doubles(ledger)
    bounds = _bounds(ledger, doubles, mine[out], money.amount[out_rows], is_own)
    own = np.flatnonzero(told.mark[at[out_rows]] == mark)
    # What another source tells of the same activity is told twice as a whole: likely, and certain only to a person.
    whole = _rows_of(second.where(second.mark == mark), money)
    amount = np.maximum(money.amount[whole], 0)
    return World(
        mark,
        known.activities,
        ledger,
        doubles,
        is_own,
        np.r_[out_rows[own], whole],
        np.r_[bounds[0][own], zeros(len(whole))],
        np.r_[bounds[1][own], amount],
        np.r_[bounds[2][own], amount],
        np.r_[money.amount[out_rows[own]], money.amount[whole]],
        np.r_[owners[mine[out[own]]], second.org[lookup((money.record[whole],), (second.record,))]],
    )


def _first_tellers(known: Views) -> tuple[Views, Views]:
    """Views whose source is the first to tell of its activity (the more open, then the smaller rank); and the rest."""
    ordered = known.where(order_of(known.activity, known.mark, known.teller))
    starts = _firsts(ordered.activity)
    group = np.cumsum(starts) - 1
    is_first = (ordered.teller == ordered.teller[starts][group]) & (ordered.mark == ordered.mark[starts][group])
    return ordered.where(is_first), ordered.where(~is_first)


def _rows_of(views: Views, money: Money) -> Ints:
    return np.flatnonzero(money.is_out & (lookup((money.record,), (views.record,)) >= 0))


def _summed(activity: Ints, other: Ints, other_org: Ints, amount: Ints) -> tuple[Ints, tuple[Ints, Ints, Ints, Ints]]:
    """Rows put together by who is at both ends: which sum each row is in, and the sums; a negative sum is nothing."""
    number, (left, right, organisation) = keyed(activity, other, other_org)
    return number, (left, right, organisation, np.maximum(sums(number, amount, len(left)), 0))


def _funders(told: Views, place: Place, relations: Relations) -> Pairs:
    record, organisation = relations.funders
    at = lookup((record,), (told.record,))
    known = (at >= 0) & told.is_precise[at]
    _, (activity, funder) = keyed(place(told.activity[at[known]]), organisation[known])
    return Pairs(activity, funder)


def _above(told: Views, place: Place, relations: Relations) -> Pairs:
    record, up, down = relations.above
    known = (record == JUDGED) | (lookup((record,), (told.record,)) >= 0)
    return _inside(place(up[known]), place(down[known]))


def _judged(place: Place, relations: Relations) -> Pairs:
    """What people said; a person's word is for all who see both activities."""
    record, up, down = relations.above
    return _inside(place(up[record == JUDGED]), place(down[record == JUDGED]))


def _retold(known: Views, place: Place, relations: Relations) -> Pairs:
    """Pairs that this world knows of; what is told more openly stands above, else the smaller number."""
    mark, one, other = relations.retold
    seen = np.isin(mark, np.unique(known.mark))
    return _inside(place(one[seen]), place(other[seen]))


def _inside(left: Ints, right: Ints) -> Pairs:
    inside = (left != UNKNOWN) & (right != UNKNOWN)
    _, (lefts, rights) = keyed(left[inside], right[inside])
    return Pairs(lefts, rights)


def _bounds(ledger: Ledger, doubles: Doubles, giver: Ints, amount: Ints, is_own: Mask) -> tuple[Ints, Ints, Ints]:
    """Cents of each row of money out that somebody told before: low, best, high.

    Args:
        giver: activity that lets the money of each row go.
        amount: its cents.
        is_own: activities of this world's own mark.
    """
    whole = np.maximum(sums(giver, amount, len(ledger)), 0)
    totals: list[Ints] = []
    for name in BOUNDS:
        again: Ints = getattr(doubles.again, name)
        if not is_own.all():
            again = again + _moved(ledger, doubles, name, is_own)
        # Links share their cents bound by bound, so a cent of the smaller may be elsewhere than those of the larger.
        totals.append(np.maximum(np.minimum(again, whole), totals[-1] if totals else 0))
    low, best, high = split_range(totals, amount, giver)
    return low, best, high


def _moved(ledger: Ledger, doubles: Doubles, name: str, is_own: Mask) -> Ints:
    """What own givers take over from receivers that are more open, per activity: these know nothing of the giver."""
    links, giver = doubles.links, ledger.flows.giver
    into: Ints = getattr(links.into, name)
    whole = sums(links.into.pool, into, len(links))
    wider = sums(links.into.pool, np.where(is_own[links.into.row], 0, into), len(links))
    own = is_own[giver[links.out.row]]
    given: Ints = getattr(links.out, name)[own]
    link = links.out.pool[own]
    return sums(giver[links.out.row[own]], scaled(given, wider[link], whole[link]), len(ledger))
