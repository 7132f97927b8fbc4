"""The dates of the rows of a sheet, by what they mean.

Place on the way: called by `statements`. Date columns and states enter; one list of days per role leaves.
"""

from datetime import date

from concerted.records.cells import Cell, parse_date, parse_month, parse_number
from concerted.sources.grid.fields import Plan
from concerted.sources.grid.values import Rows, first_column

Texts = list[str | None]
Dates = list[date | None]


def dates_of(rows: Rows, plan: Plan, state: Texts, as_of: date | None) -> dict[str, Dates]:
    """Dates by role: start and end, planned and actual, of the report, of the money's value.

    A start is actual once the activity has begun, an end once it is completed; else they are plans.

    Begun: its state says so, or, where the state is unknown, it starts no later than the day of the report.
    """

    def days(field: str) -> Dates:
        column = next(iter(plan.of(field)), None)
        found = first_column(
            rows, plan, field, lambda c: parse_date(c, column.date_format if column else None), "date_wrong"
        )
        return list(found)

    reported = [day or end for day, end in zip(days("reported_date"), _report_months(rows, plan), strict=True)]
    reported = [day or as_of for day in reported]
    start, end = days("start_date"), days("end_date")
    begun = [
        s in ("ongoing", "completed") or (s is None and d is not None and r is not None and d <= r)
        for s, d, r in zip(state, start, reported, strict=True)
    ]
    done = [s == "completed" for s in state]
    split = {
        "start_actual": [d if is_so else None for d, is_so in zip(start, begun, strict=True)],
        "start_planned": [None if is_so else d for d, is_so in zip(start, begun, strict=True)],
        "end_actual": [d if is_so else None for d, is_so in zip(end, done, strict=True)],
        "end_planned": [None if is_so else d for d, is_so in zip(end, done, strict=True)],
    }
    stated = {role: days(f"{role}_date") for role in split}
    dates = {role: [a or b for a, b in zip(stated[role], split[role], strict=True)] for role in split}
    starts = [a or p for a, p in zip(dates["start_actual"], dates["start_planned"], strict=True)]
    ends = [a or p for a, p in zip(dates["end_actual"], dates["end_planned"], strict=True)]
    for row, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if first is not None and last is not None and first > last:
            rows.findings.note("warning", "dates_reversed", rows.lines[row], None, start=str(first), end=str(last))
    value = [v or r or s for v, r, s in zip(days("value_date"), reported, starts, strict=True)]
    return {**dates, "start": starts, "end": ends, "reported": reported, "value": value}


def _report_months(rows: Rows, plan: Plan) -> Dates:
    """The last day of the month that year and month columns name; of the year, where there is no month."""

    def whole(cell: Cell) -> int | None:
        number = parse_number(cell)
        if number is not None and not 1950 <= number <= 2100:
            raise ValueError("not a year")
        return None if number is None else int(number)

    years = first_column(rows, plan, "reported_year", whole, "date_wrong")
    months = first_column(rows, plan, "reported_month", parse_month, "date_wrong")
    found: Dates = []
    for year, month in zip(years, months, strict=True):
        own, number = month or (None, 12)
        said = own or year
        found.append(None if said is None else _last_day(said, number))
    return found


def _last_day(year: int, month: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)
