"""From what goes wrong inside to the problem that a program reads: every error that an operation may raise, and the
rest as our own failure."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from concerted.model.errors import NotAllowedError
from concerted.records.screening.kinds import message
from concerted.statements.document import DocumentError
from concerted.statements.texts import FoundText
from concerted.web.api.problems import not_there, problem
from concerted.web.api.refusals import REFUSALS
from concerted.web.api.sent import FormError
from concerted.web.asks.models import AskVersion
from concerted.web.coverage.filters import NotThere
from concerted.web.ui.formats import language
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.models import RecordVersion

log = logging.getLogger(__name__)


class NoPictureError(Exception):
    """Nothing has been built yet."""


def add_faults(api: NinjaAPI) -> None:
    """Let `api` answer every error as a problem."""
    answers: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
        (Exception, _failed),
        (DatabaseError, _no_registry),
        (InterfaceError, _no_registry),
        (Http404, lambda request, error: not_there()),
        (NotThere, lambda request, error: not_there()),
        (RecordVersion.DoesNotExist, lambda request, error: not_there()),
        (AskVersion.DoesNotExist, lambda request, error: not_there()),
        (NoPictureError, _no_picture),
        (NotAllowedError, _not_allowed),
        (DocumentError, _document),
        (RefusedError, _refused),
        (ValidationError, _invalid),
        (HttpError, _unreadable),
        (SuspiciousOperation, _unreadable),
        (BadRequest, _unreadable),
        (MultiPartParserError, _unreadable),
        (FormError, _form),
        *REFUSALS,
        (RequestDataTooBig, _too_big),
    )
    for kind, answer in answers:
        api.add_exception_handler(kind, answer)


def _failed(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("the interface failed at %s %s", request.method, request.path, exc_info=error)
    return problem(
        500, "failed", "Something went wrong here.", "Nothing was changed. Tell who keeps this installation."
    )


def _no_registry(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("the registry cannot be asked: %s", error)
    return problem(503, "no-registry", "The registry cannot be reached.", "Nothing was changed. Ask again later.")


def _no_picture(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(503, "no-picture", "There is no picture yet.", "It is there after the first build.")


def _not_allowed(request: HttpRequest, error: NotAllowedError) -> HttpResponse:
    detail = f"Nothing was changed: {error}."
    return problem(403, "not-allowed", "The token's owner may not do this.", detail)


def _document(request: HttpRequest, error: DocumentError) -> HttpResponse:
    listed = [{"where": f.path, "what": "cannot stand here", "do": f"expected {f.expected}"} for f in error.faults]
    detail = "See `errors`; docs/reference/fields.md has every field."
    return problem(422, "document-invalid", "The document cannot be kept.", detail, listed)


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """To the author alone, who has just written it; nothing of it is stored or logged."""
    is_final = any(each.is_refused for each in error.found)
    detail = (
        "Take out what `errors` names: it is not stored here."
        if is_final
        else "Read what `errors` names; if it is not what it looks like, send the same with `answered: true`."
    )
    return problem(422, "text-refused", "Texts hold what must not be stored.", detail, map(found, error.found))


def found(each: FoundText) -> dict[str, Any]:
    """What was found in a text, in words, with the words themselves."""
    return {
        "where": f"{each.table}[{each.at}].{each.column}",
        "what": message(each.finding, language()),
        "do": "take it out" if each.is_refused else "take it out, or send `answered: true`",
        "words": each.words,
    }


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    listed = [
        {"where": ".".join(map(str, each["loc"])), "what": each["type"], "do": each["msg"]} for each in error.errors
    ]
    return problem(422, "request-invalid", "The request is not understood.", "See `errors`.", listed)


def _form(request: HttpRequest, error: FormError) -> HttpResponse:
    return problem(422, "request-invalid", "The request is not understood.", "See `errors`.", error.errors)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(
        400, "request-unreadable", "The request cannot be read.", "Send JSON in UTF-8, a file as multipart/form-data."
    )


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, "request-too-large", "The request is too large.", "A document has at most one MiB.")
