"""Proposals and judgements as rows of `activity_relation`, and the activities whose money they put in doubt.

Place on the way: resolve. Enters: proposals, what people judged, what files declare. Leaves: rows. What somebody
declared or judged is not proposed any more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa

from concerted.model.tables import full_schema
from concerted.resolve.projects.find import SHARE_MONEY, ProjectParams, Proposal

Pair = tuple[int, int]


def open_proposals(
    proposals: Iterable[Proposal], judged: Iterable[Pair], settles: Callable[[Pair, int], bool]
) -> list[Proposal]:
    """Proposals of pairs of which nobody has said anything yet, as far as those know who may see the proposal.

    Args:
        judged: pairs of activities, in either order; judgements hold for everybody.
        settles: whether a file, known to those who may see a mark, declares how a pair belongs together.
    """
    known = {frozenset(pair) for pair in judged}
    return [
        p for p in proposals if frozenset((p.left, p.right)) not in known and not settles((p.left, p.right), p.mark)
    ]


def proposal_rows(proposals: Sequence[Proposal], key_of: Mapping[int, str]) -> pa.Table:
    """Rows of `activity_relation`; `key_of` is the marking key of each mark."""
    rows = [
        {
            "left_activity_id": p.left,
            "right_activity_id": p.right,
            "relation": p.relation,
            "decided_by": "rule",
            "marking_key": key_of[p.mark],
            "probability": p.probability,
            "evidence": p.evidence,
            "is_contradicted": False,
        }
        for p in proposals
    ]
    return pa.Table.from_pylist(rows, schema=full_schema("activity_relation"))


def doubtful(proposals: Iterable[Proposal], params: ProjectParams) -> pa.Table:
    """(activity_id, evidence): activities whose money another one may have told before, as a mark knows."""
    found = sorted(
        {(p.lower, p.mark) for p in proposals if p.relation in SHARE_MONEY and p.probability >= params.widen}
    )
    return pa.table(
        {
            "activity_id": pa.array([activity for activity, _ in found], pa.int64()),
            "evidence": pa.array([mark for _, mark in found], pa.int32()),
        }
    )
