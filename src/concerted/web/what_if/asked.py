"""What is asked: the changes that a reader may know of, and what they do for him."""

from collections.abc import Sequence
from dataclasses import dataclass

from concerted.codelists.frameworks import CellRule
from concerted.matching.what_if.changes import Change
from concerted.matching.what_if.effect import Effect
from concerted.matching.what_if.ground import Ground
from concerted.web.coverage.filters import Filters
from concerted.web.edition.scope import Scope
from concerted.web.what_if.tried import effect_of, ground_of, is_there, own_filters


@dataclass(frozen=True)
class Asked:
    """Changes as one reader may know of them.

    Attributes:
        changes: without ends of projects of which he sees nothing in later years: to him there are none, whether
            somebody hides one, has made one up, or it is over. Nothing on a page or in an answer may tell which.
        gone: those that name what this picture does not have.
        ground, rule: of the framework.
    """

    filters: Filters
    changes: tuple[Change, ...]
    gone: tuple[Change, ...]
    effect: Effect
    ground: Ground
    rule: CellRule


def asked_of(scope: Scope, filters: Filters, changes: Sequence[Change]) -> Asked:
    """The question that changes are for the viewer."""
    filters = own_filters(scope, filters)
    framework = filters.framework
    there = tuple(change for change in changes if is_there(scope, framework, change))
    gone = tuple(change for change in changes if not is_there(scope, framework, change))
    effect = effect_of(scope, framework, there)
    hidden = {problem.number for problem in effect.problems if problem.kind == "nothing"}
    if hidden:
        there = tuple(change for number, change in enumerate(there) if number not in hidden)
        effect = effect_of(scope, framework, there)
    rule = scope.edition.frameworks[framework].rule
    return Asked(filters, there, gone, effect, ground_of(scope, framework), rule)
