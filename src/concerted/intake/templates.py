"""The small sheets of `templates.yml`: which columns they have, and which column a header is.

Place on the way: below writing and reading of sheets. Headers in any of the three languages enter, names of columns
leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
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


def recognise(headers: Sequence[str], sheet: str | None = None) -> Layout | None:
    """Which template a row of headers is, if any; the one of which most columns stand there.

    Args:
        headers: texts of the row, empty where there is none.
        sheet: the name of the sheet, which decides between two that fit equally.
    """
    names = [_by_header().get(fold(text)) for text in headers]
    best: tuple[tuple[int, bool], Layout] | None = None
    for template in _data()["templates"]:
        wanted = columns(template)
        at: dict[str, int] = {}
        for position, name in enumerate(names):
            if name in wanted:
                at.setdefault(name, position)
        named = {fold(title) for title in _data()["sheets"][template].values()}
        # Code and title stand on every sheet, so they say nothing of which one it is.
        rank = (len(at.keys() - {"code", "title"}), sheet is not None and fold(sheet) in named)
        if _NEEDED in at and rank[0] and (best is None or rank > best[0]):
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
