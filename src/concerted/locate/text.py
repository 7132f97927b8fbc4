"""Places found from what a statement writes: codes joined on code and name, then names.

Place on the way: second part of locate. In goes one `Wording` per distinct way of naming a place, out comes a
`Finding`. A code is never trusted alone where its numbering has changed: 43 of the 50 codes of Mali's older list now
name another cercle, so a join by code would be silently wrong.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from concerted.locate.fold import Folded, fold_name, max_edits
from concerted.locate.reference import Place, Reference, is_alike, normalise_code

LocatedBy = Literal["code_and_name", "code", "name", "country"]
#: What a location is about: an area of a level, an area of no stated level, or a spot.
Kind = Literal["country", "admin1", "admin2", "area", "spot"]

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
_PCODE = re.compile(r"[A-Z]{2,3}\d{2,}")
_PARTS = re.compile(r"[,;/|()،؛]| - ")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which statements name a place. `countries` are those that it can be in (none = not said)."""

    countries: tuple[str, ...] = ()
    codes: tuple[str | None, str | None, str | None] = (None, None, None)
    names: tuple[str | None, str | None, str | None] = (None, None, None)
    name: str | None = None
    #: codes of the location without a level: p-codes, `geonames:ID`, `A4:` and an alpha-2 code
    other_codes: tuple[str, ...] = ()
    kind: Kind | None = None
    era: int = 0


@dataclass(frozen=True, slots=True)
class TextIssue:
    """Something a wording says that does not hold; `values` are the named parts of the issue's message."""

    severity: Literal["warning", "info"]
    code: str
    field: str
    values: dict[str, str]


@dataclass(slots=True)
class Finding:
    """Where a wording points: the finest place that is sure, how it was found, and in whose words."""

    place: Place | None = None
    by: LocatedBy | None = None
    evidence: str | None = None
    issues: list[TextIssue] = field(default_factory=list)


