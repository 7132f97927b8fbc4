"""The word lists of screening, each a dated YAML file beside the code, and how words become parts of patterns.

Place on the way: below the detectors. Every list says what it is for; a word is added there and nowhere else.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from concerted.model.yaml import load_yaml

GAP = "[ \u00a0]"


@cache
def lists(name: str) -> dict[str, list[str]]:
    """The lists of `<name>.yml` as they are written."""
    return {key: [str(word) for word in listed] for key, listed in _loaded(name).items() if isinstance(listed, list)}


@cache
def _loaded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(files(__package__).joinpath(f"{name}.yml").read_text("utf-8"))
    return found


@cache
def table(name: str, key: str) -> dict[str, Any]:
    """The table `key` of `<name>.yml`."""
    return dict(_loaded(name)[key])


def any_of(listed: Iterable[str]) -> str:
    """One of these words, the longest first; `*` at the end stands for any more letters."""
    ordered = sorted(listed, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word.removesuffix("*")) + ("[a-zà-ÿ]*" if word.endswith("*") else "") for word in ordered)


def spelled(listed: Iterable[str]) -> str:
    """One of these words, the longest first, with small letters or capitals at the beginning of their parts."""
    ordered = sorted(listed, key=lambda word: (-len(word), word))
    return "|".join(
        re.sub(r"(?<!\w)\w", lambda m: f"[{m[0].upper()}{m[0]}]", word.replace("-", r"\-")) for word in ordered
    )
