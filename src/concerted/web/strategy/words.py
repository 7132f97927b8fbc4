"""Words for what differs, what is wrong, and what cannot be done."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from concerted.codelists.frameworks import Node
from concerted.strategies.difference import CostChange
from concerted.strategies.remap import Problem, percent_text
from concerted.web.strategy.actions import StepError
from concerted.web.ui.formats import amount, language


def name_of_line(node: Node) -> str:
    """The name of a line in the page's language, else in another one."""
    return node.name.get(language()) or next(iter(node.name.values()), node.id)


def kind_of_difference(kind: str) -> str:
    """What differs of a line."""
    return {
        "added": pgettext("a line of the strategy", "added"),
        "removed": pgettext("a line of the strategy", "removed"),
        "renamed": pgettext("a line of the strategy", "renamed"),
        "moved": pgettext("a line of the strategy", "moved"),
        "renumbered": pgettext("a line of the strategy", "renumbered"),
        "reworded": pgettext("a line of the strategy", "reworded"),
        "costs": pgettext("a line of the strategy", "costs changed"),
    }[kind]


def cost_words(change: CostChange) -> tuple[str, SafeString, SafeString]:
    """(where and when, before, after) of a cost."""
    where = " · ".join(part for part in (change.place_id or "", str(change.period)) if part)
    return where, _range(change.old, change.currency), _range(change.new, change.currency)


def _range(ends: tuple[Decimal, Decimal] | None, currency: str) -> SafeString:
    if ends is None:
        return SafeString("–")
    low, high = (amount(end, currency) for end in ends)
    return low if low == high else format_html("{} – {}", low, high)


def problem_words(problem: Problem) -> str:
    """What is wrong with where a line goes."""
    match problem.fault:
        case "missing":
            return gettext("goes nowhere yet")
        case "unknown_line":
            return gettext("%(line)s is no line of the new version") % {"line": problem.value}
        case "sum":
            return gettext("the shares sum to %(sum)s %%, not to 100") % {"sum": percent_text(int(problem.value))}
        case "share":
            return gettext("the share of %(line)s is not above zero") % {"line": problem.value}
        case "id_lives_on":
            return gettext(
                "the new version has a line with this id, so who says it means that line: it can go nowhere else. "
                "Where it should, give the new line another id"
            )


def refusal_words(error: StepError) -> str:
    """Why something was not done."""
    return {
        "meanwhile": gettext("Somebody has taken another step meanwhile. Look at it again."),
        "order": gettext("This does not follow from where it stands now."),
        "act": gettext("Say by which act it was adopted, and on which day."),
        "future": gettext("The day lies in the future."),
        "remap": gettext("Say first where every line of the version before goes, so that no record is lost."),
        "id": gettext("Another strategy is kept here. A new version has the same id in its file."),
        "words": gettext("Nothing was changed: these words are not stored here."),
        "version": gettext("This version is kept already. Give the new one a name of its own in the file."),
    }[error.code]
