"""What if: what changes would do to the picture, and the lists of changes that are kept."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.matching.what_if.changes import MOST
from concerted.matching.what_if.sandbox import Difference, Sandbox
from concerted.matching.what_if.written import ChangeError, document, read
from concerted.model.errors import NotAllowedError
from concerted.web.accounts.roles import ANY
from concerted.web.api import shapes
from concerted.web.api.acting import DELETE, actor_in, viewer_in
from concerted.web.api.asked import Language, Text, language_in_use, scope_of
from concerted.web.api.scopes import WHAT_IF_READ, WHAT_IF_WRITE
from concerted.web.api.sent import FormError, Sent
from concerted.web.config.policy import POST, READS, Access, acts, declares
from concerted.web.coverage.filters import NotThere, default_filters
from concerted.web.edition.scope import Scope
from concerted.web.what_if import actions, queries
from concerted.web.what_if.address import changes_of
from concerted.web.what_if.asked import Asked, asked_of

router = Router(tags=["what-if"])

#: Cells in one answer; the rest is counted.
_MOST_CELLS = 5000
_BY = {"total": "", "place": "p", "year": "y", "both": "py"}
ChangeText = Annotated[str, Field(max_length=400)]


class WhatIfQuery(Language):
    """Changes in the order in which they are made."""

    framework: Text = Field(None, description="id of a framework; the strategy where it is left out")
    by: Literal["total", "place", "year", "both"] = Field("place", description="which cells are told")
    change: list[ChangeText] = Field(
        default_factory=list,
        max_length=MOST,
        description="one change, its parts with `~` between and percent-encoded; empty = all, or as it is:"
        " `move~node~place~year~to node~to place~to year~dollars`, `add~node~place~year~last year~low~best~high`,"
        " `end~activity~last day`, `cost~node~factor`,"
        " `rule~covered~not covered~months of freshness~kind of money`",
    )


class SideShape(Schema):
    """A cell on one side, in dollars and of the kind of money that the rule compares."""

    low: shapes.Amount
    best: shapes.Amount
    high: shapes.Amount
    activities: int
    state: str | None


class DifferenceShape(Schema):
    """A cell that differs; place null = everywhere, year null = all years."""

    node: str
    place: str | None
    year: int | None
    before: SideShape
    after: SideShape


class ProblemShape(Schema):
    """Why a change does nothing: little (`there` is likely there) or no_money; `number` in `changes`, from 1."""

    number: int
    kind: str
    there: shapes.Amount


class WhatIfShape(Schema):
    """What changes do, of what you see. A project of which you see nothing in later years is in none of the lists."""

    framework: str
    changes: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    problems: list[ProblemShape]
    differences: list[DifferenceShape]
    more: int


class ScenarioLine(Schema):
    """A list of changes that somebody keeps. `label` and `group`: who may read it."""

    scenario: UUID
    title: str
    owner: UUID
    owner_name: str
    label: str
    group: str
    framework: str
    as_of: date | None
    made_at: datetime
    is_own: bool


class ScenarioPage(ScenarioLine):
    """With what it does now, for you."""

    what_if: WhatIfShape | None


class NewScenario(Sent):
    """Changes as documents: `{"move": "5.00", "from": {..}, "to": {..}}`, `{"add": ..}`, `{"end": ..}`, .."""

    title: str = Field(max_length=200)
    audience: str = Field("own", max_length=100, description="own, partners, or the id of a sharing group")
    framework: str | None = Field(None, max_length=200)
    changes: list[dict[str, Any]] = Field(min_length=1, max_length=MOST)


def _answer(scope: Scope, asked: Asked, by: str) -> WhatIfShape:
    sandbox = Sandbox(scope, scope.edition.rows, asked.ground, asked.rule, scope.edition.as_of)
    compared = sandbox.compare(asked.changes)
    told = [each for each in compared.differences if _dimensions(each) == _BY[by]]
    return WhatIfShape(
        framework=asked.filters.framework,
        changes=document(asked.changes),
        gone=document(asked.gone),
        problems=[
            ProblemShape(number=p.number + 1, kind=p.kind, there=shapes.amount(p.there)) for p in compared.problems
        ],
        differences=[_difference(each) for each in told[:_MOST_CELLS]],
        more=max(0, len(told) - _MOST_CELLS),
    )


def _dimensions(difference: Difference) -> str:
    return ("p" if difference.place is not None else "") + ("y" if difference.period is not None else "")


def _difference(difference: Difference) -> DifferenceShape:
    before, after = (
        SideShape(
            low=shapes.amount(side.low),
            best=shapes.amount(side.best),
            high=shapes.amount(side.high),
            activities=side.activities,
            state=side.state,
        )
        for side in (difference.before, difference.after)
    )
    return DifferenceShape(
        node=difference.node, place=difference.place, year=difference.period, before=before, after=after
    )


def _line(kept: queries.Kept) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in ScenarioLine.model_fields if name != "scenario"} | {
        "scenario": kept.id
    }


def _opened(request: HttpRequest, scenario: UUID) -> queries.Kept:
    kept = queries.opened(viewer_in(request), scenario, language_in_use())
    if kept is None:
        raise NotThere("scenario")
    return kept


def _page(scope: Scope, kept: queries.Kept) -> dict[str, Any]:
    if kept.framework not in scope.edition.frameworks:
        return _line(kept) | {"what_if": None}
    asked = asked_of(scope, default_filters(scope.edition, kept.framework), kept.changes)
    return _line(kept) | {"what_if": _answer(scope, asked, "place")}


@router.get("/what-if", response=WhatIfShape, summary="What changes would do to the picture")
@declares(Access.RECORDS)
def what_if(request: HttpRequest, query: Query[WhatIfQuery]) -> Any:
    """Every cell that would be another, before and after, of what you see. Nothing is saved."""
    scope = scope_of(request)
    asked = asked_of(scope, default_filters(scope.edition, query.framework), changes_of(query.change))
    return _answer(scope, asked, query.by)


@router.get("/what-if/scenarios", response=list[ScenarioLine], summary="Lists of changes that are kept")
@acts(*ANY, methods=READS, scope=WHAT_IF_READ)
def scenarios(request: HttpRequest, query: Query[Language]) -> Any:
    """Those that you may read, the newest first."""
    return [_line(each) for each in queries.listed(viewer_in(request), language_in_use())]


@router.post("/what-if/scenarios", response={201: ScenarioPage}, summary="Keep a list of changes")
@acts(*ANY, methods=POST, scope=WHAT_IF_WRITE)
def save_scenario(request: HttpRequest, query: Query[Language], body: NewScenario) -> Any:
    """Your organisation's; who may read it sees what it does with his own eyes. It can be deleted, and not changed."""
    scope = scope_of(request)
    filters = default_filters(scope.edition, body.framework)
    try:
        changes = read(body.changes)
        asked = asked_of(scope, filters, changes)
        if asked.gone:
            asked.ground.check(changes)
    except ChangeError as error:
        raise FormError([{"where": f"body.{error.where}", "what": error.what, "do": error.remedy}]) from error
    try:
        row = actions.keep(
            actor_in(request), body.title, body.audience, filters.framework, asked.changes, scope.edition.as_of
        )
    except NotAllowedError as error:
        raise FormError([{"where": "body", "what": "not kept", "do": str(error)}]) from error
    return Status(201, _page(scope, _opened(request, row.pk)))


@router.get("/what-if/scenarios/{uuid:scenario}", response=ScenarioPage, summary="One list of changes")
@acts(*ANY, methods=READS, scope=WHAT_IF_READ)
def one_scenario(request: HttpRequest, scenario: UUID, query: Query[Language]) -> Any:
    """Its changes and what they do now, by place, as far as you see; null where its framework is gone."""
    return _page(scope_of(request), _opened(request, scenario))


@router.delete("/what-if/scenarios/{uuid:scenario}", response={204: None}, summary="Delete a list of changes")
@acts(*ANY, methods=DELETE, scope=WHAT_IF_WRITE)
def delete_scenario(request: HttpRequest, scenario: UUID, query: Query[Language]) -> Any:
    """One that you made, or of your organisation where you administer it."""
    _opened(request, scenario)
    actions.delete(actor_in(request), scenario)
    return Status(204, None)
