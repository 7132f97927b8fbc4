"""The statements of the fixture records and every table that hangs on them."""

import json
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from concerted.model.ids import hash_id
from web.fixture_picture import precision_of
from web.fixture_records import (
    FIRST_HIDDEN,
    ORGANISATIONS,
    PARTNERS,
    Record,
    org_id,
)


def statements(chosen: list[Record], few: tuple[int, ...]) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for r in chosen:
        rid, hidden = r.id + 1, r.number >= FIRST_HIDDEN
        source = "hidden/zzcanaryfile" if hidden else "iati/delta"
        path = "hidden/zzcanaryfile.csv" if hidden else "iati/delta.xml"
        out["activity"].append(
            {
                "record_id": rid,
                "source_id": source,
                "input_path": path,
                "line": 10 + 20 * r.number,
                "kind": "iati",
                "identifier": f"XM-FIX-{r.partner}-{r.number}",
                "reporting_org_ref": f"XM-FIX-{r.partner}",
                "reporting_org_name": ORGANISATIONS[r.partner],
                "title": r.title or None,
                "title_lang": r.lang if r.title else None,
                "description": r.description,
                "description_lang": "fr",
                "activity_status_code": "2",
                "state": r.state,
                "start_planned_date": date(2024, 1, 1),
                "end_planned_date": r.end,
                "default_currency": "EUR",
                "default_lang": r.lang,
                "hierarchy": 1,
                "last_updated": datetime(2026, 5, 1 + r.number % 28),  # noqa: DTZ001 (tables hold UTC without a zone)
                "iati_version": "2.03",
                "marking_key": r.marking,
                "coarse_marking_key": r.coarse,
                "coarse_place_level": 1 if r.coarse else None,
                "is_partner_hidden": bool(r.coarse),
                "is_supply": True,
                "activity_id": r.id,
                "is_current": True,
                "org_id": org_id(r.partner),
                "double_risk": r.double_risk,
                "freshness_date": date(2026, 5, 1 + r.number % 28),
            }
        )
        if r.title:
            other = "en" if r.lang != "en" else "fr"
            out["narrative"] += [
                {"record_id": rid, "field": "title", "seq": 0, "lang": lang, "text": text}
                for lang, text in ((r.lang, r.title), (other, r.title + " (bis)"))
            ]
        out["narrative"] += [
            {"record_id": rid, "field": "description", "seq": 0, "type_code": "1", "lang": "fr", "text": r.description},
        ]
        out["participating_org"] += [
            {
                "record_id": rid,
                "seq": 0,
                "role_code": "1",
                "ref": "XM-FIX-0",
                "type_code": "10",
                "name": PARTNERS[0],
                "org_id": org_id(0),
            },
            {
                "record_id": rid,
                "seq": 1,
                "role_code": "4",
                "ref": None,
                "name": ORGANISATIONS[r.partner],
                "org_id": org_id(r.partner),
            },
        ]
        out["sector"].append(
            {"record_id": rid, "transaction_seq": -1, "seq": 0, "vocabulary_code": "1", "code": "15220", "pct": 100.0}
        )
        out["recipient"].append(
            {"record_id": rid, "transaction_seq": -1, "seq": 0, "kind": "country", "code": "ML", "pct": 100.0}
        )
        for i, place in enumerate(r.places):
            out["location"].append(
                {
                    "record_id": rid,
                    "seq": i,
                    "line": 15 + 20 * r.number,
                    "name": r.site or place,
                    "place_id": place,
                    "precision": precision_of(place),
                    "located_by": "code",
                    "evidence": r.site or place,
                    "latitude": 14.0,
                    "longitude": -4.0,
                }
            )
            out["place_share"].append(
                {
                    "record_id": rid,
                    "transaction_seq": -1,
                    "place_id": place,
                    "precision": precision_of(place),
                    "share": 1_000_000_000 // len(r.places),
                    "basis": "equal" if len(r.places) > 1 else "whole",
                }
            )
        if r.committed is not None:
            out["transaction"] += [
                {
                    "record_id": rid,
                    "seq": 0,
                    "line": 18 + 20 * r.number,
                    "type_code": "2",
                    "transaction_date": date(2025, 3, 1),
                    "value": Decimal(r.committed),
                    "currency": "EUR",
                    "value_date": date(2025, 3, 1),
                    "value_usd": Decimal(r.committed),
                    "value_eur": Decimal(r.committed),
                    "rate_date": date(2025, 2, 28),
                    "rate_source": "ecb",
                    "provider_org_name": PARTNERS[0],
                    "provider_org_id": org_id(0),
                    "provider_activity_ref": "XM-FIX-0-0",
                    "provider_activity_id": hash_id("fixture", "0"),
                },
                {
                    "record_id": rid,
                    "seq": 1,
                    "line": 19 + 20 * r.number,
                    "type_code": "3",
                    "transaction_date": date(2026, 1, 15),
                    "value": Decimal(r.committed) / 2,
                    "currency": "EUR",
                    "value_date": date(2026, 1, 15),
                    "value_usd": Decimal(r.committed) / 2,
                    "value_eur": Decimal(r.committed) / 2,
                    "rate_date": date(2026, 1, 15),
                    "rate_source": "ecb",
                },
            ]
        out["label"].append(
            {
                "record_id": rid,
                "framework_id": "plan",
                "node_id": r.node,
                "probability": 1.0 if r.is_confirmed else 0.62,
                "is_confirmed": r.is_confirmed,
                "method": "declared" if r.is_confirmed else "text",
                "evidence": json.dumps({"field": "title", "words": ["paix", "dialogue"]}),
            }
        )
        out["activity_link"].append(
            {
                "record_id": rid,
                "activity_id": r.id,
                "kind": "provider",
                "ref": "XM-FIX-0-0",
                "other_activity_id": hash_id("fixture", "40" if r.number == 1 else "0"),
                "is_cross_publisher": True,
            }
        )
        out["result"].append(
            {"record_id": rid, "seq": 0, "type_code": "1", "title": "Comités formés", "title_lang": "fr"}
        )
        out["indicator"].append(
            {
                "record_id": rid,
                "result_seq": 0,
                "seq": 0,
                "measure_code": "1",
                "title": "Nombre de comités",
                "baseline_value": "0",
            }
        )
        out["indicator_period"].append(
            {
                "record_id": rid,
                "indicator_seq": 0,
                "seq": 0,
                "period_start_date": date(2025, 1, 1),
                "period_end_date": date(2025, 12, 31),
                "target_value": "40",
                "actual_value": "31",
            }
        )
        out["document"].append(
            {
                "record_id": rid,
                "seq": 0,
                "url": "https://example.org/doc.pdf" if r.number else "javascript:alert(1)",
                "title": "Rapport",
                "title_lang": "fr",
                "category_codes": "A01",
            }
        )
        out["people"].append({"record_id": rid, "seq": 0, "kind": "reached", "value": 1200})
        if r.number == 0:
            _few_people(out, rid, few)
    return out


def _few_people(out: dict[str, list[dict[str, Any]]], rid: int, few: tuple[int, ...]) -> None:
    """Counts of few people, wherever a statement can tell them."""
    kinds = enumerate(("targeted", "affected"), start=1)
    out["people"] += [{"record_id": rid, "seq": seq, "kind": kind, "value": few[seq - 1]} for seq, kind in kinds]
    indicator = {"record_id": rid, "result_seq": 0, "seq": 1, "measure_code": "1", "title": "Nombre de femmes formées"}
    out["indicator"].append(indicator | {"baseline_value": str(few[2])})
    period = {"record_id": rid, "indicator_seq": 1, "seq": 1, "target_value": "à définir", "actual_value": str(few[3])}
    out["indicator_period"].append(period | {"period_start_date": date(2025, 1, 1)})
    out["attribute"].append({"record_id": rid, "name": "Nombre de femmes", "value": str(few[4])})
