"""Which decisions hold, and what both sources of an organisation tell in the edition, as far as a viewer sees it."""

from dataclasses import dataclass
from uuid import UUID

from concerted.judgements.precedence import SOURCES, Choice, Source
from concerted.publish.chain import Asked
from concerted.publish.precedence import Told, told_in_both
from concerted.web.accounts.models import Partner
from concerted.web.accounts.queries import names_of_people
from concerted.web.edition.scope import Scope
from concerted.web.precedence.models import Choosing


def newest(organisation: UUID) -> Choosing | None:
    """The decision that holds, or that took the last one back."""
    return Choosing.objects.filter(organisation=organisation).order_by("-number").first()


def holding(row: Choosing | None) -> dict[str, Source]:
    """Source by subject."""
    found = row.choices if row else {}
    return {subject: source for subject, said in found.items() for source in SOURCES if source == said}


def choices() -> list[Choice]:
    """What holds of all organisations, as the build reads it, in one order.

    An organisation without a reference has no published data that could be known to be its own.
    """
    last: dict[UUID, Choosing] = {}
    for row in Choosing.objects.order_by("number").select_related("organisation"):
        last[row.organisation_id] = row
    found = [
        Choice(row.organisation.reference, subject, source, row.made_at.date())
        for row in last.values()
        if row.organisation.reference
        for subject, source in holding(row).items()
    ]
    return sorted(found, key=lambda choice: (choice.organisation, choice.subject))


@dataclass(frozen=True)
class Past:
    """A decision as its organisation reads it: who made it, and what it said."""

    row: Choosing
    by: str
    choices: dict[str, Source]


def history(organisation: UUID, most: int = 20) -> list[Past]:
    """The decisions of an organisation, newest first."""
    rows = list(Choosing.objects.filter(organisation=organisation).order_by("-number")[:most])
    names = names_of_people(organisation, (row.made_by for row in rows))
    return [Past(row, names.get(row.made_by, "") if row.made_by else "", holding(row)) for row in rows]


def told(scope: Scope | None, partner: Partner) -> dict[str, Told]:
    """What both sources tell, by subject; nothing before the first picture or without a reference."""
    if scope is None or not partner.reference:
        return {}
    asked = Asked(scope.rows, scope.filter)
    return scope.remember(("told in both", partner.reference), lambda: told_in_both(asked, partner.reference))
