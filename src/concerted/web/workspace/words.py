"""Words for the parts of a document: for history, merging and what is missing."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from django.utils.translation import gettext, pgettext

from concerted.codelists import lists
from concerted.codelists.need_words import ASKS, Ask, ask_columns, ask_word, value_list
from concerted.intake.cells import KIND_OF
from concerted.intake.vocabulary import Vocabulary
from concerted.marking.keys import Label, parse_key
from concerted.statements.changes import Change
from concerted.statements.rows import Row
from concerted.web.ui.formats import day, language, number
from concerted.web.ui.labels import activity_state, kind_of_money
from concerted.web.workspace.clearing import SECURITY_SUPPORT


def missing_word(name: str) -> str:
    """What a required field is called where it is missing."""
    return {
        "title": gettext("Title"),
        "organisation": gettext("Who does it"),
        "state": gettext("State"),
        "period": gettext("From and until"),
        "place": gettext("Where"),
        "node": gettext("Lines of the strategy"),
        "money": gettext("Money, or that it is not known yet"),
    }[name]


def row_word(row: Row, vocabulary: Vocabulary) -> str:
    """What a row of a document is about, in words."""
    key = list(row.name)
    match row.table:
        case "activity" | "need" | "offer":
            return ""
        case "term":
            return _of(term_word(key[0]), term_value(key[0], key[1], vocabulary))
        case "narrative":
            text = gettext("Title") if key[0] == "title" else gettext("Description")
            return f"{text} ({lists.label('Language', key[1], language()) or key[1]})" if key[1] else text
        case "participating_org":
            role = {
                "1": gettext("Who pays"),
                "2": gettext("Who answers for it"),
                "3": gettext("Through whom"),
                "4": gettext("Who does it"),
            }.get(key[0], key[0])
            return _of(role, key[2] or key[1])
        case "location":
            where = next((part for part in key[2:5] if part), "")
            return _of(gettext("Where"), vocabulary.place_word(where, _lang()) or key[1] or key[5] or key[6] or key[7])
        case "recipient":
            return _of(gettext("Country or region"), lists.label("Country", key[1], language()) or key[1] or key[2])
        case "tag":
            return _of(gettext("Lines of the strategy"), vocabulary.node_word(key[-1], _lang()) or key[-1])
        case "transaction":
            kind = KIND_OF.get(key[1])
            return _joined(kind_of_money(kind) if kind else gettext("Money"), _day(key[2]))
        case "budget":
            return _joined(kind_of_money(key[0]), _day(key[2]))
        case "policy_marker" if key[1] == "1":
            return gettext("Equality of women and men")
        case "people":
            return gettext("People reached") if key[0] == "reached" else gettext("People to be reached")
        case "result":
            return _of(gettext("Results"), key[1])
        case "document":
            return _of(gettext("Links"), key[0])
        case "attribute":
            return {
                "amount_unknown": gettext("The amount is not known yet"),
                "state_reason": gettext("Why"),
                "state_evidence": gettext("Evidence"),
                SECURITY_SUPPORT: gettext("Support to security forces outside the UN"),
            }.get(key[0], key[0])
    return " ".join((row.table, *filter(None, key)))


def term_word(kind: str) -> str:
    """What a term of a need or offer is about."""
    return ask_word("offer" if kind == "receiver_type" else "need", kind, _lang())


def term_value(kind: str, code: str, vocabulary: Vocabulary) -> str:
    """A term of a need or offer as people read it."""
    match kind:
        case "place":
            return vocabulary.place_word(code, _lang()) or code
        case "node":
            return vocabulary.node_word(code, _lang()) or code
        case "receiver_type":
            return lists.label("OrganisationType", code, language()) or code
        case "language":
            return lists.label("Language", code, language()) or code
    return lists.label("people_group", code, language()) or code


def column_word(table: str, column: str) -> str:
    """What a column is called; its name in the field dictionary where there is no word for it."""
    if (ask := _ask(table)) and column in ask_columns(ask):
        return ask_word(ask, column, _lang())
    words = {
        "people": gettext("Number"),
        "title_lang": gettext("Language of the title"),
        "marking_key": gettext("Who may see it"),
        "coarse_marking_key": gettext("What others see of it"),
        "coarse_place_level": gettext("Places in the coarse view"),
        "is_partner_hidden": gettext("Do not say who works there"),
        "is_counted_hidden": gettext("Let it count in totals all the same"),
        "state": gettext("State"),
        "start_planned_date": gettext("From (planned)"),
        "start_actual_date": gettext("From (as it was)"),
        "end_planned_date": gettext("Until (planned)"),
        "end_actual_date": gettext("Until (as it was)"),
        "identifier": gettext("Identifier"),
        "ref": gettext("Identifier"),
        "reporting_org_name": gettext("Reported by"),
        "reporting_org_ref": gettext("Identifier of who reports"),
        "reporting_org_type_code": gettext("Kind of who reports"),
        "value": gettext("Amount") if table in ("transaction", "budget") else gettext("Value"),
        "currency": gettext("Currency"),
        "value_date": gettext("Day of the rate"),
        "transaction_date": gettext("Day"),
        "period_start_date": gettext("From"),
        "period_end_date": gettext("Until"),
        "provider_org_name": gettext("From whom"),
        "receiver_org_name": gettext("To whom"),
        "significance_code": gettext("Weight"),
        "type_code": gettext("Kind"),
        "kind": gettext("Kind"),
        "text": gettext("Text"),
        "name": gettext("Name"),
        "title": gettext("Title"),
        "pct": gettext("Share"),
    }
    return words.get(column, column)


def value_word(table: str, column: str, value: Any, vocabulary: Vocabulary) -> str:
    """A value as people read it; empty where nothing is said."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(value_word(table, name, each, vocabulary) for name, each in value.items())
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if column.endswith("marking_key"):
        return _marking(str(value))
    if (ask := _ask(table)) and column in ask_columns(ask):
        return _asked(ask, column, value)
    if column == "state":
        return activity_state(str(value))
    if column.endswith("_date"):
        return _day(str(value))
    if table in ("transaction", "budget") and column == "value":
        return _amount(str(value))
    if column == "reporting_org_type_code" or (table == "participating_org" and column == "type_code"):
        return lists.label("OrganisationType", str(value), language()) or str(value)
    if table == "transaction" and column == "type_code":
        return kind_of_money(KIND_OF[value]) if value in KIND_OF else str(value)
    if column == "significance_code":
        return lists.label("PolicySignificance", str(value), language()) or str(value)
    if table == "tag" and column == "code":
        return vocabulary.node_word(str(value), _lang()) or str(value)
    if column.startswith("admin") and column.endswith("_code"):
        return vocabulary.place_word(str(value), _lang()) or str(value)
    return str(value)


