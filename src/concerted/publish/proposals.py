"""What the program proposes and nobody has decided: pairs of activities, and pairs of names of organisations.

Enters: an edition and a viewer. Leaves: questions, those first about which most money is told.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from concerted.judgements.decisions import Decision, in_force, judged_pairs
from concerted.publish.chain import Asked, ToldActivity, told_once

#: Organisations whose names are hardly alike are not worth a person's time.
LEAST_LIKELY = 0.5


@dataclass(frozen=True)
class Side(ToldActivity):
    """An activity of a proposal; `usd` is the largest of its sums."""

    usd: Decimal


@dataclass(frozen=True)
class ProjectQuestion:
    """Do both tell of one project? `left` RELATION `right` is what is proposed; `usd` is told by both at most."""

    relation: str
    probability: float
    reasons: tuple[dict[str, Any], ...]
    left: Side
    right: Side
    usd: Decimal


@dataclass(frozen=True)
class NameQuestion:
    """Are both names of one organisation? `usd` is what one tells and others say of the other, at most: that
    money may be told twice once both are one."""

    left_key: str
    right_key: str
    left_name: str | None
    right_name: str | None
    probability: float
    reasons: tuple[str, ...]
    usd: Decimal


def project_questions(
    asked: Asked, decisions: Iterable[Decision] = (), without: Collection[frozenset[int]] = ()
) -> list[ProjectQuestion]:
    """Proposed pairs that nobody judged, the most money first, then the likeliest.

    Args:
        without: pairs that are asked about already.
    """
    judged = judged_pairs(decisions)
    rows = asked.rows(
        f"""
        WITH told AS ({told_once(asked.allowed.sql_precise())}),
        sums AS (
          SELECT record_id, sum(value_usd) AS usd FROM core_transaction WHERE type_code = '2' GROUP BY record_id
          UNION ALL
          SELECT record_id, sum(value_usd) FROM core_transaction WHERE type_code IN ('3', '4') GROUP BY record_id
          UNION ALL
          SELECT record_id, sum(value_usd) FROM core_budget WHERE kind = 'budget' GROUP BY record_id),
        sized AS (
          SELECT t.*, coalesce((SELECT max(usd) FROM sums AS s WHERE s.record_id = t.record_id), 0) AS usd
          FROM told AS t)
        SELECT r.relation, r.probability, r.evidence,
          l.activity_id, l.identifier, l.title, l.reporting_org_name, l.input_path, l.line, l.usd,
          g.activity_id, g.identifier, g.title, g.reporting_org_name, g.input_path, g.line, g.usd
        FROM core_activity_relation AS r
        JOIN sized AS l ON l.activity_id = r.left_activity_id JOIN sized AS g ON g.activity_id = r.right_activity_id
        WHERE r.decided_by = 'rule' AND {asked.allowed.sql_precise(column="r.marking_key")}
        ORDER BY least(l.usd, g.usd) DESC, r.probability DESC, r.left_activity_id, r.right_activity_id
        """,
        asked.parameters(),
    )
    found: dict[frozenset[int], ProjectQuestion] = {}
    for relation, probability, evidence, *ends in rows:
        left, right = Side(*ends[:7]), Side(*ends[7:])
        pair = frozenset((left.activity_id, right.activity_id))
        if pair not in judged and pair not in without:
            reasons = tuple(json.loads(evidence))
            usd = min(left.usd, right.usd)
            found.setdefault(pair, ProjectQuestion(relation, probability, reasons, left, right, usd))
    return list(found.values())


def name_questions(asked: Asked, decisions: Iterable[Decision] = ()) -> list[NameQuestion]:
    """Pairs of names that are alike and not joined, the most money first, then the likeliest."""
    judged = {frozenset((d.left, d.right)) for d in in_force(decisions)}
    visible = asked.allowed.sql_precise()
    rows = asked.rows(
        f"""
        WITH told AS (
          SELECT a.org_id, sum(t.value_usd) AS usd FROM core_transaction AS t
          JOIN core_activity AS a ON a.record_id = t.record_id WHERE {visible} GROUP BY a.org_id),
        partners AS (
          SELECT t.provider_org_id AS org_id, t.value_usd FROM core_transaction AS t
          JOIN core_activity AS a ON a.record_id = t.record_id WHERE {visible}
          UNION ALL
          SELECT t.receiver_org_id, t.value_usd FROM core_transaction AS t
          JOIN core_activity AS a ON a.record_id = t.record_id WHERE {visible}),
        called AS (SELECT org_id, sum(value_usd) AS usd FROM partners WHERE org_id IS NOT NULL GROUP BY org_id),
        named AS (SELECT org_id, min(name) AS name FROM core_organisation WHERE {visible} GROUP BY org_id)
        SELECT m.left_key, m.right_key, l.name, r.name, m.probability, m.reasons,
          least(coalesce(a.usd, 0), coalesce(d.usd, 0)) + least(coalesce(b.usd, 0), coalesce(c.usd, 0))
        FROM (SELECT * FROM core_organisation_match WHERE {visible}) AS m
        LEFT JOIN named AS l ON l.org_id = m.left_org_id LEFT JOIN named AS r ON r.org_id = m.right_org_id
        LEFT JOIN told AS a ON a.org_id = m.left_org_id LEFT JOIN told AS b ON b.org_id = m.right_org_id
        LEFT JOIN called AS c ON c.org_id = m.left_org_id LEFT JOIN called AS d ON d.org_id = m.right_org_id
        WHERE m.relation = 'same_as' AND NOT m.is_joined AND m.probability >= {LEAST_LIKELY}
          AND m.left_org_id <> m.right_org_id
          -- Two registered numbers are two organisations; what makes them look like one is mostly a number put wrongly.
          AND NOT (starts_with(m.left_key, 'ref:') AND starts_with(m.right_key, 'ref:'))
        ORDER BY 7 DESC, m.probability DESC, m.left_key, m.right_key
        """,
        asked.parameters(),
    )
    found: dict[frozenset[str], NameQuestion] = {}
    asked_of: set[str] = set()
    for left, right, left_name, right_name, probability, reasons, usd in rows:
        pair, names = frozenset((left, right)), {key for key in (left, right) if key.startswith("name:")}
        # Of one name one question at a time: its answer changes what is asked next.
        if pair not in judged and not names & asked_of:
            asked_of |= names
            found[pair] = NameQuestion(left, right, left_name, right_name, probability, tuple(json.loads(reasons)), usd)
    return list(found.values())
