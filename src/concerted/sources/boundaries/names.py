"""Which property of a feature is the code, the name, the parent, the date, whatever the publisher called it.

Place on the way: inside the boundaries reader. The properties of a feature enter, a `Naming` leaves. COD-AB writes
`ADM2_PCODE` and `ADM2_FR`, older OCHA files `admin2Pcod` and `admin2Name`, ROWCA `Rowcacode2`, geoBoundaries `shapeID`
and `shapeName`; a source.yml may name them under `mapping:`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from concerted.codelists.sheet_words import fold
from concerted.records.cells import parse_date
from concerted.records.countries import country_code

LEVELS = (3, 2, 1, 0)
MAPPING_KEYS = frozenset(("level", "code", "name", "parent", "country", "valid_from", "valid_to"))
_CODES = {
    n: re.compile(
        rf"(adm|admin){n}(pcode?|pcod2|code)|rowcacode{n}" + (r"|iso_?2|cntrycode|countrypcode" if not n else "")
    )
    for n in LEVELS
}
_COUNTRY_CODES = (
    *("iso2", "iso31661", "adm0pcode", "admin0pcod", "admin0pcode", "countrypcode", "iso3", "alpha3"),
    *("cntrycode", "countrycode", "adm0pcod2", "adm0code"),
)
_COUNTRY_NAMES = (
    *("cntryname", "countryname", "country", "adm0name", "admin0name", "adm0ref", "adm0fr", "adm0en"),
    *("terrname", "sovereignt", "nameen", "name"),
)
_LANGUAGES = ("fr", "en", "ar")
_NOT_A_CODE = frozenset(("", "-99", "none", "null"))


@dataclass(frozen=True)
class Naming:
    """What a feature says of itself."""

    level: int
    code: str
    name: str
    names: dict[str, str | None]
    alt_names: str | None
    country: str | None
    parents: tuple[tuple[int, str, str | None], ...]
    valid_from: date | None
    valid_to: date | None


def naming_of(properties: Mapping[str, Any] | None, feature_id: Any, mapping: Mapping[str, Any]) -> Naming | str:
    """The naming of a feature, or why there is none: `without_properties`, `without_name`, `without_code`."""
    if not properties:
        return "without_properties"
    said = {re.sub(r"[^a-z0-9]", "", str(k).lower()): str(v).strip() for k, v in properties.items() if v is not None}
    level = int(mapping["level"]) if "level" in mapping else _level(said)
    country = _country(said, properties, mapping)
    code = _mapped(properties, mapping, "code") or _code(said, level) or _from_id(said, feature_id)
    name = _mapped(properties, mapping, "name") or _name(said, level)
    if level == 0:
        code = country or code
    if name is None:
        return "without_name"
    if code is None:
        return "without_code"
    by_lang = {lang: _name_in(said, level, lang) for lang in _LANGUAGES}
    others = [
        v for k, v in said.items() if re.fullmatch(rf"(adm|admin){level}(refn|altn?|alt?\d?|alt\d?name)", k) and v
    ]
    parents = tuple((up, found, _name(said, up)) for up in range(1, level) if (found := _code(said, up)) is not None)
    stated = _mapped(properties, mapping, "parent")
    if stated is not None and level > 1:
        parents = (*(p for p in parents if p[0] != level - 1), (level - 1, stated, None))
    return Naming(
        level,
        code,
        name,
        by_lang,
        "|".join(dict.fromkeys(o for o in others if o != name)) or None,
        country or _country_of_code(code),
        parents,
        _day(said, ("validon", "validfrom", "date", "startdate")),
        _day(said, ("validto", "enddate")),
    )


def _mapped(properties: Mapping[str, Any], mapping: Mapping[str, Any], key: str) -> str | None:
    value = properties.get(mapping[key]) if key in mapping else None
    return None if value is None or fold(str(value)) in _NOT_A_CODE else str(value).strip()


def _level(said: Mapping[str, str]) -> int:
    """The finest level for which there is a code or name of its own; geoBoundaries says it in `shapeType`."""
    if match := re.fullmatch(r"ADM(\d)", said.get("shapetype", "")):
        return min(int(match[1]), 3)
    for level in LEVELS[:-1]:
        if _code(said, level) is not None or _own_name(said, level) is not None:
            return level
    return 0 if any(said.get(key) for key in _COUNTRY_CODES) or "terrname" in said else 1


def _code(said: Mapping[str, str], level: int) -> str | None:
    if "shapeid" in said and f"ADM{level}" == said.get("shapetype"):
        return said.get("shapeiso") or said["shapeid"]
    found = [v for k, v in said.items() if _CODES[level].fullmatch(k) and v.lower() not in _NOT_A_CODE]
    return found[0] if found else None


def _from_id(said: Mapping[str, str], feature_id: Any) -> str | None:
    text = "" if feature_id is None else str(feature_id).strip()
    # A bare number is a position in a file, and `BF.` a code whose last part is missing.
    return None if text.lower() in _NOT_A_CODE or text.lstrip("-").isdigit() or not text[-1].isalnum() else text


def _own_name(said: Mapping[str, str], level: int) -> str | None:
    keys = (f"adm{level}name", f"admin{level}name", f"adm{level}ref", f"admin{level}refn", f"adm{level}")
    langs = tuple(
        f"{base}{level}{mid}{lang}" for lang in _LANGUAGES for base in ("adm", "admin") for mid in ("", "name")
    )
    return next((said[k] for k in (*keys, *langs) if said.get(k)), None)


def _name(said: Mapping[str, str], level: int) -> str | None:
    if level == 0:
        return next((said[k] for k in _COUNTRY_NAMES if said.get(k)), None)
    return _own_name(said, level) or said.get("shapename") or said.get("name") or None


def _name_in(said: Mapping[str, str], level: int, lang: str) -> str | None:
    keys = (
        f"adm{level}{lang}",
        f"admin{level}name{lang}",
        f"adm{level}name{lang}",
        f"admin{level}{lang}",
        f"name{lang}",
    )
    return next((said[k] for k in keys if said.get(k)), None)


def _country(said: Mapping[str, str], properties: Mapping[str, Any], mapping: Mapping[str, Any]) -> str | None:
    if "country" in mapping:
        return country_code(str(properties.get(mapping["country"], mapping["country"])))
    texts = [said[k] for k in (*_COUNTRY_CODES, "shapegroup", *_COUNTRY_NAMES[:-1]) if said.get(k)]
    if not any(said.get(f"adm{n}name") or said.get(f"admin{n}name") for n in (1, 2, 3)):
        texts += [said[k] for k in ("name",) if said.get(k)] if "iso2" in said else []
    return next((code for text in texts if (code := country_code(text)) is not None), None)


def _country_of_code(code: str) -> str | None:
    """The country a p-code begins with: `MLI003` (three letters), `ML03`, `ML.TB` (two)."""
    letters = re.match(r"[A-Za-z]+", code)
    word = letters.group() if letters else ""
    return country_code(word) if len(word) in (2, 3) else None


def _day(said: Mapping[str, str], keys: tuple[str, ...]) -> date | None:
    for key in keys:
        if said.get(key):
            try:
                return parse_date(said[key])
            except ValueError:
                continue
    return None
