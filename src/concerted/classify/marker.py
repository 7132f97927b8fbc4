"""The two-level PVE marker of statements, from their words and whether they carry a 15xxx purpose code.

Place on the way: step 5. Enters: the texts of a batch of statements; leaves: *specific* (preventing or countering
violent extremism or terrorism is an objective), *relevant* (it works on peace, cohesion or security that such
prevention rests on), or none, with the words. The levels are never added together. A word is not enough: terrorism is
named as the background of food aid, in clauses about due diligence, and in broken words; the rules and their traps
stand in docs/explanation/labels.md.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from concerted.classify.marker_words import MarkerWords
from concerted.classify.matcher import Matcher
from concerted.classify.nodes import SPANS_SHOWN
from concerted.classify.words import Ints, Span, TextPart, Texts, Vocabulary

Level = Literal["specific", "relevant", "none"]

#: Characters of folded text between a prevention verb and what it prevents.
VERB_REACH = 60
#: Characters around a mention in which words of a clause or of a list make it say nothing.
CLAUSE_REACH = 100
#: A text that names the aim within this many characters begins with it; one that returns to it this often is about it.
OPENING, EVERY = 150, 600
#: Kinds of terms that count; verbs, clauses and look-alikes only qualify them.
COUNTED = ("aim", "acronym", "subject", "group", "relevant")
#: How often readings of each strength were right when a person read them (docs/explanation/labels.md).
SPECIFIC_TITLE, SPECIFIC_AIM, RELEVANT_TITLE, RELEVANT_TEXT = 0.95, 0.9, 0.8, 0.6


class Marker(NamedTuple):
    """Level of a statement with its probability and the words behind it."""

    level: Level
    probability: float
    spans: tuple[Span, ...] = ()


#: What most statements are.
NONE = Marker("none", 1.0)
#: Mentions of what is prevented, and those among them that say so themselves or have a verb of prevention before them.
ABOUT = frozenset({"aim", "aimed_subject", "aimed_group", "subject"})
AIMS = frozenset({"aim", "aimed_subject", "acronym"})


class _Mention(NamedTuple):
    """A term of the marker in one text: number of the text, the word list it is from, its words (numbers in the batch),
    its characters in the folded text.
    """

    number: int
    kind: str
    first: int
    last: int
    start: int
    end: int


@dataclass(slots=True)
class MarkerReader:
    """The word lists compiled for reading many texts."""

    terms: Matcher[str]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @classmethod
    def of(cls, words: MarkerWords) -> "MarkerReader":
        """Compile the word lists."""
        return cls(Matcher.of(words.lists))

    def read(self, parts: Sequence[TextPart], is_dac_15: bool) -> Marker:
        """The marker of one statement.

        Args:
            parts: its texts.
            is_dac_15: it carries a purpose code 15xxx (government, civil society, conflict, peace and security).
        """
        return self.read_all(Texts.of([parts], self.vocabulary), [is_dac_15])[0]

    def read_all(self, texts: Texts, is_dac_15: Sequence[bool]) -> list[Marker]:
        """The marker of each statement of a batch."""
        mentions: dict[int, list[_Mention]] = defaultdict(list)
        for part, found in self._found(texts).items():
            mentions[int(texts.statement[part])] += _surviving(found)
        result = [NONE] * texts.statements
        for statement, some in mentions.items():
            result[statement] = _judged(some, texts, is_dac_15[statement])
        return result

    def _found(self, texts: Texts) -> dict[int, list[_Mention]]:
        """Terms of each text that has one that counts, texts in their order."""
        finds = self.terms.find(texts)
        kinds = [kind for kind, _ in self.terms.terms]
        counts = np.array([kind in COUNTED for kind in kinds], bool)[finds.term]
        part = texts.part[finds.first]
        has_counted = np.zeros(len(texts.parts), bool)
        has_counted[part[counts]] = True
        own = has_counted[part]
        term, part, first, last = (column[own] for column in (finds.term, part, finds.first, finds.last))
        start, end = _characters(texts, part, first, last)
        result: dict[int, list[_Mention]] = defaultdict(list)
        for number, *row in zip(*(c.tolist() for c in (term, part, first, last, start, end)), strict=True):
            result[row[0]].append(_Mention(row[0], kinds[number], *row[1:]))
        return result


def _characters(texts: Texts, part: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """First and last-plus-one character of some words in the folded text, where one space parts two words."""
    upto = np.concatenate([[0], np.cumsum(texts.lengths + 1)])
    begin = upto[texts.starts[part]]
    return upto[first] - begin, upto[last + 1] - 1 - begin


def _surviving(found: Sequence[_Mention]) -> list[_Mention]:
    """Terms of one text that survive the words around them, with `aimed_` before a kind after a prevention verb."""
    by_kind: dict[str, list[_Mention]] = {}
    for mention in found:
        by_kind.setdefault(mention.kind, []).append(mention)
    voids = by_kind.get("void", [])
    clauses, verbs = by_kind.get("clause", []), by_kind.get("verb", [])
    kept: list[_Mention] = []
    for kind in COUNTED:
        for mention in by_kind.get(kind, ()):
            if any(_gap(mention, void) == 0 for void in voids):
                continue
            if kind != "relevant" and any(_gap(mention, clause) <= CLAUSE_REACH for clause in clauses):
                continue
            if kind in ("subject", "group") and any(
                verb.start < mention.start and _gap(mention, verb) <= VERB_REACH for verb in verbs
            ):
                mention = mention._replace(kind=f"aimed_{kind}")
            kept.append(mention)
    return sorted(kept, key=lambda m: (m.start, -m.end, m.kind))


def _judged(mentions: Sequence[_Mention], texts: Texts, is_dac_15: bool) -> Marker:
    """The marker of one statement with these terms in its texts."""
    if not is_dac_15 and not any(m.kind in ABOUT for m in mentions):
        mentions = [m for m in mentions if m.kind != "acronym"]
    about = [m for m in mentions if m.kind in ABOUT or m.kind == "acronym"]
    aims = [m for m in about if m.kind in AIMS]
    bridges = [m for m in mentions if m.kind == "relevant"]
    titled = {m.kind for m in mentions if texts.parts[m.number].field == "title"}
    if titled & (ABOUT | {"acronym"}):
        return _marker("specific", SPECIFIC_TITLE, about, texts)
    if is_dac_15 and (_is_opening(aims) or _is_recurring(aims, texts)):
        return _marker("specific", SPECIFIC_AIM, aims, texts)
    if "relevant" in titled:
        return _marker("relevant", RELEVANT_TITLE, bridges + aims, texts)
    if aims or (is_dac_15 and (about or bridges)) or len({m.start for m in bridges}) > 1:
        return _marker("relevant", RELEVANT_TEXT, aims + bridges + about, texts)
    return NONE


def _is_opening(aims: Sequence[_Mention]) -> bool:
    """A text begins with the aim."""
    return any(m.start <= OPENING for m in aims)


def _is_recurring(aims: Sequence[_Mention], texts: Texts) -> bool:
    """A text returns to the aim, and not just once in pages of other things."""
    for number in {m.number for m in aims}:
        ends = -1
        places = 0
        for mention in (m for m in aims if m.number == number):
            places += mention.start > ends
            ends = max(ends, mention.end)
        if places > 1 and places * EVERY >= len(texts.parts[number].text):
            return True
    return False


def _marker(level: Level, probability: float, mentions: Sequence[_Mention], texts: Texts) -> Marker:
    """A marker that shows its first words, longest first where terms overlap."""
    shown: list[_Mention] = []
    for mention in mentions:
        if not any(m.number == mention.number and m.start < mention.end and mention.start < m.end for m in shown):
            shown.append(mention)
    return Marker(level, probability, tuple(texts.span(m.first, m.last) for m in shown[:SPANS_SHOWN]))


def _gap(one: _Mention, other: _Mention) -> int:
    """Characters between two places, 0 when they touch or overlap."""
    return max(0, max(one.start, other.start) - min(one.end, other.end))
