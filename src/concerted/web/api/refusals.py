"""What actions of single areas refuse, as problems; `faults` has what every operation may meet."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from concerted.web.api.problems import not_there, problem
from concerted.web.asks.actions import StaleError
from concerted.web.desk.actions import NotThereError, RefusedWordsError
from concerted.web.inbox.files import TooLargeError
from concerted.web.inbox.words import why_word
from concerted.web.matches.actions import MovedOnError as StepMeanwhileError
from concerted.web.matches.actions import RefusedStepError
from concerted.web.matches.words import refusal_word as step_refusal
from concerted.web.packages.actions import MovedOnError, RefusedPartError
from concerted.web.packages.words import refusal_word
from concerted.web.precedence.actions import DecidedMeanwhileError
from concerted.web.release.actions import NotReleasedError
from concerted.web.release.words import reason_word
from concerted.web.sharing.actions import ChangedMeanwhileError
from concerted.web.strategy.actions import StepError
from concerted.web.strategy.words import refusal_words


class NotNowError(Exception):
    """What was asked for does not go any more, or not yet: nothing was changed."""


def moved_on(detail: str) -> HttpResponse:
    """Somebody has changed meanwhile what was looked at."""
    return problem(409, "changed-meanwhile", "It was changed meanwhile.", f"Nothing was changed. {detail}")


def _changed(request: HttpRequest, error: ChangedMeanwhileError | DecidedMeanwhileError | StaleError) -> HttpResponse:
    return moved_on("Read it again and send the number that it has now.")


def _step(request: HttpRequest, error: StepError) -> HttpResponse:
    if error.code == "meanwhile":
        return moved_on("Read the version again and send its `began`.")
    errors = [{"where": "body", "what": error.code, "do": refusal_words(error)}]
    return problem(422, "step-refused", "This cannot be done as it stands.", "Nothing was changed.", errors)


def _match_step(request: HttpRequest, error: RefusedStepError) -> HttpResponse:
    errors = [{"where": "body", "what": error.code, "do": step_refusal(error.code, error.found)}]
    return problem(422, "step-refused", "This cannot be done as it stands.", "Nothing was changed.", errors)


def _not_released(request: HttpRequest, error: NotReleasedError) -> HttpResponse:
    errors = [{"where": "body.edition", "what": each.kind, "do": reason_word(each)} for each in error.reasons]
    may_be_meant = all(each.may_be_meant for each in error.reasons)
    detail = (
        "Nothing was released. Where sources were left out on purpose, send the same with `is_meant: true`."
        if may_be_meant
        else "Nothing was released. What `errors` names has to be mended first."
    )
    return problem(422, "not-released", "Something stands against it.", detail, errors, may_be_meant=may_be_meant)


def _words(request: HttpRequest, error: RefusedWordsError) -> HttpResponse:
    errors = [{"where": "body.reason", "what": "words that are not stored", "do": "take out names of persons"}]
    return problem(422, "text-refused", "Texts hold what must not be stored.", "Nothing was changed.", errors)


def _too_large(request: HttpRequest, error: TooLargeError) -> HttpResponse:
    return problem(413, "request-too-large", "The file is too large.", why_word("large"))


def _moved_on(request: HttpRequest, error: MovedOnError) -> HttpResponse:
    return moved_on("Read the package again and send the `version`, or the `about`, that it has now.")


def _part(request: HttpRequest, error: RefusedPartError) -> HttpResponse:
    loop = " > ".join(map(str, error.found))
    errors = [{"where": "body", "what": error.code, "do": refusal_word(error.code) % {"loop": loop}}]
    return problem(422, "part-refused", "A part cannot stand so.", "Nothing was changed.", errors)


def _not_now(request: HttpRequest, error: NotNowError) -> HttpResponse:
    return problem(409, "not-now", "This does not go any more, or not yet.", f"Nothing was changed: {error}.")


REFUSALS: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
    (ChangedMeanwhileError, _changed),
    (DecidedMeanwhileError, _changed),
    (StepError, _step),
    (StaleError, _changed),
    (StepMeanwhileError, lambda request, error: moved_on("Read it again and send the number of its newest step.")),
    (RefusedStepError, _match_step),
    (NotReleasedError, _not_released),
    (NotThereError, lambda request, error: not_there()),
    (RefusedWordsError, _words),
    (TooLargeError, _too_large),
    (MovedOnError, _moved_on),
    (RefusedPartError, _part),
    (NotNowError, _not_now),
)
