"""The page of the chain: gross and net, who stands where, and the questions whose answer narrows the range most."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from concerted.model.ids import id_text
from concerted.publish.chain import Asked, Holder, Link, Question, Total, holders, links, questions, totals
from concerted.web.chain.chain_html import chain_svg, largest_bands
from concerted.web.chain.effects import Effect, effect_of
from concerted.web.config.policy import Access, declares
from concerted.web.coverage.filters import Filters, NotThere
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import language
from concerted.web.ui.pages import reads_edition

#: Shown at first; everything stands in the tables of the edition.
WIDEST, LARGEST, OPEN_QUESTIONS = 10, 12, 10
_BOOKS = ("spent", "disbursement", "expenditure", "commitment", "pledge")


@declares(Access.RECORDS)
@reads_edition
def money(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """Gross, net and told twice of each book, of all or of one partner; one book opened."""
    book = request.GET.get("book", "")
    book = book if book in _BOOKS else _BOOKS[0]
    org = filters.org_id if filters.partner else None
    name = _name(scope, org)
    asked = Asked(scope.rows, scope.filter)
    sums: list[Total] = scope.remember(("chain totals", org), lambda: totals(asked, org))
    found: list[Link] = scope.remember(("chain links", book, org), lambda: links(asked, book, organisation=org))
    held: list[Holder] = scope.remember(("chain holders", book), lambda: holders(asked, book))
    bands = largest_bands(found)
    context = {
        "books": sorted(sums, key=lambda total: _BOOKS.index(total.book)),
        "book": book,
        "partner": name,
        "partner_id": None if org is None else id_text(org),
        "partner_query": "" if org is None else f"&partner={id_text(org)}",
        "drawing": chain_svg(bands),
        "bands": bands,
        "widest": found[:WIDEST],
        "more": len(found) - WIDEST,
        "holders": [h for h in held if org is None or h.org_id == org][:LARGEST],
        "questions": _asked(questions(found), next((t for t in sums if t.book == book), None)),
    }
    return render(request, "chain/money.html", context)


def _name(scope: Scope, org: int | None) -> str | None:
    """The partner's name.

    Raises:
        NotThere: the viewer sees no record in which it occurs.
    """
    if org is None:
        return None
    names = organisation_names(scope, [org], language())
    if org not in names:
        raise NotThere("partner")
    return names[org]


def _asked(found: list[Question], total: Total | None) -> list[tuple[Question, Effect | None]]:
    """The first question about each link and each giver: five about one doubt would hide the next."""
    kept: list[Question] = []
    seen: set[int] = set()
    for question in found:
        doubts = {question.link.link_id, question.giver.activity_id}
        if not doubts & seen and len(kept) < OPEN_QUESTIONS:
            kept.append(question)
            seen |= doubts
    return [(q, effect_of(total, q) if total else None) for q in kept]
