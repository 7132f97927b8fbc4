"""Step 4: where. Statements' places become areas of reference, with how precise that is and how they were found.

Place on the way: after resolve, before classify. In go the places that records name, their recipients and the places of
reference; out come `core_location`, the merged `core_place`, and `core_place_share`, whose shares sum to one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.codelists.places import load_place_codes, load_places
from concerted.locate.choice import choose, with_precision
from concerted.locate.findings import point_table, text_tables
from concerted.locate.issues import (
    country_issues,
    disagreement_issues,
    outside_issues,
    place_issues,
    share_issues,
    sheet_issues,
    text_issues,
    unplaced_issues,
)
from concerted.locate.points import Polygons
from concerted.locate.recipients import with_known_codes
from concerted.locate.reference import Reference, build_reference
from concerted.locate.shares import spread_over_places
from concerted.locate.statements import statements
from concerted.locate.towns import settle_towns
from concerted.model.subjects import PLACES
from concerted.model.tables import ON_ACTIVITY, full_schema
from concerted.store.precedence import rows_taken_over
from concerted.store.step import WORDS, StepResult, Tables

NAME = "locate"
INPUTS = ("rec_location", "rec_location_code", "rec_recipient", "rec_place", "core_activity", "core_precedence")
OUTPUTS = ("core_location", "core_place", "core_place_share")


@dataclass(frozen=True)
class Params:
    """Nothing to choose: the rules of locate are the same for every edition."""


def params(_context: object) -> Params:
    """The parameters of this step."""
    return Params()


def unread(_params: object) -> Mapping[str, Sequence[str]]:
    """Columns that change nothing here."""
    return WORDS


def run(tables: Tables, _params: Params) -> StepResult:
    """Place every location and spread every statement over places.

    Issues:
        code_name_disagree, code_ambiguous (warning): a code that another numbering gives to another area; the name
            wins, or the parent area stays.
        point_outside_country (warning): coordinates outside the stated countries; the country wins.
        point_unplaced (info): coordinates in no area that is loaded.
        point_text_disagree (info): coordinates in another first-level area than the one written.
        place_unknown, place_ambiguous, place_code_unknown (info): a name or code that is in no list, or that fits
            several areas.
        level_unknown (info): no list of areas of that level is loaded for the country.
        country_inferred (info): the country of a sheet that names areas and no country.
        parent_disagree (info): the only area of a name lies outside the area written above it.
        place_without_id (warning): a row of a boundary source that has no id.
        country_unknown (warning): a recipient-country code that is no country; its part is UNKNOWN, or REGIONAL
            where it is a region's.
        share_sum, share_partial (warning): percentages that do not add up, see `shares`.
    """
    activity = tables["core_activity"]
    ref = build_reference(_place_rows(tables["rec_place"]), load_place_codes())
    recipient = with_known_codes(tables["rec_recipient"], ref)
    areas = ibis.memtable(_areas(ref))

    polygons = Polygons.of(ref)
    settle_towns(ref, polygons)
    stated = statements({**tables, "rec_recipient": recipient}, ref)
    texts, text_findings = text_tables(stated.wordings, ref)
    points = ibis.memtable(point_table(stated.points, polygons))
    # Kept by the engine once: three tables and five kinds of issues are made of it.
    located = with_precision(choose(stated.locations, ibis.memtable(texts), points), areas).cache()

    placed = located.filter(located.place_id.notnull()).select(
        "record_id", "place_id", "precision", "pct", country_code="area_country", level="area_level"
    )
    spread = spread_over_places(activity, recipient, placed)
    whole = spread.shares.filter(spread.shares.transaction_seq == ON_ACTIVITY)
    return StepResult(
        tables={
            "core_location": located.select(full_schema("location").names),
            "core_place": ibis.memtable(pa.Table.from_pylist(ref.rows(), schema=full_schema("place"))),
            # Where its organisation counts the places of its other source, a statement stands there with all its money.
            "core_place_share": rows_taken_over(spread.shares, whole, tables["core_precedence"], PLACES),
        },
        issues=[
            ibis.union(
                place_issues(ref.without_id),
                sheet_issues(stated.sheets, activity),
                text_issues(located, ibis.memtable(text_findings), activity),
                outside_issues(located, activity),
                unplaced_issues(located, activity),
                disagreement_issues(located, activity),
                country_issues(recipient.filter(~recipient.is_known), activity),
                share_issues(spread.issues, activity),
            )
        ],
    )


def _place_rows(places: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = load_places().to_pylist() + places.to_pyarrow().to_pylist()
    return rows


def _areas(ref: Reference) -> pa.Table:
    """place_id, country_code and level of every place."""
    rows = [(p.id, p.country, p.level) for p in ref.places.values()]
    return pa.table(
        [
            pa.array(column, type_)
            for column, type_ in zip(zip(*rows, strict=True), (pa.string(), pa.string(), pa.int32()), strict=True)
        ],
        names=["place_id", "country_code", "level"],
    )
