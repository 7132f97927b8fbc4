"""Which packages a viewer reads, and which of their parts. The viewer is the first argument.

A package that is open is read by its owner, by the organisations that have a part in it, and by those whom its audience
names; all else is its owner's alone. A part is shown to its owner and to its own partner; to all others once each
partner that answers for it has agreed, and the terms are still those that it agreed to. Whether its record may be seen
is another question, and `facts` asks it of every part and every reader
([decision](docs/explanation/decisions/0020-a-part-is-shown-when-its-partner-agrees.md)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from concerted.marking import Viewer, may_see
from concerted.web.packages.models import PARTNERS, Condition, Consent, Package, PackagePart

#: own: of the package's owner, who shows it himself; agreed: all who answer for it agreed to these terms; asked:
#: somebody has not answered, or answered to others; declined: somebody said no; nobody: nobody here can answer for it.
Standing = Literal["own", "agreed", "asked", "declined", "nobody"]


#: A match is answered for by two.
_SIDES = 2
#: What one partner said to the terms as they are.
Answer = Literal["agreed", "declined", "asked"]


@dataclass(frozen=True)
class Placed:
    """A part with where it stands; `answers` has what each of its partners said to the terms as they are."""

    row: PackagePart
    standing: Standing
    answers: Mapping[UUID, Answer]

    @property
    def is_shown(self) -> bool:
        """Whether others than its owner and its partner may know of it."""
        return self.standing in ("own", "agreed")


def own(viewer: Viewer) -> UUID | None:
    """The organisation as whose the viewer asks; null for the public, and where he may not ask as anybody's."""
    if viewer.is_public or viewer.organisation is None or not viewer.is_of(viewer.organisation):
        return None
    return UUID(viewer.organisation)


def readable(viewer: Viewer) -> QuerySet[Package]:
    """The packages that a viewer may read, those that were changed last first."""
    organisation = own(viewer)
    if organisation is None:
        return Package.objects.none()
    open_ones = Package.objects.filter(condition=Condition.OPEN)
    keys = {row: row.marking for row in open_ones.exclude(audience=PARTNERS).only("audience")}
    seen = [row.pk for row, key in keys.items() if key is not None and may_see(viewer, key)]
    part = PackagePart.objects.filter(removed_at=None).filter(Q(partner=organisation) | Q(beside=organisation))
    mine = Q(condition=Condition.OPEN) & (Q(pk__in=seen) | Q(pk__in=part.values("package")))
    return Package.objects.filter(Q(owner=organisation) | mine).select_related("owner")


def find_package(viewer: Viewer, package: UUID) -> Package | None:
    """A package, if the viewer may read it; else it is as if it were not there."""
    return readable(viewer).filter(pk=package).first()


def is_owner(viewer: Viewer, package: Package) -> bool:
    """Whether the viewer is of the organisation that keeps it."""
    return own(viewer) == package.owner_id


def parts_of(viewer: Viewer, package: Package) -> list[Placed]:
    """The parts of a package that the viewer reads, which he may, in their order; their records are asked for apart."""
    organisation, placed = own(viewer), placed_in(package)
    if organisation == package.owner_id:
        return placed
    return [each for each in placed if each.is_shown or organisation in each.row.partners]


def placed_in(package: Package) -> list[Placed]:
    """All parts of a package with where they stand: for what changes it, and for `parts_of`."""
    rows = package.parts.filter(removed_at=None).select_related("partner", "beside")
    found = list(rows.prefetch_related("waits_for"))
    for row in found:
        row.package = package
    return _placed(found)


def _placed(rows: list[PackagePart]) -> list[Placed]:
    newest = {
        (said.part_id, said.partner_id): said
        for said in Consent.objects.filter(part__in=[row.pk for row in rows]).order_by("number")
    }
    found = []
    for row in rows:
        answers = {each: _answer(row, newest.get((row.pk, each))) for each in row.partners}
        found.append(Placed(row, standing_of(row, answers), answers))
    return found


def _answer(row: PackagePart, said: Consent | None) -> Answer:
    """A no holds whatever the terms are; a yes holds for the terms that it was said to."""
    if said is None:
        return "asked"
    if not said.is_given:
        return "declined"
    return "agreed" if said.about == row.about else "asked"


def standing_of(row: PackagePart, answers: Mapping[UUID, Answer]) -> Standing:
    """Where a part stands by what those who answer for it said; its package's owner shows his own himself."""
    if not row.partners or (row.kind == "match" and len(row.partners) < _SIDES):
        return "nobody"
    others = {answers[each] for each in row.partners if each != row.package.owner_id}
    if "declined" in others:
        return "declined"
    if "asked" in others:
        return "asked"
    return "agreed" if others else "own"


def find_part(viewer: Viewer, package: Package, part: int) -> Placed | None:
    """A part that the viewer reads."""
    return next((each for each in parts_of(viewer, package) if each.row.pk == part), None)


def asked_of(viewer: Viewer) -> list[Placed]:
    """Parts of the viewer's organisation in the packages of others, on which its answer is waited for; oldest first."""
    organisation = own(viewer)
    if organisation is None:
        return []
    wanted = PackagePart.objects.filter(removed_at=None, package__condition=Condition.OPEN)
    wanted = wanted.filter(Q(partner=organisation) | Q(beside=organisation)).exclude(package__owner=organisation)
    rows = list(wanted.select_related("package", "package__owner", "partner", "beside").order_by("pk"))
    return [each for each in _placed(rows) if each.answers[organisation] == "asked"]
