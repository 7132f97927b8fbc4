"""What operations on the strategy take and give: versions, lines, differences, where lines go, relations."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from concerted.web.api import shapes
from concerted.web.api.asked import Language
from concerted.web.api.sent import Sent


class VersionShape(Schema):
    """A version; `status`: draft, consultation, adopted, review or superseded."""

    version: UUID
    strategy: str
    name: str
    label: str
    status: str
    is_in_force: bool
    act: str | None
    adopted_on: date | None


class LineShape(Schema):
    """A line of the tree, with its number and depth."""

    line: str
    code: str
    label: str
    depth: int
    above: str | None


class StepShape(Schema):
    """A step of its life, by which organisation, with act and day where it was adopted."""

    status: str
    act: str
    day: date | None
    made_at: datetime
    by: str | None


class VersionPage(VersionShape):
    """With its steps, its lines, what may follow, and the number to send with a step."""

    steps: list[StepShape]
    lines: list[LineShape]
    may_follow: list[str]
    began: int


class HeldShape(Schema):
    """A file that was read and found sound: what it would bring over the version in force, by kind of difference."""

    held: int
    strategy: str
    name: str
    label: str
    lines: list[LineShape]
    costs: int
    changed: dict[str, int]


class DifferenceShape(Schema):
    """A line of which something differs; null where it is not there."""

    line: str
    kinds: list[str]
    old: str | None
    new: str | None
    above_before: str | None
    above_after: str | None
    costs: list[shapes.Values]


class StepWanted(Sent):
    """A step: to consultation, adopted (with act and day), review or superseded; `began` as the version was read."""

    to: Literal["consultation", "adopted", "review", "superseded"]
    began: int = Field(ge=0, le=2**62)
    act: str = Field("", max_length=300)
    day: date | None = None


class Kept(Sent):
    """The number of what was read and looked at."""

    held: int = Field(ge=1, le=2**62)


class Lines(Sent):
    """Where lines go: line of the older version -> {line of the newer one: share in per cent, as text}."""

    shares: dict[str, dict[str, str]] = Field(max_length=5000)
    keep: bool = Field(False, description="false: say what is wrong and what the totals become, and keep nothing")


class RemapShape(Schema):
    """Where lines go, what is wrong with it, and totals before and after in dollars, equal to the cent in their sum."""

    is_kept: bool
    shares: dict[str, dict[str, str]]
    faults: dict[str, list[str]]
    collisions: list[dict[str, str]]
    kind: str | None
    total_before: shapes.Values | None
    total_after: shapes.Values | None
    before: dict[str, shapes.Values]
    after: dict[str, shapes.Values]


class RelationShape(Schema):
    """How a node of one framework relates to a node of another, as seen from the node it leads to."""

    relation_id: int
    from_framework: str
    from_node: str
    to_framework: str
    to_node: str
    relation: str
    note: str
    said_by: str
    said_on: date


class NewRelation(Sent):
    """Two nodes of frameworks of the picture and how they relate: exact, narrower, broader or related."""

    from_framework: str = Field(max_length=200)
    from_node: str = Field(max_length=200)
    to_framework: str = Field(max_length=200)
    to_node: str = Field(max_length=200)
    relation: str = Field(max_length=10)
    note: str = Field("", max_length=500)


class BodyShape(Schema):
    """A regional body with who belongs to it on the day, and every spell."""

    body: str
    name: str
    members: list[str]
    spells: list[shapes.Values]


class FileQuery(Language):
    """In which form."""

    form: Literal["xlsx", "yml"] = "xlsx"


class KindQuery(Language):
    """Of which kind of money totals are told; left out = the one that supply is counted in."""

    kind: str = Field("", max_length=200)


class DayQuery(Language):
    """On which day; left out = today."""

    day: date | None = None
