"""Areas by name: exact or nearly so, in French, English or Arabic, among the countries of a statement.

Place on the way: inside locate, used by `text`. In goes a folded name with the countries it can be in, out come the
areas that may be meant, valid at the time of the statement where that tells them apart.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from concerted.locate.fold import Folded, fold_name, max_edits
from concerted.locate.reference import Place, Reference

#: What a location is about: an area of a level, an area of no stated level, or a spot.
Kind = Literal["country", "admin1", "admin2", "area", "spot"]
Countries = tuple[str, ...]

#: Regions of several countries, folded: in a statement about several countries they are no district of one of them.
_CROSS_BORDER = frozenset(fold_name(n).key for n in ("Sahel", "Liptako", "Liptako-Gourma", "الساحل", "Lac", "البحيرة"))
#: Words that lists of places use for "no place", folded.
_NO_PLACE = frozenset(
    fold_name(n).key
    for n in (
        "Unspecified", "Not specified", "Unknown", "Other", "Others", "Various", "Multiple", "Regional", "Global",
        "N/A", "None", "Non spécifié", "Inconnu", "Autre", "Autres", "Divers", "Plusieurs",
        "غير محدد", "غير معروف", "أخرى",
    )
)  # fmt: skip
#: Words for the whole country, folded.
_NATIONWIDE = frozenset(
    fold_name(n).key
    for n in (
        "National", "Nationwide", "Countrywide", "Whole country", "All regions", "National level", "Tout le pays",
        "Ensemble du pays", "Toutes les régions", "Niveau national", "Territoire national", "Nationale",
        "على المستوى الوطني", "وطني", "كل البلاد", "جميع المناطق",
    )
)  # fmt: skip
_PARTS = re.compile(r"[,;/|()،؛]| - ")


@dataclass
class NameIndex:
    """Finds places by name in one reference; remembers spellings that it has looked up."""

    ref: Reference
    _spelt: dict[tuple[str, int, str], list[Place]] = field(default_factory=dict)
    _everywhere: dict[int, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._everywhere = {level: tuple(sorted(c for c, at in self.ref.by_name if at == level)) for level in range(4)}

    def at_level(self, countries: Countries, level: int, folded: Folded, *, fuzzy: bool = True) -> list[Place]:
        """Places of one level with this name; only where countries are given may it differ by a few letters."""
        scope = countries or self._everywhere[level]
        found = [p for c in scope for p in self.ref.by_name.get((c, level), {}).get(folded.key, ())]
        if not found and fuzzy and countries:
            found = [p for c in countries for p in self._spelling(c, level, folded)]
        return found

    def _spelling(self, country: str, level: int, folded: Folded) -> list[Place]:
        """Places whose name differs by few letters, the nearest only."""
        allowed = max_edits(folded.key)
        known = self.ref.by_name.get((country, level))
        if not allowed or not known:
            return []
        asked = (country, level, folded.key)
        if asked not in self._spelt:
            hits = process.extract(
                folded.key, known.keys(), scorer=Levenshtein.distance, score_cutoff=allowed, limit=None
            )
            near = [(distance, key) for key, distance, _ in hits if key[0] == folded.key[0]]
            best = min((d for d, _ in near), default=0)
            self._spelt[asked] = [p for d, key in near if d == best for p in known[key]]
        return [p for p in self._spelt[asked] if any(n.compass == folded.compass for n in p.names.values())]

    def anywhere(self, name: str, countries: Countries, kind: Kind | None, era: int) -> Place | None:
        """The place that a name without a level points to: as a whole, else by its parts ("Bamako, Mali").

        Of several parts the finest counts when it lies in all the others, else what holds them all. Parts are looked
        at only where the countries are known.
        """
        parts = [part.strip() for part in _PARTS.split(name) if part.strip()]
        place = self._any_level(name, countries, kind, era, is_part=False) if parts else None
        if place is not None or len(parts) < 2 or not countries:
            return place
        found = [self._any_level(part, countries, kind, era, is_part=True) for part in parts]
        known = [p for p in found if p is not None]
        finest = max(known, key=lambda p: (p.level, p.id), default=None)
        if finest is None or all(finest.is_within(p) for p in known):
            return finest
        return common(known)

    def names_one_of(self, name: str, place: Place) -> bool:
        """Whether the name, or a part of it, is one of the place's."""
        return any(fold_name(part).key in place.names for part in _PARTS.split(name))

    def _any_level(
        self, name: str, countries: Countries, kind: Kind | None, era: int, *, is_part: bool
    ) -> Place | None:
        """The place a name points to, of any level; of several in each other the widest, else what holds them all."""
        folded = fold_name(name)
        if folded.key in _NO_PLACE or (len(countries) != 1 and folded.key in _CROSS_BORDER):
            return None
        hint = {"country": 0, "admin1": 1, "admin2": 2}.get(kind or "", folded.hint)
        found: list[Place] = []
        if not folded.has_kind and hint in (None, 0):
            found = self._country_named(countries, folded)
            if found:
                return found[0] if len(found) == 1 else None
        by_level = [self.at_level(countries, level, folded, fuzzy=False) for level in (1, 2, 3)]
        if hint and by_level[hint - 1]:
            found = by_level[hint - 1]
        else:
            found = [p for places in by_level for p in places]
            # A region of our own id has no p-code yet: without a word for its level, its name means the older cercle.
            found = [p for p in found if p.has_code] or found
        if not found:
            found = self._towns(countries, folded)
        if not found and not is_part:
            found = [p for level in (1, 2) for p in self.at_level(countries, level, folded)]
        return common(valid(found, era))

    def _towns(self, countries: Countries, folded: Folded) -> list[Place]:
        """The areas that hold a town of this name, in the countries of the wording; without countries none is sure."""
        return [p for c in countries for p in self.ref.by_town.get(c, {}).get(folded.key, {}).values()]

    def whole_country(self, countries: Countries, name: str) -> Place | None:
        """The one country of the wording when the name says "nationwide"."""
        if len(countries) != 1 or fold_name(name).key not in _NATIONWIDE:
            return None
        return self.ref.places.get(countries[0])

    def _country_named(self, countries: Countries, folded: Folded) -> list[Place]:
        scope = countries or self._everywhere[0]
        return [p for c in scope for p in self.ref.by_name.get((c, 0), {}).get(folded.key, ())]


def valid(places: list[Place], era: int) -> list[Place]:
    """Those valid at the time of the statement; in a country where none was, all: a date never chooses a country."""
    decided = {p.country for p in places if p.is_valid(era)}
    return [p for p in places if p.is_valid(era) or p.country not in decided]


def common(places: list[Place]) -> Place | None:
    """The smallest area that holds all of them; null when they lie in several countries."""
    if not places:
        return None
    for level in range(min(p.level for p in places), -1, -1):
        holders = {holder.id: holder for p in places if (holder := p.ancestor(level)) is not None}
        if len(holders) == 1 and all(p.ancestor(level) is not None for p in places):
            return next(iter(holders.values()))
    return None
