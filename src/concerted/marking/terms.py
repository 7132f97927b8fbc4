"""A marking as its owner saved it: the key, what it is for and until when.

Enters: what the owner chose. Leaves: the key that rows carry on a given day. A key says who, never until when: with a
day in it, stored cubes would hold each cell once per day that anybody ever chose. So whoever writes rows writes the key
of the day, and writes them anew when the day has passed (decisions/0008-groups-and-expiry.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from concerted.marking.keys import Label, marking_key


@dataclass(frozen=True, slots=True)
class SavedMarking:
    """Who may see one view of a record, why and until when.

    Attributes:
        key: the marking.
        purpose: what it was shared for, in the owner's words; shown beside the record, decides nothing.
        last_day: the last day on which the key holds; from the next on the view is nobody's. An expiry only narrows:
            nothing becomes visible because time has passed.
    """

    key: str
    purpose: str = ""
    last_day: date | None = None

    def key_on(self, day: date) -> str:
        """The key that rows of this view carry on `day`."""
        has_ended = self.last_day is not None and day > self.last_day
        return marking_key(Label.NOBODY) if has_ended else self.key


def next_change(markings: Iterable[SavedMarking], day: date) -> date | None:
    """The first day after `day` on which one of `markings` has another key; rows must be written anew by then."""
    ends = [m.last_day for m in markings if m.last_day is not None and m.last_day >= day]
    return min(ends) + timedelta(days=1) if ends else None