@dataclass
class TextMatcher:
    """Finds the places of wordings in one reference; remembers spellings that it has looked up."""

    ref: Reference
    _spelt: dict[tuple[str, int, str], list[Place]] = field(default_factory=dict)
    _everywhere: dict[int, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._everywhere = {level: tuple(sorted(c for c, at in self.ref.by_name if at == level)) for level in range(4)}

    def find(self, wording: Wording) -> Finding:
        """The finest place that codes and names agree on, down from admin 1; a level in doubt stays its parent's."""
        found = Finding()
        within: Place | None = None
        for level, (code, name) in enumerate(zip(wording.codes, wording.names, strict=True), 1):
            if name and not code and within is None and (country := self._whole_country(wording, name)):
                within = _take(found, country, "name", name)
            elif code or name:
                within = self._find_level(wording, level, code, name, within, found) or within
        if found.place is None and (wording.other_codes or wording.name):
            self._find_location(wording, found)
        return found

    # --- one admin level: a code, a name or both ---------------------------------------------------------------

    def _find_level(
        self, wording: Wording, level: int, code: str | None, name: str | None, within: Place | None, found: Finding
    ) -> Place | None:
        coded = self._coded(wording, code) if code else {}
        named = self._named(wording, level, name, within) if name else []
        label = f"admin{level}"
        if name and code:
            agreed = self._agreed(coded.values(), named, name, level)
            if agreed is not None:
                return _take(found, agreed, "code_and_name", f"{code} {name}")
            if len(named) == 1:
                _check_parent(found, named[0], within, label, name)
                if coded:
                    meant = "|".join(sorted({p.row["name"] for p in coded.values()}))
                    values = {"given_code": code, "given_name": name, "code_means": meant, "place_id": named[0].id}
                    found.issues.append(TextIssue("warning", "code_name_disagree", f"{label}_code", values))
                else:
                    values = {"given_code": code, "given_name": name, "place_id": named[0].id}
                    found.issues.append(TextIssue("info", "place_code_unknown", f"{label}_code", values))
                return _take(found, named[0], "name", name)
        elif code:
            places = {p.id: p for p in coded.values()}
            if len(places) == 1:
                return _take(found, next(iter(places.values())), "code", code)
            if places:
                meant = "|".join(sorted(p.row["name"] for p in places.values()))
                values = {"given_code": code, "code_means": meant}
                found.issues.append(TextIssue("warning", "code_ambiguous", f"{label}_code", values))
                return None
        elif len(named) == 1 and name:
            _check_parent(found, named[0], within, label, name)
            return _take(found, named[0], "name", name)
        if wording.countries and not any((c, level) in self.ref.by_name for c in wording.countries):
            values = {"level": str(level), "countries": "|".join(wording.countries)}
            found.issues.append(TextIssue("info", "level_unknown", label, values))
        else:
            found.issues.append(_not_found(f"{label}_name" if name else f"{label}_code", name or code or "", named))
        return None

    def _coded(self, wording: Wording, code: str) -> dict[str, Place]:
        """What each source means by the code, in the countries of the wording."""
        means = self.ref.coded(normalise_code(code))
        return {s: p for s, p in means.items() if not wording.countries or p.country in wording.countries}

    def _agreed(self, coded: Iterable[Place], named: list[Place], name: str, level: int) -> Place | None:
        """The one place that both the code (in some numbering) and the name point to.

        A code of another level agrees when one of the two areas holds the other ("ML0901 Bamako" for the region). With
        a code that fits, a name may differ by a letter more.
        """
        agreed = {p.id: p for p in named for c in coded if p is c or c.is_within(p) or (p.is_within(c) and c.level > 0)}
        if not agreed and not named:
            folded = fold_name(name)
            agreed = {
                c.id: c
                for c in coded
                if c.level == level and any(is_alike(folded, own, extra=True) for own in c.names.values())
            }
        return next(iter(agreed.values())) if len(agreed) == 1 else None

    def _named(self, wording: Wording, level: int, name: str, within: Place | None) -> list[Place]:
        """Places of one level with this name, in the countries, and within the parent where that leaves any."""
        folded = fold_name(name)
        found = self._lookup(wording, level, folded)
        inside = [p for p in found if within is not None and p.is_within(within)]
        return _valid(inside or found, wording.era)

    def _lookup(self, wording: Wording, level: int, folded: Folded, *, fuzzy: bool = True) -> list[Place]:
        countries = wording.countries or self._everywhere[level]
        found = [p for c in countries for p in self.ref.by_name.get((c, level), {}).get(folded.key, ())]
        if not found and fuzzy and wording.countries:
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

    # --- a location with one name and no level -----------------------------------------------------------------

    def _find_location(self, wording: Wording, found: Finding) -> None:
        parts = [p.strip() for p in _PARTS.split(wording.name or "") if p.strip()]
        for code in wording.other_codes:
            places = {p.id: p for p in self._coded_location(wording, code).values()}
            spoken = [p for p in places.values() if any(fold_name(part).key in p.names for part in parts)]
            if len(spoken) == 1:
                _take(found, spoken[0], "code_and_name", f"{code} {wording.name}")
                return
            if len(places) == 1 and not parts:
                _take(found, next(iter(places.values())), "code", code)
                return
        if country := self._whole_country(wording, wording.name or ""):
            _take(found, country, "name", wording.name or "")
            return
        if parts:
            place = self._any_level(wording, wording.name or "", False)
            if place is None and len(parts) > 1 and wording.countries:
                place = self._deepest([self._any_level(wording, part, True) for part in parts])
            if place is not None:
                _take(found, place, "name", wording.name or "")
                return
        self._by_code_alone(wording, found)
        if found.place is None and wording.name:
            found.issues.append(_not_found("location_name", wording.name, []))

    def _coded_location(self, wording: Wording, code: str) -> dict[str, Place]:
        if code.startswith(("geonames:", "A4:")):
            return self.ref.by_code.get(code.removeprefix("A4:"), {})
        return self._coded(wording, code) if _PCODE.fullmatch(normalise_code(code)) else {}

    def _by_code_alone(self, wording: Wording, found: Finding) -> None:
        """The finest place that a code names in every numbering; the location's name says nothing about it."""
        sure: list[tuple[Place, str]] = []
        for code in wording.other_codes:
            places = {p.id: p for p in self._coded_location(wording, code).values()}
            if len(places) > 1:
                meant = "|".join(sorted(p.row["name"] for p in places.values()))
                found.issues.append(
                    TextIssue("warning", "code_ambiguous", "location", {"given_code": code, "code_means": meant})
                )
            sure.extend((place, code) for place in places.values() if len(places) == 1)
        if sure:
            place, code = max(sure, key=lambda pair: (pair[0].level, pair[0].id))
            _take(found, place, "code", code)

    def _any_level(self, wording: Wording, part: str, is_part: bool) -> Place | None:
        """The place a name points to, of any level; of several in each other the widest, else what holds them all."""
        folded = fold_name(part)
        if folded.key in _NO_PLACE or (len(wording.countries) != 1 and folded.key in _CROSS_BORDER):
            return None
        hint = {"country": 0, "admin1": 1, "admin2": 2}.get(wording.kind or "", folded.hint)
        found: list[Place] = []
        if not folded.has_kind and hint in (None, 0):
            found = self._country_named(wording, folded)
            if found:
                return found[0] if len(found) == 1 else None
        by_level = [self._lookup(wording, level, folded, fuzzy=False) for level in (1, 2, 3)]
        if hint and by_level[hint - 1]:
            found = by_level[hint - 1]
        else:
            found = [p for places in by_level for p in places]
            # A region of our own id has no p-code yet: without a word for its level, its name means the older cercle.
            found = [p for p in found if "-" not in p.id] or found
        if not found:
            found = self._towns(wording, folded)
        if not found and not is_part:
            found = [p for level in (1, 2) for p in self._lookup(wording, level, folded)]
        return _common(_valid(found, wording.era))

    def _towns(self, wording: Wording, folded: Folded) -> list[Place]:
        """The areas that hold a town of this name, in the countries of the wording; without countries none is sure."""
        return [p for c in wording.countries for p in self.ref.by_town.get(c, {}).get(folded.key, {}).values()]

    def _whole_country(self, wording: Wording, name: str) -> Place | None:
        """The one country of the wording when the name says "nationwide"."""
        if len(wording.countries) != 1 or fold_name(name).key not in _NATIONWIDE:
            return None
        return self.ref.places.get(wording.countries[0])

    def _country_named(self, wording: Wording, folded: Folded) -> list[Place]:
        scope = wording.countries or self._everywhere[0]
        return [p for c in scope for p in self.ref.by_name.get((c, 0), {}).get(folded.key, ())]

    def _deepest(self, places: list[Place | None]) -> Place | None:
        """The finest of several named places when it lies in all the others; else what holds them all."""
        known = [p for p in places if p is not None]
        if not known:
            return None
        finest = max(known, key=lambda p: (p.level, p.id))
        return finest if all(finest.is_within(p) for p in known) else _common(known)


def _take(found: Finding, place: Place, by: LocatedBy, evidence: str) -> Place:
    found.place, found.by, found.evidence = place, by, evidence
    return place


def _check_parent(found: Finding, place: Place, within: Place | None, label: str, name: str) -> None:
    """Say so when the only place of a name lies outside the area named above it, as after a reform it may."""
    if within is not None and not place.is_within(within):
        values = {"given_name": name, "place_id": place.id, "given_parent": within.id}
        found.issues.append(TextIssue("info", "parent_disagree", f"{label}_name", values))


def _valid(places: list[Place], era: int) -> list[Place]:
    """Those valid at the time of the statement; in a country where none was, all: a date never chooses a country."""
    valid = [p for p in places if p.first_era <= era <= p.last_era]
    decided = {p.country for p in valid}
    return [p for p in places if p in valid or p.country not in decided]


def _common(places: list[Place]) -> Place | None:
    """The smallest area that holds all of them; null when they lie in several countries."""
    if not places:
        return None
    for level in range(min(p.level for p in places), -1, -1):
        holders = {id(p.ancestor(level)): p.ancestor(level) for p in places}
        if len(holders) == 1:
            return next(iter(holders.values()))
    return None


def _not_found(field_: str, given: str, named: list[Place]) -> TextIssue:
    if named:
        values = {"given": given, "candidates": "|".join(sorted(p.id for p in named)[:5])}
        return TextIssue("info", "place_ambiguous", field_, values)
    return TextIssue("info", "place_unknown", field_, {"given": given})
