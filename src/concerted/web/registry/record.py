"""One activity: every statement about it that the viewer may see, side by side, each value with its file and line.

Enters: a scope and an activity id. Leaves: `ActivityRecord`, in full where a precise statement is visible; where only a
coarse view is, nothing but what its allocations say. Nothing visible at all is the same as nothing there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from concerted.model.tables import UNCLASSIFIED
from concerted.publish.visible import counts_sql
from concerted.store.query import COUNTS_OF_PEOPLE
from concerted.web.coverage.filters import NotThere
from concerted.web.edition.money import AMOUNTS, Money, column_suffix, in_currency, money_of, money_sums
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.titles import activity_titles

#: Rows of one kind shown on the page of an activity; the page says how many more there are.
MOST = 200

Values = dict[str, Any]


@dataclass(frozen=True)
class ActivityRecord:
    """What the page of an activity shows. Lists of rows are dictionaries by column, joined to `record_id`."""

    activity_id: int
    is_coarse: bool
    state: str | None
    statements: list[Values] = field(default_factory=list)
    children: dict[str, list[Values]] = field(default_factory=dict)
    allocations: list[Values] = field(default_factory=list)
    by_kind: list[tuple[str, Money]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    titles: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)

    @property
    def aside(self) -> set[tuple[int, str]]:
        """(record_id, subject) of what is kept beside: its organisation decided that its other source counts."""
        return {(r["record_id"], r["subject"]) for r in self.children["precedence"] if not r["is_counted"]}

    @property
    def main(self) -> Values:
        """The statement that speaks first: current, then newest."""
        return self.statements[0]


#: Table -> the order in which its rows are shown. Each is asked for by the record ids that the viewer may see.
_CHILDREN = {
    "narrative": "record_id, field, seq, lang",
    "participating_org": "record_id, seq",
    "identifier": "record_id, seq",
    "location": "record_id, seq",
    "place_share": "record_id, share DESC, place_id",
    "label": "is_confirmed DESC, probability DESC, framework_id, node_id, method",
    "transaction": "record_id, transaction_date DESC NULLS LAST, seq",
    "budget": "record_id, kind, period_start_date, seq",
    "activity_link": "kind, ref",
    "sector": "record_id, transaction_seq, seq",
    "policy_marker": "record_id, seq",
    "result": "record_id, seq",
    "indicator": "record_id, seq",
    "indicator_period": "record_id, indicator_seq, seq",
    "document": "record_id, seq",
    "people": "record_id, seq",
    "attribute": "record_id, name",
    "precedence": "record_id, subject",
}


def read_activity(scope: Scope, activity_id: int, framework: str, currency: str, lang: str) -> ActivityRecord:
    """The record of an activity.

    Args:
        scope: who looks at which edition.
        activity_id: the activity that is counted.
        framework: the framework whose allocations are summed; each holds the whole money of an activity.
        currency: of the sums.
        lang: of names and titles.

    Raises:
        NotThere: there is none, or none of which the viewer may see anything.
    """
    allocations = _allocations(scope, activity_id, framework, currency)
    statements = _statements(scope, activity_id)
    if not statements:
        if not allocations:
            raise NotThere("activity")
        state = allocations[0]["state"]
        return ActivityRecord(activity_id, True, state, allocations=allocations, by_kind=_by_kind(allocations))
    ids = [s["record_id"] for s in statements]
    children = _children(scope, ids)
    for table in ("label", "issue"):
        for row in children[table]:
            column = "evidence" if table == "label" else "values"
            row[column] = _json(row[column])
    orgs = [s["org_id"] for s in statements]
    orgs += [r["org_id"] for r in children["participating_org"]]
    orgs += [r[c] for r in children["transaction"] for c in ("provider_org_id", "receiver_org_id")]
    linked = [r["other_activity_id"] for r in children["activity_link"]]
    linked += [r[c] for r in children["transaction"] for c in ("provider_activity_id", "receiver_activity_id")]
    return ActivityRecord(
        activity_id=activity_id,
        is_coarse=False,
        state=statements[0]["state"],
        statements=statements,
        children=children,
        allocations=allocations,
        by_kind=_by_kind(allocations),
        names=organisation_names(scope, orgs, lang),
        titles=activity_titles(scope, linked, lang),
    )


def _statements(scope: Scope, activity_id: int) -> list[Values]:
    return scope.dicts(
        f"""
        SELECT a.*, t.lang AS detected_lang, m.level AS pve_level, m.probability AS pve_probability
        FROM core_activity a
        LEFT JOIN core_text_language t ON t.record_id = a.record_id
        LEFT JOIN core_pve_marker m ON m.record_id = a.record_id
        WHERE a.activity_id = $activity AND {scope.filter.sql_precise("a")}
        ORDER BY a.is_current DESC, a.freshness_date DESC NULLS LAST, a.record_id""",
        {"activity": activity_id},
    )


def _allocations(scope: Scope, activity_id: int, framework: str, currency: str) -> list[Values]:
    rows = scope.dicts(
        f"""
        SELECT node_id, place_id, precision, period, finance_kind, min(state) AS state,
               bool_and(is_confirmed) AS is_confirmed, bool_or(is_unvalued) AS is_unvalued, {money_sums(currency)}
        FROM out_allocation a
        WHERE activity_id = $activity AND framework_id = $framework AND {scope.filter.sql()}
        GROUP BY node_id, place_id, precision, period, finance_kind
        ORDER BY node_id = '{UNCLASSIFIED}', node_id, place_id, period, finance_kind""",
        {"activity": activity_id, "framework": framework},
    )
    for row in rows:
        row["money"] = money_of([row.pop(name) for name in AMOUNTS], currency)
    return rows


def _by_kind(allocations: list[Values]) -> list[tuple[str, Money]]:
    sums: dict[str, Money] = {}
    for row in allocations:
        money: Money = row["money"]
        if money.is_known:
            sums[row["finance_kind"]] = sums.get(row["finance_kind"], Money()).plus(money)
    return sorted(sums.items())


def _children(scope: Scope, ids: list[int]) -> dict[str, list[Values]]:
    """Rows of the tables of statements. One query for all that have any: to plan one for each takes longer than to read
    them."""
    wanted = dict(_rows_of(scope, ids))
    children: dict[str, list[Values]] = {table: [] for table in (*_CHILDREN, "issue")}
    if wanted:
        lists = ", ".join(f"(SELECT list(row) FROM ({sql}) AS row) AS {table}" for table, sql in wanted.items())
        (found,) = scope.dicts(
            f"""
            WITH seen AS MATERIALIZED (
                SELECT record_id FROM core_activity WHERE record_id IN {_listed(ids)} AND {scope.filter.sql_precise()})
            SELECT {lists}"""
        )
        children |= {table: rows or [] for table, rows in found.items()}
    return children


def _rows_of(scope: Scope, ids: list[int]) -> Iterator[tuple[str, str]]:
    """(table, SQL of its rows in the order in which they are shown) of each that has some. The ids are our own numbers;
    written out, they let DuckDB skip row groups."""
    there = scope.edition.told_in.tables(ids)
    seen = f"record_id IN {_listed(ids)} AND record_id IN (SELECT record_id FROM seen)"
    for table, order in _CHILDREN.items():
        if f"core_{table}" in there:
            source = _source(scope, f"core_{table}")
            yield table, f"SELECT * FROM {source} WHERE {seen} ORDER BY {order} LIMIT {MOST + 1}"
    if "out_issue" in there:
        yield (
            "issue",
            f"""SELECT severity, code, field, line, input_path, "values" FROM out_issue
            WHERE {seen} AND {scope.filter.sql_precise()}
            ORDER BY severity, code, line, field, "values" LIMIT {MOST}""",
        )


def _listed(ids: list[int]) -> str:
    return f"({', '.join(str(int(i)) for i in ids)})"


def _source(scope: Scope, table: str) -> str:
    """The table, without counts of people that the viewer is not told."""
    return counts_sql(scope.filter, table) if table in COUNTS_OF_PEOPLE else table


def _json(text: str | None) -> Any:
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return {"text": text}


def transaction_value(row: Values, currency: str) -> Any:
    """A transaction's value in the reader's currency; None when it could not be converted."""
    return in_currency(row[f"value_{column_suffix(currency)}"], currency)
