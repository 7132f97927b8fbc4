"""Phrases that tie terrorism or violent extremism to a religion, an ethnicity, a race or a nationality.

Place on the way: a detector of `screen`. A plain text enters; findings leave. Refused is what says it by grammar: an
adjective or noun of a group beside a word for terrorism (`terrorisme X`, `X terrorists`, `terrorism of the X`, `X are
terrorists`), with what each language puts between and the order it has. Asked is what only its author can judge: a
religion or people near such a word in one sentence (`extremism in X-majority areas`).

Not found: names of organisations and texts of law, sentences that reject the tie, and a nationality that is that of a
law or an office. The reasons stand in docs/explanation/safeguards.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from concerted.records.screening.kinds import Finding
from concerted.records.screening.letters import Plain
from concerted.records.screening.lists import lists

#: Characters around a phrase in which words that reject the tie are looked for, as far as its sentence goes.
CONTEXT = 100
#: What every such phrase has in it, folded.
_NEEDED = re.compile(
    r"terror|terreur|extremi|jihad|radical|fanati|fundamental|fondamental|integris|militan|insurg|islamo|رهاب|تطرف|جهادي|تكفيري|تشدد|غلو"
)
_SENTENCE = re.compile(r"[.!?؟\n;]")
_GAP = r"[\s\-'\"«»]{1,3}"


def find_labels(plain: Plain, with_asks: bool) -> Iterator[Finding]:
    """The phrases, none within another."""
    text = plain.folded
    if not _NEEDED.search(text):
        return
    rules = _rules()
    bare = rules.names.sub(lambda match: "x" * len(match[0]), text)
    refused: list[tuple[int, int]] = []
    for match in rules.refused.finditer(bare):
        if not _is_rejected(text, match) and not (match["nation"] and rules.heads.match(bare, match.end())):
            refused.append(match.span())
            yield Finding(*match.span(), "label", "refuse", "screen_label")
    if with_asks:
        for pattern in rules.asked:
            for match in pattern.finditer(bare):
                is_apart = all(match.end() <= start or end <= match.start() for start, end in refused)
                if is_apart and not rules.against.search(match[0]) and not _is_rejected(text, match):
                    refused.append(match.span())
                    yield Finding(*match.span(), "label", "ask", "screen_label_ask")


def _is_rejected(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence says that the tie is wrong."""
    before = text[max(0, match.start() - CONTEXT) : match.start()]
    behind = text[match.end() : match.end() + CONTEXT]
    ends = [stop.end() for stop in _SENTENCE.finditer(before)]
    stop = _SENTENCE.search(behind)
    sentence = before[ends[-1] if ends else 0 :] + match[0] + behind[: stop.start() if stop else None]
    return _rules().rejects.search(sentence) is not None


@dataclass(frozen=True)
class _Rules:
    """The patterns over folded text. `refused` has a group `nation` where the group is a state's people in English."""

    refused: re.Pattern[str]
    asked: tuple[re.Pattern[str], ...]
    names: re.Pattern[str]
    heads: re.Pattern[str]
    rejects: re.Pattern[str]
    against: re.Pattern[str]


