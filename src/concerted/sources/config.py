"""`source.yml`: what a person says about a source beside its files.

Place on the way: read while inputs are found. A YAML file enters; checked `SourceConfig`s leave. A file's own folder is
asked first, then each parent up to the root; the first entry whose `files:` match it wins.
"""

import dataclasses
import re
from collections.abc import Mapping
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from concerted.marking.keys import NAMED, NOBODY, marking_key, parse_key
from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml
from concerted.sources.base import Claim, MarkingRule, SourceConfig

FILE_NAMES = ("source.yml", "source.yaml")
_ABOUT_SOURCE = ("id", "kind", "publisher", "licence", "language", "as_of", "notes")
_KEYS = frozenset((*_ABOUT_SOURCE, "files", "mapping", "claims", "marking", "expected", "supply", "demonstration"))
_MARKING_KEYS = frozenset(("precise", "coarse", "coarse_place_level", "hide_partner", "counted_hidden"))
_CLAIM_KEYS = frozenset(("places", "from", "to", "kinds"))
_ENDINGS = re.compile(r"(\.(gz|csv|tsv|tab|txt|xlsx|xlsm|xls|ods|xml|json|geojson|topojson))+$", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One entry of a source.yml: which files it speaks of (globs below `folder`), and its fields as checked."""

    folder: Path
    files: tuple[str, ...]
    fields: Mapping[str, Any]

    def matches(self, path: Path, member: str | None) -> bool:
        """Whether a glob fits the path below the folder, the name alone, or `zip!member`."""
        if not self.files:
            return True
        relative = path.relative_to(self.folder).as_posix()
        names = {relative, path.name}
        if member is not None:
            names |= {f"{relative}!{member}", f"{path.name}!{member}", member, member.rsplit("/", 1)[-1]}
        return any(fnmatchcase(name, pattern) for name in names for pattern in self.files)


def default_source_id(name: str) -> str:
    """The id of a source nobody named: the input's name without its endings."""
    return _ENDINGS.sub("", name) or name


def load_entries(path: Path) -> list[Entry]:
    """The entries of one source.yml, checked.

    Raises:
        ConfigError: not YAML, an unknown key, or a bad value; says file, key, what was found, what was expected.
    """
    try:
        raw = load_yaml(path.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a YAML file in UTF-8: {error}") from error
    if raw is None:
        return []  # comments only
    if isinstance(raw, list):
        raw = {"sources": raw}
    if not isinstance(raw, dict):
        raise ConfigError(
            f"{path}: found {type(raw).__name__}, expected keys such as `publisher:` or a list of entries"
        )
    if "sources" not in raw:
        return [_entry(path, "", raw)]
    if set(raw) != {"sources"} or not isinstance(raw["sources"], list):
        raise ConfigError(
            f"{path}: with `sources:` there must be a list of entries and no other key; found {sorted(raw)}"
        )
    return [_entry(path, f"sources[{n}].", entry) for n, entry in enumerate(raw["sources"])]


def entry_for(entries: list[Entry], path: Path, member: str | None = None) -> Entry | None:
    """The first entry that speaks of a file (or a member of a zip); `entries` of the nearest folder come first."""
    return next((entry for entry in entries if entry.matches(path, member)), None)


def config_of(entry: Entry | None, name: str) -> SourceConfig:
    """The config of the input `name`: what the entry says, and the default where it says nothing or there is none."""
    return SourceConfig(**{"source_id": default_source_id(name), **(entry.fields if entry else {})})


def _entry(path: Path, prefix: str, raw: Any) -> Entry:
    where = f"{path}: {prefix}"
    if not isinstance(raw, dict):
        raise ConfigError(f"{where.rstrip('.')}: found {raw!r}, expected keys such as `files:` and `publisher:`")
    _no_other_keys(where, raw, _KEYS)
    fields: dict[str, Any] = {}
    for key, target in (("id", "source_id"), ("kind", "kind"), ("publisher", "publisher"), ("licence", "licence")):
        if raw.get(key) is not None:
            fields[target] = _text(where + key, raw[key])
    if raw.get("language") is not None:
        fields["lang"] = _language(where + "language", raw["language"])
    if raw.get("as_of") is not None:
        fields["as_of"] = _date(where + "as_of", raw["as_of"])
    if raw.get("mapping") is not None:
        fields["mapping"] = _mapping(where + "mapping", raw["mapping"])
    if raw.get("claims") is not None:
        fields["claims"] = _claims(where + "claims", raw["claims"])
    if raw.get("marking") is not None:
        fields["marking"] = _marking(where + "marking", raw["marking"])
    if raw.get("supply") is not None:
        fields["is_supply"] = _bool(where + "supply", raw["supply"])
    if raw.get("demonstration") is not None:
        fields["is_demonstration"] = _bool(where + "demonstration", raw["demonstration"])
    if raw.get("expected") is not None:
        expected = _mapping(where + "expected", raw["expected"])
        _no_other_keys(where + "expected.", expected, frozenset({"min", "max"}))
        fields["expected_min"], fields["expected_max"] = (
            None if expected.get(key) is None else _count(f"{where}expected.{key}", expected[key])
            for key in ("min", "max")
        )
    return Entry(path.parent, tuple(_texts(where + "files", raw.get("files"))), fields)


def _claims(where: str, raw: Any) -> tuple[Claim, ...]:
    if not isinstance(raw, list):
        raise ConfigError(f"{where}: found {raw!r}, expected a list of claims, each with `places:`")
    claims = []
    for n, item in enumerate(raw):
        at = f"{where}[{n}]."
        item = _mapping(at.rstrip("."), item)
        _no_other_keys(at, item, _CLAIM_KEYS)
        places = tuple(_texts(at + "places", item.get("places")))
        if not places:
            raise ConfigError(f"{at}places: a claim must name at least one place (a p-code, or a country such as ML)")
        period = [None if item.get(key) is None else _date(at + key, item[key]) for key in ("from", "to")]
        if period[0] and period[1] and period[0] > period[1]:
            raise ConfigError(f"{at}from: {period[0]} is after to: {period[1]}")
        claims.append(Claim(places, period[0], period[1], tuple(_texts(at + "kinds", item.get("kinds")))))
    return tuple(claims)


def _marking(where: str, raw: Any) -> MarkingRule:
    if isinstance(raw, str):
        raw = {"precise": raw}
    raw = _mapping(where, raw)
    _no_other_keys(where + ".", raw, _MARKING_KEYS)
    keys = {key: _marking_key(f"{where}.{key}", raw[key]) for key in ("precise", "coarse") if raw.get(key) is not None}
    level = raw.get("coarse_place_level", 1)
    if level not in (0, 1, 2) or isinstance(level, bool):
        raise ConfigError(f"{where}.coarse_place_level: found {level!r}, expected 0 (country), 1 or 2")
    hides = _bool(f"{where}.hide_partner", raw.get("hide_partner", False))
    counts = _bool(f"{where}.counted_hidden", raw.get("counted_hidden", False))
    return MarkingRule(keys.get("precise", "CLEAR"), keys.get("coarse"), level, hides, counts)


def _marking_key(where: str, raw: Any) -> str:
    """A marking in its canonical form; one that means nobody is a mistake here."""
    marking = parse_key(raw) if isinstance(raw, str) else NOBODY
    if marking == NOBODY or (marking.label in NAMED and not marking.names):
        raise ConfigError(
            f"{where}: found {raw!r}, expected CLEAR, GREEN, AMBER:group, AMBER+STRICT:organisation or RED:name"
        )
    return marking_key(marking.label, marking.names)


def _no_other_keys(where: str, raw: Mapping[str, Any], known: frozenset[str]) -> None:
    other = sorted(str(key) for key in raw if key not in known)
    if other:
        raise ConfigError(f"{where}{other[0]}: no such key; expected one of {', '.join(sorted(known))}")


def _mapping(where: str, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ConfigError(f"{where}: found {raw!r}, expected keys with values")
    return raw


def _text(where: str, raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ConfigError(f"{where}: found {raw!r}, expected a text")
    return raw.strip()


def _texts(where: str, raw: Any) -> list[str]:
    items = [] if raw is None else [raw] if isinstance(raw, str) else raw
    if not isinstance(items, list):
        raise ConfigError(f"{where}: found {raw!r}, expected a text or a list of texts")
    return [_text(f"{where}[{n}]", item) for n, item in enumerate(items)]


def _language(where: str, raw: Any) -> str:
    # YAML 1.1 reads a bare `no` (Norwegian) as false: say so instead of "expected a text".
    if not isinstance(raw, str) or not re.fullmatch(r"[a-z]{2,3}", raw):
        raise ConfigError(f'{where}: found {raw!r}, expected a code such as fr, en or ar (in quotes if it is "no")')
    return raw


def _date(where: str, raw: Any) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(str(raw)[:10])
    except ValueError as error:
        raise ConfigError(f"{where}: found {raw!r}, expected a date such as 2026-03-31") from error


def _bool(where: str, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ConfigError(f"{where}: found {raw!r}, expected true or false")
    return raw


def _count(where: str, raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
        raise ConfigError(f"{where}: found {raw!r}, expected a whole number from 0")
    return raw
