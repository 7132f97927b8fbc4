"""What all pages share that save what is kept: who acts, what a form brings, and where two changed the same."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from typing_extensions import TypeVar

from concerted.statements.document import Document, DocumentError
from concerted.statements.merging import merge as join
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import Partner
from concerted.web.accounts.queries import names_of_people
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language
from concerted.web.workspace import queries, words
from concerted.web.workspace.actions import Clash, RefusedError, Saved
from concerted.web.workspace.actions.life import restore
from concerted.web.workspace.actions.saving import version_document
from concerted.web.workspace.models import Condition, Kept
from concerted.web.workspace.views.reading import edition_of

R = TypeVar("R", bound=Kept)
Settle = Callable[[Actor, Clash[R], dict[int, bool]], Saved[R] | Clash[R]]
#: Letters of a document that come back from the page of a merge; a document is smaller.
_LONGEST = 1 << 20


@dataclass(frozen=True)
class Pages:
    """Names of the addresses of one kind of what is kept: of one, and of where a clash is answered."""

    one: str
    merge: str


def actor_in(request: SignedInRequest) -> Actor:
    """Who acts, through this page."""
    return actor_of(request.person)


def owner_in(request: SignedInRequest) -> Partner:
    """The organisation that he writes for."""
    partner: Partner = request.person.partner
    return partner.parent or partner


def number(text: str | None, otherwise: int) -> int:
    """The number of a version that a form brings."""
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise


def id_in(text: str | None) -> UUID | None:
    """The id that a form brings, if it is one that a page could have given it."""
    try:
        found = UUID(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.version == 4 else None


def condition_in(request: SignedInRequest) -> Condition:
    """What was pressed: kept, or a draft."""
    return Condition.DRAFT if "draft" in request.POST else Condition.KEPT


def audience_of(document: Document) -> Any:
    """Who will see a document, for the box beside its form."""
    return queries.audience_words(document, queries.directory(timezone.now().date()), language(), with_groups=True)


def organisation_names() -> list[str]:
    """Names to complete an organisation with."""
    found = Partner.objects.filter(parent=None, is_active=True)
    return sorted({each.label(language()) for each in found}, key=str.casefold)


def after_saving(request: SignedInRequest, outcome: Saved[R] | Clash[R], pages: Pages) -> HttpResponse:
    """What follows a saving: the page of what was saved, or the one that asks where two changed the same."""
    if isinstance(outcome, Clash):
        return _ask(request, outcome, pages)
    if not outcome.is_changed:
        messages.info(request, gettext("Nothing new was said, so nothing was saved."))
    elif outcome.is_joined:
        messages.success(
            request, gettext("Saved. Somebody else had saved meanwhile; both are joined, nothing is lost.")
        )
    else:
        messages.success(request, gettext("Saved."))
    return redirect(pages.one, outcome.record.pk)


def settled(request: SignedInRequest, record: R, settle: "Settle[R]", pages: Pages) -> HttpResponse:
    """Save what was chosen where two had changed the same. What comes from the page is checked as if typed anew."""
    began, theirs = number(request.POST.get("began"), 0), number(request.POST.get("theirs"), 0)
    text = request.POST.get("mine", "")
    try:
        mine: Document = json.loads(text) if len(text) <= _LONGEST else {}
        if not isinstance(mine, dict) or mine.get("record") != str(record.pk):
            raise Http404("document")
        merged = join(version_document(record, began), mine, version_document(record, theirs))
    except (ValueError, KeyError, TypeError, AttributeError, ObjectDoesNotExist) as error:
        raise Http404("document") from error
    condition = Condition.KEPT if request.POST.get("condition") == Condition.KEPT else None
    clash = Clash(record, mine, began, theirs, condition, merged)
    answers = {n: request.POST.get(f"choice-{n}") for n in range(len(merged.conflicts))}
    if not all(each in ("mine", "theirs") for each in answers.values()):
        messages.error(request, gettext("Choose for each line."))
        return _ask(request, clash, pages)
    try:
        outcome = settle(actor_in(request), clash, {n: v == "mine" for n, v in answers.items()})
    except KeyError:
        messages.error(request, gettext("What you keep belongs to something that you drop. Choose again."))
        return _ask(request, clash, pages)
    except (RefusedError, DocumentError) as error:
        raise Http404("document") from error  # the form before this page would not have let it through
    return after_saving(request, outcome, pages)


def begun(record: Kept, number: int) -> Document:
    """The version that a form began with.

    Raises:
        Http404: there is none of that number.
    """
    try:
        return version_document(record, number)
    except ObjectDoesNotExist as error:
        raise Http404("version") from error


def restored(request: SignedInRequest, record: R, pages: Pages) -> HttpResponse:
    """Bring back what the version that the page names said."""
    try:
        began, wanted = number(request.POST.get("began"), record.version), number(request.POST.get("number"), 0)
        outcome = restore(actor_in(request), record, began, wanted)
    except ObjectDoesNotExist as error:
        raise Http404("version") from error
    except (RefusedError, DocumentError):
        messages.error(request, gettext("That version holds what is not stored here any more."))
        return redirect(pages.one, record.pk)
    return after_saving(request, outcome, pages)


def _ask(request: SignedInRequest, clash: Clash[R], pages: Pages) -> HttpResponse:
    """The page that puts both side by side, with the whole of mine in it, so that nothing must be typed again."""
    vocabulary = queries.vocabulary(edition_of(request))
    theirs = clash.record.versions.get(number=clash.theirs)
    lines = []
    for at, each in enumerate(clash.merged.conflicts):
        table = each.row.table
        values = [
            words.value_word(table, each.column, value, vocabulary) for value in (each.base, each.mine, each.theirs)
        ]
        about = [words.row_word(each.row, vocabulary), words.column_word(table, each.column) if each.column else ""]
        lines.append((at, ", ".join(part for part in about if part), *values))
    by = names_of_people(clash.record.owner_id, [theirs.made_by]).get(theirs.made_by) if theirs.made_by else None
    context = {
        "send_to": reverse(pages.merge, args=[clash.record.pk]),
        "back_to": reverse(pages.one, args=[clash.record.pk]),
        "lines": lines,
        "mine": json.dumps(clash.mine, ensure_ascii=False),
        "began": clash.began,
        "theirs": clash.theirs,
        "condition": clash.condition or "",
        "by": by or "",
        "at": theirs.made_at,
    }
    return render(request, "workspace/merge.html", context, status=409)
