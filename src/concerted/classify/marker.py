"""The two-level PVE marker of a statement, from its words and whether it carries a 15xxx purpose code.

Place on the way: step 5. Enters: the texts of one statement; leaves: *specific* (preventing or countering violent
extremism or terrorism is an objective), *relevant* (it works on peace, cohesion or security that such prevention rests
on), or none, with the words. The levels are never added together. A word is not enough: terrorism is named as the
background of food aid, in clauses about due diligence, and in broken words; the rules and their traps stand in
docs/explanation/labels.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from concerted.classify.marker_words import MarkerWords
from concerted.classify.matcher import Matcher
from concerted.classify.nodes import SPANS_SHOWN, Places, Span, TextPart, span_of

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


@dataclass(frozen=True, slots=True)
class Marker:
    """Level of a statement with its probability and the words behind it."""

    level: Level
    probability: float
    spans: tuple[Span, ...] = ()


#: What most statements are.
NONE = Marker("none", 1.0)
#: Mentions of what is prevented, and those among them that say so themselves or have a verb of prevention before them.
ABOUT = frozenset({"aim", "aimed_subject", "aimed_group", "subject"})
AIMS = frozenset({"aim", "aimed_subject", "acronym"})


@dataclass(frozen=True, slots=True)
class _Mention:
    """A term of the marker in one text: the word list it is from, its words, its characters in the folded text."""

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

    @classmethod
    def of(cls, words: MarkerWords) -> "MarkerReader":
        """Compile the word lists."""
        return cls(Matcher.of(words.lists))

    def read(self, parts: Sequence[TextPart], is_dac_15: bool) -> Marker:
        """The marker of a statement.

        Args:
            parts: its texts.
            is_dac_15: it carries a purpose code 15xxx (government, civil society, conflict, peace and security).
        """
        mentions = [m for number, part in enumerate(parts) for m in self._mentions(number, part)]
        if not mentions:
            return NONE
        if not is_dac_15 and not any(m.kind in ABOUT for m in mentions):
            mentions = [m for m in mentions if m.kind != "acronym"]
        about = [m for m in mentions if m.kind in ABOUT or m.kind == "acronym"]
        aims = [m for m in about if m.kind in AIMS]
        bridges = [m for m in mentions if m.kind == "relevant"]
        titled = {m.kind for m in mentions if parts[m.number].field == "title"}
        if titled & (ABOUT | {"acronym"}):
            return _marker("specific", SPECIFIC_TITLE, about, parts)
        if is_dac_15 and (_is_opening(aims, parts) or _is_recurring(aims, parts)):
            return _marker("specific", SPECIFIC_AIM, aims, parts)
        if "relevant" in titled:
            return _marker("relevant", RELEVANT_TITLE, bridges + aims, parts)
        if aims or (is_dac_15 and (about or bridges)) or len({m.start for m in bridges}) > 1:
            return _marker("relevant", RELEVANT_TEXT, aims + bridges + about, parts)
        return NONE

    def _mentions(self, number: int, part: TextPart) -> list[_Mention]:
        """Terms of one text that survive the words around them, with `aimed_` before a kind after a prevention verb."""
        found = self.terms.find(part.words)
        if not any(one.key in COUNTED for one in found):
            return []
        starts = list(accumulate((len(w) + 1 for w in part.words), initial=0))
        by_kind: dict[str, list[_Mention]] = {}
        for one in found:
            end = starts[one.last] + len(part.words[one.last])
            mention = _Mention(number, one.key, one.first, one.last, starts[one.first], end)
            by_kind.setdefault(one.key, []).append(mention)
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
                    mention = replace(mention, kind=f"aimed_{kind}")
                kept.append(mention)
        return sorted(kept, key=lambda m: (m.start, -m.end, m.kind))


def _is_opening(aims: Sequence[_Mention], parts: Sequence[TextPart]) -> bool:
    """A text begins with the aim."""
    return any(m.start <= OPENING for m in aims)


def _is_recurring(aims: Sequence[_Mention], parts: Sequence[TextPart]) -> bool:
    """A text returns to the aim, and not just once in pages of other things."""
    for number in {m.number for m in aims}:
        ends = -1
        places = 0
        for mention in (m for m in aims if m.number == number):
            places += mention.start > ends
            ends = max(ends, mention.end)
        if places > 1 and places * EVERY >= len(parts[number].text):
            return True
    return False


def _marker(level: Level, probability: float, mentions: Sequence[_Mention], parts: Sequence[TextPart]) -> Marker:
    """A marker that shows its first words, longest first where terms overlap."""
    places: Places = {}
    shown: list[_Mention] = []
    for mention in mentions:
        if not any(m.number == mention.number and m.start < mention.end and mention.start < m.end for m in shown):
            shown.append(mention)
    spans = [span_of(parts, places, m.number, m.first, m.last) for m in shown[:SPANS_SHOWN]]
    return Marker(level, probability, tuple(spans))


def _gap(one: _Mention, other: _Mention) -> int:
    """Characters between two places, 0 when they touch or overlap."""
    return max(0, max(one.start, other.start) - min(one.end, other.end))
