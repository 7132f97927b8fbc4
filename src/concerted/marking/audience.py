"""Who will see this: the audience of a marking in words that pages can show, before it is saved and on every record.

Enters: markings and a directory (groups, organisations, accounts). Leaves: what kind of audience, and by id who is in
it. It is the policy read the other way round: from the marking to the viewers, with the same answer for each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from concerted.marking.groups import Groups, signed_in
from concerted.marking.keys import Label, parse_key
from concerted.marking.policy import may_see
from concerted.marking.viewer import Viewer
from concerted.marking.widening import Views


class Kind(StrEnum):
    """Sorts of audience, from the widest to none."""

    ANYONE = "anyone"
    PARTNERS = "partners"
    ORGANISATIONS = "organisations"
    PERSONS = "persons"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Directory:
    """Who there is, on one day.

    Attributes:
        organisations: ids of the organisations that take part.
        persons: account id -> id of its organisation, null where it belongs to none.
    """

    day: date
    groups: Groups = field(default_factory=Groups)
    organisations: frozenset[str] = frozenset()
    persons: Mapping[str, str | None] = field(default_factory=dict)

    def viewer(self, person: str) -> Viewer:
        """The viewer that somebody of the directory is."""
        return signed_in(person, self.persons[person], self.groups, self.day)


@dataclass(frozen=True)
class WhoSees:
    """The audience of one view.

    Attributes:
        organisations: whose people see it, sorted; where `kind` is ORGANISATIONS.
        persons: who sees it, sorted; where `kind` is PERSONS.
        through: the groups by which the organisations see it, sorted.
        in_vain: names in the marking that bring nobody (unknown, empty or ended groups; unknown organisations or
            persons), sorted: to be shown to the owner, who may have meant somebody.
    """

    kind: Kind
    organisations: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    in_vain: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordAudience:
    """The audience of both views of a record.

    Attributes:
        precise: who sees the record as it is.
        coarse: who sees only the coarse view. Who sees the precise one is taken out, except one by one from
            organisations and from everybody (a page says "all others").
        coarse_place_level: how fine the place of the coarse view is; 0 = country, 1 = region, ..
        is_partner_hidden: the coarse view does not say who works there.
    """

    precise: WhoSees
    coarse: WhoSees
    coarse_place_level: int | None = None
    is_partner_hidden: bool = False


def who_sees(key: str | None, directory: Directory) -> WhoSees:
    """The audience of one marking."""
    marking = parse_key(key)
    named = sorted(marking.names)
    match marking.label:
        case Label.CLEAR:
            return WhoSees(Kind.ANYONE)
        case Label.GREEN:
            return WhoSees(Kind.PARTNERS)
        case Label.AMBER:
            by_group = {name: _present(name, directory) for name in named}
            through = tuple(name for name, members in by_group.items() if members)
            seen_by = sorted(set().union(*by_group.values()))
            return _organisations(seen_by, named, through)
        case Label.AMBER_STRICT:
            return _organisations([name for name in named if name in directory.organisations], named)
        case Label.RED:
            known = tuple(name for name in named if name in directory.persons)
            in_vain = tuple(name for name in named if name not in known)
            return WhoSees(Kind.PERSONS if known else Kind.NOBODY, persons=known, in_vain=in_vain)
        case Label.NOBODY:
            return WhoSees(Kind.NOBODY)


def who_sees_record(views: Views, directory: Directory) -> RecordAudience:
    """The audience of both views of a record."""
    precise, coarse = who_sees(views.precise, directory), who_sees(views.coarse, directory)
    only_coarse = _without(coarse, precise, views.precise, directory)
    return RecordAudience(precise, only_coarse, views.coarse_place_level, views.is_partner_hidden)


def _present(group: str, directory: Directory) -> frozenset[str]:
    return directory.groups.members(group, directory.day) & directory.organisations


def _organisations(seen_by: list[str], named: list[str], through: tuple[str, ...] = ()) -> WhoSees:
    counts = {*seen_by, *through}
    in_vain = tuple(name for name in named if name not in counts)
    return WhoSees(Kind.ORGANISATIONS if seen_by else Kind.NOBODY, tuple(seen_by), (), through, in_vain)


def _without(coarse: WhoSees, precise: WhoSees, precise_key: str | None, directory: Directory) -> WhoSees:
    """The audience of the coarse view without those who see the precise one."""
    match coarse.kind, precise.kind:
        case _, Kind.ANYONE:
            return replace(coarse, kind=Kind.NOBODY, organisations=(), persons=(), through=())
        case ((Kind.PARTNERS | Kind.ORGANISATIONS), Kind.PARTNERS):
            return replace(coarse, kind=Kind.NOBODY, organisations=(), persons=(), through=())
        case Kind.ORGANISATIONS, _:
            left = tuple(name for name in coarse.organisations if name not in precise.organisations)
            return replace(coarse, organisations=left, kind=Kind.ORGANISATIONS if left else Kind.NOBODY)
        case Kind.PERSONS, _:
            left = tuple(name for name in coarse.persons if not may_see(directory.viewer(name), precise_key))
            return replace(coarse, persons=left, kind=Kind.PERSONS if left else Kind.NOBODY)
    return coarse
