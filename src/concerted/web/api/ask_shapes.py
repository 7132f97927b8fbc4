"""How needs and offers look in answers, and what programs send of them."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from concerted.model.ids import id_text
from concerted.statements.document import SHARING
from concerted.web.api.asked import Language, Text
from concerted.web.api.record_shapes import Document
from concerted.web.api.sent import LARGEST, Sent
from concerted.web.api.shapes import Amount, Id, Values
from concerted.web.asks.listing import PAGE, Listed, Row, Wanted, ends_of
from concerted.web.asks.models import Ask


class AsksQuery(Language):
    """Filters, by the names that stand in the addresses of pages."""

    line: Text = Field(None, description="id of a line of the strategy, with all below it")
    place: Text = Field(None, description="id of a place; an offer is listed wherever it could be given")
    kind: Text = Field(None, description="money, expertise, training or equipment")
    state: Text = Field(
        None, description="open (validated ones too; the default), validated, unvalidated, diligence, over or all"
    )
    page: int = Field(1, ge=1, le=100_000)


class KeptQuery(AsksQuery):
    """The same, of what the site keeps."""

    whose: Text = Field(None, description="ours or others")


class NewAsk(Sent):
    """A need or an offer. `document` has `need` or `offer`, and `term`; its `record` may be stated."""

    document: Document = Field(description="as docs/reference/fields.md has it: need or offer, and term")
    keep: bool = Field(False, description="true: into the picture; false: a draft, which its owner alone sees")
    answered: bool = Field(False, description="texts that look doubtful are not what they look like")


class ChangedAsk(NewAsk):
    """As it should read now, made of the version `began`."""

    began: int = Field(ge=1, le=LARGEST, description="number of the version that it was made of")


class StateGiven(Sent):
    """What became of it: met (a need), taken (an offer), withdrawn, or open again."""

    to: Literal["open", "met", "taken", "withdrawn"]
    began: int = Field(ge=1, le=LARGEST)


class Validated(Sent):
    """Whether a need stands as that version states it."""

    began: int = Field(ge=1, le=LARGEST, description="number of the version that was looked at")
    is_valid: bool = True


class Assessed(Sent):
    """What due diligence found of a need as that version states it; none = it needs none."""

    began: int = Field(ge=1, le=LARGEST, description="number of the version that was looked at")
    found: Literal["none", "done", "refused"]


class AskLine(Schema):
    """A need or offer of a list. `standing` is its state as of the day: `past` where its last day has passed."""

    which: Literal["need", "offer"]
    title: str
    kind: str
    standing: str
    ends: date | None
    owner_name: str
    stated: Values
    term: list[Values]


class PictureAsk(AskLine):
    """One of the picture; `need` is its id there."""

    need: Id


class KeptAsk(AskLine):
    """One that the site keeps; `need` is the id that the picture gives it."""

    ask: UUID
    need: Id
    owner: UUID
    is_draft: bool
    version: int
    changed_at: datetime


class PictureAsks(Schema):
    """Needs and offers of the picture. `counts`: how many of each with these filters; `all`: without."""

    counts: dict[str, int]
    all: dict[str, int]
    needs: list[PictureAsk]
    offers: list[PictureAsk]
    next: int | None


class KeptAsks(Schema):
    """Needs and offers that the site keeps, as far as you may read them."""

    counts: dict[str, int]
    all: dict[str, int]
    needs: list[KeptAsk]
    offers: list[KeptAsk]
    next: int | None


class AskShape(KeptAsk):
    """One in full. `audience` says in words who sees it; `states` what its owner may say became of it; `agreed` and
    `delivered` what matches that you may read give of it, in dollars or units; its owner is told whether a match closed
    it."""

    document: Document
    audience: Values
    picture: Values
    states: list[str]
    agreed: Amount
    delivered: Amount
    is_closed_by_match: bool


class NewAskRemark(Sent):
    """What is not right."""

    about: int = Field(ge=1, le=LARGEST, description="number of the version that it is about")
    text: str = Field(min_length=1, max_length=2000)


class AskSaved(Schema):
    """A need or offer after saving."""

    ask: UUID
    need: Id
    version: int
    state: str
    is_draft: bool
    is_changed: bool
    is_joined: bool


def line(row: Row) -> dict[str, Any]:
    """A row of a list; to others than its owner without who else may see it."""
    return {
        "which": row.which,
        "title": row.stated["title"],
        "kind": row.stated["kind"],
        "standing": row.standing,
        "ends": ends_of(row),
        "owner_name": row.owner,
        "stated": {name: value for name, value in row.stated.items() if row.is_own or name not in SHARING},
        "term": [dict(term) for term in row.terms],
    }


def kept_line(row: Row, ask: Ask) -> dict[str, Any]:
    """A row of what the site keeps."""
    return line(row) | {
        "ask": ask.pk,
        "need": id_text(ask.statement),
        "owner": ask.owner_id,
        "is_draft": ask.is_draft,
        "version": ask.version,
        "changed_at": ask.updated_at,
    }


def page_of(found: dict[Any, Listed], wanted: Wanted, lines: dict[str, list[Any]]) -> dict[str, Any]:
    """A page of both lists."""
    most = max(each.count for each in found.values())
    return {
        "counts": {f"{which}s": each.count for which, each in found.items()},
        "all": {f"{which}s": each.all for which, each in found.items()},
        "needs": lines["need"],
        "offers": lines["offer"],
        "next": wanted.page + 1 if wanted.page * PAGE < most else None,
    }
