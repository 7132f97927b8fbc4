"""What an activity is to others: the same project, a part, funded, following; declared, judged or only proposed.

Enters: an edition, a viewer, an activity. Leaves: relations with both their ends, the surest first; only those of which
the viewer sees the other activity in full.
"""

import json
from dataclasses import dataclass
from typing import Any

from concerted.publish.chain import Asked


@dataclass(frozen=True)
class Relation:
    """One relation as this activity has it.

    Attributes:
        relation: same | part_of | funds | successor_of | different.
        is_left: this activity is the left side: it is a part of, funds or follows the other; else the other way round.
        decided_by: declared | judgement | rule (proposed, nobody said so).
        probability: 0 to 1.
        evidence: what speaks for it and against it, the weightiest first: a code with its values.
        is_contradicted: a judgement against which a file speaks now.
    """

    other_id: int
    relation: str
    is_left: bool
    decided_by: str
    probability: float
    evidence: tuple[dict[str, Any], ...]
    is_contradicted: bool
    title: str | None
    organisation: str | None


def relations_of(asked: Asked, activity: int, proposed_from: float = 0.0) -> list[Relation]:
    """The relations of an activity, judged and declared ones first, then by probability.

    Args:
        proposed_from: of what is only proposed, from which probability on.
    """
    visible = asked.allowed.sql_precise()
    rows = asked.rows(
        f"""
        WITH mine AS (
          SELECT *, left_activity_id = $activity AS is_left,
            CASE WHEN left_activity_id = $activity THEN right_activity_id ELSE left_activity_id END AS other_id
          FROM core_activity_relation WHERE $activity IN (left_activity_id, right_activity_id) AND {visible}),
        told AS (
          SELECT activity_id, title, reporting_org_name,
            row_number() OVER (PARTITION BY activity_id ORDER BY marking_key, record_id) AS place
          FROM core_activity WHERE is_current AND {visible} AND activity_id IN (SELECT other_id FROM mine))
        SELECT m.other_id, m.relation, m.is_left, m.decided_by, max(m.probability), min(m.evidence),
          bool_or(coalesce(m.is_contradicted, false)), t.title, t.reporting_org_name
        FROM mine AS m JOIN told AS t ON t.activity_id = m.other_id AND t.place = 1
        WHERE m.decided_by <> 'rule' OR m.probability >= $proposed
        GROUP BY m.other_id, m.relation, m.is_left, m.decided_by, t.title, t.reporting_org_name
        ORDER BY m.decided_by = 'rule', 5 DESC, m.other_id, m.relation, m.is_left DESC, m.decided_by
        """,
        asked.parameters(activity=activity, proposed=proposed_from),
    )
    return [
        Relation(other, relation, is_left, by, probability, tuple(json.loads(evidence or "[]")), speaks, title, who)
        for other, relation, is_left, by, probability, evidence, speaks, title, who in rows
    ]


def speaks_for(relation: Relation, most: int = 4) -> list[dict[str, Any]]:
    """What speaks for a relation, the weightiest first; what is declared weighs nothing and is all there is."""
    for_it = [piece for piece in relation.evidence if piece.get("bits", 0) > 0 or piece.get("code") == "declared"]
    seen: dict[str, dict[str, Any]] = {}
    for piece in for_it:
        seen.setdefault(str(piece.get("code")), piece)
    return list(seen.values())[:most]
