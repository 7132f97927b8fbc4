"""Who asks: from the session to the person and to the viewer that every query takes.

A request without a session's cookie is the public's and costs no query; one with it costs three: the session, the
account with all that it holds, and the groups of its organisation.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest

from concerted.marking import PUBLIC, Viewer
from concerted.web.accounts.models import User

log = logging.getLogger(__name__)

Groups = Callable[[UUID], frozenset[str]]


def _no_groups(organisation: UUID) -> frozenset[str]:
    return frozenset()


#: Sharing groups of an organisation; the app that keeps groups puts its own function here when it is ready.
groups_of: Groups = _no_groups


def keep_groups(function: Groups) -> None:
    """Let `function` say which sharing groups an organisation belongs to."""
    global groups_of
    groups_of = function


def person_of(request: HttpRequest) -> User | None:
    """Who is signed in; None for the public, and where the registry cannot be asked."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    try:
        user = request.user
        return user if isinstance(user, User) else None
    except (DatabaseError, InterfaceError) as error:
        log.error("the registry cannot be asked who is signed in, so the public's page is shown: %s", error)
        return None


def has_second_factor(request: HttpRequest, person: User) -> bool:
    """Whether this session was opened with a second factor, or has set one up."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, person))


def viewer_for(person: User | None, *, is_sure: bool) -> Viewer:
    """The viewer that a person is; the public, while the second factor that the person's roles need is missing."""
    if person is None or not is_sure:
        return PUBLIC
    organisation = person.organisation_id
    return Viewer(
        person=str(person.pk),
        organisation=str(organisation),
        groups=groups_of(organisation),
        roles=person.held,
    )