@cache
def _rules() -> _Rules:
    listed = lists("labels")
    latin, arabic = _latin(listed), _arabic(listed)
    any_group = f"(?:{_inflected(listed['religions'] + listed['currents'] + listed['peoples'])})"
    any_terror = f"(?:{_inflected(listed['terror'] + listed['jihad'] + listed['radical'])})"
    of_jihad = f"(?:{_inflected(listed['jihad'])})"
    religions = f"(?:{_inflected(listed['religions'] + listed['currents'])})"
    militant, currents = f"(?:{_inflected(listed['militant'])})", f"(?:{_inflected(listed['currents'])})"
    # Words that are not these two, up to four, within a sentence.
    words = r"(?:[\s\-'\"«»,/()]{1,3}[^\W\d_]+){0,4}?[\s\-'\"«»,/()]{1,3}"
    nouns_ar = _any(listed["religion_nouns_ar"] + listed["people_nouns_ar"])
    group_ar = f"{_AR_FRONT}(?:{_ar_adjectives(listed['religions_ar'] + listed['peoples_ar'])}|{nouns_ar})"
    people_ar = _ar_adjectives(listed["terror_people_ar"] + listed["radical_ar"])
    terror_ar = f"{_AR_FRONT}(?:{_any(listed['terror_ar'])}|{people_ar})"
    # Side by side without "and" the two are refused, or by their endings do not belong together.
    words_ar = r"(?:(?:\s{1,2}[ء-ي]+){1,3}?\s{1,2}|\s{1,2}(?=و))"
    asked = [
        f"{religions}{_GAP}{militant}|{militant}{_GAP}{religions}",
        f"{currents}{_GAP}{of_jihad}|{of_jihad}{_GAP}{currents}",
        rf"(?:religious|religieux|religieuse|ethnic|ethnique|confessional|confessionnel|sectarian){_GAP}{any_terror}|{any_terror}(?:{_GAP}(?:violent|violente)s?)?{_GAP}(?:religieux|religieuse|ethnique|confessionnel)s?",
        f"{any_terror}{words}{any_group}|{any_group}{words}{any_terror}",
        rf"{terror_ar}{words_ar}{group_ar}|{group_ar}{words_ar}{terror_ar}",
    ]
    stems = rf"(?<![^\W\d_])(?:{_any(listed['rejects'])})"
    negated = (
        rf"(?<![^\W\d_])(?:{_any(listed['not'])})(?![^\W\d_])\W+(?:[^\W\d_]+\W+){{0,5}}?(?:{_any(listed['tied'])})"
    )
    termed = (
        rf"(?<![^\W\d_])(?:{_any(listed['refused'])})[^\W\d_]*\W+(?:[^\W\d_]+\W+){{0,3}}?(?:{_any(listed['a_word'])})"
    )
    return _Rules(
        refused=re.compile(rf"(?<![^\W\d_])(?:{latin})(?![^\W\d_])|(?<![ء-ي])(?:{arabic})(?![ء-ي])"),
        asked=tuple(re.compile(rf"(?<![^\W\d_])(?:{pattern})(?![^\W\d_])") for pattern in asked),
        names=re.compile(
            rf"(?<![^\W\d_])(?:{_any(listed['names'])})s?(?![^\W\d_])|(?<![ء-ي])(?:[وفبلك]|لل)?(?:{_any(listed['names_ar'])})(?![ء-ي])"
        ),
        heads=re.compile(rf"(?:\s|-)(?:{_any(listed['heads'])})s?(?![^\W\d_])"),
        rejects=re.compile(rf"{stems}|{negated}|{termed}|(?<![ء-ي])(?:{_any(listed['rejects_ar'])})"),
        against=re.compile(
            rf"(?<![^\W\d_])(?:{_any(listed['against'])})|(?<![ء-ي])[وفبلك]?(?:ال)?(?:{_any(listed['against_ar'])})(?![ء-ي])"
        ),
    )


