"""What is kept beside on an activity's page: its organisation tells it in two sources, and decided which one counts.

Enters: an `ActivityRecord`. Leaves: rows for the template, and the statements with what each of them says itself.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext, pgettext

from concerted.model.subjects import COLUMNS_OF, DATES, PLACES
from concerted.web.registry.record import ActivityRecord, Values
from concerted.web.registry.record_words import day_of
from concerted.web.ui.labels import activity_state, subject_word


def as_they_say(record: ActivityRecord) -> list[Values]:
    """The statements, each with its own dates and state where those of another one count."""
    own = {(r["record_id"], r["subject"]): r["own"] for r in record.children["precedence"] if not r["is_counted"]}
    found = []
    for statement in record.statements:
        key = statement["record_id"], DATES
        said = json.loads(own[key] or "{}") if key in own else None
        found.append(statement if said is None else statement | {c: _value(c, said.get(c)) for c in COLUMNS_OF[DATES]})
    return found


def kept_beside(record: ActivityRecord) -> list[Values]:
    """Each subject of a statement that does not count, with what it says, why, and where the one stands that counts."""
    places = {s["record_id"]: f"{s['input_path']}:{s['line']}" for s in record.statements}
    return [
        {
            "subject": subject_word(row["subject"]),
            "where": places[row["record_id"]],
            "said": _said(record, row),
            "counts": places.get(row["other_record_id"], ""),
            "decided_on": row["decided_on"],
            "why": _why(row["rule"]),
        }
        for row in record.children["precedence"]
        if not row["is_counted"] and row["record_id"] in places
    ]


def _why(rule: str) -> str:
    return {
        "decided": gettext("as its organisation decided"),
        "more_open": gettext("more people see it"),
        "alone": gettext("the source that was chosen says nothing of it"),
    }.get(rule, "")


def _said(record: ActivityRecord, row: Values) -> str:
    """What the statement itself says; of money and people its own rows are on the page."""
    if row["subject"] == PLACES:
        names = (r["name"] or r["place_id"] for r in record.children["location"] if r["record_id"] == row["record_id"])
        return _listed(names)
    said: dict[str, str] = json.loads(row["own"] or "{}")
    return _listed(_word(column, said[column]) for column in COLUMNS_OF.get(row["subject"], ()) if column in said)


def _word(column: str, text: str) -> str:
    """A value as it is read; codes and languages are told by the words beside them."""
    if column == "state":
        return activity_state(text)
    if column.endswith("_date"):
        return day_of(date.fromisoformat(text))
    return "" if column.endswith(("_lang", "_code")) else text


def _value(column: str, text: str | None) -> Any:
    return date.fromisoformat(text) if text and column.endswith("_date") else text


def _listed(values: Iterable[str | None]) -> str:
    return pgettext("between items of a list", ", ").join(dict.fromkeys(value for value in values if value))
