"""The words that may stand in a cell: places, lines of the strategy, states, kinds of money, currencies.

Place on the way: given to writing (as lists to choose from) and to reading (a word enters, a code leaves). What is no
such word is answered with the nearest ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from concerted.codelists import lists
from concerted.codelists.frameworks import LANGS, Framework, Lang
from concerted.codelists.sheet_words import fold, sheet_words

#: Kinds of money that a partner tells of, by the code that stands in the record.
TRANSACTION_KINDS = {"pledge": "13", "commitment": "2", "disbursement": "3", "expenditure": "4", "incoming": "1"}
BUDGET_KINDS = ("budget", "planned_disbursement")
#: Likeness from which a word is worth offering, of 100.
_NEAR = 60.0


class WordError(ValueError):
    """A word that is none of those that may stand there; `nearest` are those most like it."""

    def __init__(self, nearest: Iterable[str]) -> None:
        super().__init__("not one of the words that may stand here")
        self.nearest = tuple(nearest)


@dataclass(frozen=True)
class PlaceName:
    """A place that a sheet may name. `level` 0 = country."""

    place_id: str
    level: int
    country_code: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Vocabulary:
    """What may stand in the cells of one country's sheets.

    Attributes:
        places: the places to choose from, the coarsest first.
        framework: the strategy.
    """

    places: tuple[PlaceName, ...]
    framework: Framework | None = None

    def place(self, text: str) -> PlaceName:
        """The place that a word or code means.

        Raises:
            WordError: it means none of them.
        """
        found = self._places.get(fold(text))
        if found is None:
            raise WordError(_nearest(text, {name for place in self.places for name in place.names.values()}))
        return found

    def place_word(self, place_id: str, lang: Lang) -> str | None:
        """What a place is called; null where it is none of these."""
        found = self._by_id.get(place_id)
        return None if found is None else found.names.get(lang) or found.names.get("fr") or place_id

    def node(self, text: str) -> str:
        """The id of the line that a cell means: its code, its name, or both as the lists show them.

        Raises:
            WordError: it means none of them.
        """
        found = self._nodes.get(fold(text)) or self._nodes.get(fold(text.partition(" ")[0]))
        if found is None:
            raise WordError(_nearest(text, self.node_words("fr") + self.node_words("en")))
        return found

    def node_word(self, node_id: str, lang: Lang) -> str | None:
        """A line as the lists show it: code and name."""
        node = next((n for n in self._lines if n.id == node_id), None)
        return None if node is None else f"{node.code or node.id} {node.name[lang]}"

    def node_words(self, lang: Lang) -> list[str]:
        """Every line as the lists show it."""
        return [f"{node.code or node.id} {node.name[lang]}" for node in self._lines]

    @cached_property
    def _lines(self) -> tuple[Any, ...]:
        return self.framework.nodes if self.framework else ()

    @cached_property
    def _by_id(self) -> dict[str, PlaceName]:
        return {place.place_id: place for place in self.places}

    @cached_property
    def _places(self) -> dict[str, PlaceName]:
        found: dict[str, PlaceName] = {}
        for place in reversed(self.places):  # of two that are called the same the coarser one is meant
            found |= {fold(name): place for name in (*place.names.values(), place.place_id)}
        return found

    @cached_property
    def _nodes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for node in self._lines:
            names = [node.name[lang] for lang in LANGS]
            code = node.code or node.id
            found |= {fold(text): node.id for text in (*names, *(f"{code} {name}" for name in names), code, node.id)}
        return found


def state(text: str) -> str:
    """The state that a word means.

    Raises:
        WordError: it means none of the five.
    """
    found = sheet_words().states.get(fold(text)) or (lists.find_code("state", text), None)
    if found[0] is None:
        raise WordError(lists.labels("state", "fr").values())
    return found[0]


def money_kind(text: str) -> str:
    """The kind of money that a word means: a key of `TRANSACTION_KINDS`, or one of `BUDGET_KINDS`.

    Raises:
        WordError: it means none of them.
    """
    found = lists.find_code("finance_kind", text)
    if found not in (*TRANSACTION_KINDS, *BUDGET_KINDS):
        raise WordError(money_words("fr"))
    return found


def money_words(lang: Lang) -> list[str]:
    """The kinds of money to choose from."""
    return [lists.labels("finance_kind", lang)[kind] for kind in (*TRANSACTION_KINDS, *BUDGET_KINDS)]


def currency(text: str) -> str:
    """The ISO 4217 code that a word means.

    Raises:
        WordError: it means none.
    """
    found = sheet_words().currencies.get(fold(text)) or text.strip().upper()
    if found not in lists.codes("Currency"):
        raise WordError(_nearest(text, ["XOF", "EUR", "USD", "GBP", "XAF"]))
    return found


def _nearest(text: str, words: Iterable[str]) -> list[str]:
    found = process.extract(text, sorted(words), scorer=fuzz.WRatio, processor=fold, limit=3, score_cutoff=_NEAR)
    return [word for word, *_ in found]
