"""One place per location out of what its words and its coordinates say.

Place on the way: inside locate. In go locations with the findings of their wording and their point; out come place_id,
precision, located_by and evidence, and the locations whose words and coordinates disagree.
"""

import ibis
import ibis.expr.types as ir


def choose(locations: ir.Table, texts: ir.Table, points: ir.Table) -> ir.Table:
    """Locations with place_id, precision, located_by, evidence, and the columns of both findings.

    In this order: a country named or meant (its point is only a label); a code; coordinates; a name; the only country
    that it can be in. Coordinates of an area (an administrative class or feature, or an approximate point within the
    named area) are the label of that area: then the name, or the area of that level, is the place.
    """
    rows = locations.left_join(texts, "text_key").drop("text_key_right")
    rows = rows.left_join(
        points,
        [
            rows.longitude == points.longitude,
            rows.latitude == points.latitude,
            rows.scope.fill_null("") == points.point_scope,
            rows.era == points.era,
        ],
    ).drop("longitude_right", "latitude_right", "era_right")
    kind = rows.spot_kind.fill_null("")
    is_area = kind.isin(["admin1", "admin2", "area"])
    is_named = (rows.text_by == "name").fill_null(False)
    is_within = (
        (rows.point_place == rows.text_place)
        | (rows.point_admin1 == rows.text_place)
        | (rows.point_admin2 == rows.text_place)
    ).fill_null(False)
    is_approximate = (rows.exactness_code == "2").fill_null(False)
    is_country = (rows.text_level == 0).fill_null(False) | (kind == "country")
    is_coded = rows.text_by.isin(["code", "code_and_name"]).fill_null(False)
    has_point = rows.point_place.notnull()
    is_label = is_named & (is_area | (is_approximate & is_within) | (rows.point_level == 0).fill_null(False))
    area_of_point = ibis.cases(
        (kind == "country", rows.point_country),
        (kind == "admin1", rows.point_admin1.coalesce(rows.point_country)),
        (kind == "admin2", rows.point_admin2.coalesce(rows.point_admin1, rows.point_country)),
        else_=rows.point_place,
    )
    source = ibis.cases(
        (is_country & rows.only_country.notnull(), "country"),
        (is_coded, "text"),
        (has_point & ~is_label, "point"),
        (rows.text_place.notnull(), "text"),
        (rows.only_country.notnull(), "country"),
        else_="none",
    )
    rows = rows.mutate(chosen=source, area_of_point=area_of_point)
    is_country_row = rows.chosen == "country"
    return rows.mutate(
        place_id=rows.chosen.cases(
            ("country", rows.only_country), ("text", rows.text_place), ("point", rows.area_of_point),
            else_=ibis.null("string"),
        ),
        located_by=ibis.cases(
            (is_country_row & (rows.text_level == 0).fill_null(False), rows.text_by),
            (rows.chosen == "text", rows.text_by),
            else_=rows.chosen,
        ),
        evidence=ibis.cases(
            (is_country_row, rows.text_evidence.coalesce(rows.scope)),
            (rows.chosen == "text", rows.text_evidence),
            (rows.chosen == "point", rows.point_evidence),
            else_=ibis.null("string"),
        ),
        is_site=(rows.chosen == "point") & (rows.exactness_code == "1").fill_null(False) & ~is_area,
    )  # fmt: skip


def with_precision(rows: ir.Table, areas: ir.Table) -> ir.Table:
    """Add area_country and area_level of the place, and precision: how small the area is in which the work surely lies.

    `site` is an exact point; its place is the finest area that holds it. Areas below admin 2 count as admin2.
    """
    area = areas.select(area_id="place_id", area_country="country_code", area_level="level")
    rows = rows.left_join(area, rows.place_id == area.area_id)
    precision = ibis.cases(
        (rows.place_id.isnull(), "unknown"),
        (rows.area_level == 0, "country"),
        (rows.is_site, "site"),
        (rows.area_level == 1, "admin1"),
        else_="admin2",
    )
    return rows.mutate(precision=precision)
