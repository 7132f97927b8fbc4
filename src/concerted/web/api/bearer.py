"""Who asks through the programs' interface: by the token in `Authorization: Bearer`, and by nothing else."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from concerted.model.errors import ConcertedError
from concerted.web.accounts.models import User
from concerted.web.api.problems import problem


class UnknownTokenError(ConcertedError):
    """A token came that opens nothing, or a header that holds none."""


@dataclass(frozen=True)
class Bearer:
    """A program: in whose name it asks, and what its token was made for."""

    token: UUID
    person: User
    scopes: frozenset[str]


def bearer_of(request: HttpRequest) -> Bearer | None:
    """Who asks; None for the public, who sends no such header.

    Raises:
        UnknownTokenError: never taken for the public: a program whose token has ended must not go on with less.
    """
    stated = request.headers.get("Authorization", "")
    if not stated:
        return None
    from concerted.web.api.tokens import recognise  # models; this module is named by the middleware

    kind, _, text = stated.partition(" ")
    found = recognise(text.strip()) if kind.lower() == "bearer" and text.isascii() else None
    if found is None:
        raise UnknownTokenError("the token is unknown, has ended, or its owner may not come in")
    token, person = found
    return Bearer(token.pk, person, frozenset(token.scopes))


def no_such_token(request: HttpRequest) -> HttpResponse:
    """What a program with such a token is told."""
    response = problem(
        401,
        "token-unknown",
        "This token opens nothing.",
        "It is unknown, has ended or was revoked, or its owner's account is closed. Make a new one under"
        " Account > Tokens and send it as `Authorization: Bearer ...`.",
    )
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response
