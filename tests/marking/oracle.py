"""Who may see what, written from the words of the policy alone; it imports nothing of the code it judges.

The words (DESIGN, "Who sees what"): a viewer is public, or a user with an organisation, roles and groups. A record has
one or two views, precise and coarse, each with a marking. A viewer sees at most one view of a record: the most precise
one permitted. CLEAR = anyone; GREEN = every signed-in partner; AMBER = the organisations of the named groups;
AMBER+STRICT = the named organisations only; RED = the named persons only. Empty list = nobody. Undefined = not visible.
Groups are referenced by id; the newest version counts; roles open actions and never records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Asker:
    """Somebody who asks. `claims` are groups that a request might say it has; they count for nothing."""

    name: str
    person: str | None = None
    organisation: str | None = None
    roles: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


#: Group -> its versions, oldest first: the organisations in it, and whether the agreement still runs.
History = Mapping[str, Sequence[tuple[set[str], bool]]]


def may_see(asker: Asker, marking: str | None, history: History) -> bool:
    """Whether a view under `marking` is for `asker`."""
    if marking is None:
        return False
    if marking == "CLEAR":
        return True
    if asker.person is None:
        return False
    if marking == "GREEN":
        return asker.organisation is not None
    label, _, listed = marking.partition(":")
    names = [name for name in listed.split(",") if name != ""]
    if label == "AMBER":
        for name in names:
            versions = history.get(name, [])
            if versions:
                members, is_running = versions[-1]
                if is_running and asker.organisation in members:
                    return True
        return False
    if label == "AMBER+STRICT":
        return asker.organisation is not None and asker.organisation in names
    return label == "RED" and asker.person in names


def view_of(asker: Asker, precise: str, coarse: str | None, history: History) -> str | None:
    """`precise`, `coarse` or None."""
    if may_see(asker, precise, history):
        return "precise"
    return "coarse" if may_see(asker, coarse, history) else None
