"""Relations of an activity in words: `maybe the same project as ..`, with the reasons.

Enters: a scope and an activity. Leaves: rows for the template.
"""

from typing import Any

from django.utils.translation import gettext

from concerted.model.ids import id_text
from concerted.publish.chain import Asked
from concerted.publish.relations import Relation, relations_of, speaks_for
from concerted.web.edition.scope import Scope
from concerted.web.registry.record import Values
from concerted.web.ui.formats import percent
from concerted.web.ui.labels import code_label

#: Proposals less likely than this are noise to a reader; the table holds them all.
LIKELY = 0.2


def relations(scope: Scope, activity: int) -> list[Values]:
    """Each relation with its sentence, the other activity, how sure it is and why."""
    found = relations_of(Asked(scope.rows, scope.filter), activity, LIKELY)
    return [
        {
            "word": _word(relation),
            "title": relation.title or gettext("Activity without a title"),
            "organisation": relation.organisation,
            "activity": id_text(relation.other_id),
            "how": _how(relation),
            "is_sure": relation.decided_by != "rule",
            "reasons": [reason_words(piece) for piece in speaks_for(relation)],
            "is_contradicted": relation.is_contradicted,
        }
        for relation in found
    ]


def _word(relation: Relation) -> str:
    maybe = relation.decided_by == "rule"
    match relation.relation, relation.is_left:
        case "same", _:
            return gettext("maybe the same project as") if maybe else gettext("the same project as")
        case "part_of", True:
            return gettext("maybe a part of") if maybe else gettext("a part of")
        case "part_of", False:
            return gettext("maybe holds") if maybe else gettext("holds")
        case "funds", True:
            return gettext("maybe funds") if maybe else gettext("funds")
        case "funds", False:
            return gettext("maybe funded by") if maybe else gettext("funded by")
        case "successor_of", True:
            return gettext("maybe follows") if maybe else gettext("follows")
        case "successor_of", False:
            return gettext("maybe followed by") if maybe else gettext("followed by")
        case _:
            return gettext("another project than")


def _how(relation: Relation) -> str:
    match relation.decided_by:
        case "judgement":
            return gettext("a person said so")
        case "declared":
            return gettext("declared")
        case _:
            return percent(relation.probability)


def reason_words(piece: dict[str, Any]) -> str:
    """A reason in words; its values stand in braces in the words of the list."""
    text = code_label("relation_reason", str(piece.get("code")))
    for name, value in piece.items():
        text = text.replace("{" + name + "}", str(value))
    return text
