"""Pairs of activities compared: one level for each thing that can speak for or against their being about one project.

Place on the way: resolve, inner. Enters: facts of one world and pairs. Leaves: the number of a level per comparison and
pair. Levels are those of a Fellegi-Sunter model; their weights are fitted from known pairs (`benchmarks`) and stand in
`weights.json`; what each level says stands in `reasons.yml`.

Comparisons are made in stages, the cheapest first, so that a pair which nothing more can make likely is left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from concerted.resolve.projects.candidates import ASSUMED
from concerted.resolve.projects.facts import NO_DAY, NO_SUM, Facts
from concerted.resolve.projects.sets import Ints, Mask, Sets, Short, bits_of

Levels = npt.NDArray[np.int8]

#: Levels of each comparison by code, from what speaks most for it to what speaks most against it; `not_known` and what
#: stands apart from that order come last.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "title": ("title_same", "title_most", "title_half", "title_some", "title_few", "title_none", "title_not_known"),
    "title_inside": ("title_inside", "title_mostly_inside", "title_partly_inside", "title_apart"),
    "letters": ("letters_same", "letters_most", "letters_many", "letters_some", "letters_few"),
    "rare_words": ("words_very_rare", "words_rare", "words_telling", "words_common", "words_none"),
    "text": ("text_much", "text_some", "text_little", "text_none", "text_not_known"),
    "code": ("code_quoted", "code_long", "code_short", "code_none"),
    "partners": (
        "partners_both_name", "partners_name_only_each_other", "funder_named", "doer_named", "partner_common_rare",
        "partner_common", "partners_none",
    ),
    "country": ("country_one", "country_common", "country_wider", "country_not_known", "country_other"),
    "place": ("place_rare", "place_common", "place_not_known", "place_other"),
    "dates": ("dates_same", "dates_near", "dates_overlap", "dates_not_known", "dates_apart"),
    "amount": ("amount_equal", "amount_near", "size_like", "size_part", "size_not_known", "size_small_part"),
    "sector": ("sector_same", "sector_common", "sector_not_known", "sector_other"),
    "phase": ("phase_same", "phase_none", "phase_one_side", "year_other", "phase_other"),
    "rival": ("rival_none", "rival_weak", "rival_equal", "rival_stronger"),
}  # fmt: skip
#: Comparisons that look at the two alone; `rival` looks at what else each could belong to.
PAIRWISE = tuple(name for name in LEVELS if name != "rival")
#: Levels that stand apart from the order.
APART: Mapping[str, tuple[str, ...]] = {
    "title": ("title_not_known",),
    "text": ("text_not_known",),
    "country": ("country_wider", "country_not_known"),
    "place": ("place_not_known",),
    "dates": ("dates_not_known",),
    "amount": ("size_not_known",),
    "sector": ("sector_not_known",),
    "phase": ("phase_none",),
}
#: Words for parts of a country.
PARTS_OF_COUNTRIES = ("=north", "=south", "=east", "=west", "=centre")
#: Words of this many bits and more are telling: they stand in less than one of 100 titles.
TELLING = 6_500


#: Pairs that are compared at a time: what they share is laid out in rows, and memory is not to grow with the edition.
BATCH = 1 << 17


@dataclass(frozen=True)
class Compared:
    """Levels of pairs, and what the reasons speak of.

    Attributes:
        levels: one row per pair, one column per comparison of `PAIRWISE`.
        code: position of the code that both have, -1 = none.
        giver: whether partners or sums say that the left (1) or the right one (-1) gives; 0 = neither.
    """

    levels: Levels
    code: Short
    giver: Levels

    def where(self, kept: Any) -> "Compared":
        """Some pairs only, by position or mask."""
        return Compared(self.levels[kept], self.code[kept], self.giver[kept])

    @classmethod
    def joined(cls, parts: Sequence["Compared"]) -> "Compared":
        """One after the other."""
        return cls(
            np.concatenate([np.empty((0, len(PAIRWISE)), np.int8), *(part.levels for part in parts)]),
            np.concatenate([np.empty(0, np.int32), *(part.code for part in parts)]),
            np.concatenate([np.empty(0, np.int8), *(part.giver for part in parts)]),
        )


@dataclass(frozen=True)
class Weighed:
    """The rarity of words, codes and partners in one world, thousandths of a bit."""

    words: Ints
    texts: Ints
    codes: Ints
    orgs: Ints
    places: Ints

    @classmethod
    def of(cls, facts: Facts) -> "Weighed":
        """Counted over this world alone, so that nobody else's records enter."""
        total = len(facts)

        def weigh(*names: str) -> Ints:
            holders = np.sum([facts.sets[name].holders for name in names], axis=0)
            return bits_of(holders, total, ASSUMED)

        return cls(
            weigh("title"), weigh("text"), _code_bits(facts, weigh("own_codes", "named_codes")),
            weigh("funders", "doers", "others"), weigh("places"),
        )  # fmt: skip


