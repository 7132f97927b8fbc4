"""The small sheets of `templates.yml`: which columns they have, and which column a header is.

Place on the way: below writing and reading of sheets. Headers in any of the three languages enter, names of columns
leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from concerted.codelists.frameworks import LANGS, Lang
from concerted.codelists.sheet_words import fold
from concerted.model.yaml import load_yaml

Template = Literal["activities", "money", "progress"]
#: Columns that a sheet must have to be one of these: by what else would a row be known?
_NEEDED = "code"


@dataclass(frozen=True)
class Layout:
    """Where each column of a template stands in a sheet (0-based); `unknown` are headers of no column, by position."""

    template: Template
    lang: Lang
    at: Mapping[str, int]
    unknown: Mapping[int, str]


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(files("concerted.intake").joinpath("templates.yml").read_text("utf-8"))
    return found


def columns(template: Template) -> list[str]:
    """Names of a template's columns, in their order."""
    return list(_data()["templates"][template])


def header(column: str, lang: Lang) -> str:
    """What stands over a column."""
    return str(_data()["columns"][column][lang])


def sheet_title(name: str, lang: Lang) -> str:
    """The name of a sheet: a template's, `notes` or `lists`."""
    return str(_data()["sheets"][name][lang])


def help_lines(lang: Lang) -> list[str]:
    """What the help sheet says."""
    return list(_data()["help"][lang])


@cache
def unknown_words() -> frozenset[str]:
    """Folded words by which an amount is said to be not known yet."""
    return frozenset(map(fold, _data()["unknown"]))


def column_names() -> list[str]:
    """Names of every column of every template, each once."""
    return list(_data()["columns"])


def columns_of_sheets(lang: Lang) -> list[tuple[str, list[str]]]:
    """Each template's title with its columns, each column once: where it stands first."""
    met, found = set[str](), []
    for template, names in _data()["templates"].items():
        found.append((sheet_title(template, lang), [name for name in names if name not in met]))
        met.update(names)
    return found


def is_our_own(sheet: str) -> bool:
    """Whether a sheet is one that we write beside the templates: help, or the lists to choose from."""
    return fold(sheet) in {fold(title) for name in ("notes", "lists") for title in _data()["sheets"][name].values()}


def column_of(text: str, remembered: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """The column that a header means: as the partner said once, else as we know it; null for none."""
    key = fold(text)
    return (remembered[key] or None) if key in remembered else _by_header().get(key)


def recognise(
    headers: Sequence[str], sheet: str | None = None, remembered: Mapping[str, str] = MappingProxyType({})
) -> Layout | None:
    """Which template a row of headers is, if any; the one of which most columns stand there.

    Args:
        headers: texts of the row, empty where there is none.
        sheet: the name of the sheet, which decides between two that fit equally.
        remembered: columns by folded header, as the partner said once; an empty one is left out.
    """
    names = [column_of(text, remembered) for text in headers]
    best: tuple[tuple[int, bool], Layout] | None = None
    for template in _data()["templates"]:
        wanted = columns(template)
        at: dict[str, int] = {}
        for position, name in enumerate(names):
            if name in wanted:
                at.setdefault(name, position)
        named = {fold(title) for title in _data()["sheets"][template].values()}
        # Code and title stand on every sheet, so they say nothing of which one it is; alone they are activities.
        rank = (len(at.keys() - {"code", "title"}), sheet is not None and fold(sheet) in named)
        if _NEEDED in at and len(at) > 1 and (best is None or rank > best[0]):
            unknown = {n: text for n, text in enumerate(headers) if text.strip() and n not in at.values()}
            best = rank, Layout(template, _lang(headers), at, unknown)
    return best[1] if best else None


def _lang(headers: Sequence[str]) -> Lang:
    """The language of most headers; French where several are alike."""
    folded = {fold(text) for text in headers}
    return max(LANGS, key=lambda lang: sum(fold(names[lang]) in folded for names in _data()["columns"].values()))


@cache
def _by_header() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, names in _data()["columns"].items():
        found |= dict.fromkeys(map(fold, names.get("also", ())), name)
    for name, names in _data()["columns"].items():  # a header that we write ourselves is never another column
        found |= {fold(names[lang]): name for lang in LANGS}
    return found
