"""Which activities are worth comparing: those of different publishers that share something rare.

Place on the way: resolve, inner. Enters: the facts of one world. Leaves: pairs; of each activity the few others that
share most with it. Work grows with the number of activities: whatever many share (a common word, a large donor) counts
only together with something else that few share.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from concerted.resolve.projects.facts import NO_DAY, Facts
from concerted.resolve.projects.sets import Ints, Sets, bits_of

#: A key that more activities have is too common to meet by; parts of it may do.
MAX_BLOCK = 30
#: Each activity keeps this many others, those that share most.
MAX_CANDIDATES = 14
#: Rarest words of a title that are tried in twos, and that are tried with a partner.
PAIRED_WORDS, PARTNER_WORDS = 4, 2
#: Activities whose pairs are made at a time, so that memory does not grow with the edition.
BATCH = 20_000
#: What meeting by a key of each kind is worth, beside its rarity, in percent.
WORD, TWO_WORDS, CODE, PARTNER, BOTH_PARTNERS, AMOUNT, PLACE = 50, 100, 200, 100, 200, 60, 50
#: Activities assumed before any is seen, when rarity is weighed.
ASSUMED = 2_000


@dataclass(frozen=True)
class Keys:
    """What activities meet by: (activity, key) in two columns, and how telling each is, in percent of its rarity."""

    owner: Ints
    key: Ints
    percent: int


def find_candidates(facts: Facts, asked: Ints | None = None) -> tuple[Ints, Ints]:
    """Positions of both activities of each pair, the smaller first, sorted.

    Args:
        asked: only pairs with one of these; null = all.
    """
    count = max(len(facts), 1)
    blocks, worth = _blocks(_all_keys(facts), len(facts))
    own = Sets.of(blocks.value, blocks.owner, count, max(blocks.count, 1))
    found = [np.empty(0, np.int64)]
    wanted = np.arange(len(facts)) if asked is None else np.unique(asked)
    for begin in range(0, len(wanted), BATCH):
        batch = wanted[begin : begin + BATCH]
        at, key = own.rows_of(batch)
        row, there = blocks.rows_of(key)
        here, bits = batch[at[row]], worth[key[row]]
        other = (here != there) & ((facts.org[here] != facts.org[there]) | (facts.org[here] == 0))
        found.append(_strongest(here[other], there[other], bits[other], count))
    code = np.unique(np.concatenate(found))
    return code // count, code % count


def _strongest(here: Ints, there: Ints, bits: Ints, count: int) -> Ints:
    """Coded pairs (smaller * count + larger): for each `here` the others with which it shares most."""
    pair, inverse = np.unique(here * count + there, return_inverse=True)
    shared = np.bincount(inverse, bits, len(pair)).astype(np.int64)
    left, right = pair // count, pair % count
    order = np.lexsort((right, -shared, left))
    ends = left[order]
    first = np.flatnonzero(np.diff(ends, prepend=-1))
    rank = np.arange(len(ends)) - np.repeat(first, np.diff(np.append(first, len(ends))))
    kept = order[rank < MAX_CANDIDATES]
    code: Ints = np.minimum(left[kept], right[kept]) * count + np.maximum(left[kept], right[kept])
    return code


def _blocks(parts: list[Keys], total: int) -> tuple[Sets, Ints]:
    """Who has each key, keys of all kinds numbered through, and the bits that meeting by each is worth.

    Keys that one activity has, or too many, are left out.
    """
    owners, keys, worth, start = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)], 0
    for part in parts:
        rows = _distinct_rows(part)
        _, key, holders = np.unique(rows.key, return_inverse=True, return_counts=True)
        used = (holders >= 2) & (holders <= MAX_BLOCK)
        number = start + np.cumsum(used) - 1
        kept = used[key]
        owners.append(rows.owner[kept])
        keys.append(number[key[kept]])
        worth.append(bits_of(holders[used], total, ASSUMED) * part.percent // 100)
        start += int(used.sum())
    return Sets.of(np.concatenate(keys), np.concatenate(owners), start, max(total, 1)), np.concatenate(worth)


def _distinct_rows(part: Keys) -> Keys:
    order = np.lexsort((part.owner, part.key))
    owner, key = part.owner[order], part.key[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (owner[1:] != owner[:-1]) | (key[1:] != key[:-1])
    return Keys(owner[is_new], key[is_new], part.percent)


def _all_keys(facts: Facts) -> list[Keys]:
    amounts, places = facts.sets["amounts"], facts.sets["places"]
    return [
        *_word_keys(facts),
        _code_keys(facts),
        *_partner_keys(facts),
        Keys(amounts.owner, amounts.value, AMOUNT),
        Keys(places.owner, places.value, PLACE),
    ]


def _word_keys(facts: Facts) -> list[Keys]:
    """Words of titles and descriptions, where few have them; and twos of the rarest words of each title."""
    title, text = facts.sets["title"], facts.sets["text"]
    both = Keys(np.r_[title.owner, text.owner], np.r_[title.value, text.value], WORD)
    rank = _rarity(facts)
    best = rank < PAIRED_WORDS
    # Row of the word that stands in each place of an activity's list; -1 where the title is shorter.
    rows = np.full((len(facts), PAIRED_WORDS), -1, np.int64)
    rows[title.owner[best], rank[best]] = title.value[best]
    owner, key = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for one, two in combinations(range(PAIRED_WORDS), 2):
        has = np.flatnonzero(rows[:, two] >= 0)
        first, second = rows[has, one], rows[has, two]
        owner.append(has)
        key.append(np.minimum(first, second) * title.width + np.maximum(first, second))
    return [both, Keys(np.concatenate(owner), np.concatenate(key), TWO_WORDS)]


def _rarity(facts: Facts) -> Ints:
    """Place of each row of the titles' words among the words of its title, the rarest 0."""
    title = facts.sets["title"]
    order = np.lexsort((title.value, title.holders[title.value], title.owner))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - title.starts[title.owner[order]]
    return rank


