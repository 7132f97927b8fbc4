"""Who acts for a need and for an offer.

What is kept on the site is acted for by the organisation that keeps it. What came by a file names a receiver or a
provider: an organisation with that very reference, if it takes part and somebody there binds it, is asked; whoever puts
the match forward is shown whom he asks, so it is a person that says so and not an identifier. Else the secretariat acts
([decision](docs/explanation/decisions/0018-a-run-is-private-a-match-is-told.md)).
"""

from collections.abc import Iterable
from uuid import UUID

from concerted.marking import Viewer
from concerted.web.accounts.models import Partner, User
from concerted.web.accounts.queries import in_organisation
from concerted.web.accounts.roles import Duty
from concerted.web.asks.models import Ask
from concerted.web.sharing.queries import groups_of

#: Duties that bind an organisation towards others: they answer, promise and confirm.
BINDERS = frozenset(map(str, (Duty.SIGNER, Duty.ADMINISTRATOR)))
#: Stands for any person of an organisation: no marking names it, as ids are UUIDs.
_ANYBODY = "anybody"


def kept_here(statements: Iterable[int]) -> dict[int, Ask]:
    """The needs and offers among these statements that are kept on the site, as they stand now."""
    return {ask.statement: ask for ask in Ask.objects.filter(statement__in=list(statements)).select_related("owner")}


def acting_for(ask: Ask | None, reference: str | None) -> Partner | None:
    """The organisation that acts for a need or an offer; null = the secretariat does.

    Args:
        ask: where it is kept on the site; then its owner acts, and nobody else.
        reference: of who receives or gives, where it came by a file.
    """
    if ask is not None:
        return ask.owner
    found = Partner.objects.filter(reference=reference, parent=None).first() if reference else None
    return found if found is not None and found.lets_in and binds(found.pk) else None


def binds(organisation: UUID) -> bool:
    """Whether somebody of an organisation can answer for it."""
    people = User.objects.filter(in_organisation(organisation), is_active=True, assignments__held__in=BINDERS)
    return people.exists()


def anybody_of(organisation: UUID) -> Viewer:
    """What everybody of an organisation sees: nothing that names single persons."""
    return Viewer(_ANYBODY, str(organisation), groups_of(organisation))
