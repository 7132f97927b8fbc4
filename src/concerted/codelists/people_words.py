"""Whether the title of an indicator says that it counts people: a grammar of a few rules over `people_words.yml`.

Place on the way: beside the codelists. Enters: a title in French, English or Arabic. Leaves: yes or no; where the words
do not say so plainly it is no, because what is no count of people must not become one.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from concerted.model.letters import ONE_LETTER, without_marks
from concerted.model.yaml import load_yaml

_LETTERS = str.maketrans(ONE_LETTER)
_TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*'?|[#%,;(]")
_PAUSES = frozenset(",;(")
#: What may stand in front of "number of", beside a code such as `1.2a`, `ACC-I1` or the number that is aimed at.
_LEAD = frozenset(
    {"indicator", "output", "outcome", "result", "impact", "goal", "the", "total", "cumulative", "overall"}
)
_LEAD |= {"indicateur", "produit", "resultat", "extrant", "effet", "objectif", "le", "l'", "intermediate", "additional"}
#: Words in front of people that say which people: `crisis-affected males`, `newly trained teachers`.
_BETWEEN = 5
#: At the very beginning only such a word or two may stand before people: `Community leaders trained`.
_FIRST = 2


@dataclass(frozen=True)
class PeopleWords:
    """The lists, folded."""

    number_of: tuple[tuple[str, ...], ...]
    people: frozenset[str]
    not_behind: frozenset[str]
    stops: frozenset[str]
    never: frozenset[str]


@cache
def people_words() -> PeopleWords:
    """The lists of `people_words.yml`."""
    raw = load_yaml(files("concerted.codelists").joinpath("people_words.yml").read_text("utf-8"))
    return PeopleWords(
        tuple(sorted((tuple(_tokens(text)) for text in raw["number_of"]), key=len, reverse=True)),
        frozenset(word for words in raw["people"].values() for word in words),
        frozenset(raw["not_behind"]),
        frozenset(raw["stops"]),
        frozenset(raw["never"]),
    )


@lru_cache(maxsize=1 << 16)
def counts_people(title: str | None) -> bool:
    """Whether an indicator of this title counts people."""
    known, tokens = people_words(), _tokens(title or "")
    if not known.never.isdisjoint(tokens):
        return False
    for start in range(len(tokens)):
        for phrase in known.number_of:
            if tuple(tokens[start : start + len(phrase)]) == phrase:
                return _is_lead(tokens[:start]) and _head_is_people(tokens[start + len(phrase) :], _BETWEEN)
    return _head_is_people(_without_code(tokens), _FIRST)


def _tokens(text: str) -> list[str]:
    """Words in order, without case and accents. An elided article is a word of its own: `d'enfants` -> d', enfants."""
    folded = without_marks(text.casefold().replace("’", "'").replace("–", "-")).translate(_LETTERS)
    return _TOKEN.findall(re.sub(r"\b([dl]')(?=\w)", r"\1 ", folded))


def _is_lead(tokens: list[str]) -> bool:
    """Only a code, or a word such as `Output`, stands in front."""
    return all(token in _LEAD or any(c.isdigit() for c in token) or len(token) < 4 for token in tokens)


def _without_code(tokens: list[str]) -> list[str]:
    at = 0
    while at < len(tokens) and (tokens[at] in _LEAD or any(c.isdigit() for c in tokens[at])):
        at += 1
    return tokens[at:]


def _head_is_people(tokens: list[str], most: int) -> bool:
    """Whether the first thing named is people: no preposition before them, nothing that they only qualify behind."""
    known = people_words()
    for at, token in enumerate(tokens[: most + 1]):
        if token in known.people:
            behind = tokens[at + 1] if at + 1 < len(tokens) else ""
            if behind in known.people:
                continue
            return behind not in known.not_behind and not behind.endswith("'")
        if token in known.stops or token in _PAUSES or token.endswith("'"):
            return False
    return False
