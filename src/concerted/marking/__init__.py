"""Who may see what: the one policy, as pure functions, used by every channel.

`keys` reads and writes marking keys, `order` says which is more open, `viewer` says who looks, `policy` decides, `rows`
turns the decision into the filter that every query carries. What is undefined is not visible. For those who keep
records: `groups` says who is in a sharing group and makes the viewer of a signed-in person, `terms` carries purpose and
last day of a marking, `audience` says who will see it before it is saved, `widening` whether a change opens or closes.
"""

from concerted.marking.audience import Directory, RecordAudience, WhoSees, who_sees, who_sees_record
from concerted.marking.groups import Groups, GroupVersion, first_version, next_version, signed_in, version_left_by
from concerted.marking.keys import Marking, marking_key, narrowness, parse_key
from concerted.marking.order import EvidenceOrder, is_evidence, is_own_only
from concerted.marking.policy import may_see, permitted_keys, visible_view
from concerted.marking.rows import RowFilter, row_filter
from concerted.marking.terms import SavedMarking, next_change
from concerted.marking.viewer import KEEPER, PUBLIC, Viewer
from concerted.marking.widening import Views, is_narrower, is_wider, shows_less, shows_more

__all__ = [
    "KEEPER",
    "PUBLIC",
    "Directory",
    "EvidenceOrder",
    "GroupVersion",
    "Groups",
    "Marking",
    "RecordAudience",
    "RowFilter",
    "SavedMarking",
    "Viewer",
    "Views",
    "WhoSees",
    "first_version",
    "is_evidence",
    "is_narrower",
    "is_own_only",
    "is_wider",
    "marking_key",
    "may_see",
    "narrowness",
    "next_change",
    "next_version",
    "parse_key",
    "permitted_keys",
    "row_filter",
    "shows_less",
    "shows_more",
    "signed_in",
    "version_left_by",
    "visible_view",
    "who_sees",
    "who_sees_record",
]
