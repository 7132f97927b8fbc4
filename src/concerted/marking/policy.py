"""The policy function: may this viewer see what carries this key?

Pure and total: every key gives yes or no, and what is undefined gives no.
"""

from collections.abc import Iterable
from typing import Literal

from concerted.marking.keys import Label, parse_key
from concerted.marking.viewer import Viewer


def may_see(viewer: Viewer, key: str | None) -> bool:
    """Whether `viewer` may see a row with marking `key`; an unknown or missing key is seen by nobody.

    Source: DESIGN section 8. CLEAR = anyone; GREEN = every signed-in partner; AMBER = organisations of the named
    groups; AMBER+STRICT = the named organisations; RED = the named persons. Who looks through another's eyes sees what
    both may see.
    """
    if viewer.within is not None and not may_see(viewer.within, key):
        return False
    if viewer.is_keeper:
        return True
    marking = parse_key(key)
    if marking.label is Label.CLEAR:
        return True
    if viewer.is_public:
        return False
    match marking.label:
        case Label.GREEN:
            return bool(viewer.organisation)
        case Label.AMBER:
            return bool(viewer.organisation) and not viewer.groups.isdisjoint(marking.names)
        case Label.AMBER_STRICT:
            return viewer.organisation in marking.names
        case Label.RED:
            return viewer.person in marking.names
        case _:
            return False


def permitted_keys(viewer: Viewer, keys: Iterable[str | None]) -> frozenset[str]:
    """Those of `keys` (all keys that occur in a table) whose rows `viewer` may see."""
    return frozenset(key for key in keys if key is not None and may_see(viewer, key))


def visible_view(viewer: Viewer, precise: str | None, coarse: str | None) -> Literal["precise", "coarse"] | None:
    """The one view of a record that `viewer` gets: the precise one where permitted, else the coarse one, else none."""
    if may_see(viewer, precise):
        return "precise"
    return "coarse" if may_see(viewer, coarse) else None
