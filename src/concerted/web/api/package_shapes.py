"""How packages look in answers, and what programs send of them."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from concerted.matching.packages.parts import Missing, Range
from concerted.model.ids import id_text
from concerted.web.api import shapes
from concerted.web.api.sent import LARGEST, Sent
from concerted.web.packages.board import Board, Line
from concerted.web.packages.candidates import Candidate
from concerted.web.packages.models import Package

Key = str


class PackageLine(Schema):
    """A package in a list; `version` goes back with a change, and is told to the organisation that keeps it."""

    package: UUID
    title: str
    owner: UUID
    condition: str
    is_own: bool
    version: int | None


class RangeShape(Schema):
    """Dollars: low, best and high once, gross as often as it is told."""

    low: shapes.Amount
    best: shapes.Amount
    high: shapes.Amount
    gross: shapes.Amount


class MissingShape(Schema):
    """What is missing, in dollars or in another unit; null = unknown."""

    low: shapes.Amount
    high: shapes.Amount
    unit: str


class PartShape(Schema):
    """A part as you see it. `start`, `end`: the earliest days; null = not known. `slack`: days by which it may slip.

    `about` names the terms on which its partner is asked, where that is your organisation; `answer` what it said.
    """

    part: int
    kind: Literal["activity", "need", "match"]
    title: str
    partner: str
    component: str
    activity: shapes.Id | None
    record: UUID | None
    state: str | None
    is_live: bool
    is_in_picture: bool
    waits_for: list[int]
    start: date | None
    end: date | None
    slack: int | None
    is_critical: bool
    money: dict[str, RangeShape]
    missing: MissingShape | None
    standing: str
    answer: str
    about: str


class ComponentShape(Schema):
    """A component, and what fills it: at_work, agreed, asked or nothing, of what you see."""

    component: Key
    name: str
    filling: str


class LeavingShape(Schema):
    """What goes with a partner; `breaks`: the critical path does; null = not known."""

    partner: str
    parts: list[int]
    money: dict[str, RangeShape]
    waits: list[int]
    components: list[Key]
    breaks: bool | None


class PackageShape(PackageLine):
    """The board: all its figures are of the parts that you see, and of no other. `lost` is told to its owner alone."""

    aim: str
    nodes: list[Key]
    places: list[str]
    template: str
    audience: str
    components: list[ComponentShape]
    parts: list[PartShape]
    path: list[int]
    end: date | None
    is_path_whole: bool
    budget: dict[str, RangeShape]
    activities: int
    silent_activities: int
    agreed: dict[str, shapes.Amount]
    put_forward: dict[str, shapes.Amount]
    missing: list[MissingShape]
    unknown_needs: int
    open_needs: list[int]
    leaving: list[LeavingShape]
    lost: list[int]


class CandidateShape(Schema):
    """What could be taken in; `part` is sent to do so, `partner` would be asked. Null = nobody here can agree."""

    part: str
    kind: str
    title: str
    organisation: str
    partner: UUID | None


class HeadingSent(Sent):
    """What a package is about; `audience` is partners, signed_in or the id of a sharing group."""

    title: str = Field(max_length=200)
    aim: str = Field("", max_length=2000)
    nodes: list[str] = Field(default_factory=list, max_length=4, description="framework/node, of the strategy")
    places: list[str] = Field(default_factory=list, max_length=4)
    audience: str = "partners"


class NewPackage(HeadingSent):
    """A package, made of a template where one is named (`iact`)."""

    template: str = ""


class ChangedPackage(HeadingSent):
    """The whole heading, made of the version `version`."""

    version: int = Field(ge=1, le=LARGEST)


class SeenPackage(Sent):
    """The version that was looked at."""

    version: int = Field(ge=1, le=LARGEST)


class NewPart(SeenPackage):
    """Something to take in, as the list of what is there names it."""

    part: str = Field(max_length=40)
    component: str = Field("", max_length=300)


class ArrangedPart(SeenPackage):
    """Where a part stands; `position` counts from 1, `waits_for` names other parts."""

    component: str = Field("", max_length=300)
    position: int = Field(ge=1, le=200)
    waits_for: list[int] = Field(default_factory=list, max_length=200)
    days: int | None = Field(None, ge=1, le=3650)


class Answered(Sent):
    """Yes or no to a part of your organisation, on the terms that `about` names."""

    is_given: bool
    about: str = Field(max_length=64)


def line(package: Package, *, is_own: bool) -> dict[str, Any]:
    """A package in a list."""
    return {
        "package": package.pk,
        "title": package.title,
        "owner": package.owner_id,
        "condition": package.condition,
        "is_own": is_own,
        "version": package.version if is_own else None,
    }


def page(board: Board) -> dict[str, Any]:
    """The board."""
    package, budget = board.package, board.budget
    return line(package, is_own=board.is_own) | {
        "aim": package.aim,
        "nodes": package.nodes,
        "places": package.places,
        "template": package.template,
        "audience": package.audience if board.is_own or "-" not in package.audience else "group",
        "components": [
            {"component": each.component.key, "name": each.component.name, "filling": each.filling}
            for each in board.components
        ],
        "parts": [_part(board, each) for each in board.lines],
        "path": [each.row.pk for each in board.path],
        "end": board.schedule.end,
        "is_path_whole": board.schedule.is_whole,
        "budget": _ranges(budget.by_kind),
        "activities": budget.activities,
        "silent_activities": budget.silent,
        "agreed": {unit: shapes.amount(amount) for unit, amount in budget.agreed.items()},
        "put_forward": {unit: shapes.amount(amount) for unit, amount in budget.put_forward.items()},
        "missing": [_missing(each) for each in budget.missing.values()],
        "unknown_needs": budget.unknown,
        "open_needs": [each.row.pk for each in board.needs_open],
        "leaving": [
            {
                "partner": board.names[each.partner],
                "parts": [int(key) for key in each.parts],
                "money": _ranges(each.money),
                "waits": [int(key) for key in each.waits],
                "components": list(each.components),
                "breaks": each.breaks,
            }
            for each in board.leaving
        ],
        "lost": [each.row.pk for each in board.lost],
    }


def candidate(found: Candidate) -> dict[str, Any]:
    """What could be taken in."""
    return {
        "part": found.value,
        "kind": found.kind,
        "title": found.fact.title,
        "organisation": found.fact.organisation,
        "partner": found.partner.pk if found.partner else None,
    }


def _part(board: Board, found: Line) -> dict[str, Any]:
    seen = {each.number: each.row.pk for each in board.lines}
    return {
        "part": found.row.pk,
        "kind": found.row.kind,
        "title": found.fact.title,
        "partner": found.partner,
        "component": found.row.component,
        "activity": None if found.fact.activity is None else id_text(found.fact.activity),
        "record": found.fact.record,
        "state": found.fact.state,
        "is_live": found.part.is_live,
        "is_in_picture": found.fact.is_in_picture,
        "waits_for": [seen[number] for number in found.waits_for],
        "start": found.times.start,
        "end": found.times.end,
        "slack": found.times.slack,
        "is_critical": found.is_critical,
        "money": _ranges(found.part.money),
        "missing": found.part.missing and _missing(found.part.missing),
        "standing": found.standing,
        "answer": found.answer,
        "about": found.row.about if found.answer else "",
    }


def _ranges(money: Any) -> dict[str, Any]:
    return {kind: _range(amount) for kind, amount in money.items()}


def _range(amount: Range) -> dict[str, Any]:
    return {name: shapes.amount(getattr(amount, name)) for name in ("low", "best", "high", "gross")}


def _missing(missing: Missing) -> dict[str, Any]:
    return {"low": shapes.amount(missing.low), "high": shapes.amount(missing.high), "unit": missing.unit}