def _code_keys(facts: Facts) -> Keys:
    """Codes that somebody is called by, also where another only names them."""
    own, named = facts.sets["own_codes"], facts.sets["named_codes"]
    is_own = own.holders[named.value] > 0
    return Keys(np.r_[own.owner, named.owner[is_own]], np.r_[own.value, named.value[is_own]], CODE)


def _partner_keys(facts: Facts) -> list[Keys]:
    """Who gives or does the work; alone, with a country, with a year, with a word of the title; and both of them.

    A statement's reporter gives to those whom it names as doing the work, and does the work of those whom it names as
    funding it. So the statements of both meet, whichever of them names the other.
    """
    doers, funders = facts.sets["doers"], facts.sets["funders"]
    reporter = np.searchsorted(facts.names["orgs"].to_numpy(), facts.org).astype(np.int64)
    known = np.flatnonzero(facts.org != 0)
    owners, partners, pair_owners, pairs = [], [], [], []
    for named, is_giver in ((funders, 1), (doers, 0)):
        is_other = reporter[named.owner] != named.value
        owner, org = named.owner[is_other], named.value[is_other]
        owners += [known, owner]
        partners += [reporter[known] * 2 + is_giver, org * 2 + is_giver]
        has_reporter = facts.org[owner] != 0
        giver, receiver = (org, reporter[owner]) if is_giver else (reporter[owner], org)
        pair_owners.append(owner[has_reporter])
        pairs.append((giver * doers.width + receiver)[has_reporter])
    owner, partner = np.concatenate(owners), np.concatenate(partners)
    year = np.where(facts.start == NO_DAY, 0, facts.start // 365 + 200)[owner]
    keys = [
        Keys(owner, partner, PARTNER),
        Keys(owner, partner * 1_000 + year, PARTNER),
        Keys(np.concatenate(pair_owners), np.concatenate(pairs), BOTH_PARTNERS),
    ]
    title = facts.sets["title"]
    for values in (facts.sets["countries"], title.where(_rarity(facts) < PARTNER_WORDS)):
        at, value = values.rows_of(owner)
        keys.append(Keys(owner[at], partner[at] * max(values.width, 1) + value, PARTNER))
    return keys
