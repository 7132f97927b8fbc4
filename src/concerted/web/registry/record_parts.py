"""An activity's record as its page shows it: facts of each statement side by side, and each list with its sources.

Enters: an `ActivityRecord`. Leaves: rows of words and values for the template. Codes become words here; what a source
wrote stays as it wrote it.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from concerted.codelists.issues import catalogue
from concerted.model.ids import id_text
from concerted.model.subjects import PEOPLE, PLACES, TEXTS
from concerted.model.tables import ON_ACTIVITY
from concerted.publish.messages import message
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.names import place_label
from concerted.web.edition.scope import Scope
from concerted.web.registry.record import ActivityRecord, Values
from concerted.web.registry.record_beside import as_they_say, kept_beside
from concerted.web.registry.record_labels import labels
from concerted.web.registry.record_money import budgets, cells, links, transactions
from concerted.web.registry.record_words import code, day_of, different
from concerted.web.registry.titles import activity_titles
from concerted.web.ui import formats
from concerted.web.ui.labels import activity_state, kind_of_money, subject_word

STEPS = ("requested", "planned", "ongoing", "completed")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison: what it is, and each statement's value; `differs` when they disagree."""

    label: str
    values: tuple[str, ...]
    differs: bool


def record_parts(scope: Scope, record: ActivityRecord, filters: Filters, lang: str) -> dict[str, Any]:
    """What the template of an activity needs."""
    parts: dict[str, Any] = {
        "steps": [(s, activity_state(s), s == record.state) for s in STEPS],
        "state": activity_state(record.state),
        "by_kind": [(kind_of_money(kind), money) for kind, money in record.by_kind],
        "cells": cells(scope, record, filters, lang),
    }
    if record.is_coarse:
        return parts
    sources = {s["record_id"]: s for s in record.statements}
    titles, descriptions = _texts(record, lang, "title"), _texts(record, lang, "description")
    return parts | {
        "title": titles[0] if titles else None,
        "titles": titles[1:],
        "made_title": None if titles else _made_title(scope, record, lang),
        "descriptions": descriptions,
        "statements": record.statements,
        "facts": _facts(record),
        "beside": kept_beside(record),
        "participants": _participants(record),
        "places": _places(scope, record, lang),
        "labels": labels(scope, record, lang),
        "transactions": transactions(record, filters.currency),
        "budgets": budgets(record, filters.currency),
        "links": links(record),
        "results": _results(record),
        "documents": [
            d | {"is_safe": _is_web(d["url"])} for d in different(record.children["document"], "url", "title")
        ],
        "people": [
            p | {"line": sources[p["record_id"]]["line"], "is_aside": (p["record_id"], PEOPLE) in record.aside}
            for p in record.children["people"]
        ],
        "attributes": different(record.children["attribute"], "name", "value"),
        "issues": [_issue(row, lang) for row in record.children["issue"]],
        "sectors": _sectors(record),
        "sources": sources,
    }


def _made_title(scope: Scope, record: ActivityRecord, lang: str) -> str | None:
    return activity_titles(scope, [record.activity_id], lang)[record.activity_id][0]


def _texts(record: ActivityRecord, lang: str, field: str) -> list[Values]:
    """Different texts of one field over all statements, those in the reader's language first."""
    seen: dict[str, Values] = {}
    told = [r for r in record.children["narrative"] if r["field"] == field]
    rows = [r for r in told if (r["record_id"], TEXTS) not in record.aside]
    if not rows:
        rows = [
            {"record_id": s["record_id"], "lang": s[f"{field}_lang"], "text": s[field]}
            for s in record.statements
            if s[field]
        ]
    order = {s["record_id"]: i for i, s in enumerate(record.statements)}
    for row in sorted(rows, key=lambda r: (r["lang"] != lang, order.get(r["record_id"], 99))):
        seen.setdefault(row["text"].strip(), row)
    return list(seen.values())


