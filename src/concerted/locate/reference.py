"""The places of reference of one edition: the shipped list and all boundary and gazetteer sources, merged by name.

Place on the way: first part of locate. In go rows of `rec_place`; out comes `Reference`: one `Place` per area, the
codes that each source gives it, and the rows of `core_place`.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import Levenshtein

from concerted.codelists.places import SOURCE_ID
from concerted.locate.fold import Folded, fold_name, max_edits

_CODE = re.compile(r"[^0-9A-Za-z]+")


@dataclass(slots=True, eq=False)
class Place:
    """One area. `names` are all its spellings, folded; `first_era` to `last_era` is when it is valid."""

    id: str
    level: int
    parent: "Place | None"
    country: str
    row: dict[str, Any]
    names: dict[str, Folded] = field(default_factory=dict)
    spellings: set[str] = field(default_factory=set)
    first_era: int = 0
    last_era: int = 1 << 30

    @property
    def has_code(self) -> bool:
        """Whether its id is a code that others use; shipped areas without one carry a hyphen (`ML-nioro`)."""
        return not (self.row["source_id"] == SOURCE_ID and "-" in self.id)

    def is_valid(self, era: int) -> bool:
        """Whether the division it belongs to was in force."""
        return self.first_era <= era <= self.last_era

    def ancestor(self, level: int) -> "Place | None":
        """The area of `level` that holds this one (itself at its own level); null when not known."""
        found: Place | None = self
        while found is not None and found.level > level:
            found = found.parent
        return found if found is not None and found.level == level else None

    def is_within(self, other: "Place") -> bool:
        """Whether `other` is this place or holds it."""
        return self.ancestor(other.level) is other


@dataclass
class Reference:
    """All places of one edition and how to find them. `breaks` are the days on which a division changed."""

    places: dict[str, Place] = field(default_factory=dict)
    #: (country, level) -> folded name -> places
    by_name: dict[tuple[str, int], dict[str, list[Place]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    #: normalised code -> source_id -> place: what each source means by the code
    by_code: dict[str, dict[str, Place]] = field(default_factory=lambda: defaultdict(dict))
    iso2_of: dict[str, str] = field(default_factory=dict)
    breaks: list[dt.date] = field(default_factory=list)
    #: rows of towns: a point and no admin level
    towns: list[dict[str, Any]] = field(default_factory=list)
    #: country -> folded name of a town -> areas that hold a town of that name, see `towns.settle_towns`
    by_town: dict[str, dict[str, dict[str, Place]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    without_id: list[dict[str, Any]] = field(default_factory=list)

    def coded(self, code: str) -> dict[str, Place]:
        """What the sources mean by a code: as written, and with an alpha-3 prefix read as alpha-2 (MLI05: ML05)."""
        found = dict(self.by_code.get(code, {}))
        if (prefix := self.iso2_of.get(code[:3])) is not None:
            for source, place in self.by_code.get(prefix + code[3:], {}).items():
                found.setdefault(f"{source} (alpha-2)", place)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Rows of `core_place`, one per place, by id."""
        return [_core_row(place) for _, place in sorted(self.places.items())]


def normalise_code(code: str) -> str:
    """A code without spaces and punctuation, upper case."""
    return _CODE.sub("", code).upper()


def build_reference(rows: Iterable[dict[str, Any]], other_codes: dict[str, str]) -> Reference:
    """Merge places by name within country, level and parent.

    The shipped list names places first, then sources from the newest `valid_from` to the oldest; a place that a later
    source also knows keeps its id and gains a spelling, a code, a geometry. A place known to an older source only keeps
    its own code, with `@vintage` where a newer source gives that code to another place.

    Args:
        rows: rows of `rec_place`, the shipped ones among them, in any order.
        other_codes: place_id by `scheme:code`, see `load_place_codes`.
    """
    ref = Reference(iso2_of={c[5:]: place for c, place in other_codes.items() if c.startswith("iso3:")})
    for source, of_source in _sources_in_order(rows):
        mine: dict[str, Place] = {}
        claimed: set[str] = set()
        said = {fold_name(n).key for row in of_source for n in _row_names(row)}
        for row in sorted(of_source, key=lambda r: (r["level"] or 0, r["place_id"] or "", r["name"] or "")):
            if not row["place_id"] or row["level"] is None:
                is_town = row["place_id"] and row["longitude"] is not None and row["latitude"] is not None
                (ref.towns if is_town else ref.without_id).append(row)
                continue
            country = _country(ref, row)
            parent = mine.get(row["parent_id"] or "") or (ref.places.get(country) if row["level"] == 1 else None)
            place = (
                _same_place(ref, row, country, parent, claimed)
                or _other_spelling(ref, row, country, parent, claimed, said)
                or _new_place(ref, row, source, country, parent)
            )
            claimed.add(place.id)
            mine[row["place_id"]] = place
            _learn(ref, place, row, source)
    for code, place_id in other_codes.items():
        scheme, _, bare = code.partition(":")
        ref.by_code[code if scheme == "geonames" else normalise_code(bare)].setdefault(scheme, ref.places[place_id])
    for place in ref.places.values():
        if place.parent is None and place.level > 0:
            place.parent = ref.places.get(place.country)
    _set_eras(ref)
    return ref


def _sources_in_order(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["source_id"] or ""].append(row)
    newest = {s: max((r["valid_from"] or dt.date.min for r in of), default=dt.date.min) for s, of in grouped.items()}
    for source in sorted(grouped, key=lambda s: (s != SOURCE_ID, -newest[s].toordinal(), s)):
        yield source, grouped[source]


