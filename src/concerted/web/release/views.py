"""What was released, for everybody; what changed since, for organisations; and the decision, for the owner."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh

from concerted.store.released import released_edition
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import FORM, POST, READS, Access, acts, declares
from concerted.web.config.requests import SignedInRequest
from concerted.web.registry.activities import count_validation
from concerted.web.release import actions, comparing, queries, tasks
from concerted.web.release.actions import RELEASERS, NotReleasedError
from concerted.web.release.checks import Reason
from concerted.web.release.models import OPEN, Asked, Progress, Release
from concerted.web.release.words import reason_word
from concerted.web.ui.formats import language
from concerted.web.workspace.actions import RefusedError


class NoteForm(forms.Form):
    """The note that everybody reads."""

    note = forms.CharField(
        label=gettext_lazy("Note for everybody"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What it is about, in a sentence or two. Names of persons are not stored."),
    )


@declares(Access.LIVE)
@never_cache
def releases(request: HttpRequest) -> HttpResponse:
    """Every release with its date, note and what changed in numbers; also those that were taken back."""
    return render(request, "release/releases.html", {"rows": queries.releases(language())})


@declares(Access.LIVE)
@never_cache
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One release: what it changed of what everybody sees."""
    row = Release.objects.filter(pk=number).first()
    if row is None:
        raise Http404("release")
    found = queries.public_changes_of(row)
    context = {"row": row, "found": _shown(found), "is_told": found is not None}
    return render(request, "release/one.html", context)


@acts(*ANY, methods=READS)
@never_cache
def changes(request: SignedInRequest) -> HttpResponse:
    """What changed since the last release, as far as I may see it."""
    before = released_edition(settings.CONCERTED_DATA)
    found = _since(request, before)
    context = {"found": _told(found), "is_told": found is not None, "is_same": not request.is_unreleased}
    return render(request, "release/changes.html", context)


@acts(*RELEASERS, methods=FORM)
@never_cache
def make(request: SignedInRequest) -> HttpResponse:
    """Release the picture as it is before me, with a note; what stands against it is said."""
    form, against = NoteForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        folder = queries.looked_at(request.viewer, request.POST.get("edition", ""))
        if folder is None:
            messages.warning(request, gettext("The picture has moved on: look at it again."))
            return redirect("release")
        is_meant, note, actor = request.POST.get("meant") == "1", form.cleaned_data["note"], actor_of(request.person)
        try:
            if not tasks.is_small(folder):
                return _ask(request, folder, note, is_meant=is_meant)
            actions.release(actor, request.viewer, folder, note, is_meant=is_meant)
        except NotReleasedError as error:
            against = error.reasons
        except RefusedError:
            form.add_error("note", gettext("These words are not stored here: everybody would read them."))
        except ValueError:
            form.add_error(None, gettext("The public is shown this already."))
        else:
            messages.success(request, gettext("Released: everybody sees it now."))
            return redirect("releases")
    asked = Asked.objects.last()
    if not against and asked is not None and asked.by_id == request.person.pk and asked.progress == Progress.REFUSED:
        against = [Reason(*each) for each in asked.reasons] if request.method == "GET" else []
    scope = request.scope
    before = released_edition(settings.CONCERTED_DATA)
    found = _since(request, before)
    context = {
        "form": form,
        "asked": asked,
        "is_open": asked is not None and asked.progress in OPEN,
        "has_failed": asked is not None and asked.progress == Progress.FAILED,
        "against": [(reason_word(each), each) for each in against],
        "may_be_meant": bool(against) and all(each.may_be_meant for each in against),
        "found": _told(found),
        "is_told": found is not None,
        "validation": list(count_validation(scope).items()) if scope else [],
        "newest": Release.objects.last(),
    }
    return render(request, "release/make.html", context)


def _ask(request: SignedInRequest, folder: Path, note: str, *, is_meant: bool) -> HttpResponse:
    """Let it be released beside the site."""
    if tasks.ask(actor_of(request.person), folder, note, is_meant=is_meant) is None:
        messages.warning(request, gettext("A release is being looked at already: wait for it."))
    return redirect("release")


@acts(*RELEASERS, methods=READS)
@never_cache
def progress(request: SignedInRequest) -> HttpResponse:
    """How far the look at an edition has come; asked again and again by its page."""
    asked = Asked.objects.last()
    if asked is None or asked.progress not in OPEN:
        return HttpResponseClientRefresh()
    return render(request, "release/progress.html", {"asked": asked})


@acts(*RELEASERS, methods=POST)
@never_cache
def withdraw(request: SignedInRequest) -> HttpResponse:
    """Take back what is released."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Nothing was taken back: say to everybody why."))
        return redirect("release")
    try:
        actions.withdraw(actor_of(request.person), form.cleaned_data["note"])
    except RefusedError:
        messages.error(request, gettext("These words are not stored here: everybody would read them."))
    except ValueError:
        messages.error(request, gettext("Nothing is released that could be taken back."))
    else:
        messages.success(request, gettext("Taken back. The public is shown what it saw before."))
        return redirect("releases")
    return redirect("release")


def _since(request: SignedInRequest, before: Path | None) -> dict[str, Any] | None:
    return comparing.changes(request.scope, before) if request.scope and before else None


def _told(found: dict[str, Any] | None) -> dict[str, Any]:
    """What changed as the pages show it: numbers, and the first records of each kind with their activity."""
    return _shown(comparing.in_short(found))


def _shown(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return {}
    records = found["records"]
    return {
        "counts": found["counts"],
        "lists": [(name, records[name]) for name in ("added", "changed", "removed") if records[name]],
        "rules": bool(found["rules"]),
    }
