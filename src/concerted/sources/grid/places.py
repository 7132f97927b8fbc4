"""Where a row of a sheet says it works: rows of `location` and `recipient`.

Place on the way: called by `statements`. Place columns of a batch enter; one location per place that a row names and
one recipient per country leave. Nothing is looked up here: codes and names stay as given, `locate` reads them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from concerted.model.tables import rec_schema
from concerted.records.cells import Cell, parse_number
from concerted.records.countries import country_code
from concerted.sources.grid.children import Child
from concerted.sources.grid.fields import Column, Plan
from concerted.sources.grid.values import Rows, shown

#: (ISO code, name if there is no code) of each country of a row.
Countries = list[tuple[str | None, str | None]]
_PLACE_FIELDS = {
    **{f"admin{n}_{part}": f"admin{n}_{part}" for n in (1, 2, 3) for part in ("code", "name")},
    "location_name": "name",
}


def places(rows: Rows, plan: Plan, ids: Sequence[int]) -> tuple[pa.Table, pa.Table]:
    """The tables `location` and `recipient` of these rows.

    Issues:
        country_unknown (warning): neither an ISO code nor a country's name; kept as the recipient's name.
        coordinates_wrong (warning): no number, out of range, or 0,0; set aside.
        place_lists_differ (warning): cells with several values do not have equally many; the shorter are filled up with
            "unknown".
    """
    recipient = Child("recipient", ids, "code", "name")
    countries = _countries(rows, plan)
    for row, found in enumerate(countries):
        for code, name in found:
            recipient.add(row, code, name)
    columns = plan.of(*_PLACE_FIELDS)
    is_list = any(column.separator for column in columns)
    location = (_locations_of_lists if is_list else _locations)(rows, columns, plan, ids, countries)
    return location, recipient.table(transaction_seq=-1, kind="country")


def _locations(
    rows: Rows, columns: list[Column], plan: Plan, ids: Sequence[int], countries: Sequence[Countries]
) -> pa.Table:
    """One location per row that names a place; by columns, because this is what large 3W tables are."""
    latitudes, longitudes = _coordinates(rows, plan)
    found: dict[str, Sequence[Any]] = {_PLACE_FIELDS[c.field]: rows.named(c) for c in columns}
    kept = [
        n for n, cells in enumerate(zip(latitudes, *found.values(), strict=True)) if any(c is not None for c in cells)
    ]
    found |= {"latitude": latitudes, "longitude": longitudes, "record_id": ids, "line": rows.lines}
    found["country_code"] = [c[0][0] if len(c) == 1 else None for c in countries]
    found["seq"] = [0] * len(rows)
    schema = rec_schema("location")
    arrays = [
        pa.array([found[f.name][n] for n in kept], f.type) if f.name in found else pa.nulls(len(kept), f.type)
        for f in schema
    ]
    return pa.table(arrays, schema=schema)


def _locations_of_lists(
    rows: Rows, columns: list[Column], plan: Plan, ids: Sequence[int], countries: Sequence[Countries]
) -> pa.Table:
    """Locations where a cell may name several places."""
    location = Child("location", ids, *_PLACE_FIELDS.values(), "line", "country_code", "latitude", "longitude")
    latitudes, longitudes = _coordinates(rows, plan)
    lists = {_PLACE_FIELDS[c.field]: rows.parts(c) for c in columns}
    for row in range(len(rows)):
        named = {key: parts[row] for key, parts in lists.items() if parts[row]}
        if not named and latitudes[row] is None:
            continue
        count = max((len(parts) for parts in named.values()), default=1)
        if any(len(parts) not in (1, count) for parts in named.values()):
            rows.findings.note("warning", "place_lists_differ", rows.lines[row], "/".join(named))
        codes = countries[row]
        country = codes[0][0] if len(codes) == 1 else None
        for n in range(count):
            # One region over several districts holds for each of them; one of several districts holds for itself.
            parts = [named.get(key, ()) for key in _PLACE_FIELDS.values()]
            texts = [p[0] if len(p) == 1 else p[n] if n < len(p) else None for p in parts]
            point = (latitudes[row], longitudes[row]) if count == 1 else (None, None)
            location.add(row, *texts, rows.lines[row], country, *point)
    return location.table()


def _countries(rows: Rows, plan: Plan) -> list[Countries]:
    """(ISO code, name if there is no code) of each row's countries; a code and a name column say it once."""
    columns = plan.of("country")
    constant = plan.constants.get("country")
    found: list[Countries] = [[] for _ in range(len(rows))]
    for column in columns:
        for row, names in enumerate(rows.parts(column)):
            for name in names:
                code = country_code(name)
                if code is not None and (code, None) not in found[row]:
                    found[row].append((code, None))
    for column in columns:
        for row, names in enumerate(rows.parts(column)):
            if found[row]:
                continue
            for name in names:
                rows.findings.note("warning", "country_unknown", rows.lines[row], column.name, found=shown(name))
                found[row].append((None, name))
    if constant is not None:
        for row in range(len(rows)):
            found[row] = found[row] or [(country_code(constant), None)]
    return found


def _coordinates(rows: Rows, plan: Plan) -> tuple[list[float | None], list[float | None]]:
    def degrees(limit: float) -> Callable[[Cell], float | None]:
        def parse(cell: Cell) -> float | None:
            # A coordinate has no thousands: a comma in it is a decimal comma.
            number = parse_number(cell.replace(",", ".") if isinstance(cell, str) else cell, ".")
            if number is not None and abs(number) > limit:
                raise ValueError(f"beyond {limit:.0f} degrees")
            return None if number is None else float(number)

        return parse

    def values(column: Column | None, limit: float) -> list[float | None]:
        if column is None:
            return [None] * len(rows)
        return rows.read(column, degrees(limit), "coordinates_wrong")

    latitude = next(iter(plan.of("latitude")), None)
    longitude = next(iter(plan.of("longitude")), None)
    north, east = values(latitude, 90), values(longitude, 180)
    for row, (a, b) in enumerate(zip(north, east, strict=True)):
        if a == 0 and b == 0:
            rows.findings.note("warning", "coordinates_wrong", rows.lines[row], "latitude", found="0,0")
        if a is None or b is None or (a == 0 and b == 0):
            north[row] = east[row] = None
    return north, east
