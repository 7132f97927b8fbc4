"""The words of `sheet_words.yml`, folded and ready to look up.

Place on the way: beside the codelists. Used where cells of sheets are read: a word enters, a code or value leaves.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from concerted.model.letters import without_marks
from concerted.model.yaml import load_yaml

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u200b\ufeff]+")


@dataclass(frozen=True)
class SheetWords:
    """Every list, by folded word."""

    missing: frozenset[str]
    true: frozenset[str]
    false: frozenset[str]
    months: dict[str, int]
    states: dict[str, tuple[str, str | None]]
    organisation_types: dict[str, str]
    totals: frozenset[str]
    persons: re.Pattern[str]
    currencies: dict[str, str]


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """A text for comparing: no case, no accents, single blanks, no marks around it (`Région * :` -> `region`)."""
    plain = without_marks(text.casefold())
    return _SPACES.sub(" ", plain.replace("_", " ").replace("-", " ").replace("’", "'").replace("œ", "oe")).strip(
        ' *:;.\t"'
    )


@cache
def sheet_words() -> SheetWords:
    """The shipped words."""
    raw = load_yaml(files("concerted.codelists").joinpath("sheet_words.yml").read_text("utf-8"))
    types = {**raw["organisation_types"], raw["red_cross"]["code"] + "+": raw["red_cross"]["words"]}
    persons, whole = ("|".join(re.escape(fold(w)) for w in raw[key]) for key in ("persons", "persons_whole"))
    return SheetWords(
        missing=_folded(raw["missing"]),
        true=_folded(raw["true"]),
        false=_folded(raw["false"]),
        months={fold(word): n for n, words in enumerate(raw["months"], 1) for word in words},
        states={fold(word): (row["state"], row["code"]) for row in raw["states"] for word in row["words"]},
        organisation_types={fold(word): code.rstrip("+") for code, words in types.items() for word in words},
        totals=_folded(raw["totals"]),
        persons=re.compile(rf"(?<!\w)(?:{persons})(?!\w)|^(?:{whole})$"),
        currencies={fold(word): code for code, words in raw["currencies"].items() for word in words},
    )


def _folded(words: list[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)
