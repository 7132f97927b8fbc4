"""Units of organisations: an embassy, a country office, a directorate. Related to their parent, not the same.

Place on the way: resolve, inner. Enters: profiles. Leaves: pairs (unit, parent) with the reason in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from concerted.resolve.aliases import KnownOrganisation
from concerted.resolve.matching.known import find_known, load_known_names
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.matching.spelling import Spelling, take_apart


@dataclass(frozen=True, slots=True, order=True)
class UnitOf:
    """`unit` and `parent` are keys; `reason` says why, in words."""

    unit: str
    parent: str
    reason: str


def find_units(profiles: Sequence[Profile]) -> list[UnitOf]:
    """Units among `profiles` whose parent is among them too, sorted.

    A name is a unit when it is an organisation's name and a country or a word such as embassy or delegation beside
    it, or when the alias table says so.
    """
    known_keys: dict[str, str] = {}
    plain: dict[tuple[str, ...], set[str]] = {}
    spelt = {profile.key: [take_apart(name) for name in sorted(profile.names)] for profile in profiles}
    for key in sorted(spelt):
        for known in _known(key, spelt[key]):
            known_keys.setdefault(known.ref, key)
        for spelling in spelt[key]:
            if _can_have_units(key, spelling):
                plain.setdefault(spelling.tokens, set()).add(key)
    found: set[UnitOf] = set()
    for key, spellings in spelt.items():
        found |= {
            UnitOf(key, known_keys[known.parent_ref], "known to be a unit of it")
            for known in _known(key, spellings)
            if known.parent_ref in known_keys
        }
        if key.startswith("name:"):
            found |= _by_words(key, spellings, plain, known_keys)
    return sorted(unit for unit in found if unit.unit != unit.parent)


def _known(key: str, spellings: Sequence[Spelling]) -> list[KnownOrganisation]:
    """What the whole names of a key are known as; a reference of the table speaks for itself."""
    names = load_known_names()
    if key.startswith("ref:"):
        known = names.by_ref.get(key.removeprefix("ref:"))
        return [known] if known else []
    return [known for known, is_whole in map(find_known, spellings) if known and is_whole]


def _can_have_units(key: str, spelling: Spelling) -> bool:
    """A referenced organisation of no one country, with a word of its own: not `Red Cross` of the Dutch society."""
    ref = key.removeprefix("ref:")
    if ref == key or spelling.countries or spelling.units or not spelling.telling_words:
        return False
    known = load_known_names().by_ref.get(ref)
    return known.country_code is None if known else len(spelling.telling_words) == len(spelling.tokens)


def _by_words(
    key: str, spellings: Sequence[Spelling], plain: dict[tuple[str, ...], set[str]], known_keys: dict[str, str]
) -> set[UnitOf]:
    found = set()
    for spelling in spellings:
        if not spelling.tokens or not (spelling.countries or spelling.units):
            continue
        if find_known(spelling)[1]:
            continue
        parents = plain.get(spelling.tokens, set()) - {key}
        short = load_known_names().exact.get(" ".join(spelling.tokens))
        if short and short.ref in known_keys:
            parents = {known_keys[short.ref]}
        if len(parents) == 1:
            said = sorted(spelling.units) + sorted(spelling.countries)
            found.add(UnitOf(key, next(iter(parents)), f"its name and {', '.join(said).replace('_', ' ')}"))
    return found
