"""Roles and duties: what a person does in the workspace, and what in his organisation. No database here.

A role comes from DESIGN section 5; an organisation may hold several, and its administrator gives those to its people. A
duty says how far a person may go with the organisation's own records. Both are held as assignments: a focal point is a
role, and when the person changes the role stays.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext


class Role(StrEnum):
    """What an organisation comes to the workspace for."""

    SECRETARIAT = "secretariat"
    COORDINATION = "coordination"
    DONOR = "donor"
    IMPLEMENTER = "implementer"
    COMMUNITY = "community"
    RIGHTS = "rights"


class Duty(StrEnum):
    """How far a person may go with the organisation's own records and people."""

    READER = "reader"
    EDITOR = "editor"
    SIGNER = "signer"
    ADMINISTRATOR = "administrator"


ROLES = frozenset(str(role) for role in Role)
DUTIES = frozenset(str(duty) for duty in Duty)
#: Everybody who belongs to an organisation, whatever the duty.
ANY = DUTIES
#: Roles that only who holds the machine gives to an organisation: they act on what belongs to all.
OF_THE_MACHINE = frozenset({str(Role.SECRETARIAT)})

#: Who keeps the list of organisations.
KEEPS_LIST = frozenset({str(Role.SECRETARIAT), str(Duty.ADMINISTRATOR)})

_RANKS = {Duty.READER: 1, Duty.EDITOR: 2, Duty.SIGNER: 3, Duty.ADMINISTRATOR: 4}


def rank(held: Iterable[str]) -> int:
    """How high an account stands: its highest duty; 0 without one."""
    return max((_RANKS[Duty(each)] for each in held if each in DUTIES), default=0)


def outranks(actor: Iterable[str], target: Iterable[str]) -> bool:
    """Whether `actor` may act on the account of `target`: strictly higher, so never on an equal, nor on himself."""
    return rank(actor) > rank(target)


def needs_second_factor(held: Iterable[str]) -> bool:
    """Whether these roles and duties write or release anything. Who only reads may go without."""
    return not _WRITING.isdisjoint(held)


def in_order(held: Iterable[str]) -> list[str]:
    """Roles first, then duties from the highest down: what says most comes first."""
    order = [*map(str, Role), *map(str, reversed(Duty))]
    return sorted(held, key=order.index)


def label(held: str) -> str:
    """The word for a role or duty in the page's language."""
    return {
        Role.SECRETARIAT: gettext("Government secretariat"),
        Role.COORDINATION: gettext("UN coordination"),
        Role.DONOR: gettext("Donor"),
        Role.IMPLEMENTER: gettext("Implementing partner"),
        Role.COMMUNITY: gettext("Community representative"),
        Role.RIGHTS: gettext("Human-rights focal point"),
        Duty.READER: gettext("Reader"),
        Duty.EDITOR: gettext("Editor"),
        Duty.SIGNER: gettext("Signs off"),
        Duty.ADMINISTRATOR: gettext("Administrator"),
    }[_named(held)]


def explanation(held: str) -> str:
    """What who holds it may do, in one sentence of the page's language."""
    return {
        Role.SECRETARIAT: gettext("Keeps the strategy, validates what partners signed off, releases editions."),
        Role.COORDINATION: gettext("Brings partners together: concentration, what ends, packages, meetings."),
        Role.DONOR: gettext("Sees where money would add most, and where its own went."),
        Role.IMPLEMENTER: gettext("Keeps its own activities and answers what others say of them."),
        Role.COMMUNITY: gettext("Speaks for a community and reads what came of it."),
        Role.RIGHTS: gettext("Reviews safeguards, disclosure and support to security forces."),
        Duty.READER: gettext("Reads what the organisation may see."),
        Duty.EDITOR: gettext("Enters and changes the organisation's records."),
        Duty.SIGNER: gettext("Signs off what editors entered."),
        Duty.ADMINISTRATOR: gettext("Invites people, gives them roles, hands over."),
    }[_named(held)]


def _named(held: str) -> Role | Duty:
    return Duty(held) if held in DUTIES else Role(held)


_WRITING = frozenset(
    str(each)
    for each in (Role.SECRETARIAT, Role.COORDINATION, Role.RIGHTS, Duty.EDITOR, Duty.SIGNER, Duty.ADMINISTRATOR)
)
