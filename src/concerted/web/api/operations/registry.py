"""Activities and partners of the picture, and names sought."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from concerted.model.ids import id_from_text, id_text
from concerted.web.api import shapes
from concerted.web.api.asked import FilterQuery, Language, Search, Text, asked, language_in_use, scope_of
from concerted.web.config.policy import Access, declares
from concerted.web.config.watching import Watched
from concerted.web.coverage.filters import NotThere
from concerted.web.coverage.people import people_of_activity
from concerted.web.edition.owners import owners_among
from concerted.web.registry.activities import PAGE, count_outside, list_activities
from concerted.web.registry.finder import Found, Hit, find_names
from concerted.web.registry.partners import list_partners, read_partner
from concerted.web.registry.record import MOST, ActivityRecord, Values, read_activity
from concerted.web.registry.record_relations import relations

router = Router(tags=["activities and partners"])
#: Names of each sort: on a page, and as one types.
_LISTED, _TYPED = 20, 5


class ActivitiesShape(Schema):
    """A page of activities; count and money are of all that match. `next` is the `start` of the next page.

    `is_near`: nothing holds the words of `q`, and these hold words that differ from them by one letter.
    """

    count: int
    outside: int
    is_near: bool
    money: shapes.MoneyShape
    activities: list[shapes.ActivityLine]
    next: int | None


class ShareShape(Schema):
    """A share of the activity: node, place, year, kind of money."""

    node: str
    place: str
    precision: str | None
    period: int | None
    kind: str
    is_confirmed: bool
    is_unvalued: bool
    money: shapes.MoneyShape


class ActivityShape(Schema):
    """An activity with every statement about it that you see in full, each row with its file and line.

    Where only a coarse view is visible, `is_coarse` is true and nothing but its shares are told. Rows of `statements`
    and `rows` are in the words of docs/reference/fields.md, by table; of each table there are at most `most`.
    """

    activity: shapes.Id
    is_coarse: bool
    state: str | None
    title: str | None
    statements: list[shapes.Values]
    rows: dict[str, list[shapes.Values]]
    shares: list[ShareShape]
    by_kind: dict[str, shapes.MoneyShape]
    people: list[shapes.Values]
    told_elsewhere: list[shapes.Values]
    most: int


class PartnerLine(Schema):
    """A partner of a list, with what it reports in the framework and outside its nodes."""

    partner: shapes.Id
    name: str
    served: shapes.CellShape
    unclassified: shapes.CellShape
    latest: date | None


class PartnersShape(Schema):
    """A page of partners, most activities first."""

    count: int
    partners: list[PartnerLine]
    next: int | None


class PartnerShape(Schema):
    """One partner: what is known of it, its roles, how fresh what it says is."""

    partner: shapes.Id
    name: str
    reference: str | None
    type_code: str | None
    statements: int
    roles: list[shapes.Values]
    freshness: list[shapes.Values]


class HitShape(Schema):
    """A name that was found; `id` is what filters and addresses take."""

    id: str
    name: str
    detail: str
    activities: int


class FoundShape(Schema):
    """Names of each sort, best first."""

    nodes: list[HitShape]
    places: list[HitShape]
    partners: list[HitShape]


@router.get("/activities", response=ActivitiesShape, summary="Activities under filters")
@declares(Access.RECORDS)
def activities(request: HttpRequest, query: Query[FilterQuery]) -> Any:
    """What any figure opens to: the same filters, the same total to the cent."""
    ask = asked(request, query)
    page = list_activities(ask.scope, ask.filters, ask.lang)
    after = ask.filters.start + PAGE
    return {
        "count": page.count,
        "outside": count_outside(ask.scope, ask.filters),
        "is_near": page.is_near,
        "money": shapes.money(page.money),
        "activities": [shapes.activity_line(each) for each in page.rows],
        "next": after if after < page.count else None,
    }


class ActivityQuery(Language):
    """Of which framework and in which currency."""

    framework: Text = None
    currency: Literal["USD", "EUR", "XOF"] = "USD"


@router.get("/activities/{activity}", response=ActivityShape, summary="One activity with its provenance")
@declares(Access.RECORDS)
def activity(request: HttpRequest, activity: str, query: Query[ActivityQuery]) -> Any:
    """Every statement about it side by side; each value with its source, file and line."""
    stated = {"framework": query.framework, "currency": query.currency}
    ask = asked(request, FilterQuery.model_validate(stated))
    scope, filters, lang = ask.scope, ask.filters, ask.lang
    record = read_activity(scope, _id(activity), filters.framework, filters.currency, lang)
    owners = owners_among(scope, record.statements)
    request.concerted_watched = Watched("saw", "activity", id_text(record.activity_id), owners)  # type: ignore[attr-defined]
    return {
        "activity": id_text(record.activity_id),
        "is_coarse": record.is_coarse,
        "state": record.state,
        "title": None if record.is_coarse else record.main["title"],
        "statements": [_known(record, "activity", row) for row in record.statements],
        "rows": {
            table: [_known(record, table, row) for row in rows if _is_told(record, table, row)][:MOST]
            for table, rows in record.children.items()
            if rows
        },
        "shares": [
            {
                "node": row["node_id"],
                "place": row["place_id"],
                "precision": row["precision"],
                "period": row["period"],
                "kind": row["finance_kind"],
                "is_confirmed": row["is_confirmed"],
                "is_unvalued": row["is_unvalued"],
                "money": shapes.money(row["money"]),
            }
            for row in record.allocations
        ],
        "by_kind": {kind: shapes.money(value) for kind, value in record.by_kind},
        "people": [] if record.is_coarse else [_members(b) for b in people_of_activity(scope, record.activity_id)],
        "told_elsewhere": []
        if record.is_coarse
        else [shapes.plain(_members(r)) for r in relations(scope, record.activity_id)],
        "most": MOST,
    }


def _members(value: Any) -> Values:
    return value if isinstance(value, dict) else {n: getattr(value, n) for n in value.__dataclass_fields__}


def _is_told(record: ActivityRecord, table: str, row: Values) -> bool:
    """A relation that is one only because the other activity is here is told only to who may see that."""
    hides = table == "activity_link" and row["kind"] == "other_identifier"
    return not hides or row["other_activity_id"] in record.titles


def _known(record: ActivityRecord, table: str, row: Values) -> Values:
    """A row without the ids of activities and organisations that the viewer may not know of: hidden and absent look
    alike, as on the page. Of a marking its label is told, and not whom it names."""
    shown = dict(row)
    for name, value in row.items():
        if name.endswith("marking_key"):
            del shown[name]
            if name == "marking_key":
                shown[name] = str(value).partition(":")[0]
            continue
        if name == "activity_id":
            shown[name] = record.activity_id
            continue
        may_know = record.titles if name.endswith("activity_id") else record.names if name.endswith("org_id") else None
        if may_know is not None and value not in may_know:
            shown[name] = None
    found: Values = shapes.plain(shown)
    return found


@router.get("/partners", response=PartnersShape, summary="Partners that report")
@declares(Access.RECORDS)
def partners(request: HttpRequest, query: Query[FilterQuery]) -> Any:
    """Most activities first; `q` is sought in names. They are of no country unless a place is asked for."""
    ask = asked(request, query)
    filters = ask.filters.but(node=None, partner=None, start=ask.filters.start)
    if query.place is None:
        filters = filters.but(place=None, start=filters.start)
    found, count = list_partners(ask.scope, filters, ask.lang)
    after = filters.start + len(found)
    return {
        "count": count,
        "partners": [
            {
                "partner": id_text(each.org_id),
                "name": each.name,
                "served": shapes.cell(each.served),
                "unclassified": shapes.cell(each.unclassified),
                "latest": each.latest_date,
            }
            for each in found
        ],
        "next": after if found and after < count else None,
    }


@router.get("/partners/{partner}", response=PartnerShape, summary="One partner")
@declares(Access.RECORDS)
def partner(request: HttpRequest, partner: str, query: Query[Language]) -> Any:
    """Its figures: `/coverage?partner=...`; its activities: `/activities?partner=...`."""
    found = read_partner(scope_of(request), _id(partner), language_in_use())
    return {
        "partner": id_text(found.org_id),
        "name": found.name,
        "reference": found.facts["ref"],
        "type_code": found.facts["type_code"],
        "statements": found.facts["statements"],
        "roles": [{"role_code": code, "activities": count} for code, count in found.roles],
        "freshness": [shapes.plain(row) | {"source_id": row["source_id"]} for row in found.freshness],
    }


@router.get("/search", response=FoundShape, summary="Names of nodes, places and partners")
@declares(Access.RECORDS)
def search(request: HttpRequest, query: Query[Search]) -> Any:
    """In any of the three languages; accents, Arabic spellings, acronyms and one wrong letter apart."""
    return _found(find_names(scope_of(request), query.q, language_in_use(), _LISTED))


@router.get("/complete", response=FoundShape, summary="A few names as one types")
@declares(Access.RECORDS)
def complete(request: HttpRequest, query: Query[Search]) -> Any:
    """The same as `/search`, and fewer."""
    return _found(find_names(scope_of(request), query.q, language_in_use(), _TYPED))


def _found(found: Found) -> dict[str, Any]:
    return {sort: [_hit(hit) for hit in getattr(found, sort)] for sort in ("nodes", "places", "partners")}


def _hit(hit: Hit) -> dict[str, Any]:
    return {"id": hit.id, "name": hit.name, "detail": hit.detail, "activities": hit.activities}


def _id(text: str) -> int:
    try:
        return id_from_text(text)
    except ValueError as error:
        raise NotThere("id") from error
