"""Note in the log who saw or exported restricted records: with each answer, also where the page was kept ready.

A view says of its answer whose restricted records it holds (`watch`); the page cache keeps that with the page, and each
answer to a person is noted before it is sent. What cannot be noted is not shown. Lists and sums are not noted: an entry
for each row of each list would bury the one that matters.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from concerted.web.accounts.models import User
from concerted.web.accounts.queries import partners_of_references
from concerted.web.audit.actions import Act, Who, record
from concerted.web.config.requests import is_for_programs


@dataclass(frozen=True)
class Watched:
    """What an answer holds: restricted records of the organisations with these references."""

    action: str
    object_kind: str
    object_id: str
    references: tuple[str, ...]


def watch(response: HttpResponse, watched: Watched) -> HttpResponse:
    """Say of an answer whose restricted records it holds."""
    if watched.references:
        response.concerted_watched = watched  # type: ignore[attr-defined]
    return response


def watched_in(response: HttpResponse) -> Watched | None:
    """What a view said of its answer."""
    found = getattr(response, "concerted_watched", None)
    return found if isinstance(found, Watched) else None


def note(request: HttpRequest, watched: Watched | None) -> None:
    """Note an answer that is about to be sent. That an organisation reads its own records is not noted; that it takes
    them out is."""
    person: User | None = request.person  # type: ignore[attr-defined]
    if watched is None or person is None:
        return
    owners = partners_of_references(watched.references)
    if watched.action == "saw":
        owners = [owner for owner in owners if owner != person.organisation_id]
    acts = [Act(watched.action, watched.object_kind, watched.object_id, owner) for owner in owners]
    if acts:
        channel = "api" if is_for_programs(request) else "page"
        record(Who(person.pk, person.organisation_id, channel), *acts)
