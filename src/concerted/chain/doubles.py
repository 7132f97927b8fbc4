"""How much money is told twice, and by which sign: the links of the chain, each with a range.

Place on the way: chain, inner. Enters: a ledger. Leaves: the links, and per flow the cents that somebody further
down tells again, per activity the cents that somebody further up told before. Either taken off leaves each amount once,
with who spent it last or with who first told it: net = gross - told twice, for low, best and high.

What is assumed, because nothing in the files could tell otherwise: an activity that reports incomes reports all of
them; money in an activity, and money between two organisations, is fungible; of a chain at most one organisation in
a row publishes nothing; where neither side names the other in any way, the money is different money.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from concerted.chain.arrays import Ints, Mask, among, keyed, lookup, pairs, scaled, split, sums, zeros
from concerted.chain.bounds import ALONE, Room, at_most
from concerted.chain.entries import Books, Entries, books
from concerted.chain.ledger import NOBODY, SPENT, UNKNOWN, Ledger
from concerted.chain.loops import without_loops
from concerted.chain.pools import Links, Met, Share, Side, meet

#: Signs in the order in which they are followed, with how sure each is, in percent.
#: Those above `both_organisations` are between activities; the others rest on organisations alone.
SIGNS: Mapping[str, int] = {
    "named": 100,  # the giver's transaction names the receiver's activity
    "named_by_receiver": 100,  # the receiver's transaction names the giver's activity, the giver names its organisation
    "claimed_by_receiver": 80,  # the same, but the giver's transactions name nobody
    "judged": 100,  # a person said that it is the same money: certain, as far as both statements allow
    "related": 80,  # declared to stand one above the other, without an amount
    "other_words": 50,  # likely to be one project told in other words; nobody declares it
    "both_organisations": 60,  # each side names the other's organisation
    "receiver_organisation": 35,  # the giver names the organisation, the receiver nobody that funds it
    "provider_organisation": 35,  # the receiver names the organisation, the giver nobody that gets it
    "through": 40,  # both name an organisation between them that publishes nothing
}


@dataclass(frozen=True)
class Twice:
    """Cents told twice, per row of one side; low is certain."""

    low: Ints
    best: Ints
    high: Ints


@dataclass(frozen=True)
class Doubles:
    """What is told twice.

    Attributes:
        links: where money is or may be told twice, the surest signs first.
        given: per flow of the ledger, its cents that are told again further down.
        again: per activity of the ledger, cents of its outflow that somebody further up has told before.
    """

    links: Links
    given: Twice
    again: Twice


def find_doubles(ledger: Ledger, percents: Mapping[str, int] = SIGNS) -> Doubles:
    """Follow every sign in turn; a flow is never told again for more than its amount.

    Args:
        percents: how sure each sign is; the keys of `SIGNS`.
    """
    search = _Search(ledger, percents)
    search.follow_named()
    search.follow_receivers()
    search.follow_relations()
    search.follow_other_words()
    search.follow_organisations()
    links = Links.joined(search.links)
    links = without_loops(ledger, links, links.kind == [*SIGNS].index("other_words"))
    most = at_most(ledger, links, search.room())

    def sides(share: Share, width: int, high: Ints) -> Twice:
        return Twice(sums(share.row, share.low, width), sums(share.row, share.best, width), high)

    return Doubles(
        links,
        sides(links.out, len(ledger.flows), most.by_flow),
        sides(links.into, len(ledger), most.by_receiver),
    )


class _Search:
    """The state of following: what of each flow and entry is still free."""

    def __init__(self, ledger: Ledger, percents: Mapping[str, int]) -> None:
        flows = ledger.flows
        self.ledger, self.percents = ledger, percents
        self.books: Books = books(ledger)
        self.entries = Entries.of(ledger, self.books)
        self.links: list[Links] = []
        self.units: list[Ints] = []
        #: Cents of each flow that are told again: certainly, and likely.
        self.low, self.best = zeros(len(flows)), zeros(len(flows))
        #: Cents of each entry that no sign explains yet. That a sign explains them is likely, never certain.
        self.likely = self.entries.amount.copy()
        #: Cents of each income that left its receiver again and that no link to its giver has used.
        self.passed = self.books.passed.copy()
        self.giver_org = ledger.owners[flows.giver]
        is_loose = (flows.receiver == UNKNOWN) & (flows.receiver_org != SPENT) & (flows.amount > 0)
        #: Flows that name no activity, by whether they name an organisation.
        self.to_org = np.flatnonzero(is_loose & (flows.receiver_org != NOBODY))
        self.to_nobody = np.flatnonzero(is_loose & (flows.receiver_org == NOBODY))

    # --- signs that name activities -----------------------------------------------------------------------------

    def follow_named(self) -> None:
        """Flows that name the activity they go to, against the receiver's books."""
        flows = self.ledger.flows
        rows = np.flatnonzero((flows.receiver != UNKNOWN) & (flows.amount > 0))
        rows = rows[~self._apart(flows.giver[rows], flows.receiver[rows])]
        amount = flows.amount[rows]
        pair, (giver, receiver) = keyed(flows.giver[rows], flows.receiver[rows])
        low, best, high = self._claims(giver, receiver, sums(pair, amount, len(giver)))
        supply = Side(rows, (flows.giver[rows], flows.receiver[rows]), amount, amount, amount)
        met = meet(supply, Side(receiver, (giver, receiver), low, best, high), self.percents["named"])
        met = _sure(met, self._judged(*met.keys))
        # The two claims bound each of these links by itself.
        self._note("named", met, zeros(len(met.demand.row)) + ALONE, giver=met.keys[0], receiver=met.keys[1])
        incomes = self.ledger.incomes
        place = lookup((incomes.provider, incomes.receiver), met.keys)
        told = np.flatnonzero(place >= 0)
        there = sums(place[told], self.passed[told], len(met))
        # What may stand in the books under no activity's name leaves the income that names it to other flows.
        certain = np.maximum(met.low - self._elsewhere(met.keys[1], met.keys[0]), 0)
        left = []
        for used in (met.high, met.best, certain):
            passed = self.passed.copy()
            passed[told] -= split(np.minimum(used, there), self.passed[told], place[told])
            left.append(passed)
        self.passed_low, self.passed_best, self.passed = left

    def _elsewhere(self, receiver: Ints, giver: Ints) -> Ints:
        """Cents in the books of each receiver that may be the giver's, under its organisation's name or nobody's."""
        found = zeros(len(receiver))
        for provider in (self.ledger.owners[giver], zeros(len(giver)) + NOBODY):
            place = lookup((receiver, provider), (self.entries.receiver, self.entries.provider_org))
            found += np.r_[self.entries.amount, 0][place]
        return found

    def _claims(self, giver: Ints, receiver: Ints, given: Ints) -> tuple[Ints, Ints, Ints]:
        """For each pair, of which the giver claims `given` cents: how many of the receiver's outflow came from there.

        Where both sides name each other, their two claims are the range. Else the money may stand in the receiver's
        books under the giver's organisation or under nobody's name.
        """
        got, passed = self._incomes_of(giver, receiver)
        is_mutual = got > 0
        by_giver = scaled(passed, given, got)
        best = np.where(is_mutual, np.minimum(passed, by_giver), 0)
        low = best.copy()
        wanted = np.where(is_mutual, np.maximum(given - got, 0), given)
        for provider in (self.ledger.owners[giver], zeros(len(giver)) + NOBODY):
            drawn = self._draw(receiver, provider, wanted)
            best, wanted = best + drawn, wanted - drawn
        # Books that tell of other incomes only do not exclude this one.
        untold = np.where(self.books.reports[receiver], np.minimum(given, self.books.outflow[receiver]), best)
        return low, best, np.where(is_mutual, np.maximum(np.maximum(passed, by_giver), best), untold)

    def _incomes_of(self, giver: Ints, receiver: Ints) -> tuple[Ints, Ints]:
        """(got, passed on) of the incomes that name exactly these givers."""
        incomes = self.ledger.incomes
        place = lookup((incomes.receiver, incomes.provider), (receiver, giver))
        named = place >= 0
        return (
            sums(place[named], incomes.amount[named], len(giver)),
            sums(place[named], self.books.passed[named], len(giver)),
        )

    def _draw(self, receiver: Ints, provider_org: Ints, wanted: Ints) -> Ints:
        """Take what is wanted from the entries of these receivers and organisations, in proportion."""
        place = lookup((receiver, provider_org), (self.entries.receiver, self.entries.provider_org))
        rows = np.flatnonzero(place >= 0)
        claimed = sums(place[rows], wanted[rows], len(self.entries))
        taken = np.minimum(claimed, self.likely)
        self.likely -= taken
        drawn = zeros(len(receiver))
        drawn[rows] = split(taken, wanted[rows], place[rows])
        return drawn

    def follow_receivers(self) -> None:
        """Incomes that name the giver's activity, as far as the giver's flows to the receiver's do not hold them."""
        incomes, flows = self.ledger.incomes, self.ledger.flows
        rows = np.flatnonzero((incomes.provider != UNKNOWN) & (self.passed > 0))
        rows = rows[~self._apart(incomes.provider[rows], incomes.receiver[rows])]
        giver, receiver = incomes.provider[rows], incomes.receiver[rows]
        low, best, high = self.passed_low[rows], self.passed_best[rows], self.passed[rows]
        unit = len(self.entries) + rows
        # Certain is only what the giver's flows that name nobody cannot hold.
        unnamed = sums(flows.giver[self.to_nobody], flows.amount[self.to_nobody], len(self.ledger))
        low = np.maximum(low - unnamed[giver], 0)
        organisation = self.ledger.owners[receiver]
        supply = self._supply(self.to_org, flows.giver, flows.receiver_org, is_certain=True)
        demand = Side(np.arange(len(rows)), (giver, organisation), low, best, high)
        met = meet(supply, demand, self.percents["named_by_receiver"])
        best = best - sums(met.demand.row, met.demand.best, len(rows))
        used = sums(met.demand.row, met.demand.low, len(rows))
        high = high - np.maximum(used - self._elsewhere(receiver, giver), 0)
        self._note(
            "named_by_receiver",
            met,
            zeros(len(met.demand.row)) + ALONE,
            giver=met.keys[0],
            receiver_org=met.keys[1],
            receivers=receiver,
        )
        # What the giver's flows to that organisation do not hold may be in those that name nobody.
        is_judged = self._judged(giver, receiver)
        for sign, mine in (("judged", np.flatnonzero(is_judged)), ("claimed_by_receiver", np.flatnonzero(~is_judged))):
            supply = self._supply(self.to_nobody, flows.giver)
            demand = Side(mine, (giver[mine],), zeros(len(mine)), best[mine], high[mine])
            met = meet(supply, demand, self.percents[sign])
            met = _sure(met, np.full(len(met), sign == "judged"))
            self._note(sign, met, unit[met.demand.row], giver=met.keys[0], receivers=receiver)

    def follow_relations(self) -> None:
        """Activities judged, then those declared, to stand one above the other; neither says how much went that way."""
        above = self.ledger.above
        is_link = (above.left != above.right) & ~self._apart(above.left, above.right)
        _, (upper, lower) = keyed(above.left[is_link], above.right[is_link])
        is_judged = self._judged(upper, lower)
        self._follow_pairs("judged", upper[is_judged], lower[is_judged])
        self._follow_pairs("related", upper[~is_judged], lower[~is_judged])

    def _follow_pairs(self, sign: str, upper: Ints, lower: Ints) -> None:
        owners, entries = self.ledger.owners, self.entries
        loose = np.r_[self.to_org, self.to_nobody]
        at, pair = pairs(self.ledger.flows.giver[loose], upper)
        flow = loose[at]
        receiver_org = self.ledger.flows.receiver_org[flow]
        fits = (receiver_org == NOBODY) | (receiver_org == owners[lower[pair]])
        if sign == "judged":  # by way of somebody between them who publishes nothing, too
            fits |= ~among(receiver_org, owners)
        supply = self._free(flow[fits], (upper[pair[fits]], lower[pair[fits]]))
        entry, pair = pairs(entries.receiver, lower)
        provider_org = entries.provider_org[entry]
        fits = (provider_org == NOBODY) | (provider_org == owners[upper[pair]])
        if sign == "judged":
            fits |= ~among(provider_org, owners)
        demand = self._open(entry[fits], (upper[pair[fits]], lower[pair[fits]]))
        met = meet(supply, demand, self.percents[sign])
        met = _sure(met, np.full(len(met), sign == "judged"))
        self._explain(met)
        self._note(sign, met, met.demand.row, giver=met.keys[0], receiver=met.keys[1], receivers=entries.receiver)

    def follow_other_words(self) -> None:
        """Activities that are likely to be one project in other words: whatever both let go may be the same money.

        What was bought with it too: a donor and who does the work may both book what was spent, and name nobody.
        """
        retold, entries, flows = self.ledger.retold, self.entries, self.ledger.flows
        is_link = (retold.left != retold.right) & ~self._apart(retold.left, retold.right)
        _, (upper, lower) = keyed(retold.left[is_link], retold.right[is_link])
        loose = np.flatnonzero((flows.receiver == UNKNOWN) & (flows.amount > 0))
        at, pair = pairs(flows.giver[loose], upper)
        supply = self._free(loose[at], (upper[pair], lower[pair]))
        entry, pair = pairs(entries.receiver, lower)
        met = meet(supply, self._open(entry, (upper[pair], lower[pair])), self.percents["other_words"])
        self._explain(met)
        self._note(
            "other_words", met, met.demand.row, giver=met.keys[0], receiver=met.keys[1], receivers=entries.receiver
        )

    # --- signs that name organisations --------------------------------------------------------------------------

    def follow_organisations(self) -> None:
        """Money that went from one organisation to another, and money that came from there, without activities."""
        flows, entries, owners = self.ledger.flows, self.entries, self.ledger.owners
        owner = owners[entries.receiver]
        entry, provider, blank, silent = self._providers()
        to_other = self.to_org[flows.receiver_org[self.to_org] != self.giver_org[self.to_org]]
        both = (self.giver_org, flows.receiver_org)
        named = self._open(entry, (provider, owner[entry]))
        met = self._meet_apart(self._supply(to_other, *both), named, "both_organisations")
        self._note_pool("both_organisations", met, giver_org=met.keys[0], receiver_org=met.keys[1])

        met = self._meet_apart(
            self._supply(to_other, flows.receiver_org),
            self._open(blank, (owner[blank],), is_likely=silent),
            "receiver_organisation",
        )
        self._note_pool("receiver_organisation", met, receiver_org=met.keys[0])

        by_owner = self.to_nobody[self.giver_org[self.to_nobody] != NOBODY]
        met = self._meet_apart(
            self._supply(by_owner, self.giver_org), self._open(entry, (provider,)), "provider_organisation"
        )
        self._note_pool("provider_organisation", met, giver_org=met.keys[0])

        to_silent = to_other[~among(flows.receiver_org[to_other], owners)]
        met = self._meet_apart(self._supply(to_silent, flows.receiver_org), self._open(entry, (provider,)), "through")
        self._note_pool("through", met, receiver_org=met.keys[0])

    def _providers(self) -> tuple[Ints, Ints, Ints, Mask]:
        """(entry, organisation it may come from), the entries of which the books name nobody, and which of these have
        no declared funder either.

        Where the books name nobody, the declared funders stand in, except the activity's own organisation.
        """
        entries, funders = self.entries, self.ledger.funders
        is_blank = entries.provider_org == NOBODY
        # What an organisation says it got from itself is its own money.
        is_own = entries.provider_org == self.ledger.owners[entries.receiver]
        by_name, blank = np.flatnonzero(~is_blank & ~is_own), np.flatnonzero(is_blank)
        at, declared = pairs(entries.receiver[blank], funders.left)
        entry, funder = blank[at], funders.right[declared]
        is_other = (funder != NOBODY) & (funder != self.ledger.owners[entries.receiver[entry]])
        entry, funder = entry[is_other], funder[is_other]
        provider = np.r_[entries.provider_org[by_name], funder]
        return np.r_[by_name, entry], provider, blank, ~among(blank, entry)

    def room(self) -> Room:
        """What the receiving rows of all links draw on."""
        return Room(
            np.concatenate(self.units),
            np.r_[self.entries.receiver, self.ledger.incomes.receiver],
            np.r_[self.entries.amount, self.passed],
            self.books.outflow,
        )

    # --- bookkeeping ---------------------------------------------------------------------------------------------

    def _supply(self, flow: Ints, *keys: Ints, is_certain: bool = False) -> Side:
        return self._free(flow, tuple(key[flow] for key in keys), is_certain=is_certain)

    def _free(self, flow: Ints, keys: tuple[Ints, ...], *, is_certain: bool = False) -> Side:
        """What of these flows may still be told again; likely only what no surer sign has taken."""
        free = self.ledger.flows.amount - self.low
        likely = self.ledger.flows.amount - self.best
        certain = free[flow] if is_certain else zeros(len(flow))
        return Side(flow, keys, certain, _once(likely, flow), free[flow])

    def _open(self, entry: Ints, keys: tuple[Ints, ...], is_likely: Mask | None = None) -> Side:
        """What of these entries may still come from somewhere; likely only what no surer sign has explained."""
        likely = _once(self.likely, entry)
        if is_likely is not None:
            likely = np.where(is_likely, likely, 0)
        return Side(entry, keys, zeros(len(entry)), likely, self.entries.amount[entry])

    def _apart(self, giver: Ints, receiver: Ints) -> Mask:
        judged = self.ledger.apart
        if not len(judged):
            return np.zeros(len(giver), np.bool_)
        _, distinct = keyed(judged.left, judged.right)
        return lookup((giver, receiver), (distinct[0], distinct[1])) >= 0

    def _meet_apart(self, supply: Side, demand: Side, sign: str) -> Met:
        """What both sides allow, where a person said of some givers and receivers that their money is different.

        In a pool a giver's money can go no further than to the receivers from which it is not apart, and a receiver's
        can come from no other givers: each bounds the rows by itself.
        """
        apart = self.ledger.apart
        if len(apart) and len(supply.row) and len(demand.row):
            giver, receiver = self.ledger.flows.giver[supply.row], self.entries.receiver[demand.row]
            pool, _ = keyed(*(np.concatenate(both) for both in zip(supply.keys, demand.keys, strict=True)))
            left, right = pool[: len(giver)], pool[len(giver) :]
            given = _without(supply, left, giver, demand, right, receiver, apart.left, apart.right)
            got = _without(demand, right, receiver, supply, left, giver, apart.right, apart.left)
            supply, demand = given, got
        return meet(supply, demand, self.percents[sign])

    def _judged(self, giver: Ints, receiver: Ints) -> Mask:
        """Of which of these pairs a person said that they hold the same money."""
        judged = self.ledger.judged
        return lookup((giver, receiver), (judged.left, judged.right)) >= 0

    def _explain(self, met: Met) -> None:
        """Entries are explained, as far as it is likely, by what was met: weaker signs do not explain them again."""
        np.subtract.at(self.likely, met.demand.row, met.demand.best)

    def _note_pool(self, sign: str, met: Met, giver_org: Ints | None = None, receiver_org: Ints | None = None) -> None:
        self._explain(met)
        self._note(
            sign, met, met.demand.row, giver_org=giver_org, receiver_org=receiver_org, receivers=self.entries.receiver
        )

    def _note(
        self,
        sign: str,
        met: Met,
        unit: Ints,
        *,
        giver: Ints | None = None,
        receiver: Ints | None = None,
        giver_org: Ints | None = None,
        receiver_org: Ints | None = None,
        receivers: Ints | None = None,
    ) -> None:
        """Keep what was met as links, and as taken from its flows.

        Args:
            unit: what each row of the demand side draws on, see `Room`.
            receivers: activity of each row of the demand side; None = the rows are activities themselves.
        """
        owners, width = self.ledger.owners, len(met)
        self.units.append(unit)
        np.add.at(self.low, met.supply.row, met.supply.low)
        np.add.at(self.best, met.supply.row, met.supply.best)
        into = met.demand if receivers is None else replace(met.demand, row=receivers[met.demand.row])
        nowhere, nobody = zeros(width) + UNKNOWN, zeros(width) + NOBODY
        if giver is not None:
            giver_org = owners[giver]
        if receiver is not None:
            receiver_org = owners[receiver]
        self.links.append(
            Links(
                zeros(width) + [*SIGNS].index(sign),
                zeros(width) + self.percents[sign],
                nowhere if giver is None else giver,
                nobody if giver_org is None else giver_org,
                nowhere if receiver is None else receiver,
                nobody if receiver_org is None else receiver_org,
                met.low,
                met.best,
                met.high,
                met.supply,
                into,
            )
        )


