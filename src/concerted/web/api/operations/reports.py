"""Data quality, the chain of money, the inputs, and files as pages export them."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from concerted.model.ids import id_text
from concerted.publish.chain import Asked, holders, links, questions, totals
from concerted.web.api import shapes
from concerted.web.api.asked import FilterQuery, Language, Text, asked, language_in_use, scope_of
from concerted.web.config.policy import Access, declares
from concerted.web.config.watching import Watched
from concerted.web.edition.owners import restricted_owners
from concerted.web.reports import exports, quality
from concerted.web.reports.method import list_inputs

router = Router(tags=["quality and reports"])
#: Links of a book in one answer, those with the widest range; the tables of the edition hold them all.
MOST = 500
Book = Literal["spent", "disbursement", "expenditure", "commitment", "pledge"]


class SourceShape(Schema):
    """A source with what was found in it."""

    source: str
    name: str | None
    kind: str | None
    statements: int
    findings: int
    kinds: int
    latest: date | None


class FixShape(Schema):
    """One kind of finding: how often, what mending it brings, what to do, and where some of them are."""

    code: str
    severity: str
    findings: int
    records: int
    usd_affected: shapes.Amount
    gain: str | None
    usd_gain: shapes.Amount
    activities_gain: int | None
    action: str
    examples: list[shapes.Values]


class SourcePage(SourceShape):
    """A source with its kinds of findings, the one that would help most first."""

    fixes: list[FixShape]


class BookShape(Schema):
    """A book of the chain, in dollars."""

    book: str
    gross: shapes.Amount
    low: shapes.Amount
    best: shapes.Amount
    high: shapes.Amount


class LinkShape(Schema):
    """Money that is, or may be, told twice: why, and who is at its ends."""

    link: shapes.Id
    sign: str
    percent: int
    giver: str | None
    receiver: str | None
    low: shapes.Amount
    best: shapes.Amount
    high: shapes.Amount
    givers: list[shapes.Values]
    receivers: list[shapes.Values]


class ChainShape(Schema):
    """Gross and net of every book; links, holders and questions of the one that was asked for."""

    book: str
    books: list[BookShape]
    links: list[LinkShape]
    more: int
    holders: list[shapes.Values]
    questions: list[shapes.Values]


class ChainQuery(Language):
    """Which book, of which partner."""

    book: Book = "spent"
    partner: Text = None


@router.get("/quality", response=list[SourceShape], summary="Sources and what was found in them")
@declares(Access.RECORDS)
def quality_of_sources(request: HttpRequest, query: Query[Language]) -> Any:
    """Most findings first."""
    return [_source(each) for each in quality.list_sources(scope_of(request))]


@router.get("/quality/{path:source}", response=SourcePage, summary="One source and what to mend in it")
@declares(Access.RECORDS)
def quality_of_source(request: HttpRequest, source: str, query: Query[Language]) -> Any:
    """A source's id may hold slashes: it is a path of the input."""
    found, fixes = quality.read_source(scope_of(request), source, language_in_use())
    return _source(found) | {"fixes": [_fix(fix) for fix in fixes]}


def _source(found: quality.ListedSource) -> dict[str, Any]:
    return {
        "source": found.source_id,
        "name": found.name,
        "kind": found.kind,
        "statements": found.statements,
        "findings": found.findings,
        "kinds": found.kinds,
        "latest": found.latest_date,
    }


def _fix(fix: quality.Fix) -> dict[str, Any]:
    return {
        "code": fix.code,
        "severity": fix.severity,
        "findings": fix.findings,
        "records": fix.records,
        "usd_affected": shapes.amount(fix.usd_affected),
        "gain": fix.gain,
        "usd_gain": shapes.amount(fix.usd_gain),
        "activities_gain": fix.activities_gain,
        "action": fix.action,
        "examples": [shapes.plain(row) for row in fix.examples],
    }


@router.get("/inputs", response=list[shapes.Values], summary="The inputs of the edition")
@declares(Access.RECORDS)
def inputs(request: HttpRequest, query: Query[Language]) -> Any:
    """Those of which you see the records."""
    return [
        {k: v if k.endswith("_id") else shapes.plain(v, k) for k, v in each.items()}
        for each in list_inputs(scope_of(request))
    ]


@router.get("/chain", response=ChainShape, summary="The chain of money")
@declares(Access.RECORDS)
def chain(request: HttpRequest, query: Query[ChainQuery]) -> Any:
    """What is told twice, by whom, why, and what to ask first; of all, or of one partner."""
    scope = scope_of(request)
    partner = FilterQuery.model_validate({"partner": query.partner})
    org = asked(request, partner).filters.org_id
    ask = Asked(scope.rows, scope.filter)
    sums = scope.remember(("chain totals", org), lambda: totals(ask, org))
    found = scope.remember(("chain links", query.book, org), lambda: links(ask, query.book, organisation=org))
    held = scope.remember(("chain holders", query.book), lambda: holders(ask, query.book))
    return {
        "book": query.book,
        "books": [{"book": t.book} | _amounts(t, "gross", "low", "best", "high") for t in sums],
        "links": [_link(link) for link in found[:MOST]],
        "more": max(0, len(found) - MOST),
        "holders": [
            {"partner": None if h.org_id is None else id_text(h.org_id), "name": h.name}
            | _amounts(h, "gross", "first", "country", "last")
            for h in held
            if org is None or h.org_id == org
        ],
        "questions": [
            {
                "link": id_text(q.link.link_id),
                "giver": id_text(q.giver.activity_id),
                "receiver": id_text(q.receiver.activity_id),
                "usd": shapes.amount(q.usd),
            }
            for q in questions(found)[:MOST]
        ],
    }


def _amounts(value: Any, *names: str) -> dict[str, Any]:
    return {name: shapes.amount(getattr(value, name)) for name in names}


def _link(link: Any) -> dict[str, Any]:
    return {
        "link": id_text(link.link_id),
        "sign": link.sign,
        "percent": link.percent,
        "giver": link.giver,
        "receiver": link.receiver,
        "low": shapes.amount(link.low_usd),
        "best": shapes.amount(link.best_usd),
        "high": shapes.amount(link.high_usd),
        "givers": [_end(end) for end in link.givers],
        "receivers": [_end(end) for end in link.receivers],
    }


def _end(end: Any) -> dict[str, Any]:
    return {
        "activity": id_text(end.activity_id),
        "title": end.title,
        "partner": end.organisation,
        "file": end.input_path,
        "line": end.line,
        "high": shapes.amount(end.high_usd),
    }


_MAKERS = {"coverage": exports.matrix_rows, "activities": exports.activity_rows, "ends": exports.end_rows}


@router.get(
    "/exports/{page}", summary="A page as CSV", openapi_extra={"responses": {200: {"content": {"text/csv": {}}}}}
)
@declares(Access.RECORDS)
def export(request: HttpRequest, page: Literal["coverage", "activities", "ends"], query: Query[FilterQuery]) -> Any:
    """The lines of the page's own export. The log notes whose restricted records it holds."""
    ask = asked(request, query)
    rows = list(_MAKERS[page](ask.scope, ask.filters, ask.lang))
    response = HttpResponse(exports.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="concerted-{page}-{ask.scope.edition_id[:12]}.csv"'
    owners = restricted_owners(ask.scope, exports.activities_in(rows))
    request.concerted_watched = Watched("exported", "export", page, owners)  # type: ignore[attr-defined]
    return response
