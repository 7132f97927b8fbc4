"""What needs and offers say, in words."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext

from concerted.codelists import lists
from concerted.codelists.need_words import Ask as Which
from concerted.codelists.need_words import ask_columns
from concerted.intake.vocabulary import Vocabulary
from concerted.statements.document import SHARING
from concerted.web.asks.given import Given
from concerted.web.asks.listing import Row, amount_words
from concerted.web.asks.models import VALIDATED
from concerted.web.ui.formats import language, number
from concerted.web.workspace import words

#: Columns that a page shows in words of its own.
_ELSEWHERE = frozenset(
    {*SHARING, "title", "state", "kind", "currency", "unit", "provider_org_ref"}
    | {f"{end}_{unit}" for end in ("low", "high", "most") for unit in ("value", "quantity")}
)


def standing_word(which: Which, standing: str) -> str:
    """The state of a need or offer as of a day."""
    if standing == "past":
        return pgettext("need or offer", "its last day has passed")
    return lists.label(f"{which}_state", standing, language()) or standing


def state_action(which: Which, state: str) -> str:
    """The button by which an owner gives this state."""
    return {
        ("need", "open"): gettext("It is asked for again"),
        ("need", "met"): gettext("It is met"),
        ("need", "withdrawn"): gettext("Withdraw it"),
        ("offer", "open"): gettext("It is offered again"),
        ("offer", "taken"): gettext("It is taken"),
        ("offer", "withdrawn"): gettext("Withdraw it"),
    }[which, state]


def given_word(row: Row, given: Given | None) -> str:
    """How far it is met, or used, by matches that its reader knows; empty where nothing is, and where it is over."""
    if given is None or not given.agreed or row.standing not in ("open", VALIDATED):
        return ""
    if row.which == "offer":
        return gettext("used in part")
    return gettext("met in part") if given.delivered else gettext("agreed in part")


def unit(row: Row) -> str:
    """What matches of it count: dollars, or its own unit."""
    return "USD" if row.stated["kind"] == "money" else row.stated.get("unit") or ""


def amount(row: Row) -> str:
    """How much is missing or offered; said where it is unknown, for unknown is not zero."""
    return amount_words(row, _number) or pgettext("how much", "amount unknown")


def facts(row: Row, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """What it says, (what, value): amounts, then its columns in the order of the sheet, then what it names."""
    table = row.which
    found = [(words.column_word(table, "kind"), words.value_word(table, "kind", row.stated["kind"], vocabulary))]
    found.append((gettext("How much"), amount(row)))
    for name in ask_columns(table):
        value = row.stated.get(name)
        if value is not None and name not in _ELSEWHERE:
            found.append((words.column_word(table, name), words.value_word(table, name, value, vocabulary)))
    for kind in dict.fromkeys(term["kind"] for term in row.terms):
        told = [_term(term, vocabulary) for term in row.terms if term["kind"] == kind]
        found.append((words.term_word(kind), pgettext("between items of a list", ", ").join(told)))
    return found


def terms_of(row: Row, kind: str, vocabulary: Vocabulary) -> str:
    """The places or lines of a row in one cell of a list."""
    told = [words.term_value(kind, code, vocabulary) for code in row.codes(kind)]
    return pgettext("between items of a list", ", ").join(told)


def _term(term: Any, vocabulary: Vocabulary) -> str:
    text = words.term_value(term["kind"], term["code"], vocabulary)
    is_left_out = "people" in (term.get("suppressed") or "").split(",")
    if term.get("people") is None and not is_left_out:
        return text
    which = gettext("suppressed") if is_left_out else number(term["people"])
    return gettext("%(what)s: %(which)s") % {"what": text, "which": which}


def _number(text: str) -> str:
    value = Decimal(text)
    return number(value, 0 if value == value.to_integral_value() else 2)
