"""Which activities are worth comparing: those of different publishers that share something rare.

Place on the way: resolve, inner. Enters: the facts of one world. Leaves: pairs; of each activity the few others that
share most with it. Work grows with the number of activities: whatever many share (a common word, a large donor) counts
only together with something else that few share. Where only some activities are asked for, only what they have is met
by; how rare it is, is counted over the whole world all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from concerted.resolve.projects.facts import NO_DAY, Facts
from concerted.resolve.projects.sets import Ints, Mask, Sets, Short, bits_of, distinct_rows, spread
from concerted.store.ordering import distinct, is_first, place_in_group, sorted_rows

#: A key that more activities have is too common to meet by; parts of it may do.
MAX_BLOCK = 30
#: Each activity keeps this many others, those that share most.
MAX_CANDIDATES = 14
#: Rarest words of a title that are tried in twos, and that are tried with a partner.
PAIRED_WORDS, PARTNER_WORDS = 4, 2
#: So many meetings, and so many activities, are weighed at a time, so that memory does not grow with the edition.
BATCH, BATCH_ACTIVITIES = 4_000_000, 1 << 15
#: Keys are counted in a table of 2 to the power of at most this many places, 128 MB.
MAX_TABLE_BITS = 24
#: What meeting by a key of each kind is worth, beside its rarity, in percent.
WORD, TWO_WORDS, CODE, PARTNER, BOTH_PARTNERS, AMOUNT, PLACE = 50, 100, 200, 100, 200, 60, 50
#: Activities assumed before any is seen, when rarity is weighed.
ASSUMED = 2_000


@dataclass(frozen=True)
class Keys:
    """What activities meet by: (activity, key) in two columns, and how telling each is, in percent of its rarity."""

    owner: Any
    key: Any
    percent: int


@dataclass(frozen=True)
class _Blocks:
    """Who has each key (keys of all kinds numbered through), the keys of those asked for, and the bits of each key."""

    holders: Sets
    own: Sets
    worth: Ints


def find_candidates(facts: Facts, asked: Ints | None = None) -> tuple[Ints, Ints]:
    """Positions of both activities of each pair, the smaller first, sorted.

    Args:
        asked: only pairs with one of these; null = all.
    """
    count = max(len(facts), 1)
    is_asked = np.ones(len(facts), np.bool_)
    if asked is not None:
        is_asked[:] = False
        is_asked[asked] = True
    blocks = _blocks(facts, is_asked)
    # An unknown publisher is one of its own, so that a publisher's number tells an activity from itself too.
    publisher = np.searchsorted(facts.names["orgs"].to_numpy(), facts.org).astype(np.int32)
    publisher = np.where(facts.org == 0, -1 - np.arange(len(facts), dtype=np.int32), publisher)
    found = [np.empty(0, np.int64)]
    for batch in _batches(blocks, np.flatnonzero(is_asked)):
        at, key = blocks.own.rows_of(batch)
        row, there = blocks.holders.rows_of(key)
        other = np.flatnonzero(publisher[batch][at[row]] != publisher[there])
        row = row[other]
        at, strongest = _strongest(at[row], there[other], blocks.worth[key[row]])
        here = batch[at]
        found.append(np.minimum(here, strongest) * count + np.maximum(here, strongest))
    code = distinct(np.concatenate(found))
    return code // count, code % count


def _batches(blocks: _Blocks, wanted: Ints) -> Iterator[Ints]:
    """Those wanted, in parts that meet about equally many others."""
    meetings = np.cumsum(blocks.own.sum(blocks.holders.sizes)[wanted])
    begin = 0
    while begin < len(wanted):
        most = (meetings[begin - 1] if begin else 0) + BATCH
        end = max(int(np.searchsorted(meetings, most, "right")), begin + 1)
        end = min(end, begin + BATCH_ACTIVITIES, len(wanted))
        yield wanted[begin:end]
        begin = end


def _strongest(here: Ints, there: Any, bits: Ints) -> tuple[Ints, Ints]:
    """(here, there): for each `here` the others with which it shares most."""
    if not len(here):
        return here, here
    here, there, bits = sorted_rows(here, there, bits)
    starts = np.flatnonzero(is_first(here, there))
    shared = np.add.reduceat(bits, starts)
    here, _, there = sorted_rows(here[starts], -shared, there[starts])
    kept = place_in_group(here) < MAX_CANDIDATES
    return here[kept], there[kept]


def _blocks(facts: Facts, is_asked: Mask) -> _Blocks:
    """Keys that one activity has, or too many, or nobody who is asked for, are left out."""
    owners: list[Short] = [np.empty(0, np.int32)]
    keys: list[Short] = [np.empty(0, np.int32)]
    worth, start = [np.empty(0, np.int64)], 0
    for part in _all_keys(facts):
        key, owner = distinct_rows(*_worth_sorting(part, is_asked))
        if not len(key):
            continue
        starts = np.flatnonzero(is_first(key))
        holders = np.diff(np.append(starts, len(key)))
        used = (holders >= 2) & (holders <= MAX_BLOCK)
        number = start + np.cumsum(used) - 1
        kept = np.repeat(used, holders)
        owners.append(owner[kept].astype(np.int32))
        keys.append(np.repeat(number, holders)[kept].astype(np.int32))
        worth.append(bits_of(holders[used], len(facts), ASSUMED) * part.percent // 100)
        start += int(used.sum())
    numbers, holders_of = np.concatenate(keys), np.concatenate(owners)
    # In the order of keys and owners by how they were made; turned around for those who are asked for.
    own = is_asked[holders_of]
    return _Blocks(
        Sets(numbers, holders_of, max(start, 1), max(len(facts), 1)),
        Sets.of(holders_of[own], numbers[own], max(len(facts), 1), max(start, 1)),
        np.concatenate(worth),
    )


def _worth_sorting(part: Keys, is_asked: Mask) -> tuple[Any, Any]:
    """(key, owner) without most of the rows whose key nobody else has, or nobody who is asked for.

    Keys are counted in a table where several may share a place, so a few needless rows stay, and none is lost.
    """
    owner, key = part.owner, part.key
    bits = min(max(len(key), 1).bit_length() + 1, MAX_TABLE_BITS)
    place = spread(key, bits)
    kept = np.bincount(place, minlength=1 << bits)[place] >= 2
    if not is_asked.all():
        has_asker = np.zeros(1 << bits, np.bool_)
        has_asker[place[is_asked[owner]]] = True
        kept &= has_asker[place]
    return key[kept], owner[kept]


def _all_keys(facts: Facts) -> Iterator[Keys]:
    rarest = _rarest_words(facts)
    title, text = facts.sets["title"], facts.sets["text"]
    yield _of_sets([title, text], WORD)
    yield _two_words(rarest, title.width)
    # Codes that somebody is called by, also where another only names them.
    own, named = facts.sets["own_codes"], facts.sets["named_codes"]
    yield _of_sets([own, named.where((own.holders > 0)[named.value])], CODE)
    yield from _partner_keys(facts, rarest)
    yield _of_sets([facts.sets["amounts"]], AMOUNT)
    yield _of_sets([facts.sets["places"]], PLACE)


def _of_sets(sets: list[Sets], percent: int) -> Keys:
    """The values of sets as keys; without those that too many have, which are most rows of a text."""
    few = np.all([one.holders <= MAX_BLOCK for one in sets], axis=0)
    few &= np.sum([one.holders for one in sets], axis=0) >= 2
    rows = [one.where(few[one.value]) for one in sets]
    return Keys(np.concatenate([r.owner for r in rows]), np.concatenate([r.value for r in rows]), percent)


def _rarest_words(facts: Facts) -> Short:
    """The rarest words of each title, the rarest first, -1 where it has fewer: a row per activity."""
    title = facts.sets["title"]
    by_rarity = np.lexsort((np.arange(title.width), title.holders))
    rank = np.empty(title.width, np.int64)
    rank[by_rarity] = np.arange(title.width)
    owner, ranked = sorted_rows(title.owner, rank[title.value])
    place = np.arange(len(owner)) - title.starts[owner]
    kept = place < PAIRED_WORDS
    words = np.full((len(facts), PAIRED_WORDS), -1, np.int32)
    words[owner[kept], place[kept]] = by_rarity[ranked[kept]]
    return words


def _two_words(rarest: Short, width: int) -> Keys:
    """Twos of the rarest words of each title."""
    owners, keys = [], []
    for one, two in combinations(range(PAIRED_WORDS), 2):
        has = np.flatnonzero(rarest[:, two] >= 0)
        first, second = rarest[has, one].astype(np.int64), rarest[has, two].astype(np.int64)
        owners.append(has.astype(np.int32))
        keys.append(np.minimum(first, second) * width + np.maximum(first, second))
    return Keys(np.concatenate(owners), np.concatenate(keys), TWO_WORDS)


def _partner_keys(facts: Facts, rarest: Short) -> Iterator[Keys]:
    """Who gives or does the work; alone, with a country, with a year, with a word of the title; and both of them.

    A statement's reporter gives to those whom it names as doing the work, and does the work of those whom it names as
    funding it. So the statements of both meet, whichever of them names the other.
    """
    doers, funders = facts.sets["doers"], facts.sets["funders"]
    reporter = np.searchsorted(facts.names["orgs"].to_numpy(), facts.org).astype(np.int64)
    known = np.flatnonzero(facts.org != 0).astype(np.int32)
    owners, partners, pair_owners, pairs = [], [], [], []
    for named, is_giver in ((funders, 1), (doers, 0)):
        is_other = reporter[named.owner] != named.value
        owner, org = named.owner[is_other], named.value[is_other].astype(np.int64)
        owners += [known, owner]
        partners += [reporter[known] * 2 + is_giver, org * 2 + is_giver]
        has_reporter = facts.org[owner] != 0
        giver, receiver = (org, reporter[owner]) if is_giver else (reporter[owner], org)
        pair_owners.append(owner[has_reporter])
        pairs.append((giver * doers.width + receiver)[has_reporter])
    owner, partner = np.concatenate(owners), np.concatenate(partners)
    year = np.where(facts.start == NO_DAY, 0, facts.start // 365 + 200)[owner]
    yield Keys(owner, partner, PARTNER)
    yield Keys(owner, partner * 1_000 + year, PARTNER)
    yield Keys(np.concatenate(pair_owners), np.concatenate(pairs), BOTH_PARTNERS)
    countries, title = facts.sets["countries"], facts.sets["title"]
    at, country = countries.rows_of(owner)
    yield Keys(owner[at], partner[at] * max(countries.width, 1) + country, PARTNER)
    owners, keys = [], []
    for column in range(PARTNER_WORDS):
        word = rarest[owner, column]
        has = word >= 0
        owners.append(owner[has])
        keys.append(partner[has] * max(title.width, 1) + word[has])
    yield Keys(np.concatenate(owners), np.concatenate(keys), PARTNER)
