"""Data quality per source: what is wrong, which five fixes would help most, and where each finding is.

Enters: a scope. Leaves: sources with their counts, and one source. A source is there when the viewer sees a statement
of it, or a finding about it; findings about a record follow the record's marking, findings about a file the file's.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from concerted.codelists.issues import catalogue
from concerted.publish.messages import message
from concerted.web.coverage.filters import NotThere
from concerted.web.edition.scope import Scope
from concerted.web.edition.sources import source_kinds, source_names

FIXES = 5
EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source with its statements, its findings and how many kinds of findings they are.

    `name` is its publisher, None where nobody says who that is; `kind` is the reader's, such as `hxl-3w`.
    """

    source_id: str
    statements: int
    findings: int
    kinds: int
    latest_date: date | None
    name: str | None = None
    kind: str | None = None

    @property
    def title(self) -> str:
        """What the source is called: its name, else its id."""
        return self.name or self.source_id


@dataclass(frozen=True, slots=True)
class Fix:
    """One kind of finding of a source: how often, what it touches, what to do, and some places where it is.

    `gain` is what mending it brings (a code of list `gain`, None where no figure moves), `usd_gain` and
    `activities_gain` to how much; None = unknown.
    """

    code: str
    severity: str
    findings: int
    records: int
    usd_affected: Decimal | None
    gain: str | None
    usd_gain: Decimal | None
    activities_gain: int | None
    action: str
    examples: tuple[dict[str, Any], ...]


def list_sources(scope: Scope) -> list[ListedSource]:
    """Sources, most findings first."""
    return scope.remember(("sources",), lambda: _sources(scope))


def _sources(scope: Scope) -> list[ListedSource]:
    precise = scope.filter.sql_precise()
    rows = scope.rows(
        f"""
        WITH s AS (SELECT source_id, count(*) AS statements, max(freshness_date) AS latest
                   FROM core_activity WHERE {precise} GROUP BY 1),
             q AS (SELECT source_id, CAST(sum(issues) AS BIGINT) AS findings, count(DISTINCT code) AS kinds
                   FROM out_quality WHERE {precise} GROUP BY 1)
        SELECT coalesce(s.source_id, q.source_id), coalesce(statements, 0), coalesce(findings, 0), coalesce(kinds, 0),
               latest
        FROM s FULL JOIN q ON q.source_id = s.source_id
        ORDER BY 3 DESC, 1"""
    )
    names, kinds = source_names(scope), source_kinds(scope)
    return [
        ListedSource(source, statements, findings, codes, latest, names.get(source), kinds.get(source))
        for source, statements, findings, codes, latest in rows
        if source is not None
    ]


def read_source(scope: Scope, source_id: str, lang: str) -> tuple[ListedSource, list[Fix]]:
    """One source with its kinds of findings, the one that would help most first.

    Raises:
        NotThere: there is none that the viewer may know of.
    """
    source = next((s for s in list_sources(scope) if s.source_id == source_id), None)
    if source is None:
        raise NotThere("source")
    return source, scope.remember(("fixes", source_id, lang), lambda: _fixes(scope, source_id, lang))


def fixes_of_partner(scope: Scope, org_id: int, lang: str) -> list[Fix]:
    """What is wrong in the statements of one partner, over all its sources, the one that would help most first."""
    return scope.remember(
        ("fixes of partner", org_id, lang), lambda: _found(scope, "org_id = $org", {"org": org_id}, {}, lang)
    )


def _fixes(scope: Scope, source_id: str, lang: str) -> list[Fix]:
    return _found(scope, "source_id = $source", {"source": source_id}, _examples(scope, source_id), lang)


def _found(
    scope: Scope, wanted: str, parameters: dict[str, Any], examples: dict[str, list[dict[str, Any]]], lang: str
) -> list[Fix]:
    rows = scope.rows(
        f"""
        SELECT code, CAST(sum(issues) AS BIGINT), CAST(sum(records) AS BIGINT), sum(usd_affected), max(gain),
               sum(usd_gain), CAST(sum(activities_gain) AS BIGINT)
        FROM out_quality WHERE {wanted} AND {scope.filter.sql_precise()}
        GROUP BY code ORDER BY coalesce(max(gain) = 'read', false) DESC, sum(usd_gain) DESC NULLS LAST,
            sum(activities_gain) DESC NULLS LAST, sum(usd_affected) DESC NULLS LAST, min(rank), code""",
        parameters,
    )
    known = catalogue()
    fixes = []
    for code, findings, records, usd, gain, usd_gain, activities in rows:
        entry = known.get(code, {})
        action = entry.get("action", {}).get(lang, "")
        found = tuple(row | {"said": _said(row, lang, action)} for row in examples.get(code, ()))
        fixes.append(
            Fix(
                code=code,
                severity=entry.get("severity", "warning"),
                findings=findings,
                records=records,
                usd_affected=usd,
                gain=gain,
                usd_gain=usd_gain,
                activities_gain=activities,
                action=action,
                examples=found,
            )
        )
    return fixes


def _examples(scope: Scope, source_id: str) -> dict[str, list[dict[str, Any]]]:
    """The first findings of each code."""
    precise = scope.filter.sql_precise
    rows = scope.dicts(
        f"""
        SELECT code, input_path, line, field, "values", activity_id FROM (
            SELECT i.code, i.input_path, i.line, i.field, i."values", a.activity_id,
                   row_number() OVER (PARTITION BY i.code ORDER BY i.input_path, i.line, i.record_id, i."values") AS n
            FROM out_issue i LEFT JOIN core_activity a ON a.record_id = i.record_id AND {precise("a")}
            WHERE i.source_id = $source AND {precise("i")})
        WHERE n <= {EXAMPLES} ORDER BY code, n""",
        {"source": source_id},
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["code"], []).append(row)
    return found


def _said(row: dict[str, Any], lang: str, action: str) -> str:
    """What was found, in words; what to do about it stands above all examples."""
    if row["code"] not in catalogue():
        return row["values"] or ""
    return message({**row, "count": 1}, lang).removesuffix(action).strip()
