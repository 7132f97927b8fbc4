"""Who may see what: the one policy, as pure functions, used by every channel.

`keys` reads and writes marking keys, `order` says which is more open, `viewer` says who looks, `policy` decides, `rows`
turns the decision into the filter that every query carries. What is undefined is not visible.
"""

from concerted.marking.keys import Marking, marking_key, narrowness, parse_key
from concerted.marking.order import EvidenceOrder, is_evidence
from concerted.marking.policy import may_see, permitted_keys, visible_view
from concerted.marking.rows import RowFilter, row_filter
from concerted.marking.viewer import KEEPER, PUBLIC, Viewer

__all__ = [
    "KEEPER",
    "PUBLIC",
    "EvidenceOrder",
    "Marking",
    "RowFilter",
    "Viewer",
    "is_evidence",
    "marking_key",
    "may_see",
    "narrowness",
    "parse_key",
    "permitted_keys",
    "row_filter",
    "visible_view",
]
