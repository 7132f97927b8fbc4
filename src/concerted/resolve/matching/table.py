"""Proposals as the table `organisation_match`.

Place on the way: resolve. Enters: what likenesses found. Leaves: one row per pair, relation and marking.
"""

import json
from collections.abc import Mapping

import pyarrow as pa

from concerted.model.tables import full_schema
from concerted.resolve.matching.match import Matches


def match_table(matches: Matches, ids: Mapping[tuple[str, str], int]) -> pa.Table:
    """Every proposal with the organisations that its keys belong to.

    Args:
        ids: (marking key, key) -> org_id.
    """
    rows = [
        {
            "left_key": proposal.left,
            "right_key": proposal.right,
            "relation": proposal.relation,
            "marking_key": proposal.marking_key,
            "left_org_id": ids[proposal.marking_key, proposal.left],
            "right_org_id": ids[proposal.marking_key, proposal.right],
            "probability": proposal.probability,
            "is_joined": proposal.is_joined,
            "reasons": json.dumps(proposal.reasons, ensure_ascii=False),
        }
        for proposal in matches.proposals
    ]
    return pa.Table.from_pylist(rows, schema=full_schema("organisation_match"))
