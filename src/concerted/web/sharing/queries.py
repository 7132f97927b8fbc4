"""Read sharing groups: for the policy, for who will see a record, and for the pages of those who keep or share them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from concerted.marking import Groups, GroupVersion
from concerted.web.accounts.queries import names_of_partners, names_of_people
from concerted.web.sharing.models import Member, Version


def groups_of(organisation: UUID) -> frozenset[str]:
    """The groups of which an organisation is a member today, in one query; what the policy asks at each request.

    The same answer as `marking.Groups` gives of all versions (a test holds them together), without reading them all.
    """
    newer = Version.objects.filter(group=OuterRef("version__group"), number__gt=OuterRef("version__number"))
    found = Member.objects.filter(
        Q(version__last_day=None) | Q(version__last_day__gte=today()), ~Exists(newer), organisation=organisation
    )
    return frozenset(map(str, found.values_list("version__group", flat=True)))


def groups_named(names: Iterable[str]) -> Groups:
    """The groups that a marking names, by all their versions; what is no group is not there."""
    wanted = [each for each in map(_uuid, names) if each]
    versions = Version.objects.filter(group__in=wanted) if wanted else Version.objects.none()
    return Groups.of(as_said(version) for version in with_members(versions))


def with_members(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Versions with their groups and members, in two queries."""
    return versions.select_related("group").prefetch_related("members")


def as_said(version: Version) -> GroupVersion:
    """A version as the policy takes it."""
    return GroupVersion(
        version.group_id,
        str(version.group.owner_id),
        version.number,
        frozenset(str(member.organisation_id) for member in version.members.all()),
        version.made_at,
        str(version.made_by),
        version.last_day,
    )


def newest(group: UUID) -> Version | None:
    """What a group is now."""
    return with_members(Version.objects.filter(group=group)).order_by("-number").first()


@dataclass(frozen=True)
class Listed:
    """A group as it is now, for those who own it or are in it.

    Attributes:
        members: name by id of organisation, by name.
        has_ended: the last day of its agreement has passed, so it means nobody.
    """

    id: UUID
    owner: UUID
    name: str
    purpose: str
    number: int
    members: dict[UUID, str]
    last_day: date | None
    has_ended: bool


def listed(organisation: UUID, lang: str) -> list[Listed]:
    """The groups that an organisation owns or is in, by name."""
    newer = Version.objects.filter(group=OuterRef("group"), number__gt=OuterRef("number"))
    is_in = Member.objects.filter(version=OuterRef("pk"), organisation=organisation)
    concerned = Q(group__owner=organisation) | Exists(is_in)
    versions = list(with_members(Version.objects.filter(~Exists(newer), concerned)))
    names = names_of_partners({m.organisation_id for v in versions for m in v.members.all()}, lang)
    return sorted((_listed(v, names) for v in versions), key=lambda each: (each.name.casefold(), str(each.id)))


def names_of_groups(names: Iterable[str]) -> dict[str, str]:
    """What groups are called now, by id; for their owners and members, and for who marked a record with them."""
    wanted = [each for each in map(_uuid, names) if each]
    found = Version.objects.filter(group__in=wanted).order_by("number") if wanted else ()
    return {str(version.group_id): version.name for version in found}


@dataclass(frozen=True)
class Told:
    """One version of a group: when, by whom, and what it changed.

    Attributes:
        by: the person, told to the own organisation only; else the organisation.
        left: the organisation that took itself out.
    """

    number: int
    at: datetime
    by: str
    name: str
    purpose: str
    last_day: date | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    left: str


@dataclass(frozen=True)
class Opened:
    """A group with its history, newest first, and since when each member is in it."""

    now: Listed
    owner_name: str
    since: tuple[tuple[UUID, str, datetime], ...]
    history: tuple[Told, ...]


def opened(organisation: UUID, group: UUID, lang: str) -> Opened | None:
    """A group, for an organisation that owns it or is in it; for others it is as if it were not there."""
    versions = list(with_members(Version.objects.filter(group=group)).order_by("number"))
    if not versions:
        return None
    owner, members = versions[-1].group.owner_id, [_members(version) for version in versions]
    if organisation != owner and organisation not in members[-1]:
        return None
    names = names_of_partners({owner, *(each for of in members for each in of), *(v.made_for for v in versions)}, lang)
    people = names_of_people(organisation, {version.made_by for version in versions})
    since, history, before = dict[UUID, datetime](), list[Told](), frozenset[UUID]()
    for version, now in zip(versions, members, strict=True):
        since = {each: since.get(each, version.made_at) for each in now}
        history.append(
            Told(
                version.number,
                version.made_at,
                people.get(version.made_by) or names.get(version.made_for, ""),
                version.name,
                version.purpose,
                version.last_day,
                _sorted(names, now - before),
                _sorted(names, before - now),
                names.get(version.left, "") if version.left else "",
            )
        )
        before = now
    told = sorted(((each, names.get(each, ""), at) for each, at in since.items()), key=lambda row: row[1].casefold())
    return Opened(_listed(versions[-1], names), names.get(owner, ""), tuple(told), tuple(history[::-1]))


def today() -> date:
    """The day by which agreements end, the same for everybody: UTC's."""
    return timezone.now().date()


def _members(version: Version) -> frozenset[UUID]:
    return frozenset(member.organisation_id for member in version.members.all())


def _listed(version: Version, names: dict[UUID, str]) -> Listed:
    members = sorted(((each, names.get(each, "")) for each in _members(version)), key=lambda pair: pair[1].casefold())
    has_ended = version.last_day is not None and version.last_day < today()
    return Listed(
        version.group_id, version.group.owner_id, version.name, version.purpose, version.number, dict(members),
        version.last_day, has_ended,
    )  # fmt: skip


def _sorted(names: dict[UUID, str], wanted: Iterable[UUID]) -> tuple[str, ...]:
    return tuple(sorted((names.get(each, "") for each in wanted), key=str.casefold))


def _uuid(text: str) -> UUID | None:
    """An id as a marking writes it; another spelling of the same id would be no group for the policy."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