def _country(ref: Reference, row: dict[str, Any]) -> str:
    code = (row["country_code"] or "").strip().upper()
    if not code and row["level"] == 0:
        code = row["place_id"].strip().upper()
    if not code:
        code = (re.match(r"[A-Za-z]*", row["place_id"]) or [""])[0].upper()
    return ref.iso2_of.get(code, code)


def _row_names(row: dict[str, Any]) -> list[str]:
    names = [row[n] for n in ("name", "name_fr", "name_en", "name_ar")] + (row["alt_names"] or "").split("|")
    return [n.strip() for n in names if n and n.strip()]


def _same_place(
    ref: Reference, row: dict[str, Any], country: str, parent: Place | None, claimed: set[str]
) -> Place | None:
    """The place we have that this row speaks of."""
    level: int = row["level"]
    if level == 0:
        return ref.places.get(country)
    names = [fold_name(n) for n in _row_names(row)]
    known = ref.by_name.get((country, level), {})
    found = {p.id: p for n in names for p in known.get(n.key, []) if p.id not in claimed}
    under = {p.id: p for p in found.values() if parent is None or p.parent is None or p.parent is parent}
    if len(under) == 1:
        return next(iter(under.values()))
    if not under and len(found) == 1 and level <= 2:
        return next(iter(found.values()))
    return found.get(row["place_id"])


def _other_spelling(
    ref: Reference, row: dict[str, Any], country: str, parent: Place | None, claimed: set[str], said: set[str]
) -> Place | None:
    """The one place of the same parent (or code) whose name differs by few letters and is not itself in this source."""
    if row["level"] == 0:
        return None
    names = [fold_name(n) for n in _row_names(row)]
    found: dict[str, Place] = {}
    for places in ref.by_name.get((country, row["level"]), {}).values():
        for place in places:
            if place.id in claimed or not said.isdisjoint(place.names):
                continue
            is_coded = place.id == row["place_id"]
            is_sibling = parent is not None and place.parent is parent
            if (is_coded or is_sibling) and any(
                is_alike(n, own, extra=is_coded) for n in names for own in place.names.values()
            ):
                found[place.id] = place
    return next(iter(found.values())) if len(found) == 1 else None


def is_alike(one: Folded, other: Folded, *, extra: bool = False) -> bool:
    """Whether two folded names may be spellings of one: few letters differ and the compass words agree.

    Args:
        extra: something else already says that they are one, so that even names of four letters may differ by one.
    """
    allowed = min(max_edits(one.key), max_edits(other.key))
    if extra and min(len(one.key), len(other.key)) >= 4:
        allowed = max(allowed, 1)
    return one.compass == other.compass and Levenshtein.distance(one.key, other.key, score_cutoff=allowed) <= allowed


def _new_place(ref: Reference, row: dict[str, Any], source: str, country: str, parent: Place | None) -> Place:
    vintage = str(row["valid_from"].year) if row["valid_from"] else source
    wanted = country if row["level"] == 0 else row["place_id"].strip()
    for place_id in (wanted, f"{wanted}@{vintage}", f"{wanted}@{source}", f"{wanted}@{source}.{len(ref.places)}"):
        if place_id not in ref.places:
            break
    place = Place(place_id, row["level"], parent, country, dict(row))
    ref.places[place_id] = place
    return place


def _learn(ref: Reference, place: Place, row: dict[str, Any], source: str) -> None:
    """Add what a source says of a place: spellings, code, and what was not known yet."""
    for name in _row_names(row):
        folded = fold_name(name)
        place.spellings.add(name)
        if folded.key and folded.key not in place.names:
            place.names[folded.key] = folded
            ref.by_name[place.country, place.level][folded.key].append(place)
    ref.by_code[normalise_code(row["place_id"])][source] = place
    if place.parent is None and place.level > 1 and row["parent_id"] in ref.places:
        place.parent = ref.places[row["parent_id"]]
    for column in ("name_fr", "name_en", "name_ar", "geometry_wkb"):
        if place.row[column] is None:
            place.row[column] = row[column]
    if place.row["longitude"] is None:
        place.row["longitude"], place.row["latitude"] = row["longitude"], row["latitude"]


def _set_eras(ref: Reference) -> None:
    """Number the times between changes of a division. Areas of one level that all carry one date never changed."""
    groups: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for place in ref.places.values():
        groups[place.country, place.level].append(place)
    changing = [p for g in groups.values() if len({(p.row["valid_from"], p.row["valid_to"]) for p in g}) > 1 for p in g]
    starts = {p.row["valid_from"] for p in changing if p.row["valid_from"]}
    ends = {p.row["valid_to"] + dt.timedelta(days=1) for p in changing if p.row["valid_to"]}
    ref.breaks = sorted(starts | ends)
    number = {day: i + 1 for i, day in enumerate(ref.breaks)}
    for place in changing:
        place.first_era = number.get(place.row["valid_from"], 0)
        if place.row["valid_to"]:
            place.last_era = number[place.row["valid_to"] + dt.timedelta(days=1)] - 1


def _core_row(place: Place) -> dict[str, Any]:
    shown = {place.row[n] for n in ("name", "name_fr", "name_en", "name_ar")}
    return {
        **place.row,
        "place_id": place.id,
        "parent_id": place.parent.id if place.parent else None,
        "country_code": place.country,
        "alt_names": "|".join(sorted(place.spellings - shown)) or None,
    }
