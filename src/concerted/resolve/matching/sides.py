"""From profiles to the sides of a comparison: one per spelling, context and known organisations looked up once.

Place on the way: resolve, inner. Enters: profiles. Leaves: sides, and how telling words and partners are.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from concerted.resolve.matching.comparison import Side, unit_vector
from concerted.resolve.matching.known import find_known
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.matching.spelling import take_apart
from concerted.resolve.matching.words import WordWeights, weigh_words

#: A reference keeps this many spellings, the most used ones: more add time and no evidence.
MAX_SPELLINGS = 12
#: Contexts are cut to the most frequent values, so that a donor with a thousand partners costs as much as others.
MAX_VALUES = 100


@dataclass(frozen=True)
class Evidence:
    """Sides of every profile by key, in the order of keys, and the weights that belong to this data."""

    sides: Mapping[str, tuple[Side, ...]]
    words: WordWeights


def make_evidence(profiles: Sequence[Profile]) -> Evidence:
    """Sides of all profiles; weights are counted over these profiles only, so that nobody else's records enter."""
    names = sorted({name for profile in profiles for name in profile.names})
    words = weigh_words(take_apart(name) for name in names)
    holders: Counter[str] = Counter()
    for profile in profiles:
        holders.update(profile.partners.keys())
    sides = {
        profile.key: tuple(sides_of(profile, holders, len(profiles)))
        for profile in sorted(profiles, key=lambda p: p.key)
    }
    return Evidence(sides, words)


def sides_of(profile: Profile, holders: Counter[str], total: int) -> Iterable[Side]:
    """One side per spelling, the most used first; `holders` counts the profiles, of `total`, that have each partner."""

    def rarity(partner: str) -> int:
        return max(1, round(10 * math.log2((total + 1) / holders[partner])))

    work = unit_vector(_most(profile.work), lambda _: 1)
    partners = unit_vector(_most(profile.partners), rarity)
    homes, types, publishers = profile.homes, frozenset(profile.types), frozenset(profile.publishers)
    seat = frozenset({profile.seat} if profile.seat else ())
    seen = set()
    for name, _ in sorted(profile.names.items(), key=lambda item: (-item[1], item[0])):
        spelling = take_apart(name)
        if not spelling.folded or spelling.folded in seen:
            continue
        seen.add(spelling.folded)
        found, is_whole = find_known(spelling)
        seats = spelling.countries | seat | ({found.country_code} if found and found.country_code else set())
        yield Side(spelling, found, is_whole, types, frozenset(seats), homes, publishers, work, partners)
        if len(seen) == MAX_SPELLINGS:
            return


def _most(counts: Counter[str]) -> Counter[str]:
    if len(counts) <= MAX_VALUES:
        return counts
    return Counter(dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_VALUES]))
