"""Which priorities a record serves, with the evidence in words.

Enters: an `ActivityRecord`. Leaves: rows for the template.
"""

from typing import Any

from django.utils.translation import gettext, pgettext

from concerted.web.edition.frameworks import Tree
from concerted.web.edition.scope import Scope
from concerted.web.registry.record import ActivityRecord, Values
from concerted.web.registry.record_words import code
from concerted.web.ui.labels import code_label


def labels(scope: Scope, record: ActivityRecord, lang: str) -> list[Values]:
    """Each label with its framework, node, method and evidence."""
    rows = []
    for row in record.children["label"]:
        tree: Tree | None = scope.edition.frameworks.get(row["framework_id"])
        node = tree.nodes.get(row["node_id"]) if tree else None
        rows.append(
            row
            | {
                "framework": tree.label(lang) if tree else row["framework_id"],
                "node": node.label(lang) if node else row["node_id"],
                "how": code("label_method", row["method"]),
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
    if coded := entry.get("code"):
        name = code_label("Sector", str(coded)) if entry.get("vocabulary") == "1" else str(coded)
        parts.append(f"{coded} {name}" if name != str(coded) else str(coded))
    if crosswalk := entry.get("crosswalk"):
        relation = code("relation", crosswalk.get("relation"))
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
