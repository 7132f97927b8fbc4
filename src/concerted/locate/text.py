"""Places found from what a statement writes: codes joined on code and name, then names.

Place on the way: second part of locate. In goes one `Wording` per distinct way of naming a place, out comes a
`Finding`. A code is never trusted alone where its numbering has changed: 43 of the 50 codes of Mali's older list now
name another cercle, so a join by code would be silently wrong.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from concerted.locate.fold import fold_name
from concerted.locate.names import Kind, NameIndex, valid
from concerted.locate.reference import Place, Reference, is_alike, normalise_code

LocatedBy = Literal["code_and_name", "code", "name", "country"]
_PCODE = re.compile(r"[A-Z]{2,3}\d{2,}")


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
    """Finds the places of wordings in one reference."""

    ref: Reference
    index: NameIndex = field(init=False)

    def __post_init__(self) -> None:
        self.index = NameIndex(self.ref)

    def find(self, wording: Wording) -> Finding:
        """The finest place that codes and names agree on, down from admin 1; a level in doubt stays its parent's."""
        found = Finding()
        within: Place | None = None
        for level, (code, name) in enumerate(zip(wording.codes, wording.names, strict=True), 1):
            if name and not code and within is None and (country := self.index.whole_country(wording.countries, name)):
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
        found = self.index.at_level(wording.countries, level, fold_name(name))
        inside = [p for p in found if within is not None and p.is_within(within)]
        return valid(inside or found, wording.era)

    # --- a location with one name and no level -----------------------------------------------------------------

    def _find_location(self, wording: Wording, found: Finding) -> None:
        name = (wording.name or "").strip()
        for code in wording.other_codes:
            places = {p.id: p for p in self._coded_location(wording, code).values()}
            spoken = [p for p in places.values() if name and self.index.names_one_of(name, p)]
            if len(spoken) == 1:
                _take(found, spoken[0], "code_and_name", f"{code} {name}")
                return
        place = self.index.whole_country(wording.countries, name) or self.index.anywhere(
            name, wording.countries, wording.kind, wording.era
        )
        if place is not None:
            _take(found, place, "name", name)
            return
        self._by_code_alone(wording, found)
        if found.place is None and name:
            found.issues.append(_not_found("location_name", name, []))

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


def _take(found: Finding, place: Place, by: LocatedBy, evidence: str) -> Place:
    found.place, found.by, found.evidence = place, by, evidence
    return place


def _check_parent(found: Finding, place: Place, within: Place | None, label: str, name: str) -> None:
    """Say so when the only place of a name lies outside the area named above it, as after a reform it may."""
    if within is not None and not place.is_within(within):
        values = {"given_name": name, "place_id": place.id, "given_parent": within.id}
        found.issues.append(TextIssue("info", "parent_disagree", f"{label}_name", values))


def _not_found(field_: str, given: str, named: list[Place]) -> TextIssue:
    if named:
        values = {"given": given, "candidates": "|".join(sorted(p.id for p in named)[:5])}
        return TextIssue("info", "place_ambiguous", field_, values)
    return TextIssue("info", "place_unknown", field_, {"given": given})
