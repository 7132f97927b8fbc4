"""How the picture looks in answers: amounts are texts, as JSON's numbers lose cents; null is unknown, never zero."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from concerted.model.ids import id_text
from concerted.web.coverage.cells import STATE_COUNTS, Cell
from concerted.web.coverage.cliffs import End, Month
from concerted.web.coverage.states import Judged
from concerted.web.coverage.unshown import Unshown
from concerted.web.edition.money import Money
from concerted.web.registry.activities import ListedActivity

Amount = Annotated[str | None, Field(description="a decimal number as text; null = unknown")]
Id = Annotated[str, Field(description="16 hexadecimal digits", pattern="^[0-9a-f]{16}$")]
#: A row of a table, in the words of docs/reference/fields.md.
Values = dict[str, Any]


class MoneyShape(Schema):
    """A range, and what of it is told twice."""

    low: Amount
    best: Amount
    high: Amount
    gross: Amount
    told_twice_low: Amount
    told_twice_best: Amount
    told_twice_high: Amount


class CellShape(Schema):
    """A cell: its money and its distinct activities, which are never added over cells."""

    money: MoneyShape
    activities: int
    by_state: dict[str, int]
    confirmed: int
    unvalued: int


class UnshownShape(Schema):
    """What may be told of records that are not shown, of at least three organisations; in no other figure.

    In USD and of the kind asked for, over all years; null = not told.
    """

    high_usd: Amount
    records: int | None


class ColumnShape(Schema):
    """A column of the matrix; `key` is a place, a year or a partner's id. The first is the total."""

    key: str | None
    label: str
    is_apart: bool


class MatrixCell(CellShape):
    """A cell with its state: covered, partly, not_covered, no_information; null where none makes sense."""

    state: str | None


class RowShape(Schema):
    """A node with a cell for each column."""

    node: str
    code: str
    label: str
    depth: int
    has_children: bool
    cells: list[MatrixCell]


class MatrixShape(Schema):
    """The matrix; `hidden_columns` are more columns, from `start` on."""

    framework: str
    by: str
    kind: str
    currency: str
    columns: list[ColumnShape]
    rows: list[RowShape]
    hidden_columns: int


class EndShape(Schema):
    """An activity that ends in one or several cells."""

    activity: Id
    title: str | None
    end_date: date
    within_months: int
    nodes: list[str]
    places: list[str]
    yearly: Amount
    not_counted: str | None
    is_net: bool
    partner: str | None
    partner_id: str | None


class MonthShape(Schema):
    """A month and all that ends in it."""

    first: date
    within_months: int
    activities: int
    yearly: Amount


class ActivityLine(Schema):
    """An activity of a list, with its share of what is listed."""

    activity: Id
    title: str | None
    title_lang: str | None
    partners: list[dict[str, str]]
    state: str | None
    money: MoneyShape
    serves: bool
    is_confirmed: bool
    is_unvalued: bool
    source: str | None


def amount(value: Decimal | None) -> str | None:
    """An amount as text, to the cent."""
    return None if value is None else f"{value:.2f}"


def money(value: Money) -> MoneyShape:
    """A range."""
    return MoneyShape(
        low=amount(value.low),
        best=amount(value.best),
        high=amount(value.high),
        gross=amount(value.gross),
        told_twice_low=amount(value.certain),
        told_twice_best=amount(value.likely),
        told_twice_high=amount(value.most),
    )


def cell(value: Cell) -> dict[str, Any]:
    """A cell, as the members of its shape."""
    return {
        "money": money(value.money),
        "activities": value.activities,
        "by_state": dict(zip(STATE_COUNTS, value.by_state, strict=True)),
        "confirmed": value.confirmed,
        "unvalued": value.unvalued,
    }


def judged(verdict: Judged | None) -> dict[str, Any] | None:
    """A state with what it follows from, in dollars."""
    if verdict is None:
        return None
    gap = verdict.gap
    return {
        "state": verdict.state,
        "is_informed": verdict.need.is_informed,
        "need_low": amount(verdict.need.low),
        "need_high": amount(verdict.need.high),
        "supply": money(verdict.supply.money).dict(),
        "gap_low": amount(gap[0]) if gap else None,
        "gap_high": amount(gap[1]) if gap else None,
    }


def ends(found: Iterable[End]) -> list[EndShape]:
    """What ends, as its members."""
    return [
        EndShape(
            activity=id_text(end.activity_id),
            title=end.title,
            end_date=end.end_date,
            within_months=end.months,
            nodes=list(end.nodes),
            places=list(end.places),
            yearly=amount(end.yearly),
            not_counted=end.not_counted,
            is_net=end.is_net,
            partner=end.partner,
            partner_id=None if end.partner_id is None else id_text(end.partner_id),
        )
        for end in found
    ]


def months(found: Iterable[Month]) -> list[MonthShape]:
    """Months, as their members."""
    return [
        MonthShape(first=m.first, within_months=m.horizon, activities=m.count, yearly=amount(m.yearly)) for m in found
    ]


def activity_line(listed: ListedActivity) -> ActivityLine:
    """A line of a list."""
    return ActivityLine(
        activity=id_text(listed.activity_id),
        title=listed.title,
        title_lang=listed.title_lang,
        partners=[{"id": id_text(org), "name": name} for org, name in listed.partners],
        state=listed.state,
        money=money(listed.money),
        serves=listed.serves,
        is_confirmed=listed.is_confirmed,
        is_unvalued=listed.is_unvalued,
        source=listed.source,
    )


def plain(value: Any, name: str = "") -> Any:
    """A value of a table as JSON holds it: ids as their text, amounts as texts, days as ISO 8601."""
    match value:
        case bool() | None | str():
            return value
        case int() if name.endswith("_id"):
            return id_text(value)
        case int() | float():
            return value
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each, str(key)) for key, each in value.items()}
        case list() | tuple():
            return [plain(each, name) for each in value]
        case _:
            return str(value)


def unshown(value: Unshown) -> dict[str, Any]:
    """A told total, as the members of its shape."""
    return {"high_usd": amount(value.high), "records": value.records}
