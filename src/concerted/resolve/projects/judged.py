"""What people judged of pairs of activities, as rows, and what files now say against it.

Place on the way: resolve. Enters: judgements, the marks under which activities are told, what files declare. Leaves:
rows of `activity_relation`, and an issue for each judgement against which something speaks. It holds all the same: a
person's decision is shown to be doubtful, never overwritten.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from concerted.model.ids import id_text
from concerted.model.tables import full_schema

#: Sums of one project told twice may differ; from this factor on it is doubtful that it is one.
MANY_TIMES = 5


@dataclass(frozen=True)
class Judged:
    """What a person said of two activities, by their ids in this edition: left DECISION right."""

    decision: str
    left: int
    right: int


@dataclass(frozen=True)
class Told:
    """What the statements under one id say that a judgement of sameness can be held against.

    Attributes:
        record_id: its first statement.
        mark: of that statement.
        codes: (type, owner, reference) of other-identifiers.
        size: dollars, the largest of its sums; null = unknown.
        names: ids of activities that it declares a relation with.
    """

    record_id: int
    mark: int
    codes: frozenset[tuple[str, str, str]]
    size: float | None
    names: frozenset[int]


@dataclass(frozen=True)
class Contradiction:
    """A judgement, why it is doubtful, and who may know (a mark)."""

    judged: Judged
    why: str
    mark: int
    record_id: int


def sameness_against(one: Told, other: Told, left: int, right: int) -> str | None:
    """What speaks against two being one: `codes`, `sums` or `relation`; null = nothing."""
    if right in one.names or left in other.names:
        return "relation"
    mine = {(kind, owner) for kind, owner, _ in one.codes}
    for kind, owner in sorted(mine & {(kind, owner) for kind, owner, _ in other.codes}):
        refs = [{ref for k, o, ref in told.codes if (k, o) == (kind, owner)} for told in (one, other)]
        if not refs[0] & refs[1]:
            return "codes"
    if one.size and other.size and max(one.size, other.size) >= MANY_TIMES * min(one.size, other.size):
        return "sums"
    return None


def judged_rows(
    judged: Sequence[tuple[Judged, int]], doubted: Collection[tuple[Judged, int]], key_of: Mapping[int, str]
) -> pa.Table:
    """Rows of `activity_relation`, one per judgement and mark.

    Args:
        doubted: those against which, as far as the mark knows, a file speaks.
    """
    rows = []
    for found, mark in judged:
        ends = (found.left, found.right)
        left, right = sorted(ends) if found.decision == "different" else ends
        rows.append(
            {
                "left_activity_id": left,
                "right_activity_id": right,
                "relation": found.decision,
                "decided_by": "judgement",
                "marking_key": key_of[mark],
                "probability": 1.0,
                "evidence": "[]",
                "is_contradicted": (found, mark) in doubted,
            }
        )
    return pa.Table.from_pylist(rows, schema=full_schema("activity_relation"))


def issue_values(found: Contradiction) -> str:
    """The `values` of an issue."""
    told = {"decision": found.judged.decision, "why": found.why, "left": id_text(found.judged.left),
            "right": id_text(found.judged.right)}  # fmt: skip
    return json.dumps(told, sort_keys=True)
