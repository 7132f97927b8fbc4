"""What a person may be asked, of every kind, the answer that decides most money first; and what each answer says.

Enters: an edition, a viewer, the decisions that hold. Leaves: questions, each only where the viewer sees both its ends,
and by key of each answer the decision that it makes. The command line and the desk of the site ask the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from concerted.judgements.decisions import Decision
from concerted.model.ids import id_text
from concerted.publish.chain import Asked, Question, links, questions
from concerted.publish.proposals import NameQuestion, ProjectQuestion, name_questions, project_questions

AnyQuestion: TypeAlias = Question | ProjectQuestion | NameQuestion
About = Literal["money", "project", "organisation"]


@dataclass(frozen=True)
class Verdict:
    """What an answer decides: left DECISION right."""

    decision: str
    left: str
    right: str


def open_questions(asked: Asked, about: str, book: str, decisions: Iterable[Decision] = ()) -> list[AnyQuestion]:
    """What is open: `about` money, projects, organisations or everything; the most money first.

    Names of organisations come last: what their answers may link is no part of a range yet.
    """
    known = tuple(decisions)
    money = questions(links(asked, book), known) if about in ("everything", "money") else []
    found: list[AnyQuestion] = [*money]
    if about in ("everything", "projects"):
        pairs = {frozenset((q.giver.activity_id, q.receiver.activity_id)) for q in money}
        found += project_questions(asked, known, pairs)
    found.sort(key=lambda question: -decides(question))  # among equals as they came
    if about in ("everything", "organisations"):
        found += name_questions(asked, known)
    return found


def decides(question: AnyQuestion) -> Decimal:
    """Dollars that the answer decides at most: what follows in time has money of its own."""
    if isinstance(question, ProjectQuestion) and question.relation == "successor_of":
        return Decimal(0)
    return question.usd


def ends(question: AnyQuestion) -> tuple[str, str]:
    """The two that are asked about, as decisions name them."""
    match question:
        case Question():
            return id_text(question.giver.activity_id), id_text(question.receiver.activity_id)
        case ProjectQuestion():
            return id_text(question.left.activity_id), id_text(question.right.activity_id)
        case NameQuestion():
            return question.left_key, question.right_key


def about(question: AnyQuestion) -> About:
    """What is asked about."""
    match question:
        case Question():
            return "money"
        case ProjectQuestion():
            return "project"
        case NameQuestion():
            return "organisation"


def verdicts(question: AnyQuestion) -> Mapping[str, Verdict]:
    """What may be answered, by key."""
    return verdicts_of(about(question), *ends(question))


def verdicts_of(kind: About, one: str, other: str) -> Mapping[str, Verdict]:
    """What may be answered of these two, by key: the likeliest answers first."""
    match kind:
        case "money":
            return {
                "y": Verdict("funds", one, other),
                "n": Verdict("different", one, other),
                "s": Verdict("same", one, other),
                "p": Verdict("part_of", other, one),
                "f": Verdict("successor_of", other, one),
            }
        case "project":
            return {
                "s": Verdict("same", one, other),
                "n": Verdict("different", one, other),
                "p": Verdict("part_of", one, other),
                "w": Verdict("part_of", other, one),
                "y": Verdict("funds", one, other),
                "b": Verdict("funds", other, one),
                "f": Verdict("successor_of", one, other),
            }
        case "organisation":
            return {
                "s": Verdict("same_organisation", one, other),
                "n": Verdict("different_organisation", one, other),
                "p": Verdict("unit_of", one, other),
                "w": Verdict("unit_of", other, one),
            }