def _latin(listed: dict[str, list[str]]) -> str:
    terror = _inflected(listed["terror"])
    religions, currents = _inflected(listed["religions"]), _inflected(listed["currents"])
    peoples, nations = _inflected(listed["peoples"]), _inflected(listed["nationalities"])
    jihad, radical = _inflected(listed["jihad"]), _inflected(listed["radical"])
    between_words = rf"(?:{_GAP}(?:{_inflected(listed['between'])})){{0,2}}"
    between = between_words + _GAP
    linked = rf"(?:-|\s)?(?:{_any(listed['linked'])})?"
    of = rf"{between_words}\s(?:{_any(listed['of'])})\s?"
    and_ = r"(?:\s(?:and|et|or|ou|&)\s|\s?[,/]\s?)"
    is_ = rf"(?:\s(?:{_any(listed['is'])})(?:\s(?:all|the|des|les|tous|toutes|tous des|a|an|un|une|du|le|of))?)?"
    # A French adjective agrees with its noun: behind the masculine `terrorisme` a feminine belongs to another word.
    pairs = (
        (terror, f"{religions}|{currents}|{peoples}"),
        (jihad, f"{religions}|{peoples}"),
        (radical, f"{religions}|{currents}"),
    )
    phrases = [r"(?:islamo|judeo|christiano|arabo)-?\s?(?:terror|fasc|extrem|djihad|jihad|gauchis\w*-?terror)[^\W\d_]*"]
    for words, groups in pairs:
        phrases += [
            f"(?:{groups})(?:{and_}(?:{groups})){{0,2}}{linked}{is_}{between}(?:{words})",
            f"(?:{words})(?:{between}|{of})(?:{groups})(?!-?(?:majorit|phob))",
        ]
    abstract = r"(?:terrorisme|extremisme|jihadisme|djihadisme)(?:\sviolent)?\s"
    nation_of = f"(?:{terror}|{jihad})(?:{between}|{of})(?:{nations})"
    phrases += [
        f"(?P<nation>{nations})(?:{and_}(?:{nations})){{0,2}}{linked}{is_}{between}(?:{terror}|{jihad})",
        rf"(?!{abstract}[^\W\d_]+(?:enne|aise|aine|ane)s?(?![^\W\d_])){nation_of}",
    ]
    return "|".join(phrases)


_AR_FRONT = "[وف]?[بكل]?(?:ال|لل)?"


def _arabic(listed: dict[str, list[str]]) -> str:
    between = rf"(?:\s{{1,2}}{_AR_FRONT}(?:{_any(listed['violent_ar'])}))?\s{{1,2}}"
    abstract = rf"{_AR_FRONT}(?:{_any(listed['terror_ar'])})"
    people = rf"{_AR_FRONT}{_ar_adjectives(listed['terror_people_ar'])}"
    religions, peoples = listed["religions_ar"], listed["peoples_ar"]
    nouns = listed["religion_nouns_ar"] + listed["people_nouns_ar"]
    # Of an abstract noun an adjective is masculine and single; the nouns of whom it is said to be are plural.
    masculine = rf"{_AR_FRONT}(?:{_any(religions + peoples)})(?:ين|ون)?|{_AR_FRONT}(?:{_any(nouns)})"
    every = rf"{_AR_FRONT}(?:{_ar_adjectives(religions + peoples)}|{_any(nouns)})"
    radical = rf"{_AR_FRONT}{_ar_adjectives(listed['radical_ar'])}"
    of_religion = rf"{_AR_FRONT}(?:{_ar_adjectives(religions)}|{_any(listed['religion_nouns_ar'])})"
    pronoun = r"(?:\s{1,2}(?:هم|هو|هي|كلهم|جميعهم))?\s{1,2}"
    return "|".join(
        (
            rf"{abstract}{between}(?:{masculine})",
            rf"{people}{between}(?:{every})",
            rf"{every}{pronoun}(?:{people}|ال(?:{_any(listed['terror_ar'])}))",
            rf"{radical}{between}{of_religion}|{of_religion}{pronoun}{radical}",
        )
    )


def _inflected(words: list[str]) -> str:
    """One of these words in Latin script, with the endings of plural and feminine."""
    return f"(?:{_any(words)})(?:[nt]?e)?s?(?![^\\W\\d_])"


def _ar_adjectives(words: list[str]) -> str:
    """One of these adjectives in Arabic, with the endings of gender and number."""
    return f"(?:{_any(words)})(?:ه|ين|ون|ات|ا)?"


def _any(words: list[str]) -> str:
    """One of these words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))).replace("\\ ", r"\s{1,2}")