def _code_bits(facts: Facts, rarity: Ints) -> Ints:
    """A code says no more than its letters and digits can: four digits ten thousand things."""
    size = np.asarray(pc.utf8_length(facts.names["codes"]).to_numpy(zero_copy_only=False)).astype(np.int64)
    return np.minimum(rarity, 3_000 * size[: len(rarity)])


#: What a stage finds: levels by comparison, and what `Compared` has beside them by its name.
Found = dict[str, Ints]


class Comparer:
    """The comparisons of one world, and what of its facts all pairs are held against."""

    def __init__(self, facts: Facts, weighed: Weighed | None = None) -> None:
        """Count what is rare in the world, where `weighed` does not tell it."""
        self.facts = facts
        self.weighed = Weighed.of(facts) if weighed is None else weighed

    @property
    def stages(self) -> Mapping[tuple[str, ...], Callable[[Any, Any], Found]]:
        """The comparisons of each stage and how they are made; the cheapest and those that part most come first."""
        return {
            ("dates",): self._dates,
            ("partners",): self._partners,
            ("country",): self._countries,
            ("amount",): self._amounts,
            ("title", "title_inside", "rare_words"): self._titles,
            ("phase",): self._phases,
            ("sector",): self._sectors,
            ("place",): self._places,
            ("code",): self._codes,
            ("letters",): self._letters,
            ("text",): self._texts,
        }

    def compare(self, left: Any, right: Any) -> Compared:
        """The levels of pairs; what is said of (a, b) is what is said of (b, a)."""
        parts = []
        for begin in range(0, len(left), BATCH):
            ends = left[begin : begin + BATCH], right[begin : begin + BATCH]
            parts.append(as_compared({k: v for stage in self.stages.values() for k, v in stage(*ends).items()}))
        return Compared.joined(parts)

    def _titles(self, left: Any, right: Any) -> Found:
        weight = self.weighed.words
        shared = self._bare.shared_sum(left, right, weight)
        mine, other = self._bare_bits[left], self._bare_bits[right]
        union = np.maximum(mine + other - shared, 1)
        known = (mine > 0) & (other > 0)
        return {
            "title": np.where(known, _bin(1000 * shared // union, (995, 700, 450, 250, 1)), 6),
            "title_inside": _bin(1000 * shared // np.maximum(np.minimum(mine, other), 1), (950, 700, 400)),
            "rare_words": _bin(shared, (30_000, 18_000, 9_000, 1)),
        }

    def _letters(self, left: Any, right: Any) -> Found:
        """Likeness of titles by their letters, as written or as read, the better: typing errors part words, not
        letters."""
        best = np.zeros(len(left), np.int64)
        for titles in (self.facts.titles, self.facts.letters):
            mine, other = (titles.take(pa.array(end)).to_pylist() for end in (left, right))
            if len(left):
                ratio = process.cpdist(mine, other, scorer=fuzz.ratio, dtype=np.int64, workers=1)
                best = np.maximum(best, ratio.astype(np.int64))
        return {"letters": _bin(best, (95, 85, 70, 55))}

    def _texts(self, left: Any, right: Any) -> Found:
        """Telling words of one's description that stand in the other's description or title."""
        bits, whole = self.weighed.texts, self.facts.sets["text"]
        known = (whole.sizes[left] > 0) & (whole.sizes[right] > 0)
        title, text = self._telling
        shared = text.shared_sum(left, right, bits)
        shared += title.shared_sum(left, right, bits, text) // 2 + text.shared_sum(left, right, bits, title) // 2
        return {"text": np.where(known, _bin(shared, (90_000, 40_000, 12_000)), np.where(shared >= 12_000, 2, 4))}

    def _codes(self, left: Any, right: Any) -> Found:
        own, named = self.facts.sets["own_codes"], self.facts.sets["named_codes"]
        both, one = own.shared_max(left, right, self.weighed.codes)
        quoted, two = own.shared_max(left, right, self.weighed.codes, named)
        quoting, three = named.shared_max(left, right, self.weighed.codes, own)
        best = np.maximum(both, np.maximum(quoted, quoting))
        code = np.where(both == best, one, np.where(quoted == best, two, three))
        named_bits = np.maximum(quoted, quoting)
        level = np.where(named_bits >= 12_000, 0, np.where(best >= 11_000, 1, np.where(best >= 8_500, 2, 3)))
        return {"code": level, "code_shared": np.where(level < 3, code, -1)}

    def _partners(self, left: Any, right: Any) -> Found:
        """Who names whom, and which of the two gives."""
        facts = self.facts
        funders, doers = facts.sets["funders"], facts.sets["doers"]
        mine, other = self._reporter[left], self._reporter[right]
        known = (facts.org[left] != 0) & (facts.org[right] != 0)
        left_is_named = funders.has(right, mine) & known
        right_is_named = funders.has(left, other) & known
        left_does, right_does = doers.has(right, mine) & known, doers.has(left, other) & known
        names_funder, names_doer = left_is_named | right_is_named, left_does | right_does
        down = (left_is_named & right_does) | (right_is_named & left_does)
        only = (left_is_named & (funders.sizes[right] == 1)) | (right_is_named & (funders.sizes[left] == 1))
        common, _ = self._everybody.shared_max(left, right, self.weighed.orgs)
        level = np.select(
            [down, only, names_funder, names_doer, common >= 8_000, common > 0], [0, 1, 2, 3, 4, 5], 6
        ).astype(np.int64)
        giver = (left_is_named | right_does).astype(np.int64) - (right_is_named | left_does)
        return {"partners": level, "giver": giver}

    def _countries(self, left: Any, right: Any) -> Found:
        """Countries of the work; titles that name different ones speak louder."""
        countries = self.facts.sets["countries"]
        common = countries.shared_count(left, right)
        mine, other = countries.sizes[left], countries.sizes[right]
        one = (common == 1) & (mine == 1) & (other == 1)
        wide = (mine == 0) != (other == 0)
        said_apart = _said_apart(self._named_countries, left, right)
        level = np.select([said_apart, one, common > 0, wide, mine + other == 0], [4, 0, 1, 2, 3], 4)
        return {"country": level.astype(np.int64)}

    def _places(self, left: Any, right: Any) -> Found:
        """Places of the work; parts of a country that titles name beside them."""
        places = self.facts.sets["places"]
        best, _ = places.shared_max(left, right, self.weighed.places)
        known = (places.sizes[left] > 0) & (places.sizes[right] > 0)
        said_apart = _said_apart(self._named_parts, left, right)
        level = np.select([said_apart, best >= 9_000, best > 0, ~known], [3, 0, 1, 2], 3)
        return {"place": level.astype(np.int64)}

    def _dates(self, left: Any, right: Any) -> Found:
        start, end = self.facts.start, self.facts.end
        began = np.abs(start[left] - start[right])
        ended = np.abs(end[left] - end[right])
        has_start = (start[left] != NO_DAY) & (start[right] != NO_DAY)
        has_end = (end[left] != NO_DAY) & (end[right] != NO_DAY)
        first, last = np.maximum(start[left], start[right]), np.minimum(end[left], end[right])
        apart = has_end & has_start & (last <= first)
        same = (began <= 31) & (~has_end | (ended <= 92))
        # Ends are often missing: two that begin within half a year are near.
        near = (began <= 183) & (~has_end | (ended <= 366))
        return {"dates": np.select([~has_start, apart, same, near], [3, 4, 0, 1], 2).astype(np.int64)}

    def _amounts(self, left: Any, right: Any) -> Found:
        size = self.facts.size
        equal = self.facts.sets["amounts"].shared_count(left, right) > 0
        small, large = np.minimum(size[left], size[right]), np.maximum(size[left], size[right])
        ratio = 1000.0 * small / np.maximum(large, 1)
        level = np.select([equal, small == NO_SUM, ratio >= 950, ratio >= 500, ratio >= 50], [0, 4, 1, 2, 3], 5)
        return {"amount": level.astype(np.int64)}

    def _sectors(self, left: Any, right: Any) -> Found:
        sectors = self.facts.sets["sectors"]
        common = sectors.shared_count(left, right)
        mine, other = sectors.sizes[left], sectors.sizes[right]
        known = (mine > 0) & (other > 0)
        level = np.select([~known, (common == mine) & (common == other), common > 0], [2, 0, 1], 3)
        return {"sector": level.astype(np.int64)}

    def _phases(self, left: Any, right: Any) -> Found:
        phases, years = self._named_phases, self._named_years
        common = phases.shared_count(left, right)
        one_side = (phases.sizes[left] > 0) != (phases.sizes[right] > 0)
        other_phase, other_year = _said_apart(phases, left, right), _said_apart(years, left, right)
        level = np.select([other_phase, other_year, common > 0, one_side], [4, 3, 0, 2], 1)
        return {"phase": level.astype(np.int64)}

    @cached_property
    def _bare(self) -> Sets:
        """Titles without countries, phases and years."""
        title = self.facts.sets["title"]
        return title.where(~_starts_with(self.facts.names["words"], ("#", "'", "@"))[title.value])

    @cached_property
    def _bare_bits(self) -> Ints:
        return self._bare.sum(self.weighed.words)

    @cached_property
    def _telling(self) -> tuple[Sets, Sets]:
        """Words of titles, and of texts, that few texts have."""
        is_telling = self.weighed.texts >= TELLING
        title, text = (
            words.where(is_telling[words.value]) for words in map(self.facts.sets.__getitem__, ("title", "text"))
        )
        return title, text

    @cached_property
    def _reporter(self) -> Ints:
        return np.searchsorted(self.facts.names["orgs"].to_numpy(), self.facts.org).astype(np.int64)

    @cached_property
    def _everybody(self) -> Sets:
        """Who takes part in any way, reporters too."""
        sets = [self.facts.sets[name] for name in ("funders", "doers", "others")]
        known = np.flatnonzero(self.facts.org != 0)
        owner = np.concatenate([*(one.owner for one in sets), known])
        value = np.concatenate([*(one.value for one in sets), self._reporter[known]])
        return Sets.of(owner, value, len(self.facts), sets[0].width)

    @cached_property
    def _named_countries(self) -> Sets:
        return self._title_words(_starts_with(self.facts.names["words"], ("@",)))

    @cached_property
    def _named_parts(self) -> Sets:
        parts = pc.is_in(self.facts.names["words"], pa.array(PARTS_OF_COUNTRIES))
        return self._title_words(np.asarray(parts.to_numpy(zero_copy_only=False), np.bool_))

    @cached_property
    def _named_phases(self) -> Sets:
        return self._title_words(_starts_with(self.facts.names["words"], ("#",)))

    @cached_property
    def _named_years(self) -> Sets:
        return self._title_words(_starts_with(self.facts.names["words"], ("'",)))

    def _title_words(self, chosen: Mask) -> Sets:
        title = self.facts.sets["title"]
        return title.where(chosen[title.value])


def compare(facts: Facts, weighed: Weighed, left: Any, right: Any) -> Compared:
    """The levels of pairs of one world."""
    return Comparer(facts, weighed).compare(left, right)


def as_compared(found: Found) -> Compared:
    """What all stages found of the same pairs."""
    levels = np.stack([found[name] for name in PAIRWISE], axis=1).astype(np.int8)
    return Compared(levels, found["code_shared"].astype(np.int32), found["giver"].astype(np.int8))


def _said_apart(said: Sets, left: Any, right: Any) -> Mask:
    """Whether both titles have words of a kind, and none in common."""
    both = (said.sizes[left] > 0) & (said.sizes[right] > 0)
    # Few titles have such words at all.
    asked = np.flatnonzero(both)
    both[asked] = said.shared_count(left[asked], right[asked]) == 0
    return np.asarray(both)


def _starts_with(words: pa.Array, signs: tuple[str, ...]) -> Mask:
    found = np.zeros(len(words), np.bool_)
    for sign in signs:
        found |= np.asarray(pc.starts_with(words, sign).to_numpy(zero_copy_only=False), np.bool_)
    return found


def _bin(value: Ints, floors: tuple[int, ...]) -> Ints:
    """The first floor that the value reaches, else the number of floors."""
    return np.select([value >= floor for floor in floors], list(range(len(floors))), len(floors)).astype(np.int64)
