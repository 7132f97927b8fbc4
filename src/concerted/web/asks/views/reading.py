"""Needs and offers side by side: those of the picture, and those that the site keeps; and the page of one."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.codelists import lists
from concerted.intake.ask_sheets import write_ask_sheets
from concerted.intake.vocabulary import Vocabulary
from concerted.marking.keys import Label
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.queries import name_of
from concerted.web.accounts.roles import ANY
from concerted.web.asks import actions, listing, queries, words
from concerted.web.asks.given import Given, given_of
from concerted.web.asks.models import VALIDATED, Ask
from concerted.web.asks.remarks import said_of
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import READS, Access, acts, declares
from concerted.web.config.requests import SignedInRequest
from concerted.web.coverage.filter_bar import Bar, Choice
from concerted.web.coverage.filters import NotThere
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import language
from concerted.web.ui.pages import reads_scope
from concerted.web.workspace import queries as workspace
from concerted.web.workspace.actions import may_write
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.views.reading import edition_of, of_statement_at, with_kept

_WRITERS = sorted(WRITERS)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The need or offer that the address names.
with_ask = with_kept(Ask, "ask")


@declares(Access.RECORDS)
@reads_scope
def picture(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Needs and offers of the picture, as far as the viewer may see them; as of its day."""
    vocabulary = workspace.vocabulary(scope.edition)
    wanted = listing.read_wanted(request.GET.dict(), vocabulary)
    if wanted.whose is not None:
        raise NotThere("whose")
    names = listing.Names(vocabulary, scope.edition)
    context = _lists(listing.edition_rows(scope), wanted, names) | {"is_kept": False}
    return render(request, "asks/list.html", context)


@declares(Access.RECORDS)
@reads_scope
def picture_one(request: HttpRequest, scope: Scope, key: str) -> HttpResponse:
    """One need or offer of the picture, with the file and line that it came from."""
    row = listing.edition_row(scope, key)
    vocabulary = workspace.vocabulary(scope.edition)
    context = _one(row, vocabulary, listing.Names(vocabulary, scope.edition)) | {
        "source": row.stated["input_path"],
        "line": row.stated.get("line"),
        "is_of_site": row.stated["source_id"] == "asks",
    }
    return render(request, "asks/one.html", context)


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
def asks(request: SignedInRequest) -> HttpResponse:
    """What the site keeps, as it is now: our own needs and offers, drafts too, and what others let us read."""
    person, edition = request.person, edition_of(request)
    vocabulary = workspace.vocabulary(edition)
    try:
        wanted = listing.read_wanted(request.GET.dict(), vocabulary)
    except NotThere as nothing:
        raise Http404 from nothing
    own = str(person.organisation_id) if request.eyes is None else request.viewer.organisation
    rows = listing.kept_rows(queries.asks_seen(request.viewer), timezone.now().date(), own, language())
    given = given_of(request.viewer, [row.ask.statement for row in rows if row.ask is not None])
    context = _lists(rows, wanted, listing.Names(vocabulary, edition), given) | {
        "is_kept": True,
        "organisation": name_of(person.partner, language()),
        "may_write": request.eyes is None and may_write(actor_of(person), person.organisation_id),
    }
    return render(request, "asks/list.html", context)


