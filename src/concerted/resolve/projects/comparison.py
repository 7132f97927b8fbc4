"""Pairs of activities compared: one level for each thing that can speak for or against their being about one project.

Place on the way: resolve, inner. Enters: facts of one world and pairs. Leaves: the number of a level per comparison and
pair. Levels are those of a Fellegi-Sunter model; their weights are fitted from known pairs (`benchmarks`) and stand in
`weights.json`; what each level says stands in `reasons.yml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from concerted.resolve.projects.candidates import ASSUMED
from concerted.resolve.projects.facts import NO_DAY, NO_SUM, Facts
from concerted.resolve.projects.sets import Ints, Sets, bits_of

Levels = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

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


@dataclass(frozen=True)
class Compared:
    """Levels of pairs, and what the reasons speak of.

    Attributes:
        levels: one row per pair, one column per comparison of `PAIRWISE`.
        code: position of the code that both have, -1 = none.
        word: position of the rarest word that both titles have, -1 = none.
        giver: whether partners or sums say that the left (1) or the right one (-1) gives; 0 = neither.
    """

    levels: Levels
    code: Ints
    word: Ints
    giver: Ints


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


def compare(facts: Facts, weighed: Weighed, left: Ints, right: Ints) -> Compared:
    """The levels of pairs; what is said of (a, b) is what is said of (b, a)."""
    columns: dict[str, Ints] = {}
    title, text = facts.sets["title"], facts.sets["text"]
    is_mark = _starts_with(facts.names["words"], ("#", "'", "@"))
    bare = title.where(~is_mark[title.value])
    shared = bare.shared_sum(left, right, weighed.words)
    whole = bare.sum(weighed.words)
    mine, other = whole[left], whole[right]
    union = np.maximum(mine + other - shared, 1)
    known = (mine > 0) & (other > 0)
    columns["title"] = np.where(known, _bin(1000 * shared // union, (995, 700, 450, 250, 1)), 6)
    columns["title_inside"] = _bin(1000 * shared // np.maximum(np.minimum(mine, other), 1), (950, 700, 400))
    columns["letters"] = _letters(facts, left, right)
    columns["rare_words"] = _bin(shared, (30_000, 18_000, 9_000, 1))
    _, word = bare.shared_max(left, right, weighed.words)
    columns["text"] = _texts(title, text, weighed, left, right)
    columns["code"], code = _codes(facts, weighed, left, right)
    columns["partners"], giver = _partners(facts, weighed, left, right)
    columns["country"] = _countries(facts, title, left, right)
    columns["place"] = _places(facts, weighed, left, right)
    columns["dates"] = _dates(facts, left, right)
    columns["amount"] = _amounts(facts, left, right)
    columns["sector"] = _sectors(facts.sets["sectors"], left, right)
    columns["phase"] = _phases(title, facts.names["words"], left, right)
    levels = np.stack([columns[name] for name in PAIRWISE], axis=1).astype(np.int8)
    return Compared(levels, code, word, giver)


def _letters(facts: Facts, left: Ints, right: Ints) -> Ints:
    """Likeness of titles by their letters, as written or as read, the better: typing errors part words, not letters."""
    best = np.zeros(len(left), np.int64)
    for titles in (facts.titles, facts.letters):
        coded = titles.dictionary_encode()
        text, index = coded.dictionary.to_pylist(), np.asarray(coded.indices).astype(np.int64)
        mine, other = ([text[at] for at in index[end].tolist()] for end in (left, right))
        if len(left):
            ratio = process.cpdist(mine, other, scorer=fuzz.ratio, dtype=np.int64, workers=1)
            best = np.maximum(best, ratio.astype(np.int64))
    return _bin(best, (95, 85, 70, 55))


def _texts(title: Sets, text: Sets, weighed: Weighed, left: Ints, right: Ints) -> Ints:
    """Telling words of one's description that stand in the other's description or title."""
    bits = weighed.texts
    known = (text.sizes[left] > 0) & (text.sizes[right] > 0)
    title, text = (words.where(bits[words.value] >= TELLING) for words in (title, text))
    shared = text.shared_sum(left, right, bits)
    shared += title.shared_sum(left, right, bits, text) // 2 + text.shared_sum(left, right, bits, title) // 2
    return np.where(known, _bin(shared, (90_000, 40_000, 12_000)), np.where(shared >= 12_000, 2, 4))


def _codes(facts: Facts, weighed: Weighed, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    own, named = facts.sets["own_codes"], facts.sets["named_codes"]
    both, one = own.shared_max(left, right, weighed.codes)
    quoted, two = own.shared_max(left, right, weighed.codes, named)
    quoting, three = named.shared_max(left, right, weighed.codes, own)
    best = np.maximum(both, np.maximum(quoted, quoting))
    code = np.where(both == best, one, np.where(quoted == best, two, three))
    named_bits = np.maximum(quoted, quoting)
    level = np.where(named_bits >= 12_000, 0, np.where(best >= 11_000, 1, np.where(best >= 8_500, 2, 3)))
    return level, np.where(level < 3, code, -1)


def _partners(facts: Facts, weighed: Weighed, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Who names whom, and which of the two gives."""
    funders, doers, others = facts.sets["funders"], facts.sets["doers"], facts.sets["others"]
    reporter = np.searchsorted(facts.names["orgs"].to_numpy(), facts.org).astype(np.int64)
    mine, other = reporter[left], reporter[right]
    known = (facts.org[left] != 0) & (facts.org[right] != 0)
    left_is_named = funders.has(right, mine) & known
    right_is_named = funders.has(left, other) & known
    left_does, right_does = doers.has(right, mine) & known, doers.has(left, other) & known
    names_funder, names_doer = left_is_named | right_is_named, left_does | right_does
    down = (left_is_named & right_does) | (right_is_named & left_does)
    only = (left_is_named & (funders.sizes[right] == 1)) | (right_is_named & (funders.sizes[left] == 1))
    everybody = Sets.of(
        np.r_[funders.owner, doers.owner, others.owner, np.flatnonzero(facts.org != 0)],
        np.r_[funders.value, doers.value, others.value, reporter[facts.org != 0]],
        len(facts),
        funders.width,
    )
    common, _ = everybody.shared_max(left, right, weighed.orgs)
    level = np.select(
        [down, only, names_funder, names_doer, common >= 8_000, common > 0], [0, 1, 2, 3, 4, 5], 6
    ).astype(np.int64)
    giver = (left_is_named | right_does).astype(np.int64) - (right_is_named | left_does)
    return level, giver


