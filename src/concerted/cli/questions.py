"""Questions as `concerted reconcile` asks them: lines to read, keys to press, and the decision that each key writes.

Enters: an edition and the decisions that hold. Leaves: questions about money, projects and organisations, those first
whose answer can move most money.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from concerted.codelists.lists import label
from concerted.judgements.decisions import Decision
from concerted.model.ids import id_text
from concerted.publish.chain import Asked, Question, end_text
from concerted.publish.open_questions import AnyQuestion, decides, open_questions, verdicts
from concerted.publish.proposals import NameQuestion, ProjectQuestion, Side

#: What is proposed of two activities, as a sentence.
_PROPOSED = {
    "same": "both are one project",
    "part_of": "the first is a part of the second",
    "funds": "the first funds the second",
    "successor_of": "the first follows the second in time",
}
#: So many reasons are read with a proposal; the others hardly matter.
_REASONS = 4


@dataclass(frozen=True)
class Answer:
    """What a key says, and the decision that it writes: left DECISION right."""

    words: str = field(compare=False)
    decision: str = field(compare=False)
    left: str = field(compare=False, default="")
    right: str = field(compare=False, default="")


@dataclass(frozen=True)
class Ask:
    """One question.

    Attributes:
        lines: what is read, the first one short.
        answers: by key.
        usd: what the answer decides at most.
        about, reason: kept with the answer.
        row: the same for machines.
    """

    lines: tuple[str, ...]
    answers: Mapping[str, Answer]
    usd: Decimal
    about: str
    reason: str
    row: Mapping[str, Any]


def asks(asked: Asked, about: str, book: str, decisions: Iterable[Decision] = ()) -> list[Ask]:
    """What is open: `about` money, projects, organisations or everything; the most money first."""
    return [ask_about(question) for question in open_questions(asked, about, book, decisions)]


def ask_about(question: AnyQuestion) -> Ask:
    """A question of any kind."""
    match question:
        case Question():
            return ask_about_money(question)
        case ProjectQuestion():
            return ask_about_project(question)
        case NameQuestion():
            return ask_about_names(question)


def _answers(question: AnyQuestion, words: Mapping[str, str]) -> dict[str, Answer]:
    said = verdicts(question)
    return {key: Answer(text, said[key].decision, said[key].left, said[key].right) for key, text in words.items()}


def ask_about_money(question: Question) -> Ask:
    """Does the giver's money stand in the receiver again?"""
    giver, receiver = id_text(question.giver.activity_id), id_text(question.receiver.activity_id)
    link = question.link
    return Ask(
        (
            f"up to {question.usd:,.0f} USD  ({link.sign.replace('_', ' ')}, {link.percent} % sure)",
            f"  gives     {end_text(question.giver)}",
            f"  receives  {end_text(question.receiver)}",
        ),
        _answers(
            question,
            {
                "y": "the giver's money stands in the receiver again",
                "n": "different money",
                "s": "one and the same project, told twice",
                "p": "the receiver is a part of the giver",
                "f": "the receiver follows the giver in time",
            },
        ),
        question.usd,
        f"{question.giver.title or giver} | {question.receiver.title or receiver}",
        f"{link.sign}, {question.usd} USD at most",
        {
            "about": "money",
            "book": link.book,
            "sign": link.sign,
            "percent": link.percent,
            "usd_at_most": question.usd,
            "giver": giver,
            "giver_identifier": question.giver.identifier,
            "giver_title": question.giver.title,
            "receiver": receiver,
            "receiver_identifier": question.receiver.identifier,
            "receiver_title": question.receiver.title,
        },
    )


def ask_about_project(question: ProjectQuestion) -> Ask:
    """Do both tell of one project?"""
    left, right = id_text(question.left.activity_id), id_text(question.right.activity_id)
    return Ask(
        (
            f"{question.probability:.0%} sure: {_PROPOSED[question.relation]}; up to {question.usd:,.0f} USD",
            f"  first   {_side_text(question.left)}",
            f"  second  {_side_text(question.right)}",
            *(f"    {line}" for line in _reasons(question.reasons)),
        ),
        _answers(
            question,
            {
                "s": "one and the same project, told twice",
                "n": "different projects",
                "p": "the first is a part of the second",
                "w": "the second is a part of the first",
                "y": "the first funds the second",
                "b": "the second funds the first",
                "f": "the first follows the second in time",
            },
        ),
        decides(question),
        f"{question.left.title or left} | {question.right.title or right}",
        f"proposed: {question.relation}, {question.probability:.2f}",
        {
            "about": "project",
            "relation": question.relation,
            "probability": question.probability,
            "usd_at_most": question.usd,
            "left": left,
            "left_identifier": question.left.identifier,
            "left_title": question.left.title,
            "right": right,
            "right_identifier": question.right.identifier,
            "right_title": question.right.title,
            "reasons": question.reasons,
        },
    )


def ask_about_names(question: NameQuestion) -> Ask:
    """Are both names of one organisation?"""
    left, right = question.left_key, question.right_key
    return Ask(
        (
            f"{question.probability:.0%} sure: one organisation; it may link up to {question.usd:,.0f} USD",
            f"  first   {question.left_name or left}; {left}",
            f"  second  {question.right_name or right}; {right}",
            *(f"    {line}" for line in question.reasons[:_REASONS]),
        ),
        _answers(
            question,
            {
                "s": "one organisation",
                "n": "two organisations",
                "p": "the first is a unit of the second",
                "w": "the second is a unit of the first",
            },
        ),
        question.usd,
        f"{question.left_name or left} | {question.right_name or right}",
        f"proposed: {question.probability:.2f}",
        {
            "about": "organisation",
            "probability": question.probability,
            "usd_at_most": question.usd,
            "left": left,
            "left_name": question.left_name,
            "right": right,
            "right_name": question.right_name,
            "reasons": question.reasons,
        },
    )


def _side_text(side: Side) -> str:
    who = f" ({side.organisation})" if side.organisation else ""
    name = side.identifier or id_text(side.activity_id)
    return f"{side.title or 'without title'}{who}; {name}; {side.input_path}:{side.line}"


def _reasons(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """Reasons in words, the weightiest first: `+ the same country (2.5)`."""
    lines = []
    for reason in list(found)[:_REASONS]:
        words = label("relation_reason", reason["code"], "en") or reason["code"]
        sign = "+" if reason["bits"] > 0 else "-"
        lines.append(f"{sign} {words.format_map({'what': '', **reason})} ({abs(reason['bits']) / 1000:.1f})")
    return lines