@acts(*_WRITERS, methods=READS)
@never_cache
def sheets(request: SignedInRequest) -> HttpResponse:
    """Our needs and offers as a workbook to be filled in or changed and brought back to the inbox."""
    organisation = request.person.organisation_id
    book = write_ask_sheets(queries.to_take(organisation), language(), workspace.vocabulary(edition_of(request)))
    answer = HttpResponse(book, content_type=XLSX)
    name = f"concerted-needs-{timezone.now():%Y-%m-%d}-{language()}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    log(actor_of(request.person).who, Act("exported", "export", "needs", organisation))
    return answer


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
def of_statement(request: SignedInRequest, statement: str) -> HttpResponse:
    """From a need or offer of the picture to what the site keeps of it."""
    return of_statement_at(request, statement, Ask, "asks-one")


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
@with_ask
def one(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """One of them: what it says, who sees it, where it stands, and what may be done with it."""
    person, lang = request.person, language()
    edition, actor = edition_of(request), actor_of(person)
    vocabulary, today = workspace.vocabulary(edition), timezone.now().date()
    is_own = request.viewer.is_of(str(ask.owner_id))
    acts_here = request.eyes is None
    writes = acts_here and may_write(actor, ask.owner_id)
    if person.organisation_id != ask.owner_id and ask.marking_key != str(Label.CLEAR):
        log(actor.who, Act("saw", ask.object_kind, str(ask.pk), ask.owner_id))
    row = listing.kept_row(ask, today, str(person.organisation_id), lang)
    is_need = ask.which == "need" and not ask.is_draft
    states = actions.next_states(ask) if writes and not ask.is_draft else []
    context = _one(row, vocabulary, listing.Names(vocabulary, edition)) | {
        "ask": ask,
        "is_own": is_own,
        "may_write": writes,
        "audience": workspace.audience_words(ask.document, workspace.directory(today), lang, with_groups=is_own),
        "states": [(state, words.state_action(ask.asked, state)) for state in states],
        "may_validate": acts_here and is_need and ask.state in ("open", VALIDATED) and actions.may_validate(actor),
        "may_assess": acts_here and is_need and ask.stated.get("due_diligence") and actions.may_assess(actor),
        "findings": [(code, lists.label("due_diligence_standing", code, lang)) for code in ("done", "refused", "none")],
        "where": queries.where(request.scope, ask),
        "remarks": [{"said": each, "by": each.organisation.label(lang)} for each in said_of(request.viewer, ask, lang)],
        "given": given_of(request.viewer, [ask.statement]).get(ask.statement),
        "unit": words.unit(row),
        "is_closed_by_match": writes and queries.is_closed_by_match(ask),
    }
    return render(request, "asks/one.html", context)


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
@with_ask
def where(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Where it stands on its way into the picture; asked again and again by its page until it is there."""
    return render(request, "asks/where.html", {"ask": ask, "where": queries.where(request.scope, ask)})


def _one(row: listing.Row, vocabulary: Vocabulary, names: listing.Names) -> dict[str, Any]:
    return {
        "row": row,
        "title": row.stated["title"],
        "facts": words.facts(row, vocabulary),
        "standing": words.standing_word(row.which, row.standing),
        "unknown": names.unknown(row),
        "label": row.stated["marking_key"].partition(":")[0],
    }


def _lists(
    rows: list[listing.Row], wanted: listing.Wanted, names: listing.Names, given: Mapping[int, Given] | None = None
) -> dict[str, Any]:
    """Both lists, with the filters over them; `given` by the statements of what is kept here."""
    found = listing.listed(rows, wanted, names)
    most = max(each.count for each in found.values())
    return {
        "lists": [(each, [_line(row, names.words, given or {}) for row in each.rows]) for each in found.values()],
        "bar": _bar(wanted, names.words, is_whose=any(row.ask is not None for row in rows) or wanted.whose is not None),
        "wanted": wanted,
        "all_query": wanted.query(state="all"),
        "before": wanted.query(page=wanted.page - 1) if wanted.page > 1 else "",
        "after": wanted.query(page=wanted.page + 1) if wanted.page * listing.PAGE < most else "",
        "unread": sum(1 for row in rows if names.unknown(row)),
    }


def _line(row: listing.Row, vocabulary: Vocabulary, given: Mapping[int, Given]) -> dict[str, Any]:
    return {
        "row": row,
        "title": row.stated["title"],
        "lang": row.stated.get("title_lang") or "",
        "is_draft": row.ask is not None and row.ask.is_draft,
        "kind": listing.kind_word(row.stated["kind"], language()),
        "amount": words.amount(row),
        "places": words.terms_of(row, "place", vocabulary) or (gettext("anywhere") if row.which == "offer" else ""),
        "lines": words.terms_of(row, "node", vocabulary) or (gettext("any line") if row.which == "offer" else ""),
        "ends": listing.ends_of(row),
        "standing": words.standing_word(row.which, row.standing) if row.standing != "open" else "",
        "given": words.given_word(row, given.get(row.ask.statement) if row.ask is not None else None),
    }


def _bar(wanted: listing.Wanted, vocabulary: Vocabulary, *, is_whose: bool) -> Bar:
    """The filters, as on every list."""
    lang = language()
    nodes = vocabulary.framework.nodes if vocabulary.framework else ()
    regions = [place for place in vocabulary.places if place.level <= 1 or place.place_id == wanted.place]
    states = {
        "open": gettext("open and validated"),
        "validated": gettext("validated only"),
        "unvalidated": gettext("needs that wait to be validated"),
        "diligence": gettext("needs that wait for due diligence"),
        "over": gettext("past, met, taken or withdrawn"),
        "all": gettext("All states"),
    }
    choices = [
        Choice(
            "line",
            gettext("Line of the strategy"),
            (("all", gettext("All lines")), *((n.id, vocabulary.node_word(n.id, lang) or n.id) for n in nodes)),
            wanted.line or "all",
        ),
        Choice(
            "place",
            gettext("Place"),
            (("all", gettext("All places")), *((p.place_id, p.names[lang]) for p in regions)),
            wanted.place or "all",
        ),
        Choice(
            "kind",
            gettext("Kind"),
            (("all", gettext("All kinds")), *((kind, listing.kind_word(kind, lang)) for kind in listing.KINDS)),
            wanted.kind or "all",
            True,
        ),
        Choice("state", gettext("State"), tuple(states.items()), wanted.state, True),
    ]
    if is_whose:
        options = (("all", gettext("ours and others’")), ("ours", gettext("ours")), ("others", gettext("others’")))
        choices.append(Choice("whose", gettext("Whose"), options, wanted.whose or "all", True))
    return Bar(tuple(choices), (), (), wanted == listing.Wanted())