def _without(
    side: Side, pool: Ints, who: Ints, other: Side, other_pool: Ints, others: Ints, one: Ints, apart_from: Ints
) -> Side:
    """`side`, no row of which holds more than the rows of `other` that it is not apart from.

    Args:
        pool, other_pool: pool of each row; both sides count them alike.
        who, others: activity of each row.
        one, apart_from: pairs of activities, of `side` and of `other`, that hold different money.
    """
    whole = sums(other_pool, other.high, int(max(pool.max(), other_pool.max())) + 1)
    number, (pools, activities) = keyed(other_pool, others)
    held = sums(number, other.high, len(pools))
    row, pair = pairs(who, one)
    place = lookup((pool[row], apart_from[pair]), (pools, activities))
    blocked = sums(row, np.r_[held, 0][place], len(who))
    most = np.maximum(whole[pool] - blocked, 0)
    return replace(
        side, low=np.minimum(side.low, most), best=np.minimum(side.best, most), high=np.minimum(side.high, most)
    )


def _sure(met: Met, mask: Mask) -> Met:
    """`met`, where in these pools what is likely is certain."""

    def raised(share: Share) -> Share:
        return replace(share, low=np.where(mask[share.pool], share.best, share.low))

    return replace(met, low=np.where(mask, met.best, met.low), supply=raised(met.supply), demand=raised(met.demand))


def _once(amount: Ints, row: Ints) -> Ints:
    """What each of these rows may use of `amount[row]`: a row that stands in several pools shares it evenly."""
    if (row[1:] > row[:-1]).all():
        return amount[row]
    times = np.bincount(row, minlength=len(amount))
    return amount[row] // times[row]
