"""The page of the chain: gross and net, who stands where, and the links whose answer would narrow the range most."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from concerted.publish.chain import Asked, Holder, Link, Question, Total, holders, links, questions, totals
from concerted.web.chain.chain_html import chain_svg, largest_bands
from concerted.web.config.policy import Access, declares
from concerted.web.coverage.filters import Filters
from concerted.web.edition.scope import Scope
from concerted.web.ui.pages import reads_edition

#: Shown at first; everything stands in the tables of the edition.
WIDEST, LARGEST, OPEN_QUESTIONS = 10, 12, 5
_BOOKS = ("spent", "disbursement", "expenditure", "commitment", "pledge")


@declares(Access.RECORDS)
@reads_edition
def money(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """Gross, net and told twice of each book; one book opened."""
    book = request.GET.get("book", "")
    book = book if book in _BOOKS else _BOOKS[0]
    asked = Asked(scope.rows, scope.filter)
    sums: list[Total] = scope.remember(("chain totals",), lambda: totals(asked))
    found: list[Link] = scope.remember(("chain links", book), lambda: links(asked, book))
    held: list[Holder] = scope.remember(("chain holders", book), lambda: holders(asked, book))
    bands = largest_bands(found)
    context = {
        "books": sorted(sums, key=lambda total: _BOOKS.index(total.book)),
        "book": book,
        "drawing": chain_svg(bands),
        "bands": bands,
        "widest": found[:WIDEST],
        "more": len(found) - WIDEST,
        "holders": held[:LARGEST],
        "questions": _one_per_giver(questions(found))[:OPEN_QUESTIONS],
    }
    return render(request, "chain/money.html", context)


def _one_per_giver(asked: list[Question]) -> list[Question]:
    """The first question about each giver: five about one grant would hide the next grant."""
    firsts: dict[int, Question] = {}
    for question in asked:
        firsts.setdefault(question.giver.activity_id, question)
    return list(firsts.values())
