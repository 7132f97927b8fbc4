"""What an organisation tells in two sources, published and in the workspace, and what a decision between them does.

Enters: an edition as a viewer may see it, the organisation's reference. Leaves: per subject what both sources tell, by
who sees them: sums of money, and of other fields the number of activities. Sums are gross: what others tell of the same
money is taken off later, by the chain.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from concerted.judgements.precedence import Source, fold_reference
from concerted.marking import is_evidence
from concerted.model.finance import KIND_OF_TYPE, UNKNOWN_KIND
from concerted.model.subjects import DATES, PEOPLE, PLACES, TEXTS
from concerted.publish.chain import Asked

#: By what the registry's statements are known in an edition.
WORKSPACE = "registry"
_KIND = (
    "CASE type_code "
    + " ".join(f"WHEN '{code}' THEN '{kind}'" for code, kind in sorted(KIND_OF_TYPE.items()))
    + f" ELSE '{UNKNOWN_KIND}' END"
)
#: SQL: the statements whose words are not those of their activity. Where an organisation counts the texts of its other
#: source, a statement has those in `core_activity`; its narratives are its own, kept beside.
ASIDE_WORDS = f"(SELECT record_id FROM core_precedence WHERE subject = '{TEXTS}' AND NOT is_counted)"
#: Whether a statement itself says something of these: where another one speaks for it, its own words are kept beside.
_HAS = """CASE WHEN record_id IN (SELECT record_id FROM core_precedence WHERE subject = '{subject}' AND NOT is_counted)
  THEN record_id IN (SELECT record_id FROM core_precedence WHERE subject = '{subject}' AND own IS NOT NULL)
  ELSE coalesce({columns}) IS NOT NULL END"""
_HAS_TEXTS = _HAS.format(subject=TEXTS, columns="title, description")
_HAS_DATES = _HAS.format(
    subject=DATES,
    columns="state, activity_status_code, CAST(start_planned_date AS VARCHAR), CAST(start_actual_date AS VARCHAR),"
    " CAST(end_planned_date AS VARCHAR), CAST(end_actual_date AS VARCHAR)",
)
#: (record_id, subject) of fields that the statements of `mine` tell. Figures of people that are set aside are in no
#: table of figures; that they are told is in the table of what is set aside.
_FIELDS = f"""
  SELECT record_id, '{TEXTS}' AS subject FROM mine WHERE has_{TEXTS}
  UNION ALL SELECT record_id, '{DATES}' FROM mine WHERE has_{DATES}
  UNION SELECT record_id, '{PLACES}' FROM core_location WHERE record_id IN (SELECT record_id FROM mine)
  UNION SELECT record_id, '{PLACES}' FROM core_recipient
  WHERE transaction_seq = -1 AND record_id IN (SELECT record_id FROM mine)
  UNION SELECT record_id, '{PEOPLE}' FROM out_people_figure WHERE record_id IN (SELECT record_id FROM mine)
  UNION SELECT record_id, subject FROM core_precedence
  WHERE subject = '{PEOPLE}' AND record_id IN (SELECT record_id FROM mine)"""


@dataclass(frozen=True)
class Part:
    """Activities of which one subject is told under these markings.

    Attributes:
        published_key, workspace_key: who sees each; null = that source tells nothing of it.
        activities: how many.
        published, workspace: of money dollars, without amounts that cannot be valued; of other fields how many of the
            activities the source tells it.
    """

    published_key: str | None
    workspace_key: str | None
    activities: int
    published: Decimal
    workspace: Decimal

    @property
    def is_both(self) -> bool:
        """Whether both sources tell of it."""
        return self.published_key is not None and self.workspace_key is not None


@dataclass(frozen=True)
class Outcome:
    """What a decision makes of what both sources tell: of money in dollars, before what others tell of it.

    Attributes:
        counted, beside: what counts, and what is kept beside it.
        activities: told in both.
        others: of these, those of which the other source counts, because more people see it.
        apart: of these, those that stand beside each other, because different people see them; both count.
    """

    counted: Decimal
    beside: Decimal
    activities: int
    others: int
    apart: int


@dataclass(frozen=True)
class Told:
    """All that an organisation tells of one subject, of activities that both sources know."""

    parts: tuple[Part, ...]

    @property
    def published(self) -> Decimal | None:
        """Dollars, or activities; null where nothing is told."""
        return _sum(part.published for part in self.parts if part.published_key is not None)

    @property
    def workspace(self) -> Decimal | None:
        """Dollars, or activities; null where nothing is told."""
        return _sum(part.workspace for part in self.parts if part.workspace_key is not None)

    def activities(self, source: Source) -> int:
        """Of how many activities a source tells it."""
        keys = ((part, part.workspace_key if source == "workspace" else part.published_key) for part in self.parts)
        return sum(part.activities for part, key in keys if key is not None)

    def outcome(self, source: Source) -> Outcome:
        """What it comes to when this source counts. The same rule as `resolve.precedence`, for one view of each."""
        counted, beside, activities, others, apart = Decimal(0), Decimal(0), 0, 0, 0
        for part in self.parts:
            if not part.is_both:
                continue
            activities += part.activities
            here, there = part.workspace_key, part.published_key
            mine, other = (here, there) if source == "workspace" else (there, here)
            money = {"workspace": part.workspace, "published": part.published}
            rest: Source = "published" if source == "workspace" else "workspace"
            if is_evidence(mine, other):
                counted, beside = counted + money[source], beside + money[rest]
            elif is_evidence(other, mine):
                counted, beside, others = counted + money[rest], beside + money[source], others + part.activities
            else:
                counted, apart = counted + money[source] + money[rest], apart + part.activities
        return Outcome(counted, beside, activities, others, apart)


def _sum(values: Iterable[Decimal]) -> Decimal | None:
    found = list(values)
    return sum(found, Decimal(0)) if found else None


def told_in_both(asked: Asked, reference: str) -> dict[str, Told]:
    """By subject, what an organisation's two sources tell of the activities that both know."""
    visible = asked.allowed.sql_precise()
    rows = asked.rows(
        f"""
        WITH seen AS (
          SELECT record_id, activity_id, org_id, marking_key, source_id = '{WORKSPACE}' AS is_here,
            upper(trim(reporting_org_ref)) AS ref, {_HAS_TEXTS} AS has_{TEXTS}, {_HAS_DATES} AS has_{DATES}
          FROM core_activity WHERE is_current AND is_supply AND org_id IS NOT NULL AND {visible}),
        here AS (SELECT * FROM seen WHERE is_here AND ref = $reference),
        there AS (SELECT * FROM seen WHERE NOT is_here AND (activity_id, org_id) IN (
          SELECT (activity_id, org_id) FROM here)),
        mine AS (SELECT * FROM there UNION ALL SELECT * FROM here
                 WHERE (activity_id, org_id) IN (SELECT (activity_id, org_id) FROM there)),
        revised AS (SELECT DISTINCT record_id, kind, period_start_date, period_end_date FROM core_budget
                    WHERE type_code = '2' AND record_id IN (SELECT record_id FROM mine)),
        money AS (
          SELECT record_id, {_KIND} AS subject, value_usd FROM core_transaction
          WHERE value IS NOT NULL AND record_id IN (SELECT record_id FROM mine)
          UNION ALL
          SELECT record_id, kind, value_usd FROM core_budget AS b
          WHERE value IS NOT NULL AND record_id IN (SELECT record_id FROM mine)
            AND (coalesce(type_code, '1') = '2' OR NOT EXISTS (
              SELECT 1 FROM revised AS r WHERE r.record_id = b.record_id AND r.kind = b.kind
              AND r.period_start_date = b.period_start_date AND r.period_end_date = b.period_end_date))),
        field AS ({_FIELDS}),
        told AS (
          SELECT activity_id, subject,
            min(marking_key) FILTER (NOT is_here) AS there_key, min(marking_key) FILTER (is_here) AS here_key,
            coalesce(sum(value_usd) FILTER (NOT is_here), 0) AS there_usd,
            coalesce(sum(value_usd) FILTER (is_here), 0) AS here_usd
          FROM mine JOIN money USING (record_id) GROUP BY ALL
          UNION ALL
          SELECT activity_id, subject,
            min(marking_key) FILTER (NOT is_here), min(marking_key) FILTER (is_here),
            coalesce(max(1) FILTER (NOT is_here), 0), coalesce(max(1) FILTER (is_here), 0)
          FROM mine JOIN field USING (record_id) GROUP BY ALL)
        SELECT subject, there_key, here_key, count(*), sum(there_usd), sum(here_usd)
        FROM told GROUP BY ALL ORDER BY subject, there_key NULLS LAST, here_key NULLS LAST
        """,
        asked.parameters(reference=fold_reference(reference)),
    )
    found: dict[str, list[Part]] = {}
    for subject, there, here, count, published, workspace in rows:
        found.setdefault(subject, []).append(Part(there, here, count, Decimal(published), Decimal(workspace)))
    return {subject: Told(tuple(parts)) for subject, parts in found.items()}


