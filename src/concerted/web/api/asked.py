"""What operations on the picture share: the scope, the filters of the address, and the language."""

from dataclasses import dataclass
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Schema
from pydantic import Field

from concerted.web.api.faults import NoPictureError
from concerted.web.coverage.filters import NO_PARTNER, Filters, NotThere, read_filters
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope

Text = Annotated[str | None, Field(max_length=200)]


class Language(Schema):
    """The language of names and words."""

    lang: str = Field(settings.LANGUAGE_CODE, description="fr, en or ar")


class Search(Language):
    """What is sought."""

    q: str = Field("", max_length=100, description="words, in any language and spelling")


class FilterQuery(Language):
    """The filters of pages, by the names that stand in their addresses; what is left out is as on the first page."""

    framework: Text = Field(None, description="id of a framework; the strategy where it is left out")
    node: Text = Field(None, description="id of a node, ALL or UNCLASSIFIED; `all` for none")
    place: Text = Field(None, description="id of a place, REGIONAL or UNKNOWN; `all` for none")
    exact: Text = Field(None, description="1 = only what is said of the place as a whole")
    period: Text = Field(None, description="a year, or `unknown`")
    partner: Text = Field(None, description="id of the organisation that reports, or `hidden`")
    state: Text = Field(None, description="requested, planned, ongoing, completed, cancelled or unknown")
    validation: Text = Field(None, description="how far records have come: validated, signed, waiting or unvalidated")
    currency: Text = Field(None, description="USD, EUR or XOF")
    kind: Text = Field(None, description="kind of money, such as commitment or disbursement")
    by: Text = Field(None, description="columns of the matrix: place, period or partner")
    open: Annotated[str | None, Field(max_length=4000)] = Field(
        None, description="nodes whose children are rows, with commas"
    )
    q: Text = Field(None, description="words that activities or partners must hold")
    start: Text = Field(None, description="first row or column, from 0")


@dataclass(frozen=True)
class Asked:
    """A question about the picture."""

    scope: Scope
    filters: Filters
    lang: str


def scope_of(request: HttpRequest) -> Scope:
    """The viewer's scope.

    Raises:
        NoPictureError: nothing has been built, or nothing with a framework.
    """
    scope: Scope | None = request.scope  # type: ignore[attr-defined]
    if scope is None or not scope.edition.frameworks:
        raise NoPictureError
    return scope


def asked(request: HttpRequest, query: FilterQuery) -> Asked:
    """The question, with filters in which every value is there for the viewer.

    Raises:
        NotThere: one is not.
    """
    scope, lang = scope_of(request), language_in_use()
    stated: dict[str, Any] = query.dict(exclude_none=True)
    filters = read_filters(scope.edition, {name: str(value) for name, value in stated.items()})
    if (
        filters.partner
        and filters.partner != NO_PARTNER
        and filters.org_id not in organisation_names(scope, [filters.org_id], lang)
    ):
        raise NotThere("partner")
    return Asked(scope, filters, lang)


def language_in_use() -> str:
    """The language of the answer: it was chosen before the operation ran."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]
