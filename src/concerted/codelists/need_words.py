"""The sheets of needs and offers of `need_words.yml`: which columns they have, and which column a header is.

Place on the way: beside the words of other sheets. Headers in any of the three languages enter, names of columns leave.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from concerted.codelists.frameworks import LANGS, Lang
from concerted.codelists.sheet_words import fold
from concerted.model.yaml import load_yaml

Ask = Literal["need", "offer"]
ASKS: tuple[Ask, ...] = ("need", "offer")
#: Columns of which a cell may hold several values, each a row of the table `term`.
TERMS = ("node", "place", "receiver_type", "language", "group")


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(files("concerted.codelists").joinpath("need_words.yml").read_text("utf-8"))
    return found


def ask_columns(ask: Ask) -> list[str]:
    """Names of the columns of a sheet, in their order."""
    return list(_data()["columns"][ask])


def ask_header(ask: Ask, column: str, lang: Lang) -> str:
    """What stands over a column."""
    return str(_data()["columns"][ask][column][lang])


def ask_word(ask: Ask, column: str, lang: Lang) -> str:
    """The same on a page, which is set with care: a header is what people type, and a keyboard has one apostrophe."""
    return ask_header(ask, column, lang).replace("'", "’")


def ask_sheet(ask: Ask, lang: Lang) -> str:
    """The name of a sheet of needs or of offers."""
    return str(_data()["sheets"][ask][lang])


def ask_help(lang: Lang) -> list[str]:
    """What the help sheet beside them says."""
    return list(_data()["help"][lang])


def value_list(ask: Ask, column: str) -> str | None:
    """The list whose codes and words stand in a column; null where there is none."""
    found: str | None = _data()["columns"][ask][column].get("list")
    return found


def recognise_ask(headers: Sequence[str]) -> tuple[Ask, Mapping[str, int]] | None:
    """Whether a row of headers is one of needs or of offers, and where each column stands (0-based).

    The header of the kind is what tells such a sheet from all others, because no other sheet has it.
    """
    folded = [fold(text) for text in headers]
    for ask in ASKS:
        kinds = {fold(_data()["columns"][ask]["kind"][lang]) for lang in LANGS}
        if kinds & {*folded}:
            at: dict[str, int] = {}
            for position, text in enumerate(folded):
                if (name := _by_header(ask).get(text)) is not None:
                    at.setdefault(name, position)
            return ask, at
    return None


def is_ask_sheet(name: str) -> bool:
    """Whether a worksheet is named as those of needs or of offers are."""
    return fold(name) in {fold(ask_sheet(ask, lang)) for ask in ASKS for lang in LANGS}


@cache
def _by_header(ask: Ask) -> dict[str, str]:
    columns = _data()["columns"][ask]
    found: dict[str, str] = {}
    for name, names in columns.items():
        found |= dict.fromkeys(map(fold, names.get("also", ())), name)
    for name, names in columns.items():  # a header that we write ourselves is never another column
        found |= {fold(names[lang]): name for lang in LANGS}
    return found
