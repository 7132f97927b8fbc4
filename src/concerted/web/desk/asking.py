"""A question of the desk with all that who answers it is shown."""

from typing import Any

from concerted.judgements.decisions import activity_id
from concerted.model.ids import id_text
from concerted.publish.chain import Question, ToldActivity
from concerted.publish.open_questions import AnyQuestion, about, decides, ends
from concerted.publish.proposals import NameQuestion, ProjectQuestion
from concerted.web.chain.effects import Effect
from concerted.web.desk import queries, words
from concerted.web.edition.scope import Scope

KINDS = ("everything", "money", "projects", "organisations")
BOOKS = ("spent", "commitment", "pledge")
#: Questions that are listed behind the one that is asked.
LISTED = 10


def shown(scope: Scope, question: AnyQuestion, book: str) -> dict[str, Any]:
    """Both sides, why it is asked, and what an answer would do."""
    left, right = ends(question)
    kind = about(question)
    columns: list[dict[str, Any]] = []
    effect: Effect | None = None
    if isinstance(question, NameQuestion):
        names = (question.left_name, question.right_name)
        columns = [{"title": name, "identifier": key} for name, key in zip(names, (left, right), strict=True)]
    else:
        found = queries.sides(scope, [activity_id(left), activity_id(right)])
        both = [found[activity_id(end)] for end in (left, right)]
        columns = [{"side": side, "title": side.title, "activity": id_text(side.activity)} for side in both]
        effect = queries.effect(scope, question, book, both)
    return {
        "question": words.question_words(question),
        "kind": kind,
        "left": left,
        "right": right,
        "columns": columns,
        "reasons": words.reasons(question),
        "sure": question.probability if isinstance(question, ProjectQuestion | NameQuestion) else None,
        "usd": decides(question),
        "effect": effect,
        "shown_book": question.link.book if isinstance(question, Question) else queries.BOOK,
        "links": queries.chain_links(scope, question, book),
        "answers": list(words.answers(kind).items()),
    }


def names_in(question: AnyQuestion) -> tuple[str, str]:
    """What the two are called."""
    match question:
        case NameQuestion():
            return question.left_name or question.left_key, question.right_name or question.right_key
        case ProjectQuestion():
            return _called(question.left), _called(question.right)
        case _:
            return _called(question.giver), _called(question.receiver)


def _called(told: ToldActivity) -> str:
    return told.title or told.identifier or id_text(told.activity_id)
