"""What the pages of a package show: a board in the words of the reader."""

from collections.abc import Mapping
from typing import Any

from concerted.codelists.package_templates import templates
from concerted.matching.packages.leaving import Leaving
from concerted.matching.packages.parts import Range
from concerted.web.edition.scope import Scope
from concerted.web.packages import words
from concerted.web.packages.board import Board, money_of
from concerted.web.packages.components import line_of, places
from concerted.web.sharing.queries import names_of_groups


def context_of(board: Board, scope: Scope | None, lang: str) -> dict[str, Any]:
    """The context of a board's template."""
    package, edition = board.package, scope.edition if scope else None
    named = dict(places(edition, lang))
    template = templates().get(package.template)
    return {
        "board": board,
        "package": package,
        "owner": package.owner.label(lang),
        "condition": words.condition_word(package.condition),
        "audience": _audience(board),
        "template": template and template.name[lang],
        "serves": [line_of(key, edition, lang).name for key in package.nodes],
        "places": [named.get(key, key) for key in package.places],
        "components": [(each, words.filling_word(each.filling)) for each in board.components],
        "empty": [each.component.name for each in board.components if each.filling == "nothing"],
        "order": [board.line(key) for key in board.schedule.order],
        "unknown": [board.line(key) for key in board.schedule.unknown],
        "clashes": [(board.line(c.key), board.line(c.waits_for), c.days) for c in board.schedule.clashes],
        "late": [board.line(key) for key in board.schedule.late],
        "called_off": [line for line in board.lines if not line.part.is_live],
        "money": _money(board.budget.by_kind),
        "agreed": sorted(board.budget.agreed.items()),
        "put_forward": sorted(board.budget.put_forward.items()),
        "missing": [words.missing_words(each) for each in board.budget.missing.values()],
        "leaving": [_leaving(board, each) for each in board.leaving],
        "to_answer": [line for line in board.lines if line.answer and not board.is_own],
    }


def _money(by_kind: Mapping[str, Range]) -> list[tuple[str, Any]]:
    return [(kind, money_of(amount)) for kind, amount in by_kind.items()]


def _leaving(board: Board, each: Leaving) -> dict[str, Any]:
    names = {shown.component.key: shown.component.name for shown in board.components}
    return {
        "partner": board.names[each.partner],
        "lines": [board.line(key) for key in each.parts],
        "money": _money(each.money),
        "waits": [board.line(key) for key in each.waits],
        "components": [names[key] for key in each.components],
        "breaks": each.breaks,
    }


def _audience(board: Board) -> str:
    """Who reads it; what a group is called is told to its package's owner alone, who chose it."""
    package = board.package
    if package.audience in ("partners", "signed_in"):
        return words.audience_word(package.audience)
    if not board.is_own:
        return words.audience_word("a_group")
    return words.audience_word("group") % {"name": names_of_groups([package.audience]).get(package.audience, "")}