@dataclass(frozen=True)
class Claim:
    """One subject of one statement of an activity of which an organisation decided, as `core_precedence` has it.

    Attributes:
        usd: of money, what the statement tells; null = nothing that can be valued.
        own: of texts and dates that do not count, what the statement itself says, by column.
        decided_on: day of the decision.
        other_path, other_line: where the statement stands that counts instead; null = this one counts, or is not seen.
    """

    subject: str
    source: str
    decided: str
    decided_on: date
    is_counted: bool
    rule: str
    usd: Decimal | None
    own: dict[str, str]
    input_path: str
    line: int
    other_path: str | None
    other_line: int | None


_CLAIM = tuple(field.name for field in fields(Claim))


def claims_of(asked: Asked, activity: int) -> list[Claim]:
    """Both claims of an activity, side by side: the one that counts first."""
    rows: list[tuple[Any, ...]] = asked.rows(
        f"""
        WITH seen AS (SELECT record_id, input_path, line FROM core_activity
                      WHERE activity_id = $activity AND {asked.allowed.sql_precise()}),
        money AS (
          SELECT record_id, {_KIND} AS subject, value_usd FROM core_transaction
          WHERE record_id IN (SELECT record_id FROM seen)
          UNION ALL SELECT record_id, kind, value_usd FROM core_budget WHERE record_id IN (SELECT record_id FROM seen)),
        told AS (SELECT record_id, subject, sum(value_usd) AS usd FROM money GROUP BY ALL)
        SELECT p.subject, p.source, p.decided, p.decided_on, p.is_counted, p.rule, t.usd, p.own,
          s.input_path, s.line, o.input_path, o.line
        FROM core_precedence AS p JOIN seen AS s USING (record_id) LEFT JOIN told AS t USING (record_id, subject)
        LEFT JOIN seen AS o ON o.record_id = p.other_record_id
        ORDER BY p.subject, NOT p.is_counted, s.input_path, s.line
        """,
        asked.parameters(activity=activity),
    )
    named = (dict(zip(_CLAIM, row, strict=True)) for row in rows)
    return [Claim(**row | {"own": json.loads(row["own"] or "{}")}) for row in named]
