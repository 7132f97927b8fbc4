"""Questions and answers of the desk in words."""

from collections.abc import Mapping

from django.utils.translation import gettext, pgettext

from concerted.publish.chain import Question
from concerted.publish.open_questions import About, AnyQuestion
from concerted.publish.proposals import NameQuestion, ProjectQuestion
from concerted.web.desk.likeness import likeness_words
from concerted.web.registry.record_relations import reason_words
from concerted.web.ui.formats import percent
from concerted.web.ui.labels import code_label

#: Reasons shown with a proposal; the others hardly matter.
REASONS = 6


def question_words(question: AnyQuestion) -> str:
    """What is asked."""
    match question:
        case Question():
            return gettext("Does the money of the first stand in the second again?")
        case NameQuestion():
            return gettext("Are both names of one organisation?")
        case ProjectQuestion():
            return {
                "same": gettext("Are both one project, told in other words?"),
                "part_of": gettext("Is the first a part of the second?"),
                "funds": gettext("Does the first fund the second?"),
                "successor_of": gettext("Does the first follow the second in time?"),
            }[question.relation]


def answers(kind: About) -> Mapping[str, str]:
    """What may be answered, by the keys of `open_questions.verdicts_of`."""
    match kind:
        case "money":
            return {
                "y": gettext("Yes: the same money"),
                "n": gettext("No: different money"),
                "s": gettext("Both are one project, told twice"),
                "p": gettext("The second is a part of the first"),
                "f": gettext("The second follows the first in time"),
            }
        case "project":
            return {
                "s": gettext("Both are one project, told twice"),
                "n": gettext("Two different projects"),
                "p": gettext("The first is a part of the second"),
                "w": gettext("The second is a part of the first"),
                "y": gettext("The first funds the second"),
                "b": gettext("The second funds the first"),
                "f": gettext("The first follows the second in time"),
            }
        case "organisation":
            return {
                "s": gettext("One organisation"),
                "n": gettext("Two organisations"),
                "p": gettext("The first is a unit of the second"),
                "w": gettext("The second is a unit of the first"),
            }


def reasons(question: AnyQuestion) -> list[tuple[str, str]]:
    """(+ or -, why) the weightiest first."""
    match question:
        case Question():
            link = question.link
            sure = gettext("%(sure)s sure") % {"sure": percent(link.percent / 100)}
            return [("+", f"{code_label('chain_sign', link.sign)} · {sure}")]
        case ProjectQuestion():
            return [
                ("+" if piece.get("bits", 0) > 0 else "−", reason_words(piece)) for piece in question.reasons[:REASONS]
            ]
        case NameQuestion():
            return [likeness_words(each) for each in question.reasons[:REASONS]]


def decision_words(decision: str) -> str:
    """What stands between the two in the list of judgements."""
    return {
        "same": pgettext("between two projects", "is the same as"),
        "part_of": pgettext("between two projects", "is a part of"),
        "funds": pgettext("between two projects", "funds"),
        "successor_of": pgettext("between two projects", "follows"),
        "different": pgettext("between two projects", "is another than"),
        "same_organisation": pgettext("between two organisations", "is the same as"),
        "unit_of": pgettext("between two organisations", "is a unit of"),
        "different_organisation": pgettext("between two organisations", "is another than"),
    }[decision]
