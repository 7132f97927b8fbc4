"""An activity's record as its page shows it: facts of each statement side by side, and each list with its sources.

Enters: an `ActivityRecord`. Leaves: rows of words and values for the template. Codes become words here; what a source
wrote stays as it wrote it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, pgettext

from concerted.codelists.issues import catalogue
from concerted.model.ids import id_text
from concerted.publish.messages import message
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.names import place_label
from concerted.web.edition.frameworks import Tree
from concerted.web.edition.scope import Scope
from concerted.web.registry.record import ActivityRecord, Values, transaction_value
from concerted.web.registry.titles import activity_titles
from concerted.web.ui.formats import day
from concerted.web.ui.labels import activity_state, code_label, kind_of_money

STEPS = ("requested", "planned", "ongoing", "completed")
ON_ACTIVITY = -1


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
        "cells": _cells(scope, record, filters, lang),
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
        "participants": _participants(record),
        "places": _places(scope, record, lang),
        "labels": _labels(scope, record, lang),
        "transactions": _transactions(record, filters.currency),
        "budgets": _budgets(record, filters.currency),
        "links": _links(record),
        "results": _results(record),
        "documents": [
            d | {"is_safe": _is_web(d["url"])} for d in _different(record.children["document"], "url", "title")
        ],
        "people": [p | {"line": sources[p["record_id"]]["line"]} for p in record.children["people"]],
        "attributes": _different(record.children["attribute"], "name", "value"),
        "issues": [_issue(row, lang) for row in record.children["issue"]],
        "sectors": _sectors(record),
        "sources": sources,
    }


def _made_title(scope: Scope, record: ActivityRecord, lang: str) -> str | None:
    return activity_titles(scope, [record.activity_id], lang)[record.activity_id][0]


def _texts(record: ActivityRecord, lang: str, field: str) -> list[Values]:
    """Different texts of one field over all statements, those in the reader's language first."""
    seen: dict[str, Values] = {}
    rows = [r for r in record.children["narrative"] if r["field"] == field]
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
        (gettext("Planned start"), lambda s: _day(s["start_planned_date"])),
        (gettext("Actual start"), lambda s: _day(s["start_actual_date"])),
        (gettext("Planned end"), lambda s: _day(s["end_planned_date"])),
        (gettext("Actual end"), lambda s: _day(s["end_actual_date"])),
        (gettext("Scope"), lambda s: _code("ActivityScope", s["activity_scope_code"])),
        (gettext("Default currency"), lambda s: s["default_currency"] or ""),
        (gettext("Aid type"), lambda s: _code("AidType", s["default_aid_type_code"])),
        (gettext("Finance type"), lambda s: _code("FinanceType", s["default_finance_type_code"])),
        (gettext("Prevention of violent extremism"), lambda s: _code("pve_level", s["pve_level"])),
        (gettext("May its money be in another statement?"), lambda s: _code("double_risk", s["double_risk"])),
        (gettext("True at the latest on"), lambda s: _day(s["freshness_date"])),
        (gettext("Last updated by its source"), lambda s: _day(s["last_updated"])),
        (gettext("Counted now"), lambda s: _code("yes_no", "yes" if s["is_current"] else "no")),
    )
    facts = []
    for label, read in words:
        values = tuple(read(s) for s in record.statements)
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
                "role": _code("OrganisationRole", row["role_code"]),
                "shown": name,
                "stated": row["name"],
                "org": id_text(row["org_id"]) if row["org_id"] in record.names else None,
            }
        )
    return _different(rows, "role", "shown", "stated", "ref")


def _different(rows: list[Values], *columns: str) -> list[Values]:
    """The rows without repetitions: several statements often say the same."""
    seen: dict[tuple[Any, ...], Values] = {}
    for row in rows:
        seen.setdefault(tuple(row[c] for c in columns), row)
    return list(seen.values())


def _places(scope: Scope, record: ActivityRecord, lang: str) -> list[Values]:
    """The spread of the activity itself, each place with what its statement wrote."""
    written: dict[tuple[int, str | None], list[Values]] = defaultdict(list)
    for row in record.children["location"]:
        written[row["record_id"], row["place_id"]].append(row)
    rows = []
    for row in record.children["place_share"]:
        if row["transaction_seq"] != ON_ACTIVITY:
            continue
        rows.append(
            row
            | {
                "shown": place_label(scope, row["place_id"], lang),
                "precision_word": _code("precision", row["precision"]),
                "part": row["share"] / 1e9,
                "written": written.pop((row["record_id"], row["place_id"]), []),
            }
        )
    unplaced = [row for found in written.values() for row in found if row["place_id"] is None]
    rows += [{"shown": gettext("Could not be placed"), "written": [row], "part": None} | row for row in unplaced]
    return rows


def _labels(scope: Scope, record: ActivityRecord, lang: str) -> list[Values]:
    rows = []
    for row in record.children["label"]:
        tree: Tree | None = scope.edition.frameworks.get(row["framework_id"])
        node = tree.nodes.get(row["node_id"]) if tree else None
        rows.append(
            row
            | {
                "framework": tree.label(lang) if tree else row["framework_id"],
                "node": node.label(lang) if node else row["node_id"],
                "how": _code("label_method", row["method"]),
                "why": _evidence(row["evidence"]),
            }
        )
    return rows


def _evidence(found: Any) -> list[str]:
    """Each piece of evidence in words: the code and who related it to the node, or the words and where they stand."""
    return [_piece(entry) for entry in (found if isinstance(found, list) else [found]) if entry]


