"""The table of well-known organisations: one canonical reference each, with former references, acronyms and names.

Place on the way: resolve, data. Enters: `aliases.csv` beside this module (lists separated by `|`; `source` says which
list a reference is from). An organisation that no list knows has a key of ours, which starts with `LOCAL-` and is not
shown as an identifier. Leaves: look-ups.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from concerted.model.errors import ConfigError
from concerted.resolve.names import fold_name

#: What our own keys start with, where no public list knows the organisation.
LOCAL = "LOCAL-"


@dataclass(frozen=True)
class KnownOrganisation:
    """One row of `aliases.csv`; names are those shown to people.

    `parent_ref` is the organisation it is a unit of, `country_code` (ISO 3166-1 alpha-2) the country it belongs to;
    None where there is none.
    """

    ref: str
    type_code: str
    name_en: str
    name_fr: str
    name_ar: str
    parent_ref: str | None = None
    country_code: str | None = None

    @property
    def public_ref(self) -> str | None:
        """The identifier by which others know it, None for a key of ours."""
        return None if self.ref.startswith(LOCAL) else self.ref


@dataclass(frozen=True)
class Aliases:
    """`by_ref`: any reference in upper case; `by_name`: any folded name or acronym; `spellings`: names as written."""

    by_ref: dict[str, KnownOrganisation]
    by_name: dict[str, KnownOrganisation]
    spellings: dict[str, KnownOrganisation]


@cache
def load_aliases() -> Aliases:
    """The shipped table.

    Raises:
        ConfigError: a reference or name stands for two organisations.
    """
    by_ref: dict[str, KnownOrganisation] = {}
    by_name: dict[str, KnownOrganisation] = {}
    spellings: dict[str, KnownOrganisation] = {}
    text = files("concerted.resolve").joinpath("aliases.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        names = {lang: row[f"name_{lang}"].split("|") for lang in ("en", "fr", "ar")}
        known = KnownOrganisation(
            row["ref"], row["type_code"], names["en"][0], names["fr"][0], names["ar"][0],
            row["parent_ref"] or None, row["country_code"] or None,
        )  # fmt: skip
        for ref in _list(row["ref"]) + _list(row["other_refs"]):
            _put(by_ref, ref.upper(), known)
        for name in _list(row["acronyms"]) + names["en"] + names["fr"] + names["ar"]:
            _put(by_name, fold_name(name) or "", known)
            spellings.setdefault(name, known)
    return Aliases(by_ref, by_name, spellings)


@cache
def _by_organisation() -> dict[KnownOrganisation, tuple[str, ...]]:
    found: dict[KnownOrganisation, list[str]] = {}
    for name, known in load_aliases().spellings.items():
        found.setdefault(known, []).append(name)
    return {known: tuple(names) for known, names in found.items()}


def other_names(said: Iterable[str]) -> tuple[str, ...]:
    """All that the table calls the organisation that one of these references or names stands for; none where it knows
    none. It is a public list: nothing of any record is in it."""
    table = load_aliases()
    for text in said:
        known = table.by_ref.get(text.upper()) or table.by_name.get(fold_name(text) or "")
        if known is not None:
            return _by_organisation()[known]
    return ()


@cache
def acronyms() -> dict[str, frozenset[str]]:
    """For each folded acronym or other name of one word, those of the same organisation: `pnud` has `undp`."""
    found: dict[str, frozenset[str]] = {}
    for names in _by_organisation().values():
        words = {folded for name in names if (folded := fold_name(name)) and " " not in folded and len(folded) > 2}
        for word in words:
            found[word] = frozenset(words - {word})
    return {word: others for word, others in found.items() if others}


def _list(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _put(table: dict[str, KnownOrganisation], key: str, known: KnownOrganisation) -> None:
    other = table.setdefault(key, known)
    if other != known:
        raise ConfigError(f"resolve/aliases.csv: {key!r} stands for {other.ref} and for {known.ref}; keep one of them")
