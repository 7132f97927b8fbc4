"""The table of well-known organisations: one canonical reference each, with former references, acronyms and names.

Place on the way: resolve, data. Enters: `aliases.csv` beside this module (lists separated by `|`; references from the
IATI publisher list, the DAC channel codes and the CRS donor and agency codes). Leaves: two look-ups.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from concerted.model.errors import ConfigError
from concerted.resolve.names import fold_name


@dataclass(frozen=True)
class KnownOrganisation:
    """One row of `aliases.csv`; names are those shown to people."""

    ref: str
    type_code: str
    name_en: str
    name_fr: str
    name_ar: str


@dataclass(frozen=True)
class Aliases:
    """`by_ref`: any reference in upper case; `by_name`: any folded name or acronym."""

    by_ref: dict[str, KnownOrganisation]
    by_name: dict[str, KnownOrganisation]


@cache
def load_aliases() -> Aliases:
    """The shipped table.

    Raises:
        ConfigError: a reference or name stands for two organisations.
    """
    by_ref: dict[str, KnownOrganisation] = {}
    by_name: dict[str, KnownOrganisation] = {}
    text = files("concerted.resolve").joinpath("aliases.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        names = {lang: row[f"name_{lang}"].split("|") for lang in ("en", "fr", "ar")}
        known = KnownOrganisation(row["ref"], row["type_code"], names["en"][0], names["fr"][0], names["ar"][0])
        for ref in _list(row["ref"]) + _list(row["other_refs"]):
            _put(by_ref, ref.upper(), known)
        for name in _list(row["acronyms"]) + names["en"] + names["fr"] + names["ar"]:
            _put(by_name, fold_name(name) or "", known)
    return Aliases(by_ref, by_name)


def _list(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _put(table: dict[str, KnownOrganisation], key: str, known: KnownOrganisation) -> None:
    other = table.setdefault(key, known)
    if other != known:
        raise ConfigError(f"resolve/aliases.csv: {key!r} stands for {other.ref} and for {known.ref}; keep one of them")
