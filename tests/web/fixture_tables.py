"""The smaller tables of the fixture edition."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from concerted.model.tables import ALL
from web.fixture_records import (
    CERCLES,
    COUNTRIES,
    OBJECTIVES,
    PILLARS,
    REGIONS,
    Record,
    org_id,
)


def frameworks() -> list[dict[str, Any]]:
    rule = json.dumps({"covered": "0.8", "not_covered": "0.2", "freshness_months": 12, "supply_kind": "commitment"})
    return [
        {
            "framework_id": "plan",
            "version": "2024-2028",
            "name_fr": "Stratégie nationale de prévention",
            "name_en": "National prevention strategy",
            "name_ar": "الاستراتيجية الوطنية للوقاية",
            "is_strategy": True,
            "status": "adopted",
            "adopted_by": "Décret 2024-0001",
            "adopted_date": date(2024, 2, 26),
            "place_id": "ML",
            "valid_from": date(2024, 1, 1),
            "valid_to": date(2028, 12, 31),
            "source": "invented",
            "rule": rule,
        },
        {
            "framework_id": "un-gcts",
            "version": "2006",
            "name_fr": "Stratégie antiterroriste mondiale de l’ONU",
            "name_en": "UN Global Counter-Terrorism Strategy",
            "name_ar": "استراتيجية الأمم المتحدة العالمية لمكافحة الإرهاب",
            "is_strategy": False,
            "status": "adopted",
            "rule": rule,
        },
    ]


def nodes() -> list[dict[str, Any]]:
    rows = []
    for pillar, names in PILLARS.items():
        rows.append(("plan", pillar, None, 0, names))
        rows += [("plan", o, pillar, 1, n) for o, n in OBJECTIVES.items() if o.startswith(pillar)]
    rows += [("un-gcts", f"p{i}", None, 0, (f"Pilier {i}", f"Pillar {i}", f"الركيزة {i}")) for i in range(1, 5)]
    return [
        {
            "framework_id": f,
            "position": i,
            "node_id": n,
            "parent_id": p,
            "depth": d,
            "code": n,
            "name_fr": names[0],
            "name_en": names[1],
            "name_ar": names[2],
            "definition_fr": f"Ce que recouvre « {names[0]} ».",
        }
        for i, (f, n, p, d, names) in enumerate(rows)
    ]


def node_indicators() -> list[dict[str, Any]]:
    return [
        {
            "framework_id": "plan",
            "node_id": "1.1",
            "indicator_id": "1.1-I1",
            "name_fr": "Enseignants formés",
            "name_en": "Teachers trained",
            "name_ar": "معلمون مدرَّبون",
            "unit": "nombre",
            "baseline": "0",
            "baseline_year": 2023,
            "target": "400",
            "target_year": 2028,
        }
    ]


def places(geometry: bool) -> list[dict[str, Any]]:
    import shapely

    rows = [
        {
            "source_id": "places",
            "place_id": code,
            "level": 0,
            "country_code": code,
            "name": fr,
            "name_fr": fr,
            "name_en": en,
            "name_ar": ar,
        }
        for code, (fr, en, ar) in COUNTRIES.items()
    ]
    for code, (fr, en, ar, lon, lat) in REGIONS.items():
        shape = shapely.Point(lon, lat).buffer(1.3, quad_segs=12).wkb if geometry else None
        rows.append(
            {
                "source_id": "places",
                "place_id": code,
                "level": 1,
                "parent_id": "ML",
                "country_code": "ML",
                "name": fr,
                "name_fr": fr,
                "name_en": en,
                "name_ar": ar,
                "longitude": lon,
                "latitude": lat,
                "geometry_wkb": shape,
            }
        )
    for code, (name, parent) in CERCLES.items():
        rows.append(
            {
                "source_id": "places",
                "place_id": code,
                "level": 2,
                "parent_id": parent,
                "country_code": "ML",
                "name": name,
            }
        )
    return rows


def targets() -> list[dict[str, Any]]:
    """Costs of some objectives in some regions and two years, and every sum of them that the picture stores."""
    sums: dict[tuple[str, str | None, int | None], Decimal] = defaultdict(Decimal)
    for i, node in enumerate(OBJECTIVES):
        for j, place in enumerate(REGIONS):
            if (i + j) % 4 == 3:
                continue
            low = Decimal(40_000 + 90_000 * ((i * 3 + j) % 5))
            for year in (2025, 2026):
                for up in (node, node[0], ALL):
                    for where in (place, "ML", None):
                        sums[up, where, year] += low
                        sums[up, where, None] += low
    return [
        {
            "framework_id": "plan",
            "node_id": node,
            "place_id": place,
            "period": year,
            "low_usd": low,
            "high_usd": low * 2,
            "low_eur": low,
            "high_eur": low * 2,
            "is_stated": "." in node and place in REGIONS and year is not None,
        }
        for (node, place, year), low in sums.items()
    ]


def informed(with_hidden: bool) -> list[dict[str, Any]]:
    claims = [("iati/delta", "CLEAR", ("ML08", "ML01"))]
    claims += [("hidden/zzcanaryfile", "RED:amina", ())] * with_hidden
    return [
        {
            "place_id": place,
            "period": year,
            "source_id": source,
            "reported_date": date(2026, 5, 31),
            "is_fresh": True,
            "marking_key": key,
        }
        for source, key, unclaimed in (
            ("iati/delta", "CLEAR", ("ML08", "ML01")),
            ("hidden/zzcanaryfile", "RED:amina", ()),
        )
        for place in ("ML", *REGIONS)
        if place not in unclaimed
        for year in (None, 2024, 2025, 2026)
    ]


def cliffs(chosen: list[Record]) -> list[dict[str, Any]]:
    rows = []
    for r in chosen:
        if r.end and r.marking == "CLEAR" and r.state == "ongoing":
            months = 6 if r.end < date(2026, 12, 30) else 12
            for place in r.places:
                rows.append(
                    {
                        "framework_id": "plan",
                        "node_id": r.node,
                        "place_id": place,
                        "activity_id": r.id,
                        "record_id": r.id + 1,
                        "org_id": org_id(r.partner),
                        "end_date": r.end,
                        "months": months,
                        "best_usd": Decimal(50_000 if r.double_risk == "none" else 0),
                        "best_eur": Decimal(45_000 if r.double_risk == "none" else 0),
                        "view": "precise",
                        "marking_key": "CLEAR",
                    }
                )
    for r in (r for r in chosen if r.number in (40, 41)):
        rows.append(
            {
                "framework_id": "plan",
                "node_id": r.node,
                "place_id": "ML05",
                "activity_id": r.id,
                "record_id": r.id + 1,
                "org_id": org_id(r.partner),
                "end_date": date(2026, 7, 1),
                "months": 6,
                "best_usd": Decimal(1),
                "best_eur": Decimal(1),
                "view": "precise",
                "marking_key": r.marking,
            }
        )
    return rows


def concentration(chosen: list[Record]) -> list[dict[str, Any]]:
    by_number = {r.number: r for r in chosen}
    reasons = json.dumps([{"id": "concentration.same_cell"}, {"id": "concentration.same_purpose", "code": "15220"}])
    rows = []
    for a, b, key, other in ((0, 24, "CLEAR", "CLEAR"), (0, 40, "CLEAR", "RED:amina"), (40, 0, "RED:amina", "CLEAR")):
        if a in by_number and b in by_number:
            rows.append(
                {
                    "framework_id": "plan",
                    "node_id": by_number[a].node,
                    "place_id": "ML01",
                    "period": 2026,
                    "activity_id": by_number[a].id,
                    "other_activity_id": by_number[b].id,
                    "org_id": org_id(a % 6),
                    "other_org_id": org_id(b % 6),
                    "reasons": reasons,
                    "score": 0.8,
                    "view": "precise",
                    "marking_key": key,
                    "other_marking_key": other,
                }
            )
    return rows


def freshness(chosen: list[Record], with_hidden: bool) -> list[dict[str, Any]]:
    rows = []
    for partner in range(6):
        n = sum(r.partner == partner and r.marking == "CLEAR" for r in chosen)
        rows.append(
            {
                "source_id": "iati/delta",
                "org_id": org_id(partner),
                "records": n,
                "latest_date": date(2026, 5, 1 + partner),
                "within_90_days": n // 2,
                "within_365_days": n,
                "undated": 0,
                "marking_key": "CLEAR",
            }
        )
    if with_hidden:
        rows.append(
            {
                "source_id": "hidden/zzcanaryfile",
                "org_id": org_id(6),
                "records": 1,
                "latest_date": date(2020, 1, 1),
                "within_90_days": 0,
                "within_365_days": 0,
                "undated": 1,
                "marking_key": "RED:amina",
            }
        )
    return rows


def quality(with_hidden: bool) -> list[dict[str, Any]]:
    codes = ("share_sum", "date_wrong", "value_unknown", "place_unknown", "currency_unknown", "sheet_untagged")
    rows = [
        {
            "source_id": "iati/delta",
            "code": c,
            "marking_key": "CLEAR",
            "issues": 30 - i,
            "records": 12 - i,
            "usd_affected": Decimal(9 - i) * 100_000,
            "org_id": org_id(i % 3),
            "gain": "placed",
            "usd_gain": Decimal(9 - i) * 10_000,
            "activities_gain": 9 - i,
            "rank": i + 1,
        }
        for i, c in enumerate(codes)
    ]
    hidden = {
        "source_id": "hidden/zzcanaryfile",
        "code": "date_wrong",
        "marking_key": "RED:amina",
        "issues": 1,
        "records": 1,
        "rank": 1,
    }
    return [*rows, hidden] if with_hidden else rows


def issues(chosen: list[Record]) -> list[dict[str, Any]]:
    rows = [
        {
            "severity": "warning",
            "code": "share_sum",
            "step": "read",
            "source_id": "iati/delta",
            "input_path": "iati/delta.xml",
            "marking_key": "CLEAR",
            "line": 100 + r.number,
            "record_id": r.id + 1,
            "field": "sector",
            "values": json.dumps({"sum": 90, "where": "sector"}),
            "count": 1,
        }
        for r in chosen[:3]
    ]
    rows.append(
        {
            "severity": "error",
            "code": "input_cut",
            "step": "read",
            "source_id": "iati/delta",
            "input_path": "iati/delta.xml",
            "marking_key": "CLEAR",
            "line": 999,
            "column": 7,
            "values": json.dumps({"reason": "unexpected end"}),
            "count": 1,
        }
    )
    rows += [
        {
            "severity": "warning",
            "code": "date_wrong",
            "step": "read",
            "source_id": "hidden/zzcanaryfile",
            "input_path": "hidden/zzcanaryfile.csv",
            "marking_key": "RED:amina",
            "line": 5,
            "record_id": r.id + 1,
            "values": json.dumps({"text": "ZZCANARYVALUES"}),
            "count": 1,
        }
        for r in (r for r in chosen if r.number == 40)
    ]
    return rows
