"""Which well-known organisation a spelling names.

Place on the way: resolve, inner. Enters: a name taken apart. Leaves: an organisation of the alias table, where
exactly one is named: by the name or acronym itself, by the same words in another language or order, with typing
errors, or by a part.
"""

import itertools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from concerted.resolve.aliases import KnownOrganisation, load_aliases
from concerted.resolve.matching.lexicon import load_lexicon
from concerted.resolve.matching.spelling import Spelling, take_apart

Meaning = tuple[tuple[str, ...], frozenset[str], frozenset[str]]
#: Likeness (0 to 100) of folded names that may differ by typing errors, and the length from which that is tried.
TYPO_RATIO, TYPO_LENGTH = 92.0, 14
TYPO_SIZE = TYPO_RATIO / (200 - TYPO_RATIO)
#: A cut-off name has at least this many letters, and this share of the whole name's.
CUT_LENGTH, CUT_SHARE = 24, 0.6


@dataclass(frozen=True)
class KnownNames:
    """What the alias table says, ready to be looked up.

    Attributes:
        exact: folded name -> organisation.
        meanings: words, countries and units -> organisation.
        by_ref: canonical reference in upper case -> organisation.
        words: canonical reference -> words of all its names.
        sorted_names: the keys of `exact`.
        by_length: the same by their number of letters.
    """

    exact: dict[str, KnownOrganisation]
    meanings: dict[Meaning, KnownOrganisation]
    by_ref: dict[str, KnownOrganisation]
    words: dict[str, frozenset[str]]
    sorted_names: tuple[str, ...]
    by_length: dict[int, tuple[str, ...]]

    def find(self, spelling: Spelling) -> tuple[KnownOrganisation | None, bool]:
        """The organisation and whether the whole spelling names it; (None, False) where none or several are named."""
        whole = self.exact.get(spelling.folded) or self.meanings.get(_meaning(spelling))
        whole = whole or self._cut_off(spelling) or self._with_typing_errors(spelling)
        if whole is not None:
            return whole, True
        return self._by_part(spelling), False

    def _cut_off(self, spelling: Spelling) -> KnownOrganisation | None:
        """Forms cut names at a number of letters: the one known name that begins so, with most of its letters."""
        start = spelling.folded
        if len(start) < CUT_LENGTH:
            return None
        at = bisect_left(self.sorted_names, start)
        found: dict[str, KnownOrganisation] = {}
        for name in itertools.takewhile(lambda n: n.startswith(start), self.sorted_names[at:]):
            if len(start) >= CUT_SHARE * len(name):
                found[self.exact[name].ref] = self.exact[name]
        return next(iter(found.values())) if len(found) == 1 else None

    def _with_typing_errors(self, spelling: Spelling) -> KnownOrganisation | None:
        if len(spelling.folded) < TYPO_LENGTH:
            return None
        # A ratio of r needs lengths of at least r / (2 - r) of each other: most names need no comparison.
        size = len(spelling.folded)
        shortest, longest = int(size * TYPO_SIZE), int(size / TYPO_SIZE) + 1
        names = [name for length in range(shortest, longest + 1) for name in self.by_length.get(length, ())]
        near = process.extract(spelling.folded, names, scorer=fuzz.ratio, score_cutoff=TYPO_RATIO, limit=4)
        found = {
            self.exact[name].ref: self.exact[name]
            for name, _, _ in near
            if _differ_by_typing(spelling, take_apart(name))
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _by_part(self, spelling: Spelling) -> KnownOrganisation | None:
        """The one organisation that parts name (`PNUD - Programme ..`); other parts must have words of its names."""
        found: dict[str, KnownOrganisation] = {}
        rest: list[Spelling] = []
        for part in spelling.parts:
            taken = take_apart(part)
            known = self.exact.get(part) or self.meanings.get(_meaning(taken))
            if known is not None:
                found[known.ref] = known
            elif taken.tokens and not taken.acronyms:
                rest.append(taken)
        if len(found) != 1:
            return None
        known = next(iter(found.values()))
        return known if all(self.words[known.ref].intersection(part.tokens) for part in rest) else None


@lru_cache(1 << 17)
def find_known(spelling: Spelling) -> tuple[KnownOrganisation | None, bool]:
    """`KnownNames.find` of the shipped table; a name is looked up once, however many records have it."""
    return load_known_names().find(spelling)


@cache
def load_known_names() -> KnownNames:
    """The alias table by name and by meaning; what would stand for two organisations stands for none."""
    exact = {take_apart(name).folded: known for name, known in load_aliases().spellings.items()}
    meanings: dict[Meaning, set[str]] = {}
    words: dict[str, set[str]] = {}
    for name in load_aliases().spellings:
        spelling = take_apart(name)
        words.setdefault(exact[spelling.folded].ref, set()).update(spelling.tokens)
        if _is_telling(spelling, exact[spelling.folded]):
            meanings.setdefault(_meaning(spelling), set()).add(exact[spelling.folded].ref)
    by_ref = {known.ref: known for known in exact.values()}
    return KnownNames(
        exact,
        {key: by_ref[next(iter(refs))] for key, refs in meanings.items() if len(refs) == 1},
        {ref.upper(): known for ref, known in by_ref.items()},
        {ref: frozenset(found) for ref, found in words.items()},
        tuple(sorted(exact)),
        {size: tuple(names) for size, names in itertools.groupby(sorted(exact, key=lambda n: (len(n), n)), key=len)},
    )


def _meaning(spelling: Spelling) -> Meaning:
    return spelling.tokens, spelling.countries, spelling.units


def _is_telling(spelling: Spelling, known: KnownOrganisation) -> bool:
    """Whether the same words in another order or language name it too: not `Ministry of Health` without its country."""
    if not load_lexicon().concepts.issuperset(spelling.tokens):
        return True
    if known.country_code:
        return bool(spelling.countries and spelling.tokens)
    return len(spelling.tokens) >= 2


def _differ_by_typing(a: Spelling, b: Spelling) -> bool:
    """Same countries and units, and words that pair up with at most small differences."""
    if a.countries != b.countries or a.units != b.units or len(a.tokens) != len(b.tokens):
        return False
    return _pair_up(set(a.tokens) - set(b.tokens), set(b.tokens) - set(a.tokens))


def _pair_up(left: Iterable[str], right: set[str]) -> bool:
    for word in sorted(left):
        near = [other for other in sorted(right) if fuzz.ratio(word, other) >= 80]
        if not near:
            return False
        right = right - {near[0]}
    return not right