def _facts(record: ActivityRecord) -> list[Fact]:
    words: tuple[tuple[str, Callable[[Values], str]], ...] = (
        (gettext("Reported by"), lambda s: s["reporting_org_name"] or s["reporting_org_ref"] or ""),
        (gettext("Identifier"), lambda s: s["identifier"] or ""),
        (gettext("State"), lambda s: activity_state(s["state"])),
        (gettext("Planned start"), lambda s: day_of(s["start_planned_date"])),
        (gettext("Actual start"), lambda s: day_of(s["start_actual_date"])),
        (gettext("Planned end"), lambda s: day_of(s["end_planned_date"])),
        (gettext("Actual end"), lambda s: day_of(s["end_actual_date"])),
        (gettext("Scope"), lambda s: code("ActivityScope", s["activity_scope_code"])),
        (gettext("Default currency"), lambda s: s["default_currency"] or ""),
        (gettext("Aid type"), lambda s: code("AidType", s["default_aid_type_code"])),
        (gettext("Finance type"), lambda s: code("FinanceType", s["default_finance_type_code"])),
        (gettext("Prevention of violent extremism"), lambda s: code("pve_level", s["pve_level"])),
        (gettext("May its money be in another statement?"), lambda s: code("double_risk", s["double_risk"])),
        (gettext("True at the latest on"), lambda s: day_of(s["freshness_date"])),
        (gettext("Last updated by its source"), lambda s: day_of(s["last_updated"])),
        (gettext("Counted now"), lambda s: code("yes_no", "yes" if s["is_current"] else "no")),
    )
    statements, facts = as_they_say(record), []
    for label, read in words:
        values = tuple(read(s) for s in statements)
        if any(values):
            facts.append(Fact(label, values, len({v for v in values if v}) > 1))
    return facts


def _participants(record: ActivityRecord) -> list[Values]:
    rows = []
    for row in record.children["participating_org"]:
        name = record.names.get(row["org_id"]) or row["name"] or row["ref"] or gettext("Name not stated")
        rows.append(
            row
            | {
                "role": code("OrganisationRole", row["role_code"]),
                "shown": name,
                "stated": row["name"],
                "org": id_text(row["org_id"]) if row["org_id"] in record.names else None,
            }
        )
    return different(rows, "role", "shown", "stated", "ref")


def _places(scope: Scope, record: ActivityRecord, lang: str) -> list[Values]:
    """The spread of the activity itself, each place with what its statement wrote."""
    written: dict[tuple[int, str | None], list[Values]] = defaultdict(list)
    for row in record.children["location"]:
        if (row["record_id"], PLACES) in record.aside:
            continue
        written[row["record_id"], row["place_id"]].append(row)
    rows = []
    for row in record.children["place_share"]:
        if row["transaction_seq"] != ON_ACTIVITY or (row["record_id"], PLACES) in record.aside:
            continue
        rows.append(
            row
            | {
                "shown": place_label(scope, row["place_id"], lang),
                "precision_word": code("precision", row["precision"]),
                "part": row["share"] / 1e9,
                "written": written.pop((row["record_id"], row["place_id"]), []),
            }
        )
    unplaced = [row for found in written.values() for row in found if row["place_id"] is None]
    rows += [{"shown": gettext("Could not be placed"), "written": [row], "part": None} | row for row in unplaced]
    return rows


def _results(record: ActivityRecord) -> list[Values]:
    periods: dict[tuple[int, int], list[Values]] = defaultdict(list)
    for row in record.children["indicator_period"]:
        periods[row["record_id"], row["indicator_seq"]].append(row)
    indicators: dict[tuple[int, int], list[Values]] = defaultdict(list)
    for row in record.children["indicator"]:
        indicators[row["record_id"], row["result_seq"]].append(
            row | {"periods": periods.get((row["record_id"], row["seq"]), [])}
        )
    return [r | {"indicators": indicators.get((r["record_id"], r["seq"]), [])} for r in record.children["result"]]


def _sectors(record: ActivityRecord) -> list[Values]:
    rows = [
        row
        | {
            "shown": code("Sector", row["code"]) if row["vocabulary_code"] == "1" else row["name"] or row["code"],
            "vocabulary": code("SectorVocabulary", row["vocabulary_code"]),
        }
        for row in record.children["sector"]
        if row["transaction_seq"] == ON_ACTIVITY
    ]
    return different(rows, "vocabulary_code", "code", "shown", "pct")


def _issue(row: Values, lang: str) -> Values:
    known = row["code"] in catalogue()
    text = (
        message(row | {"values": json.dumps(_in_words(row), ensure_ascii=False), "count": 1}, lang)
        if known
        else row["code"]
    )
    return row | {"text": text}


def _in_words(row: Values) -> Values:
    """Values of an issue as people say them: its message knows no word for what two sources tell, and no day."""
    values: Values = dict(row["values"] or {})
    if row["code"] == "other_source_counts":
        values |= {
            "subject": subject_word(values["subject"]),
            "decided_on": formats.day(date.fromisoformat(values["decided_on"])),
        }
    return values


def _is_web(url: str | None) -> bool:
    """Only web addresses become links: a source may write anything, `javascript:` included."""
    return bool(url) and str(url).lower().startswith(("https://", "http://"))
