"""What statements write about places, as few distinct wordings and points.

Place on the way: inside locate. In go rec_location, its codes, recipients and the statements' dates; out come the
locations with two keys, and the distinct wordings and points behind these keys as Arrow, for the libraries that match
them.
"""

from typing import Any, NamedTuple

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.locate.reference import Reference
from concerted.locate.sheet_country import Sheet, SheetCountry, sheet_countries
from concerted.model.tables import ON_ACTIVITY, UNKNOWN
from concerted.store.step import Tables

#: Between the parts of a wording's key; no source can write it.
SEPARATOR = "\x1f"
#: The text columns that make a wording, in the order of its key.
WORDING = (
    "scope", "admin1_code", "admin1_name", "admin2_code", "admin2_name", "admin3_code", "admin3_name",
    "name", "codes", "spot_kind",
)  # fmt: skip
#: Columns that make a point.
POINT = ("longitude", "latitude", "scope", "era")


#: Kinds of statement whose file speaks of one country, as a rule.
_OF_SHEETS = ("presence", "project")
_SHEET = pa.schema([("input_path", pa.string()), ("marking_key", pa.string()), ("sheet_country", pa.string())])


class Statements(NamedTuple):
    """Locations with `text_key`, `scope` and `era`; distinct wordings; distinct points; countries found for sheets."""

    locations: ir.Table
    wordings: pa.Table
    points: pa.Table
    sheets: dict[Sheet, SheetCountry]


def statements(tables: Tables, ref: Reference) -> Statements:
    """Locations with what they need to be placed.

    `scope` is the countries that a location can be in: its own, else the recipient countries of its statement, joined
    by "|", else the country in which the areas of its sheet exist; null when none is known. `era` numbers the time of
    the statement between changes of a division.
    """
    location = tables["rec_location"]
    scope = _countries_of(tables["rec_recipient"])
    era = _era_of(tables["core_activity"], ref)
    codes = _codes_of(tables["rec_location_code"])
    rows = location.left_join(scope, "record_id").drop("record_id_right")
    rows = rows.left_join(era, "record_id").drop("record_id_right")
    rows = rows.mutate(scope=rows.country_code.strip().upper().nullif("").coalesce(rows.countries))
    sheets = sheet_countries(_areas_without_country(rows), ref)
    found = [dict(zip(_SHEET.names, (*sheet, of.country), strict=True)) for sheet, of in sheets.items()]
    countries = ibis.memtable(pa.Table.from_pylist(found, schema=_SHEET))
    rows = rows.left_join(countries, ["input_path", "marking_key"]).drop("input_path_right", "marking_key_right")
    rows = rows.left_join(codes, [rows.record_id == codes.record_id, rows.seq == codes.location_seq])
    rows = rows.drop("record_id_right", "location_seq")
    rows = rows.mutate(
        # Adding zero makes one zero of the two that floats have; they are one place, but need not join.
        longitude=rows.longitude + 0.0,
        latitude=rows.latitude + 0.0,
        scope=rows.scope.coalesce(rows.sheet_country),
        era=rows.era.fill_null(len(ref.breaks)),
        spot_kind=_spot_kind(rows.feature_code.upper(), rows.class_code),
    )
    parts = [rows[c].fill_null("") for c in WORDING] + [rows.era.cast("string")]
    rows = rows.mutate(text_key=ibis.literal(SEPARATOR).join(parts))
    wordings = rows.select("text_key", *WORDING, "era").distinct().to_pyarrow()
    with_point = rows.filter(rows.longitude.notnull() & rows.latitude.notnull())
    points = with_point.select(*POINT).distinct().to_pyarrow()
    return Statements(rows, wordings, points, sheets)


def _areas_without_country(rows: ir.Table) -> list[tuple[Any, ...]]:
    """(sheet, area codes and names), distinct, of sheets' rows that name no country."""
    lost = rows.filter(rows.scope.isnull() & rows.input_path.notnull())
    areas = lost.select("input_path", "marking_key", "admin1_code", "admin1_name", "admin2_code", "admin2_name")
    found = areas.distinct().to_pyarrow()
    return [
        ((path, marking), *said)
        for path, marking, *said in zip(*(found[c].to_pylist() for c in found.column_names), strict=True)
    ]


def _countries_of(recipient: ir.Table) -> ir.Table:
    """record_id, countries: sorted codes; those of transactions only where the statement itself names none."""
    country = recipient.filter((recipient.kind == "country") & (recipient.code != UNKNOWN))
    country = country.select(
        "record_id", "code", is_own=country.transaction_seq == ON_ACTIVITY
    ).distinct()  # fmt: skip
    own = country.filter(country.is_own).select("record_id", "code")
    lifted = country.filter(~country.is_own).anti_join(own, "record_id").select("record_id", "code")
    return _joined(own.union(lifted), ["record_id"], "code", "countries")


def _codes_of(codes: ir.Table) -> ir.Table:
    """record_id, location_seq, codes: what may be a p-code as it is, GeoNames and country codes with their scheme."""
    vocabulary = codes.vocabulary_code.fill_null("")
    text = ibis.cases(
        (vocabulary == "G1", ibis.literal("geonames:") + codes.code),
        (vocabulary == "A4", ibis.literal("A4:") + codes.code.upper()),
        (vocabulary.isin(["A1", "A2", "A3", "G2"]), ibis.null("string")),
        else_=codes.code,
    )
    usable = codes.select("record_id", "location_seq", text=text)
    usable = usable.filter(usable.text.notnull()).distinct()
    return _joined(usable, ["record_id", "location_seq"], "text", "codes")


def _joined(rows: ir.Table, by: list[str], column: str, name: str) -> ir.Table:
    """The distinct texts of each group, sorted and joined by "|"."""
    return rows.group_by(by).aggregate(rows[column].collect().sort().join("|").name(name))


def _era_of(activity: ir.Table, ref: Reference) -> ir.Table:
    """record_id, era (changes of a division before the statement; undated = today), marking, path of a sheet."""
    day = ibis.coalesce(
        activity.freshness_date, activity.last_updated.date(), activity.start_actual_date, activity.start_planned_date
    )
    era: ir.IntegerValue = ibis.literal(0, "int64")
    for change in ref.breaks:
        era = era + (day >= ibis.date(change.isoformat())).ifelse(1, 0)
    return activity.select(
        "record_id",
        "marking_key",
        era=day.isnull().ifelse(len(ref.breaks), era).cast("int64"),
        input_path=activity.kind.isin(_OF_SHEETS).ifelse(activity.input_path, ibis.null("string")),
    )


def _spot_kind(feature: ir.StringValue, location_class: ir.StringValue) -> ir.StringValue:
    """What a location is about, from LocationType (GeoNames' feature codes) and GeographicLocationClass.

    Source: IATI 2.03, location/feature-designation and location/location-class (1 = administrative region).
    """
    return ibis.cases(
        (feature.startswith("PCL") | (feature == "TERR"), "country"),
        (feature.startswith("ADM1"), "admin1"),
        (feature.startswith("ADM2"), "admin2"),
        (feature.startswith("ADM"), "area"),
        (feature.notnull() & (feature != ""), "spot"),
        (location_class == "1", "area"),
        (location_class.isin(["2", "3", "4"]), "spot"),
        else_=ibis.null("string"),
    )
