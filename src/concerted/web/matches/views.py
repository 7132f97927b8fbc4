"""Pages of runs and matches: what waits, a run, a proposal beside its need and offer, a match with what happened."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.matching.life import KINDS, OPEN, may_step
from concerted.model.errors import ConfigError, NotAllowedError
from concerted.statements.document import DocumentError
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.queries import names_of_partners, names_of_people
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import FORM, POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.config.watching import Watched, note
from concerted.web.edition.scope import Scope
from concerted.web.matches import actions, promises, queries, running, words
from concerted.web.matches.actions import KEEPERS_OF_RULES, MovedOnError, Putting, RefusedStepError, Wanted
from concerted.web.matches.asked import Told, pair_of
from concerted.web.matches.forms import PromiseForm, PutForm, RulesForm, StepForm
from concerted.web.matches.models import Match, Progress, Run
from concerted.web.matches.shown import PAGE, conditions_now, found_in, met_with, restricted, told_pairs
from concerted.web.matches.sides import BINDERS
from concerted.web.ui.formats import language
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.queries import vocabulary

#: Matches on a page.
LISTED = 50


@acts(*ANY, methods=READS)
@never_cache
def matches(request: SignedInRequest) -> HttpResponse:
    """What waits for me, the newest run, and all matches of my organisation."""
    actor, viewer, scope = actor_of(request.person), request.viewer, request.scope
    last, open_ = queries.last_run(viewer), queries.open_run(request.person.organisation_id)
    node, place = _cell(request)
    waiting = told_pairs(scope, queries.waiting_for(actor, viewer, timezone.now().date()))
    at, total = _page(request, "matches"), queries.readable(viewer).count()
    listed = told_pairs(scope, queries.readable(viewer)[(at - 1) * LISTED : at * LISTED])
    context = {
        "waiting": [(m, n, o, _waits(m)) for m, n, o in waiting],
        "listed": [(m, n, o, words.state_word(m.state)) for m, n, o in listed],
        "total": total,
        "turned": _turned(request, "matches", at, -(-total // LISTED)),
        "runs": [(each, "" if each.gap is None else words.near_word(each.gap)) for each in queries.runs_of(viewer)],
        "last": last,
        "under_way": open_,
        "failed": _failed(viewer, open_),
        "may_run": not WRITERS.isdisjoint(request.person.held),
        "may_rule": any(needed <= actor.held for needed in KEEPERS_OF_RULES),
        "cell": words.named("node", [node], scope) if scope and node else "",
        "cell_place": words.named("place", [place], scope) if scope and place else "",
        **(_run_context(request, scope, last, node, place) if scope and last and (node or place) else {}),
    }
    note(request, Watched("saw", "need", "", restricted(t for row in (*waiting, *listed) for t in row[1:])))
    return render(request, "matches/matches.html", context)


@acts(*WRITERS, methods=POST)
@never_cache
def ask(request: SignedInRequest) -> HttpResponse:
    """Let a run be made."""
    if running.ask(actor_of(request.person)) is None:
        messages.warning(request, gettext("A run is being made already."))
    return redirect("matches")


@acts(*ANY, methods=READS)
@never_cache
def progress(request: SignedInRequest) -> HttpResponse:
    """How far the run that is under way has come; the whole page anew once it has ended."""
    open_ = queries.open_run(request.person.organisation_id)
    if open_ is not None:
        return render(request, "matches/_progress.html", {"under_way": open_})
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@acts(*ANY, methods=READS)
@never_cache
def run(request: SignedInRequest, run: UUID) -> HttpResponse:
    """What a run found: proposals, needs that stay open and why, what one more dollar would bring."""
    found, scope = queries.find_run(request.viewer, run), request.scope
    if found is None or scope is None or found.progress != Progress.DONE:
        raise Http404("run")
    node, place = _cell(request)
    return render(request, "matches/run.html", _run_context(request, scope, found, node, place))


def _run_context(request: SignedInRequest, scope: Scope, run: Run, node: str, place: str) -> dict[str, Any]:
    document = run.document or {}
    found, page = found_in(scope, run, node, place), _page(request)
    shown = found.lines[(page - 1) * PAGE : page * PAGE]
    short = found.short[(page - 1) * PAGE : page * PAGE]
    pages = max(-(-len(each) // PAGE) for each in (found.lines, found.short, found.value, found.gone))
    note(request, Watched("saw", "need", "", restricted(t for each in shown for t in (each.need, each.offer))))
    return {
        "run": run,
        "gap": words.plan_word(float(document.get("gap", 1.0))),
        "worst": [
            (gettext("Region worst off") if name == "region" else gettext("Line worst off"), before, after)
            for name, (before, after) in document.get("worst", {}).items()
        ],
        "lines": [(each, _unit(each.need), each.match and words.state_word(each.match.state)) for each in shown],
        "short": [
            (
                each,
                _unit(each.need),
                [words.reason_word(code, count) for code, count in each.reasons],
                [words.change_word(c, _isolated(offer), scope, _unit(each.need)) for c, offer in each.changes],
            )
            for each in short
        ],
        "count": len(found.lines),
        "short_count": len(found.short),
        "hidden": found.hidden,
        "gone": found.gone[(page - 1) * PAGE : page * PAGE],
        "gone_count": len(found.gone),
        "new_count": sum(each.is_new for each in found.lines),
        "value": [
            (words.named("node", [n], scope) if n else "–", words.named("place", [p], scope) if p else "–", worth)
            for n, p, worth in found.value[(page - 1) * PAGE : page * PAGE]
        ],
        "node": words.named("node", [node], scope) if node else "",
        "place": words.named("place", [place], scope) if place else "",
        "page": page,
        "pages": pages,
        **_turned(request, "page", page, pages),
        "params": document.get("parameters", {}),
    }


@acts(*ANY, methods=READS)
@never_cache
def proposal(request: SignedInRequest, run: UUID, need: str, offer: str) -> HttpResponse:
    """A need and an offer side by side: conditions, who must agree, what it would do; and how both are told."""
    return _proposal(request, run, need, offer, None)


@acts(*BINDERS, methods=POST)
@never_cache
def put_forward(request: SignedInRequest, run: UUID, need: str, offer: str) -> HttpResponse:
    """Tell both sides of a proposal."""
    found, scope = queries.find_run(request.viewer, run), request.scope
    form = PutForm(request.POST)
    if found is None or scope is None:
        raise Http404("run")
    if not form.is_valid():
        return _proposal(request, run, need, offer, form)
    amount = form.cleaned_data["amount"] or Decimal(0)
    try:
        made = actions.put_forward(actor_of(request.person), scope, found, need, offer, amount, timezone.now().date())
    except RefusedStepError as error:
        form.add_error("amount", words.refusal_word(error.code, error.found))
        return _proposal(request, run, need, offer, form)
    except (NotAllowedError, ValueError) as error:
        raise Http404("proposal") from error
    messages.success(request, gettext("Put forward: both sides are told."))
    return redirect("matches-one", made.pk)


def _proposal(request: SignedInRequest, run: UUID, need: str, offer: str, form: PutForm | None) -> HttpResponse:
    found, scope = queries.find_run(request.viewer, run), request.scope
    told = actions.proposal_of(found, need, offer) if found else None
    if found is None or scope is None or told is None:
        raise Http404("proposal")
    actor, today = actor_of(request.person), timezone.now().date()
    looked = actions.look(actor, scope, need, offer, today)
    if looked is None:
        raise Http404("proposal")
    note(request, Watched("saw", "need", "", restricted((looked.need, looked.offer))))
    states = queries.states_of(request.viewer, [(looked.need.row["record_id"], looked.offer.row["record_id"])])
    match = next(iter(states.values()), None)
    amount = Decimal(str(told["amount"]))
    context = {
        "run": found,
        "match": match if match and match.state in OPEN else None,
        "amount": amount,
        "is_new": told["is_new"],
        "form": form or PutForm(initial={"amount": f"{amount.normalize():f}"}),
        "may_bind": not BINDERS.isdisjoint(request.person.held),
        "against": [words.refusal_word(code, which) for code, which in looked.against],
        "is_mine": not any(code == "not_a_side" for code, _ in looked.against),
        "asked_sides": _asked_sides(looked),
        "met": (told["met_before"], told["met_after"]),
        **_pair_context(request, scope, looked.need, looked.offer),
    }
    return render(request, "matches/proposal.html", context)


def _pair_context(request: SignedInRequest, scope: Scope, need: Any, offer: Any) -> dict[str, Any]:
    """Need and offer with their words, and every condition as this reader sees it."""
    asked = actions.asked_now(scope, timezone.now())
    found = conditions_now(asked, need.ask.id, offer.ask.id, timezone.now().date()) if asked else []
    return {
        "need": need,
        "offer": offer,
        "unit": _unit(need),
        "kind_word": words.kind_word(need.ask.kind),
        "need_lines": words.named("node", sorted(need.ask.nodes), scope),
        "need_places": words.named("place", sorted(need.ask.places), scope),
        "offer_lines": words.named("node", sorted(offer.ask.nodes), scope),
        "offer_places": words.named("place", sorted(offer.ask.places), scope),
        "conditions": [
            (words.condition_word(c.code), c.is_met, *words.condition_values(c.code, c.wanted, c.found, scope))
            for c in sorted(found, key=lambda c: c.is_met)
        ],
        "asked": asked,
    }


@acts(*ANY, methods=READS)
@never_cache
def one(request: SignedInRequest, match: UUID) -> HttpResponse:
    """A match: where it stands, what happened, both sides, what came of it, and what I can do."""
    found = queries.find_match(request.viewer, match)
    if found is None:
        raise Http404("match")
    return _one(request, found)


@acts(*BINDERS, methods=POST)
@never_cache
def step(request: SignedInRequest, match: UUID) -> HttpResponse:
    """Accept, decline, withdraw, or confirm that it was delivered."""
    found = queries.find_match(request.viewer, match)
    form = StepForm(request.POST)
    if found is None or not form.is_valid():
        raise Http404("match")
    said, today = form.cleaned_data, timezone.now().date()
    wanted = Wanted(said["kind"], said["follows"], said["reason"], said["day"])
    try:
        promises.take_step(actor_of(request.person), request.viewer, found, wanted, today, request.scope)
    except MovedOnError:
        messages.warning(
            request, gettext("Somebody took a step meanwhile: look at what happened. Nothing was changed.")
        )
    except RefusedStepError as error:
        messages.error(request, words.refusal_word(error.code, error.found))
    except NotAllowedError as error:
        raise Http404("match") from error
    else:
        messages.success(request, gettext("Kept; the other side is told."))
    return redirect("matches-one", match)


@acts(*BINDERS, methods=FORM)
@never_cache
def promise(request: SignedInRequest, match: UUID) -> HttpResponse:
    """Promise: amount and day; the planned activity is filled in from the need and the offer."""
    found, scope, today = queries.find_match(request.viewer, match), request.scope, timezone.now().date()
    actor = actor_of(request.person)
    if found is None or scope is None or "giver" not in queries.sides_of(actor, request.viewer, found):
        raise Http404("match")
    told = promises.told_of(scope, found)
    if found.state != "accepted" or told is None:
        return redirect("matches-one", match)
    form = PromiseForm(request.POST if request.method == "POST" else None, match=found, told=told, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            kept = promises.promise(
                actor, scope, found, form.promised(), vocabulary(scope.edition), today,
                is_answered="answered" in request.POST,
            )  # fmt: skip
        except MovedOnError:
            messages.warning(
                request, gettext("Somebody took a step meanwhile: look at what happened. Nothing was changed.")
            )
            return redirect("matches-one", match)
        except RefusedStepError as error:
            form.add_error(None, words.refusal_word(error.code, error.found))
        except RefusedError:
            form.add_error("title", gettext("These words are not stored here: no names of persons."))
        except DocumentError:
            form.add_error(None, gettext("This cannot be kept as it stands: look at the amount and the days."))
        except NotAllowedError as error:
            raise Http404("match") from error
        else:
            messages.success(
                request, gettext("Promised. The planned activity is among yours, and in the next picture.")
            )
            return redirect("matches-one", kept.pk)
    context = {"match": found, "form": form, **_pair_context(request, scope, *told)}
    return render(request, "matches/promise.html", context)


@acts(*KEEPERS_OF_RULES, methods=FORM)
@never_cache
def rules(request: SignedInRequest) -> HttpResponse:
    """The rules of all runs from now on."""
    kept = queries.rules_in_force()
    form = RulesForm(request.POST if request.method == "POST" else None, rules=kept)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.keep_rules(
                actor_of(request.person), said["number"], form.document(), said["silent_days"], said["declined_days"]
            )
        except MovedOnError:
            messages.warning(request, gettext("Other rules were kept meanwhile; they are shown now."))
            return redirect("matches-rules")
        except ConfigError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Kept; they hold from the next run on."))
            return redirect("matches")
    return render(request, "matches/rules.html", {"form": form, "rules": kept})


def _one(request: SignedInRequest, found: Match) -> HttpResponse:
    actor, scope, today = actor_of(request.person), request.scope, timezone.now().date()
    told = promises.told_of(scope, found) if scope else None
    if told is not None:
        note(request, Watched("saw", "need", "", restricted(told)))
    sides, stands, lang = queries.sides_of(actor, request.viewer, found), found.stands, language()
    steps = queries.steps_of(found)
    by = names_of_partners([each.made_for for each in steps], lang)
    people = names_of_people(request.person.organisation_id, [each.made_by for each in steps])
    may = {kind for kind in KINDS if any(may_step(stands, kind, side) for side in sides)}
    record = found.record if found.record and request.viewer.is_of(str(found.record.owner_id)) else None
    context: dict[str, Any] = {
        "match": found,
        "state": words.state_word(found.state),
        "waits_for": [words.side_word(side) for side in sorted(stands.waits_for)],
        "sides": [
            (words.side_word(side), _name(found, side, lang), side in stands.agreed)
            for side in ("giver", "receiver", "secretariat")
            if side in stands.needed
        ],
        "steps": [
            (
                each,
                words.step_word(each.kind, each.side),
                by.get(each.made_for) if each.made_for else None,
                people.get(each.made_by) if each.made_by else None,
            )
            for each in steps
        ],
        "may": may,
        "record": record,
        "statement": found.record and found.record.statement,
        "is_told": told is not None,
        "today": today,
    }
    if scope and told is not None:
        context |= _pair_context(request, scope, *told)
        asked = context["asked"]
        context["met"] = met_with(asked, *pair_of(found), float(found.amount)) if asked else None
    else:
        context["unit"] = words.unit_word(found.kind, None)
    return render(request, "matches/one.html", context)


def _name(match: Match, side: str, lang: str) -> str:
    """Who acts for a side."""
    partner = {"giver": match.giver, "receiver": match.receiver}.get(side)
    return partner.label(lang) if partner else words.side_word("secretariat")


def _asked_sides(looked: Putting) -> list[tuple[str, str]]:
    lang = language()
    found = [
        (words.side_word("giver"), looked.giver.label(lang) if looked.giver else ""),
        (words.side_word("receiver"), looked.receiver.label(lang) if looked.receiver else ""),
    ]
    return [*found, *([(words.side_word("secretariat"), "")] if looked.asks_secretariat else [])]


def _waits(match: Match) -> str:
    return {
        "proposed": gettext("Accept or decline"),
        "accepted": gettext("Promise: amount and day"),
        "committed": gettext("Say whether it was delivered"),
    }[match.state]


def _failed(viewer: Any, under_way: Run | None) -> str:
    """Why the newest run found nothing, where it did not."""
    newest = next(iter(queries.runs_of(viewer, 1)), None)
    if under_way is not None or newest is None or newest.progress != Progress.FAILED:
        return ""
    return words.failure_word(newest.why)


def _isolated(offer: Told | None) -> str:
    """What an offer is called, apart from the direction of the sentence that it stands in."""
    return f"\u2068{offer.ask.title}\u2069" if offer else ""


def _unit(told: Any) -> str:
    return words.unit_word(told.ask.kind, told.row.get("unit"))


def _cell(request: SignedInRequest) -> tuple[str, str]:
    """The line and the place of the address, where the picture lists them."""
    scope, node, place = request.scope, request.GET.get("node", ""), request.GET.get("place", "")
    if scope is None:
        return "", ""
    strategy = next(iter(scope.edition.frameworks.values()), None)
    return (node if strategy and node in strategy.nodes else ""), (place if place in scope.edition.places else "")


def _page(request: SignedInRequest, name: str = "page") -> int:
    text = request.GET.get(name, "")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _turned(request: SignedInRequest, name: str, page: int, pages: int) -> dict[str, str]:
    """The addresses of the pages before and after, all else as it is."""

    def at(number: int) -> str:
        said = request.GET.copy()
        said[name] = str(number)
        return f"?{said.urlencode()}"

    return {"before": at(min(page - 1, pages)) if page > 1 else "", "after": at(page + 1) if page < pages else ""}
