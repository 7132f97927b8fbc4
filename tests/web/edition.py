"""A small edition made by hand: public, restricted and coarse records, every table, states of every kind.

Restricted records carry canary words, so that a test can search every answer of the site for them. The cube is summed
here in plain Python, apart from the code under test.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from concerted.model.ids import hash_id
from concerted.model.tables import ALL, conform, full_schema, tables

CANARIES = ("ZZCANARY", "Quetzalcoatl", "Kettlewell")
HOSTILE = "<script>alert('x')</script> & \"Conseil\" d’appui"
AS_OF = date(2026, 6, 30)
EDITION_ID = "f1x7ure0" * 4

REGIONS = {
    "ML01": ("Kayes", "Kayes", "كايس", -11.4, 14.4),
    "ML02": ("Koulikoro", "Koulikoro", "كوليكورو", -7.6, 13.9),
    "ML03": ("Sikasso", "Sikasso", "سيكاسو", -5.7, 11.3),
    "ML04": ("Ségou", "Segou", "سيغو", -6.3, 13.4),
    "ML05": ("Mopti", "Mopti", "موبتي", -4.2, 14.5),
    "ML06": ("Tombouctou", "Timbuktu", "تمبكتو", -3.0, 16.8),
    "ML07": ("Gao", "Gao", "غاو", 0.0, 16.3),
    "ML08": ("Kidal", "Kidal", "كيدال", 1.4, 18.4),
    "ML09": ("Bamako", "Bamako", "باماكو", -8.0, 12.6),
}
CERCLES = {
    "ML0501": ("Mopti", "ML05"),
    "ML0502": ("Bandiagara", "ML05"),
    "ML0701": ("Gao", "ML07"),
    "ML0702": ("Ansongo", "ML07"),
}
COUNTRIES = {
    "ML": ("Mali", "Mali", "مالي"),
    "NE": ("Niger", "Niger", "النيجر"),
    "BF": ("Burkina Faso", "Burkina Faso", "بوركينا فاسو"),
}
PILLARS = {
    "1": ("Prévention", "Prevention", "الوقاية"),
    "2": ("Protection", "Protection", "الحماية"),
    "3": ("Poursuite", "Pursuit", "الملاحقة"),
    "4": ("Réponse", "Response", "الاستجابة"),
    "5": ("Cohésion sociale", "Social cohesion", "التماسك الاجتماعي"),
}
OBJECTIVES = {
    "1.1": ("Éducation à la paix", "Peace education", "التربية على السلام"),
    "1.2": ("Emploi des jeunes", "Jobs for youth", "تشغيل الشباب"),
    "2.1": ("Sites et frontières", "Sites and borders", "المواقع والحدود"),
    "3.1": ("Chaîne pénale", "Criminal justice", "العدالة الجنائية"),
    "4.1": ("Gestion de crise", "Crisis response", "إدارة الأزمات"),
    "5.1": ("Dialogue local", "Local dialogue", "الحوار المحلي"),
}
PARTNERS = (
    "Fonds Horizon",
    "Agence du Delta",
    "Conseil des femmes de Mopti",
    "Atlas Relief",
    "Union des radios",
    "Caisse Nord",
)


@dataclass
class Record:
    """One activity of the fixture with one statement."""

    number: int
    title: str
    partner: int
    node: str
    places: tuple[str, ...]
    years: tuple[int | None, ...]
    committed: int | None
    state: str | None
    marking: str = "CLEAR"
    coarse: str | None = None
    is_confirmed: bool = True
    double_risk: str = "none"
    description: str = "Appui aux communes, avec les comités locaux."
    lang: str = "fr"
    end: date | None = None
    site: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return hash_id("fixture", str(self.number))


def records() -> list[Record]:
    """Forty public records that fill the matrix unevenly, and nine that the public must not, or not fully, see."""
    regions = list(REGIONS)
    nodes = [*OBJECTIVES, "1", "5"]
    states = ("ongoing", "planned", "completed", "ongoing", "requested", None, "cancelled")
    words = (
        "Comités de paix",
        "Formation des juges",
        "Radios locales",
        "Écoles ouvertes",
        "Peace committees",
        "حوار القرى",
    )
    found = []
    for n in range(40):
        places = (regions[(n * 5) % 9],) if n % 4 else (regions[n % 9], regions[(n + 3) % 9])
        places = {7: ("ML",), 11: ("REGIONAL",), 19: ("UNKNOWN",), 23: ("ML0501", "ML0502"), 29: ("NE",)}.get(n, places)
        lang = ("fr", "fr", "fr", "fr", "en", "ar")[n % 6]
        found.append(
            Record(
                number=n,
                title=f"{words[n % 6]} {n}",
                partner=n % 6,
                node="UNCLASSIFIED" if n == 31 else nodes[(n * 3) % len(nodes)],
                places=places,
                years=(2025, 2026) if n % 3 else ((2026,) if n % 2 else (2024, 2025, 2026)),
                committed=None if n % 13 == 5 else 100_000 + 37_001 * n,
                state=states[n % 7],
                is_confirmed=n % 3 != 1,
                double_risk=("none", "none", "possible", "none", "linked")[n % 5],
                lang=lang,
                end=date(2026, 7 + n % 5, 28) if n % 4 == 1 else (date(2027, 1 + n % 12, 15) if n % 4 == 2 else None),
            )
        )
    found[3].title = HOSTILE
    found[8].years = (None,)
    secret = {"description": "ZZCANARYTEXT", "committed": 7_777_777, "years": (2026,), "state": "ongoing"}
    found += [
        Record(40, "ZZCANARYRED one", 0, "1.1", ("ML05",), marking="RED:amina", **secret),
        Record(41, "ZZCANARYNOBODY two", 1, "1.2", ("ML06",), marking="RED:", **secret),
        Record(42, "ZZCANARYAMBER three", 2, "5.1", ("ML0502",), marking="AMBER:justice", **secret),
        Record(43, "ZZCANARYGREEN four", 3, "5.1", ("ML07",), marking="GREEN", **secret),
        Record(44, "ZZCANARYTYPO five", 3, "5.1", ("ML07",), marking="CLEARISH", **secret),
        Record(45, "ZZCANARYHIDDENPARTNER six", 6, "2.1", ("ML08",), marking="RED:amina", **secret),
    ]
    coarse = {"description": "ZZCANARYTEXT", "years": (2025, 2026), "state": "ongoing", "coarse": "CLEAR"}
    found += [
        Record(46, "ZZCANARYCOARSE seven", 2, "3.1", ("ML0702",), committed=400_000, marking="AMBER:justice", **coarse),
        Record(47, "ZZCANARYCOARSE eight", 7, "3.1", ("ML0501",), committed=90_000, marking="AMBER:justice", **coarse),
        Record(48, "ZZCANARYCOARSE nine", 2, "4.1", ("ML0701",), committed=50_000, marking="RED:", **coarse),
    ]
    for record in found[40:]:
        record.site = "ZZCANARYSITE"
    return found


ORGANISATIONS = (*PARTNERS, "Quetzalcoatl Secret Fund", "Kettlewell Quiet Trust")
COARSE_PLACE = {"ML0702": "ML07", "ML0501": "ML05", "ML0701": "ML07"}


def org_id(number: int) -> int:
    """Id of the fixture's organisation `number`."""
    return hash_id("organisation", str(number))


