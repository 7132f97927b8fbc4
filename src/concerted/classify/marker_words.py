"""The word lists of the PVE marker, from marker_words.yml.

Place on the way: data for `marker`. Each list has terms of all languages together, since a text may mix them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from concerted.codelists.lexicon import is_folded_term
from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml

KINDS = ("aim", "acronym", "subject", "group", "verb", "clause", "void", "relevant")


@dataclass(frozen=True, slots=True)
class MarkerWords:
    """Terms by kind: aim, acronym, subject, group, verb, clause, void, relevant."""

    lists: Mapping[str, tuple[str, ...]]


@cache
def marker_words() -> MarkerWords:
    """The shipped word lists.

    Raises:
        ConfigError: a list is missing or a term is not written as the lexicon reads it.
    """
    raw: dict[str, str] = load_yaml(files("concerted.classify").joinpath("marker_words.yml").read_text("utf-8"))
    if set(raw) != set(KINDS):
        raise ConfigError(f"marker_words.yml has the lists {sorted(raw)}; expected {sorted(KINDS)}")
    lists = {kind: tuple(term for term in (t.strip() for t in raw[kind].split(",")) if term) for kind in KINDS}
    for kind, terms in lists.items():
        for term in terms:
            if not is_folded_term(term):
                raise ConfigError(
                    f"marker_words.yml, {kind}: {term!r} is not folded (lower case, no accents, no signs)"
                )
    return MarkerWords(lists)