def _piece(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    if spans := entry.get("spans"):
        # Each piece is isolated: words of one script in a sentence of another keep their order.
        seen = dict.fromkeys(f"«\u2068{span.get('words')}\u2069» ({_field(span.get('field'))})" for span in spans)
        return pgettext("between items of a list", ", ").join(seen)
    parts = [_field(entry.get("field"))]
    if code := entry.get("code"):
        name = code_label("Sector", str(code)) if entry.get("vocabulary") == "1" else str(code)
        parts.append(f"{code} {name}" if name != str(code) else str(code))
    if crosswalk := entry.get("crosswalk"):
        relation = _code("relation", crosswalk.get("relation"))
        said = (relation, str(crosswalk.get("author") or ""), str(crosswalk.get("date") or ""))
        parts.append(pgettext("between items of a list", ", ").join(part for part in said if part))
    known = {"field", "code", "vocabulary", "crosswalk", "spans"}
    parts += [f"{key}: {value}" for key, value in entry.items() if key not in known and value not in (None, "", [])]
    return " · ".join(part for part in parts if part)


def _field(name: Any) -> str:
    return {
        "title": gettext("title"),
        "description": gettext("description"),
        "sector": gettext("sector"),
        "policy-marker": gettext("policy marker"),
        "tag": gettext("tag"),
    }.get(str(name), str(name or ""))


def _transactions(record: ActivityRecord, currency: str) -> list[Values]:
    rows = []
    for row in record.children["transaction"]:
        rows.append(
            row
            | {
                "kind": _code("TransactionType", row["type_code"]),
                "in_currency": transaction_value(row, currency),
                "provider": _side(record, row, "provider"),
                "receiver": _side(record, row, "receiver"),
            }
        )
    return rows


def _side(record: ActivityRecord, row: Values, side: str) -> Values | None:
    """Who gave or got the money, and the activity at that end where the viewer may see it."""
    org, activity = row[f"{side}_org_id"], row[f"{side}_activity_id"]
    name = record.names.get(org) or row[f"{side}_org_name"] or row[f"{side}_org_ref"]
    if not name and not row[f"{side}_activity_ref"]:
        return None
    return {
        "name": name or row[f"{side}_activity_ref"],
        "activity": id_text(activity) if activity in record.titles else None,
        "activity_ref": row[f"{side}_activity_ref"],
    }


def _budgets(record: ActivityRecord, currency: str) -> list[Values]:
    return [
        row | {"kind_word": kind_of_money(row["kind"]), "in_currency": transaction_value(row, currency)}
        for row in record.children["budget"]
    ]


def _links(record: ActivityRecord) -> list[Values]:
    """Declared relations. The other end has a link only where the viewer may see it: hidden and absent look alike."""
    lists = {"related": "RelatedActivityType", "participating": "OrganisationRole"}
    rows = []
    for row in record.children["activity_link"]:
        other = row["other_activity_id"]
        if row["kind"] == "other_identifier" and other not in record.titles:
            continue  # it is a relation only because the other activity is here
        title, title_lang = record.titles.get(other, (None, None))
        word = _code(lists[row["kind"]], row["type_code"]) if row["kind"] in lists and row["type_code"] else ""
        rows.append(
            row
            | {
                "word": word or _link_kind(row["kind"]),
                "title": title,
                "title_lang": title_lang,
                "activity": id_text(other) if other in record.titles and other != record.activity_id else None,
            }
        )
    return rows


def _link_kind(kind: str) -> str:
    return {
        "related": gettext("related activity"),
        "provider": gettext("money comes from"),
        "receiver": gettext("money goes to"),
        "participating": gettext("named by a participant"),
        "other_identifier": gettext("also known as"),
    }.get(kind, kind)


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
            "shown": _code("Sector", row["code"]) if row["vocabulary_code"] == "1" else row["name"] or row["code"],
            "vocabulary": _code("SectorVocabulary", row["vocabulary_code"]),
        }
        for row in record.children["sector"]
        if row["transaction_seq"] == ON_ACTIVITY
    ]
    return _different(rows, "vocabulary_code", "code", "shown", "pct")


def _issue(row: Values, lang: str) -> Values:
    known = row["code"] in catalogue()
    text = message(row | {"values": _as_json(row["values"]), "count": 1}, lang) if known else row["code"]
    return row | {"text": text}


def _as_json(values: Any) -> str:
    import json

    return json.dumps(values, ensure_ascii=False)


def _cells(scope: Scope, record: ActivityRecord, filters: Filters, lang: str) -> Values:
    """The activity's shares in the framework: a line per node, place and year, a column per kind of money."""
    tree = scope.edition.frameworks[filters.framework]
    kinds = sorted({row["finance_kind"] for row in record.allocations} - {"presence"})
    lines: dict[tuple[str, str, int | None], Values] = {}
    for row in record.allocations:
        node = tree.nodes.get(row["node_id"])
        line = lines.setdefault(
            (row["node_id"], row["place_id"], row["period"]),
            {
                "node": node.label(lang) if node else gettext("Outside these priorities"),
                "place": place_label(scope, row["place_id"], lang),
                "period": row["period"],
                "is_suggested": node is not None and not row["is_confirmed"],
                "money": [None] * len(kinds),
            },
        )
        if row["finance_kind"] in kinds:
            line["money"][kinds.index(row["finance_kind"])] = row["money"]
    return {"kinds": [kind_of_money(kind) for kind in kinds], "lines": list(lines.values())}


def _code(list_id: str, code: str | None) -> str:
    return code_label(list_id, code) if code else ""


def _day(value: date | datetime | None) -> str:
    return day(value) if value else ""


def _is_web(url: str | None) -> bool:
    """Only web addresses become links: a source may write anything, `javascript:` included."""
    return bool(url) and str(url).lower().startswith(("https://", "http://"))