def _ask(table: str) -> Ask | None:
    return next((ask for ask in ASKS if ask == table), None)


def _asked(table: Ask, column: str, value: Any) -> str:
    if column.endswith("_date"):
        return _day(str(value))
    if column.endswith("_value"):
        return _amount(str(value))
    if isinstance(value, int | float):
        return lists.label("urgency", str(value), language()) or "" if column == "urgency" else number(value, 0)
    listed = value_list(table, column)
    return (lists.label(listed, str(value), language()) if listed else None) or str(value)


def attribute_word(name: str, value: str) -> str:
    """The value of an attribute as people read it."""
    if name in (SECURITY_SUPPORT, "amount_unknown"):
        return {"yes": gettext("yes"), "no": gettext("no")}.get(value, value)
    return value


def change_word(change: Change, vocabulary: Vocabulary) -> str:
    """What changed, without its values. A text is named by what it is a text of."""
    if change.row.table == "narrative" and change.column == "text":
        return row_word(change.row, vocabulary)
    return _joined(row_word(change.row, vocabulary), column_word(change.row.table, change.column))


def needs_word(code: str) -> str:
    """What a step still needs."""
    return {
        "step": gettext("This step does not follow from the state as it is now."),
        "doer": gettext("who does it"),
        "date": gettext("the day"),
        "date_order": gettext("an end that is not before the start"),
        "date_future": gettext("a day that is not in the future"),
        "reason": gettext("why"),
        "evidence": gettext("evidence: the address of a page or report, or who saw it"),
        "due_diligence": gettext("the due-diligence record, or whether it supports security forces"),
    }[code]


