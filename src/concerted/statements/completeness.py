"""The seven fields without which an activity cannot stand in the picture, and what is missing of them.

Place on the way: beside the form and the to-do list of a partner. A document enters; the fields that are open leave.
Saving never waits for them: what is missing is a gap to be filled, said on the record and counted as unknown.
"""

from collections.abc import Callable, Mapping
from typing import Any

from concerted.statements.document import Document

#: Name of the attribute by which an owner says that the amount is not known yet; a blank says nothing.
AMOUNT_UNKNOWN = "amount_unknown"


def _rows(document: Document, table: str) -> list[Mapping[str, Any]]:
    return document.get(table) or []


def _has_title(document: Document) -> bool:
    return any(row["field"] == "title" for row in _rows(document, "narrative"))


def _has_doer(document: Document) -> bool:
    """Somebody does it; of a request somebody asks for it."""
    activity = document["activity"]
    if activity.get("state") == "requested":
        return bool(activity.get("reporting_org_name") or activity.get("reporting_org_ref"))
    return any(row["role_code"] == "4" for row in _rows(document, "participating_org"))


def _has_period(document: Document) -> bool:
    activity = document["activity"]
    return all(any(activity.get(f"{end}_{kind}_date") for kind in ("planned", "actual")) for end in ("start", "end"))


def _has_money(document: Document) -> bool:
    has_amount = any(_rows(document, table) for table in ("budget", "transaction"))
    return has_amount or any(row["name"] == AMOUNT_UNKNOWN for row in _rows(document, "attribute"))


#: In the order of the form.
REQUIRED: dict[str, Callable[[Document], bool]] = {
    "title": _has_title,
    "organisation": _has_doer,
    "state": lambda document: document["activity"].get("state") is not None,
    "period": _has_period,
    "place": lambda document: any(_rows(document, table) for table in ("location", "recipient")),
    "node": lambda document: any(row["kind"] == "tag" for row in _rows(document, "tag")),
    "money": _has_money,
}


def missing(document: Document) -> list[str]:
    """Names of the required fields that a document does not state, in the order of the form."""
    return [name for name, is_there in REQUIRED.items() if not is_there(document)]
