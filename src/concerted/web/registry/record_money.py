"""The money of a record and what it is related to: transactions, budgets, shares, declared relations.

Enters: an `ActivityRecord`. Leaves: rows for the template. The other end of a relation has a link only where the viewer
may see it.
"""

from django.utils.translation import gettext

from concerted.model.finance import KIND_OF_TYPE, UNKNOWN_KIND
from concerted.model.ids import id_text
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.names import place_label
from concerted.web.edition.scope import Scope
from concerted.web.registry.record import ActivityRecord, Values, transaction_value
from concerted.web.registry.record_words import code
from concerted.web.ui.labels import kind_of_money


def transactions(record: ActivityRecord, currency: str) -> list[Values]:
    """Each transaction with its kind, both its ends and its value in the reader's currency."""
    rows = []
    for row in record.children["transaction"]:
        rows.append(
            row
            | {
                "kind": code("TransactionType", row["type_code"]),
                "in_currency": transaction_value(row, currency),
                "is_aside": (row["record_id"], KIND_OF_TYPE.get(row["type_code"], UNKNOWN_KIND)) in record.aside,
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


def budgets(record: ActivityRecord, currency: str) -> list[Values]:
    """Budgets and planned payments."""
    return [
        row
        | {
            "kind_word": kind_of_money(row["kind"]),
            "in_currency": transaction_value(row, currency),
            "is_aside": (row["record_id"], row["kind"]) in record.aside,
        }
        for row in record.children["budget"]
    ]


def links(record: ActivityRecord) -> list[Values]:
    """Declared relations. The other end has a link only where the viewer may see it: hidden and absent look alike."""
    lists = {"related": "RelatedActivityType", "participating": "OrganisationRole"}
    rows = []
    for row in record.children["activity_link"]:
        other = row["other_activity_id"]
        if row["kind"] == "other_identifier" and other not in record.titles:
            continue  # it is a relation only because the other activity is here
        title, title_lang = record.titles.get(other, (None, None))
        word = code(lists[row["kind"]], row["type_code"]) if row["kind"] in lists and row["type_code"] else ""
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


def cells(scope: Scope, record: ActivityRecord, filters: Filters, lang: str) -> Values:
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
