"""One question at a time, the one whose answer decides most first; and what was judged, to be taken back."""

from typing import Any, cast, get_args

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.judgements.decisions import activity_id
from concerted.publish.open_questions import About, decides, ends
from concerted.publish.proposals import NameQuestion
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.queries import names_of_partners
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.config.watching import Watched, note
from concerted.web.desk import actions, queries, words
from concerted.web.desk.actions import MAY, NotThereError, RefusedWordsError, Said
from concerted.web.desk.asking import BOOKS, KINDS, LISTED, names_in, shown
from concerted.web.edition.owners import restricted_owners
from concerted.web.ui.formats import language


def _chosen(request: SignedInRequest) -> tuple[str, str]:
    """What is asked about, and in which book."""
    kind, book = request.GET.get("about", ""), request.GET.get("book", "")
    return kind if kind in KINDS else KINDS[0], book if book in BOOKS else BOOKS[0]


@acts(*MAY, methods=READS)
@never_cache
def desk(request: SignedInRequest) -> HttpResponse:
    """The question that is asked, side by side, with what each answer would do; and what comes after it."""
    scope, (kind, book) = request.scope, _chosen(request)
    found = queries.open_for(scope, kind, book) if scope else []
    skipped = request.GET.get("at", "")
    at = min(int(skipped), len(found) - 1) if skipped.isdecimal() and len(skipped) < 6 and found else 0
    context: dict[str, Any] = {
        "about": kind,
        "book": book,
        "kinds": [(each, _kind_word(each)) for each in KINDS],
        "books": BOOKS,
        "total": len(found),
        "at": at,
        "after": [
            (place, words.question_words(each), names_in(each), decides(each))
            for place, each in enumerate(found[at + 1 : at + 1 + LISTED], start=at + 1)
        ],
        "judged": _judged(request)[:1],
    }
    owners: tuple[str, ...] = ()
    if scope and found:
        question = found[at]
        context |= shown(scope, question, book)
        if not isinstance(question, NameQuestion):
            owners = restricted_owners(scope, [activity_id(end) for end in ends(question)])
    note(request, Watched("saw", "activity", "", owners))
    return render(request, "desk/desk.html", context)


def _kind_word(kind: str) -> str:
    return {
        "everything": gettext("Everything"),
        "money": gettext("Money told twice"),
        "projects": gettext("Projects"),
        "organisations": gettext("Names of organisations"),
    }[kind]


@acts(*MAY, methods=POST)
@never_cache
def judge(request: SignedInRequest) -> HttpResponse:
    """Keep an answer, and ask the next question."""
    given, scope = request.POST, request.scope
    if scope is None or given.get("kind") not in get_args(About):
        raise Http404("question")
    said = Said(
        cast(About, given["kind"]),
        given.get("left", ""),
        given.get("right", ""),
        given.get("answer", ""),
        given.get("reason", ""),
    )
    if not said.key:
        messages.error(request, gettext("Choose an answer."))
        return _back(request)
    try:
        actions.judge(actor_of(request.person), scope, said, timezone.now().date())
    except NotThereError as nothing:
        raise Http404("question") from nothing
    except RefusedWordsError:
        messages.error(request, gettext("Nothing was changed: these words are not stored here."))
    else:
        messages.success(request, gettext("Kept; it counts from the next picture on, which is being drawn."))
    return _back(request)


@acts(*MAY, methods=POST)
@never_cache
def undo(request: SignedInRequest, number: int) -> HttpResponse:
    """Take a judgement back."""
    try:
        actions.undo(actor_of(request.person), request.scope, number)
    except NotThereError as nothing:
        raise Http404("judgement") from nothing
    messages.success(request, gettext("Taken back: the picture will be what it was before."))
    return redirect("desk-judged") if "list" in request.POST else _back(request)


def _back(request: SignedInRequest) -> HttpResponse:
    kind, book = _chosen(request)
    response = redirect("desk")
    response["Location"] += f"?about={kind}&book={book}"
    return response


@acts(*MAY, methods=READS)
@never_cache
def judged(request: SignedInRequest) -> HttpResponse:
    """What was judged, the newest first, as far as the viewer sees both sides."""
    return render(request, "desk/judged.html", {"judged": _judged(request)})


def _judged(request: SignedInRequest) -> list[dict[str, Any]]:
    found = queries.readable(request.scope, request.person.organisation_id)
    names = names_of_partners((each.judgement.made_for for each in found), language())
    return [
        {
            "read": each,
            "word": words.decision_words(each.judgement.decision),
            "by": names.get(each.judgement.made_for) if each.judgement.made_for else None,
        }
        for each in found
    ]
