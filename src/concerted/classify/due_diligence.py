"""Whether an activity supports security forces that are not of the UN, so that due diligence comes before it goes on.

Place on the way: beside step 5; asked by the workspace before an activity may be *ongoing*. Facts of one activity
enter; an answer leaves, with its reasons: yes, ask its owner, or no. It is no finding about a force, and never a
permission.

Source: Human Rights Due Diligence Policy on United Nations support to non-United Nations security forces
(A/67/775-S/2013/110), sections on who and what it covers. Support is training, mentoring and advice, help to those
who command or manage, money (salaries, allowances), logistics and operations; not training in humanitarian, human
rights and refugee law, setting standards, mediation, and evacuation of the sick. The policy binds UN entities; we ask
every partner the same question, because the harm is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from concerted.classify.matcher import Matcher
from concerted.classify.words import Span, TextPart, Texts, Vocabulary
from concerted.codelists.lexicon import is_folded_term
from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml

Answer = Literal["yes", "ask", "no"]
Why = Literal["receiver", "purpose", "words", "words_far", "outside"]
KINDS = ("force", "authority", "support", "outside", "void")

#: DAC purposes that are support to forces by what they are: police.
FORCE_PURPOSES = frozenset({"15132"})
#: Purposes that often are: security systems, peacekeeping, narcotics, organised crime, immigration services, prisons.
NEAR_PURPOSES = frozenset({"15210", "15230", "16063", "1513010", "15136", "15137"})
#: Words of support stand this many words at most from the force.
REACH = 6
#: Words of a description between a force and what takes it out of the policy's scope.
OUTSIDE_REACH = 12


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What an activity says of itself: DAC purpose codes, names of those who receive or implement, and texts."""

    purpose_codes: frozenset[str] = frozenset()
    receiver_names: tuple[str, ...] = ()
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the sort of sign, the purpose code where it is one, and the words behind it."""

    why: Why
    code: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class DueDiligence:
    """Whether due diligence is needed before the activity is ongoing, and why."""

    answer: Answer
    reasons: tuple[Reason, ...] = ()


class _Find(NamedTuple):
    """A term in one text: its list, its first and last word, and where it stands."""

    kind: str
    first: int
    last: int
    span: Span


@dataclass(slots=True)
class _Forces:
    """Forces of one text, by what stands around them."""

    supported: list[Reason] = field(default_factory=list)
    mentioned: list[Reason] = field(default_factory=list)
    outside: list[Reason] = field(default_factory=list)


def due_diligence_needed(facts: ActivityFacts) -> DueDiligence:
    """The answer for one activity.

    *Yes*: a force or its ministry receives or implements; or the purpose is police; or the title names a force and
    support in a few words; or a purpose that often is such support has a force beside support in the texts. *Ask*:
    such a purpose alone, or a force beside support in the description, or a force in the title. *No*: none of these,
    or every force stands where the policy says that it is no support.
    """
    return due_diligence_of([facts])[0]


def due_diligence_of(activities: Sequence[ActivityFacts]) -> list[DueDiligence]:
    """The answers for many activities, in their order: the same as one by one, in less than half the time."""
    statements = [_parts(facts) for facts in activities]
    found = iter(_finds(statements))
    return [_answer(facts, [next(found) for _ in parts]) for facts, parts in zip(activities, statements, strict=True)]


def _parts(facts: ActivityFacts) -> list[TextPart]:
    parts = [TextPart("title", facts.title), TextPart("description", facts.description)]
    return parts + [TextPart("receiver", name) for name in facts.receiver_names]


def _answer(facts: ActivityFacts, found_in: Sequence[Sequence[_Find]]) -> DueDiligence:
    """The answer for one activity, from the terms of its texts."""
    in_title, in_description, *in_names = found_in
    receivers = [Reason("receiver", span=one.span) for found in in_names for one in _forces(found)]
    title, description = _read(in_title), _read(in_description)
    sure = [Reason("purpose", code) for code in sorted(facts.purpose_codes & FORCE_PURPOSES)]
    near = [Reason("purpose", code) for code in sorted(facts.purpose_codes & NEAR_PURPOSES)]
    supported = [*title.supported, *description.supported]
    yes = [*receivers, *sure, *title.supported]
    if near and supported:
        yes += [*near, *description.supported]
    if yes:
        return DueDiligence("yes", _once(yes))
    asked = [*near, *supported, *title.mentioned]
    if asked:
        return DueDiligence("ask", _once(asked))
    return DueDiligence("no", _once([*title.outside, *description.outside]))


def _finds(statements: Sequence[Sequence[TextPart]]) -> list[list[_Find]]:
    """The terms of each text, of all statements one after the other, by place."""
    matcher, vocabulary = _matcher(), _vocabulary()
    texts = Texts.of(statements, vocabulary)
    finds = matcher.find(texts)
    found: list[list[_Find]] = [[] for _ in texts.parts]
    for term, first, last in zip(finds.term.tolist(), finds.first.tolist(), finds.last.tolist(), strict=True):
        found[int(texts.part[first])].append(_Find(matcher.terms[term][0], first, last, texts.span(first, last)))
    if vocabulary.is_full:
        _vocabulary.cache_clear()
    return found


def _forces(found: Sequence[_Find]) -> list[_Find]:
    """Forces and those who command them, but not where a wording only looks so."""
    voids = [one for one in found if one.kind == "void"]
    return [
        one
        for one in found
        if one.kind in ("force", "authority")
        and not any(void.first <= one.last and one.first <= void.last for void in voids)
    ]


def _read(found: Sequence[_Find]) -> _Forces:
    forces = _Forces()
    for force in _forces(found):
        if any(one.kind == "outside" and _apart(force, one) <= OUTSIDE_REACH for one in found):
            forces.outside.append(Reason("outside", span=force.span))
        elif any(one.kind == "support" and _apart(force, one) <= REACH for one in found):
            forces.supported.append(Reason("words", span=force.span))
        else:
            forces.mentioned.append(Reason("words_far", span=force.span))
    return forces


def _apart(one: _Find, other: _Find) -> int:
    """Words between two finds."""
    return max(0, max(one.first, other.first) - min(one.last, other.last) - 1)


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


@cache
def _vocabulary() -> Vocabulary:
    """The words met so far, which spares to look each up again."""
    return Vocabulary()


@cache
def _matcher() -> Matcher[str]:
    """The word lists compiled.

    Raises:
        ConfigError: a list is missing or a term is not written as the lexicon reads it.
    """
    raw = load_yaml(files("concerted.classify").joinpath("due_diligence_words.yml").read_text("utf-8"))
    lists = {kind: [term.strip() for term in raw[kind].split(",") if term.strip()] for kind in KINDS}
    for kind, terms in lists.items():
        for term in terms:
            if not is_folded_term(term):
                raise ConfigError(f"due_diligence_words.yml, {kind}: {term!r} is not folded (lower case, no accents)")
    return Matcher.of(lists)