def _countries(facts: Facts, title: Sets, left: Ints, right: Ints) -> Ints:
    """Countries of the work; titles that name different ones speak louder."""
    countries = facts.sets["countries"]
    common = np.bincount(countries.shared(left, right)[0], minlength=len(left))
    mine, other = countries.sizes[left], countries.sizes[right]
    one = (common == 1) & (mine == 1) & (other == 1)
    wide = (mine == 0) != (other == 0)
    said_apart = _said_apart(title, _starts_with(facts.names["words"], ("@",)), left, right)
    return np.select([said_apart, one, common > 0, wide, mine + other == 0], [4, 0, 1, 2, 3], 4).astype(np.int64)


def _places(facts: Facts, weighed: Weighed, left: Ints, right: Ints) -> Ints:
    """Places of the work; parts of a country that titles name beside them."""
    places = facts.sets["places"]
    best, _ = places.shared_max(left, right, weighed.places)
    known = (places.sizes[left] > 0) & (places.sizes[right] > 0)
    parts = np.asarray(pc.is_in(facts.names["words"], pa.array(PARTS_OF_COUNTRIES)).to_numpy(zero_copy_only=False))
    said_apart = _said_apart(facts.sets["title"], parts, left, right)
    return np.select([said_apart, best >= 9_000, best > 0, ~known], [3, 0, 1, 2], 3).astype(np.int64)


def _said_apart(title: Sets, chosen: Mask, left: Ints, right: Ints) -> Mask:
    """Whether both titles have words of a kind, and none in common."""
    rows = title.where(chosen[title.value])
    common = np.bincount(rows.shared(left, right)[0], minlength=len(left))
    return np.asarray((rows.sizes[left] > 0) & (rows.sizes[right] > 0) & (common == 0))


def _dates(facts: Facts, left: Ints, right: Ints) -> Ints:
    start, end = facts.start, facts.end
    began = np.abs(start[left] - start[right])
    ended = np.abs(end[left] - end[right])
    has_start = (start[left] != NO_DAY) & (start[right] != NO_DAY)
    has_end = (end[left] != NO_DAY) & (end[right] != NO_DAY)
    first, last = np.maximum(start[left], start[right]), np.minimum(end[left], end[right])
    apart = has_end & has_start & (last <= first)
    # Ends are often missing: two that begin within half a year are near.
    return np.select(
        [~has_start, apart, (began <= 31) & (~has_end | (ended <= 92)), (began <= 183) & (~has_end | (ended <= 366))],
        [3, 4, 0, 1],
        2,
    ).astype(np.int64)


def _amounts(facts: Facts, left: Ints, right: Ints) -> Ints:
    equal = np.bincount(facts.sets["amounts"].shared(left, right)[0], minlength=len(left)) > 0
    small = np.minimum(facts.size[left], facts.size[right])
    large = np.maximum(facts.size[left], facts.size[right])
    known = small != NO_SUM
    ratio = 1000.0 * small / np.maximum(large, 1)
    return np.select([equal, ~known, ratio >= 950, ratio >= 500, ratio >= 50], [0, 4, 1, 2, 3], 5).astype(np.int64)


def _sectors(sectors: Sets, left: Ints, right: Ints) -> Ints:
    common = np.bincount(sectors.shared(left, right)[0], minlength=len(left))
    mine, other = sectors.sizes[left], sectors.sizes[right]
    known = (mine > 0) & (other > 0)
    return np.select([~known, (common == mine) & (common == other), common > 0], [2, 0, 1], 3).astype(np.int64)


def _phases(title: Sets, words: pa.Array, left: Ints, right: Ints) -> Ints:
    def sizes_and_common(sign: str) -> tuple[Ints, Ints, Ints]:
        rows = title.where(_starts_with(words, (sign,))[title.value])
        return rows.sizes[left], rows.sizes[right], np.bincount(rows.shared(left, right)[0], minlength=len(left))

    mine, other, common = sizes_and_common("#")
    my_years, other_years, common_years = sizes_and_common("'")
    other_phase = (mine > 0) & (other > 0) & (common == 0)
    one_side = (mine > 0) != (other > 0)
    other_year = (my_years > 0) & (other_years > 0) & (common_years == 0)
    return np.select([other_phase, other_year, common > 0, one_side], [4, 3, 0, 2], 1).astype(np.int64)


def _starts_with(words: pa.Array, signs: tuple[str, ...]) -> Mask:
    found = np.zeros(len(words), np.bool_)
    for sign in signs:
        found |= np.asarray(pc.starts_with(words, sign).to_numpy(zero_copy_only=False), np.bool_)
    return found


def _bin(value: Ints, floors: tuple[int, ...]) -> Ints:
    """The first floor that the value reaches, else the number of floors."""
    return np.select([value >= floor for floor in floors], list(range(len(floors))), len(floors)).astype(np.int64)
