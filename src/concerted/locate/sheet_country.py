"""The country of a sheet that does not say it: the one in which its areas exist.

Place on the way: inside locate, before wordings. Most 3W sheets name regions and districts of one country and never the
country. In go their distinct area names and codes, out comes one country per sheet, or none where two would fit. Rows
of different markings are different sheets: where hidden rows lie says nothing of open ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from concerted.locate.fold import fold_name
from concerted.locate.reference import Reference, normalise_code

#: Part of the rows with a known area that must lie in the country, and how many times the runner-up it must have.
MIN_SHARE, MIN_LEAD = 0.8, 2.0


class SheetCountry(NamedTuple):
    """The country, the number of distinct rows that lie in it, and that of rows with a known area."""

    country: str
    fitting: int
    known: int


#: Input path and marking key.
Sheet = tuple[str, str | None]
AreaRow = tuple[Sheet, str | None, str | None, str | None, str | None]


def sheet_countries(rows: Iterable[AreaRow], ref: Reference) -> dict[Sheet, SheetCountry]:
    """The country of each sheet, where one fits well and no other does.

    Args:
        rows: distinct (sheet, admin1_code, admin1_name, admin2_code, admin2_name).
        ref: the places of reference.
    """
    countries_of: dict[tuple[int, str], set[str]] = defaultdict(set)
    for (country, level), names in ref.by_name.items():
        for key in names:
            countries_of[level, key].add(country)
    fits: dict[Sheet, Counter[str]] = defaultdict(Counter)
    known: Counter[Sheet] = Counter()
    for sheet, *pairs in rows:
        possible = _countries(pairs, countries_of, ref)
        if possible:
            known[sheet] += 1
            fits[sheet].update(possible)
    found = {}
    for sheet, counts in fits.items():
        (best, count), *others = counts.most_common()
        second = max((n for _, n in others), default=0)
        if count >= MIN_SHARE * known[sheet] and count >= MIN_LEAD * second:
            found[sheet] = SheetCountry(best, count, known[sheet])
    return found


def _countries(
    pairs: list[str | None], countries_of: dict[tuple[int, str], set[str]], ref: Reference
) -> frozenset[str]:
    """Countries in which everything known of the row exists; what exists nowhere does not count."""
    said: list[set[str]] = []
    for level, (code, name) in enumerate(zip(pairs[::2], pairs[1::2], strict=True), 1):
        if code:
            said.append({p.country for p in ref.coded(normalise_code(code)).values()})
        if name:
            said.append(countries_of.get((level, fold_name(name).key), set()))
    return frozenset(set.intersection(*known)) if (known := [s for s in said if s]) else frozenset()
