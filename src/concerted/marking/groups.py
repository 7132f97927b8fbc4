"""Sharing groups: the machine's rule behind AMBER. Owned, versioned, referenced by UUID only.

Enters: every version of every group that is known. Leaves: the groups an organisation is a member of today, and the
`Viewer` that a signed-in person is. Nothing here can open more than the newest version says: an empty group, an unknown
one, one whose agreement has ended and one whose versions contradict each other all mean nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from concerted.marking.viewer import Viewer
from concerted.model.errors import NotAllowedError


@dataclass(frozen=True, slots=True)
class GroupVersion:
    """Who is in a group, as its owner said it once. Versions are added and never changed.

    Attributes:
        group: the group; its name is for people and decides nothing, since two groups may be called the same.
        owner: id of the organisation that owns the group. Owning is not being a member.
        number: 1, 2, ..; the highest number counts, whatever clocks say.
        members: ids of organisations; empty = nobody.
        made_at, made_by: when, and which account; for people to read.
        last_day: the last day of the agreement; null = until it is changed.

    Raises:
        ValueError: a number below 1, or an id that is blank or could not stand in a marking.
    """

    group: UUID
    owner: str
    number: int
    members: frozenset[str]
    made_at: datetime
    made_by: str
    last_day: date | None = None

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"versions of a group are counted from 1, found {self.number}")
        for name in (self.owner, *self.members):
            if not name or name != name.strip() or "," in name:
                raise ValueError(f"{name!r} is not the id of an organisation")


@dataclass(frozen=True)
class Groups:
    """The newest version of each group; what is not here does not exist for the policy."""

    newest: dict[str, GroupVersion] = field(default_factory=dict)

    @classmethod
    def of(cls, versions: Iterable[GroupVersion]) -> "Groups":
        """The groups of all versions known, in any order and however often each is given.

        A group whose newest number was given out twice with different words, or whose versions name different owners,
        is left out: one of them is forged or lost, and a guess could open records.
        """
        known: dict[UUID, set[GroupVersion]] = {}
        for version in versions:
            known.setdefault(version.group, set()).add(version)
        newest = {}
        for group, told in known.items():
            last = max(version.number for version in told)
            candidates = [version for version in told if version.number == last]
            if len(candidates) == 1 and len({version.owner for version in told}) == 1:
                newest[str(group)] = candidates[0]
        return cls(newest)

    def members(self, group: str, day: date) -> frozenset[str]:
        """The organisations in `group` on `day`; nobody where the group is unknown or its agreement has ended."""
        version = self.newest.get(group)
        if version is None or (version.last_day is not None and day > version.last_day):
            return frozenset()
        return version.members

    def containing(self, organisation: str, day: date) -> frozenset[str]:
        """The groups of which `organisation` is a member on `day`."""
        return frozenset(group for group in self.newest if organisation in self.members(group, day))


def first_version(
    group: UUID, by: Viewer, members: Iterable[str], made_at: datetime, last_day: date | None = None
) -> GroupVersion:
    """A new group, owned by the organisation of the person who makes it.

    Raises:
        NotAllowedError: nobody is signed in, or who asks belongs to no organisation.
    """
    if by.is_public or not by.organisation:
        raise NotAllowedError("a sharing group is made by somebody of the organisation that will own it")
    return GroupVersion(group, by.organisation, 1, frozenset(members), made_at, str(by.person), last_day)


def next_version(
    newest: GroupVersion, by: Viewer, members: Iterable[str], made_at: datetime, last_day: date | None = None
) -> GroupVersion:
    """The group with other members or another last day; only its owner says so.

    Raises:
        NotAllowedError: who asks is not of the organisation that owns the group. What may be done by which role of it
            is for the caller to decide.
    """
    if by.is_public or by.organisation != newest.owner:
        raise NotAllowedError("only the organisation that owns a sharing group changes it")
    return GroupVersion(
        newest.group, newest.owner, newest.number + 1, frozenset(members), made_at, str(by.person), last_day
    )


def version_left_by(newest: GroupVersion, by: Viewer, made_at: datetime) -> GroupVersion:
    """The group without the organisation of the person who asks: a member may always go, and changes nothing else.

    Raises:
        NotAllowedError: nobody is signed in, or who asks is of no organisation in it.
    """
    if by.is_public or by.organisation not in newest.members:
        raise NotAllowedError("only a member leaves a sharing group, and only for itself")
    return replace(
        newest,
        number=newest.number + 1,
        members=newest.members - {by.organisation},
        made_at=made_at,
        made_by=str(by.person),
    )


def signed_in(person: str, organisation: str | None, groups: Groups, day: date, roles: Iterable[str] = ()) -> Viewer:
    """The viewer that a signed-in person is on `day`.

    `organisation` is the whole organisation, also for somebody of one of its units: TLP speaks of organisations, a unit
    sees with its organisation, and no further. There is no tree above it: with one, whoever moved an organisation
    below another would open records that no owner opened (decisions/0008-groups-and-expiry.md).
    """
    member_of = groups.containing(organisation, day) if organisation else frozenset[str]()
    return Viewer(person, organisation or None, member_of, frozenset(roles))
