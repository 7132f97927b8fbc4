"""What waits for human-rights focal points, and the page on which they assess an activity."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.roles import Role
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.safeguards import actions, queries
from concerted.web.safeguards.forms import AssessmentForm
from concerted.web.safeguards.models import Outcome
from concerted.web.safeguards.need import need_of
from concerted.web.safeguards.words import kind_word, outcome_word
from concerted.web.ui.formats import language
from concerted.web.workspace.clearing import standing_word, why_word
from concerted.web.workspace.models import Record
from concerted.web.workspace.queries import find_record


@acts(Role.RIGHTS, methods=READS)
@never_cache
def safeguards(request: SignedInRequest) -> HttpResponse:
    """What waits of all that I may read, and how often words were refused."""
    lang, found = language(), queries.queue(request.viewer)
    context = {
        "rows": [
            (each.record, each.record.owner.label(lang), standing_word(each.standing), _whys(each.whys))
            for each in found.waiting
        ],
        "more": found.total - len(found.waiting),
        "denied": [(each, each.owner.label(lang)) for each in found.denied],
        "refused": [(kind_word(kind), refused, asked) for kind, refused, asked in queries.refused_counts()],
    }
    return render(request, "safeguards/queue.html", context)


@acts(Role.RIGHTS)
@never_cache
def assess(request: SignedInRequest, record: UUID) -> HttpResponse:
    """Assess one activity that I may read."""
    found = find_record(request.viewer, Record.objects.filter(pk=record))
    if found is None or found.is_draft:
        raise Http404("record")
    person, form = request.person, AssessmentForm(request.POST or None)
    is_same = request.POST.get("looked_at") == str(found.version)
    if request.method == "POST" and not is_same:  # what was changed meanwhile was not assessed
        form.add_error(None, gettext("The activity was changed meanwhile: look at it again."))
    elif request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.assess(
                actor_of(person),
                request.viewer,
                found,
                Outcome(values["outcome"]),
                values["assessed_on"],
                values["valid_until"],
                values["measures"],
            )
        except NotAllowedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Kept. Its owner sees it on the activity’s page."))
            return redirect("safeguards")
    elif request.method == "GET" and person.organisation_id != found.owner_id and found.marking_key != "CLEAR":
        log(actor_of(person).who, Act("saw", "activity", str(found.pk), found.owner_id))
    need, newest = need_of(found.document), queries.newest_of(found.pk)
    context = {
        "record": found,
        "owner": found.owner.label(language()),
        "form": form,
        "standing": standing_word(queries.standing_of(need, newest)),
        "whys": _whys(need.whys),
        "told": [(each, outcome_word(each.outcome)) for each in queries.assessments_of(found)],
    }
    return render(request, "safeguards/assess.html", context)


def _whys(whys: tuple[str, ...]) -> list[str]:
    return [why_word(each) for each in whys]
