"""A record as the cells of a small sheet.

Place on the way: between documents and sheets, both ways. What is written here is what a partner sees; a cell that
comes back as it was written says nothing new, whatever it would mean if it were typed anew.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from concerted.codelists import lists
from concerted.codelists.frameworks import Lang
from concerted.intake.templates import Template
from concerted.intake.vocabulary import TRANSACTION_KINDS, Vocabulary
from concerted.statements.document import Document
from concerted.statements.life import EVIDENCE, REASON

#: What a cell may hold: text, day, amount, number of people.
CellValue = str | date | Decimal | int
SEPARATOR = "; "
KIND_OF = {code: kind for kind, code in TRANSACTION_KINDS.items()}


def cells_of(
    document: Document, template: Template, lang: Lang, vocabulary: Vocabulary
) -> Iterator[dict[str, CellValue]]:
    """The rows of a record on a sheet, by column, without those that say nothing; one row but for money."""
    head: dict[str, CellValue | None] = {"code": code_of(document), "title": title_of(document, lang)}
    match template:
        case "activities":
            rows = [head | _activity(document, lang, vocabulary)]
        case "progress":
            rows = [head | _progress(document, lang)]
        case "money":
            # Empty for a record without money, so that there is a row to fill in.
            rows = [head | row for row in money_rows(document, lang)] or [head]
    for row in rows:
        yield {name: value for name, value in row.items() if value is not None}


def code_of(document: Document) -> str:
    """What a record is called on sheets: its own identifier, else the record's."""
    return str(document["activity"].get("identifier") or document["record"])


def title_of(document: Document, lang: Lang) -> str | None:
    """The title in a language, else the first one."""
    titles = [row for row in document.get("narrative") or () if row["field"] == "title"]
    return next((row["text"] for row in titles if row.get("lang") == lang), titles[0]["text"] if titles else None)


def money_rows(document: Document, lang: Lang) -> Iterator[dict[str, CellValue | None]]:
    """Transactions of the kinds that a sheet tells of, each with its reference."""
    words = lists.labels("finance_kind", lang)
    for row in document.get("transaction") or ():
        kind = KIND_OF.get(row["type_code"])
        if kind is None:
            continue
        side = "provider_org_name" if kind == "incoming" else "receiver_org_name"
        yield {
            "kind": words[kind],
            "date": _day(row.get("transaction_date")),
            "amount": Decimal(row["value"]),
            "currency": row.get("currency") or document["activity"].get("default_currency"),
            "other_side": row.get(side),
            "ref": row.get("ref"),
        }


def place_ids(document: Document) -> list[str]:
    """Ids of the areas that a record names, each once; countries where it names the whole of one."""
    found = [
        next((row[f"admin{n}_code"] for n in (3, 2, 1) if row.get(f"admin{n}_code")), None)
        for row in document.get("location") or ()
    ]
    countries = [
        row.get("code")
        for row in document.get("recipient") or ()
        if row["kind"] == "country" and row.get("transaction_seq", -1) == -1
    ]
    return list(dict.fromkeys(place for place in (*found, *(() if any(found) else countries)) if place))


def node_ids(document: Document, framework_id: str) -> list[str]:
    """Lines of a strategy that a record names."""
    return [row["code"] for row in document.get("tag") or () if row.get("vocabulary_uri") == framework_id]


def attribute(document: Document, name: str) -> str | None:
    """The value of an attribute."""
    return next((row["value"] for row in document.get("attribute") or () if row["name"] == name), None)


def reached(document: Document) -> int | None:
    """People reached, all groups together, where that is stated."""
    found = document.get("people") or ()
    return next((row["value"] for row in found if row["kind"] == "reached" and row.get("group") is None), None)


def _activity(document: Document, lang: Lang, vocabulary: Vocabulary) -> dict[str, CellValue | None]:
    stated = document["activity"]
    doers = [
        row["name"] for row in document.get("participating_org") or () if row["role_code"] == "4" and row.get("name")
    ]
    places = [vocabulary.place_word(place, lang) for place in place_ids(document)]
    framework = vocabulary.framework
    nodes = [vocabulary.node_word(node, lang) for node in node_ids(document, framework.id)] if framework else []
    return {
        "doer": _joined(doers),
        "state": _state(stated, lang),
        "start": _day(stated.get("start_actual_date") or stated.get("start_planned_date")),
        "end": _day(stated.get("end_actual_date") or stated.get("end_planned_date")),
        "places": _joined(places),
        "nodes": _joined(nodes),
    }


def _progress(document: Document, lang: Lang) -> dict[str, CellValue | None]:
    stated = document["activity"]
    return {
        "state": _state(stated, lang),
        "started": _day(stated.get("start_actual_date")),
        "ended": _day(stated.get("end_actual_date")),
        "reached": reached(document),
        "evidence": attribute(document, EVIDENCE),
        "note": attribute(document, REASON),
    }


def _state(stated: Mapping[str, Any], lang: Lang) -> str | None:
    return lists.label("state", stated["state"], lang) if stated.get("state") else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _joined(words: list[str | None] | list[str]) -> str | None:
    return SEPARATOR.join(word for word in words if word) or None