def write_edition(data: Path, edition: str = EDITION_ID, geometry: bool = False, only: int | None = None) -> Path:
    """Write the edition below `data` and let `current` name it; returns its folder. `only` keeps the first records."""
    folder = data / "editions" / edition
    folder.mkdir(parents=True)
    chosen = records()[:only]
    allocation = [row for record in chosen for row in allocations(record)]
    content: dict[str, list[dict[str, Any]]] = {
        "framework": _frameworks(),
        "node": _nodes(),
        "place": _places(geometry),
        "organisation": [
            {
                "org_id": org_id(i),
                "ref": f"XM-FIX-{i}",
                "name": n,
                "type_code": "22",
                "is_reporter": True,
                "matched_by": "ref",
            }
            for i, n in enumerate(ORGANISATIONS)
        ],
        "allocation": allocation,
        "cell": cube(allocation),
        "target": _targets(),
        "informed": _informed(),
        "concentration": _concentration(chosen),
        "cliff": _cliffs(chosen),
        "freshness": _freshness(chosen),
        "quality": _quality(),
        "issue": _issues(chosen),
        **_statements(chosen),
    }
    for name, spec in tables().items():
        rows = content.get(name, [])
        table = conform(pa.Table.from_pylist(rows, schema=_subset(full_schema(name), rows)), full_schema(name), name)
        table = table.sort_by([(key, "ascending") for key in spec.key])
        pq.write_table(table, folder / f"{spec.full_name}.parquet")
    manifest = {
        "edition_id": edition,
        "parameters": {"as_of": str(AS_OF), "strategy": None, "frameworks": ["un-gcts"], "engine": "duckdb"},
        "is_demo": True,
        "code": {"version": "0.1.0", "hash": "c0de" * 8},
        "inputs": [
            {
                "path": "iati/delta.xml",
                "sha256": "ab" * 32,
                "bytes": 123_456,
                "kind": "iati",
                "source_id": "iati/delta",
                "publisher": "Agence du Delta",
                "licence": "CC-BY-4.0",
                "seen": 40,
                "read": 40,
                "set_aside": 0,
            },
            {
                "path": "hidden/zzcanaryfile.csv",
                "sha256": "cd" * 32,
                "bytes": 99,
                "kind": "sheet",
                "source_id": "hidden/zzcanaryfile",
                "publisher": "Quetzalcoatl Secret Fund",
                "licence": None,
                "seen": 9,
                "read": 9,
                "set_aside": 0,
            },
        ],
        "tables": {},
        "issues": {"share_sum": 3},
        "unread": {"crs-add": 12},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (data / "current").write_text(edition + "\n", "utf-8")
    return folder


def _subset(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Schema:
    names = {name for row in rows for name in row}
    unknown = names - set(schema.names)
    assert not unknown, f"the fixture writes columns that the field dictionary does not have: {sorted(unknown)}"
    return pa.schema([f for f in schema if f.name in names]) if rows else schema


def allocations(record: Record) -> list[dict[str, Any]]:
    """Rows of `out_allocation`: presence, commitment and half of it disbursed, per place and year, for each view."""
    views = [("precise", record.marking, None, record.places, org_id(record.partner))]
    if record.coarse:
        places = tuple(COARSE_PLACE[p] for p in record.places)
        views.append(("coarse", record.coarse, record.marking, places, None))
    rows = []
    for view, key, precise_key, places, org in views:
        for framework, node in (("plan", record.node), ("un-gcts", "p" + str(1 + record.number % 4))):
            for kind in ("presence", "commitment", "disbursement"):
                if kind != "presence" and record.committed is None and record.number != 5:
                    continue
                parts = [(place, year) for place in places for year in record.years]
                for i, (place, year) in enumerate(parts):
                    low, best, high = _range(record, kind, i, len(parts))
                    rows.append(
                        {
                            "framework_id": framework,
                            "node_id": node,
                            "place_id": place,
                            "precision": _precision(place),
                            "period": year,
                            "finance_kind": kind,
                            "activity_id": record.id,
                            "record_id": record.id + 1,
                            "transaction_seq": -1,
                            "transactions": 0 if kind == "presence" else 1,
                            "org_id": org,
                            "state": record.state,
                            "double_risk": record.double_risk,
                            "is_confirmed": record.is_confirmed and node != "UNCLASSIFIED",
                            "is_unvalued": kind != "presence" and record.committed is None,
                            "low_usd": low,
                            "best_usd": best,
                            "high_usd": high,
                            "low_eur": _eur(low),
                            "best_eur": _eur(best),
                            "high_eur": _eur(high),
                            "view": view,
                            "marking_key": key,
                            "precise_marking_key": precise_key,
                        }
                    )
    return rows


def _range(record: Record, kind: str, i: int, parts: int) -> tuple[Decimal | None, ...]:
    if kind == "presence" or record.committed is None:
        return None, None, None
    cents = record.committed * 100 if kind == "commitment" else record.committed * 50
    value = Decimal(cents * (i + 1) // parts - cents * i // parts) / 100
    zero = Decimal("0.00")
    low = zero if record.double_risk != "none" or not record.is_confirmed else value
    best = zero if record.double_risk == "linked" else value
    return low, best, value


def _eur(value: Decimal | None) -> Decimal | None:
    return None if value is None else (value * Decimal("0.9")).quantize(Decimal("0.01"))


def _precision(place: str) -> str:
    if place in ("REGIONAL", "UNKNOWN"):
        return {"REGIONAL": "region", "UNKNOWN": "unknown"}[place]
    return {2: "country", 4: "admin1", 6: "admin2"}[len(place)]


def _up(node: str) -> list[str]:
    if node == "UNCLASSIFIED":
        return [node]
    return [node, *([node[0]] if "." in node else []), ALL]


def _places_up(place: str) -> list[str]:
    if place in ("REGIONAL", "UNKNOWN"):
        return [place]
    return [place[:length] for length in (2, 4, 6) if length <= len(place)]


def cube(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`out_cell`, summed in plain Python."""
    money: dict[tuple[Any, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    seen: dict[tuple[Any, ...], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    names = ("low_usd", "best_usd", "high_usd", "low_eur", "best_eur", "high_eur")
    for row in rows:
        for node in _up(row["node_id"]):
            for grain, place, year, org in _grains(row):
                head = (row["framework_id"], grain, node, place, year, org)
                tail = (row["view"], row["marking_key"], row["precise_marking_key"])
                counts = seen[(*head, "ANY", *tail)]
                counts["activities"].add(row["activity_id"])
                counts[row["state"] or "state_unknown"].add(row["activity_id"])
                if row["is_confirmed"]:
                    counts["confirmed"].add(row["activity_id"])
                if row["is_unvalued"]:
                    counts["unvalued"].add(row["activity_id"])
                if row["high_usd"] is not None:
                    sums = money[(*head, row["finance_kind"], *tail)]
                    for name in names:
                        sums[name] += row[name]
    keys = (
        "framework_id",
        "grain",
        "node_id",
        "place_id",
        "period",
        "org_id",
        "finance_kind",
        "view",
        "marking_key",
        "precise_marking_key",
    )
    counts_of = (
        "activities",
        "requested",
        "planned",
        "ongoing",
        "completed",
        "cancelled",
        "state_unknown",
        "confirmed",
        "unvalued",
    )
    result = [dict(zip(keys, key, strict=True)) | {c: len(found[c]) for c in counts_of} for key, found in seen.items()]
    return result + [dict(zip(keys, key, strict=True)) | dict(sums) for key, sums in money.items()]


def _grains(row: dict[str, Any]) -> Iterable[tuple[str, str | None, int | None, int | None]]:
    yield "node", None, None, None
    yield "node_period", None, row["period"], None
    yield "node_partner", None, None, row["org_id"]
    for place in _places_up(row["place_id"]):
        yield "node_place", place, None, None
        yield "node_place_period", place, row["period"], None


def _frameworks() -> list[dict[str, Any]]:
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


def _nodes() -> list[dict[str, Any]]:
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


def _places(geometry: bool) -> list[dict[str, Any]]:
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


def _targets() -> list[dict[str, Any]]:
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


def _informed() -> list[dict[str, Any]]:
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


def _cliffs(chosen: list[Record]) -> list[dict[str, Any]]:
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
                        "best_usd": Decimal(50_000),
                        "best_eur": Decimal(45_000),
                        "view": "precise",
                        "marking_key": "CLEAR",
                    }
                )
    for r in chosen[40:42]:
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


def _concentration(chosen: list[Record]) -> list[dict[str, Any]]:
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


def _freshness(chosen: list[Record]) -> list[dict[str, Any]]:
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


def _quality() -> list[dict[str, Any]]:
    codes = ("share_sum", "date_wrong", "value_unknown", "place_unknown", "currency_unknown", "sheet_untagged")
    rows = [
        {
            "source_id": "iati/delta",
            "code": c,
            "marking_key": "CLEAR",
            "issues": 30 - i,
            "records": 12 - i,
            "usd_affected": Decimal(9 - i) * 100_000,
            "rank": i + 1,
        }
        for i, c in enumerate(codes)
    ]
    return [
        *rows,
        {
            "source_id": "hidden/zzcanaryfile",
            "code": "date_wrong",
            "marking_key": "RED:amina",
            "issues": 1,
            "records": 1,
            "rank": 1,
        },
    ]


def _issues(chosen: list[Record]) -> list[dict[str, Any]]:
    rows = [
        {
            "severity": "warning",
            "code": "share_sum",
            "step": "read",
            "source_id": "iati/delta",
            "input_path": "iati/delta.xml",
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
            "line": 5,
            "record_id": r.id + 1,
            "values": json.dumps({"text": "ZZCANARYVALUES"}),
            "count": 1,
        }
        for r in chosen[40:41]
    ]
    return rows


def _statements(chosen: list[Record]) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for r in chosen:
        rid, hidden = r.id + 1, r.number >= 40
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
                "title": r.title,
                "title_lang": r.lang,
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
        out["narrative"] += [
            {"record_id": rid, "field": "title", "seq": 0, "lang": r.lang, "text": r.title},
            {
                "record_id": rid,
                "field": "title",
                "seq": 0,
                "lang": "en" if r.lang != "en" else "fr",
                "text": r.title + " (bis)",
            },
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
                    "precision": _precision(place),
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
                    "precision": _precision(place),
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
    return out