def step_word(now: str | None, state: str) -> str:
    """The button of a step from the state that an activity is in now; null = nobody has said."""
    match now, state:
        case None, "requested":
            return gettext("It is requested")
        case "ongoing", "planned":
            return gettext("Back to a plan")
        case "completed", "ongoing":
            return gettext("It goes on")
    return {
        "requested": gettext("Back to a request"),
        "planned": gettext("Plan it"),
        "ongoing": gettext("It has begun"),
        "completed": gettext("It is completed"),
        "cancelled": gettext("Cancel it"),
    }[state]


def note_word(note: str) -> str:
    """How a version came about."""
    kind, _sign, rest = note.partition(":")
    match kind:
        case "joined":
            return gettext("joined with what another had saved")
        case "asked":
            return gettext("after a choice between two")
        case "step":
            return gettext("step: %(state)s") % {"state": activity_state(rest)}
        case "restored":
            return gettext("brought back from version %(number)s") % {"number": rest}
        case "remark":
            return gettext("proposed by another, and accepted")
        case "receipt":
            return gettext("accepted from a sheet or file")
        case "undone":
            return gettext("a sheet or file was undone")
        # That a match did it is for both sides alone: who reads the history may not know of matches.
        case "state" | "match":
            return gettext("its state was changed")
        case "diligence":
            return gettext("due diligence by a human-rights focal point")
    return ""


#: Columns that repeat what the name of their row says already.
SAID_BY_NAME = frozenset(
    {"field", "lang", "vocabulary_code", "vocabulary_uri", "kind", "role_code", "code", "country_code", "type_code"}
    | {f"admin{level}_{part}" for level in (1, 2, 3) for part in ("code", "name")}
)


def change_lines(changes: Sequence[Change], vocabulary: Vocabulary) -> list[tuple[str, str, str]]:
    """Changes as (what, before, after). A row whose name says all of it is one line."""
    found: list[tuple[str, str, str]] = []
    for row, of_row in groupby(changes, key=lambda change: change.row):
        told = list(of_row)
        shown = [change for change in told if change.column not in SAID_BY_NAME or not row.name]
        if told[0].kind != "field" and not shown:
            label, _sign, rest = row_word(row, vocabulary).partition(": ")
            found.append((label, "", rest) if told[0].kind == "row_new" else (label, rest, ""))
            continue
        for change in shown or told:
            old, new = (value_word(row.table, change.column, v, vocabulary) for v in (change.old, change.new))
            found.append((change_word(change, vocabulary), old, new))
    return found


def channel_word(channel: str) -> str:
    """The way by which a version came."""
    return {
        "page": pgettext("way in", "page"),
        "sheet": pgettext("way in", "sheet"),
        "api": pgettext("way in", "interface for programs"),
        "command": pgettext("way in", "command line"),
        "job": pgettext("way in", "background task"),
    }.get(channel, channel)


def _marking(key: str) -> str:
    marking = parse_key(key)
    label = "NOBODY" if marking.label is Label.NOBODY else str(marking.label)
    told = f"TLP:{label}" + (f" ({len(marking.names)})" if marking.names else "")
    match marking.label:
        case Label.CLEAR:
            return f"{gettext('everybody')} · {told}"
        case Label.GREEN:
            return f"{gettext('everybody who signs in')} · {told}"
        case _:
            return told


def _amount(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return number(value, 0 if value == value.to_integral_value() else 2)


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text


def _of(what: str, which: str | None) -> str:
    return gettext("%(what)s: %(which)s") % {"what": what, "which": which} if which else what


def _joined(*parts: str) -> str:
    return pgettext("between items of a list", ", ").join(part for part in parts if part)


def _lang() -> Any:
    return language()
