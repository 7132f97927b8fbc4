"""The source.yml beside the files: publisher, licence, claims, marking, and what the columns of a sheet mean.

Place on the way: the plan of the set enters, YAML files leave, with comments for people who begin from them.
"""

from typing import Any

import yaml

from concerted.demo.calendar import AS_OF
from concerted.demo.catalogue import NOTICE, partners
from concerted.demo.iati import VOCABULARY_URI
from concerted.demo.plan import PLANS
from concerted.demo.sheets import GROUPS, HEADERS

LICENCE = f"CC0-1.0 ({NOTICE})"
CLAIMED_REGIONS = ["ML01", "ML02", "ML03", "ML04", "ML05", "ML06", "ML07", "ML09"]
#: Claimed by a source that has not reported for long.
STALE_REGION, STALE_AS_OF = "ML10", "2024-03-31"
#: Claimed by nobody: no information.
UNCLAIMED = ("ML08", "MR", "TD")

FIELDS = (
    *("identifier", "org", "title", "description", "sector_code", "state"),
    *("country", "admin1_code", "admin1_name", "admin2_code", "admin2_name"),
    *("funding_org", "implementing_org"),
    *("commitment", "disbursement", "currency", "value_date"),
    *("start_date", "end_date"),
    *("marking", "attribute"),
)
SEVERAL = ("tag", "sector_code", "admin1_code", "admin1_name", "admin2_code", "admin2_name")


def source_files() -> dict[str, bytes]:
    """Every source.yml by its path below `sources`."""
    entries = {
        "iati": [_iati_entry(plan.file) for plan in PLANS if plan.file.startswith("iati/")],
        "iati-ancien": [_iati_entry("iati-ancien/cul-1.05.xml")],
        "defauts": [_entry(["ech-interrompu.xml"], "ech", partners()["ECH"].name["fr"], "en")],
        "secretariat": [
            _entry(["suivi-du-plan.xlsx"], "secretariat-suivi", _secretariat(), "fr", mapping=_mapping(2)),
            _entry(
                ["demandes.csv"],
                "secretariat-demandes",
                _secretariat(),
                "fr",
                supply=False,
                mapping=_request_mapping(),
            ),
        ],
        "besoins-et-offres": [
            _entry(["besoins.csv"], "besoins", _secretariat(), "fr"),
            _entry(["offres.xlsx"], "offres", "Offres des partenaires (démo)", "en"),
        ],
        "plateforme-ong": [
            _entry(["projets.csv"], "plateforme-ong", "Plateforme des ONG (démo)", "fr", mapping=_mapping(1)),
        ],
        "reseau-femmes": [
            _entry(["projets.xlsx"], "reseau-femmes", partners()["PLA"].name["fr"], "fr", mapping=_mapping(1, "tag")),
        ],
        "presence-mali": [
            _entry(
                ["3w-mali.xlsx"],
                "presence-mali",
                "Coordination de la présence opérationnelle (démo)",
                "fr",
                claims=[
                    {"places": CLAIMED_REGIONS, "from": "2024-01-01", "to": "2027-12-31"},
                ],
            ),
        ],
        "presence-sahel": [
            _entry(
                ["5w-sahel.csv"],
                "presence-sahel",
                partners()["CEF"].name["fr"],
                "fr",
                claims=[{"places": ["BF", "NE"], "from": "2025-01-01", "to": "2026-12-31"}],
            ),
        ],
        "acces-restreint": [
            _entry(["projets-sensibles.xlsx"], "restreint-projets", _secretariat(), "fr", mapping=_mapping(1))
            | {"marking": {"precise": "AMBER:groupe-protection", "counted_hidden": True}},
            _entry(["pon-protege.xml"], "restreint-pon", partners()["PON"].name["fr"], "fr")
            | {"marking": _marking("acces-restreint/pon-protege.xml")},
            _entry(["presence-partenaires.csv"], "restreint-presence", "Coordination (démo)", "fr")
            | {"marking": _marking("acces-restreint/presence-partenaires.csv")},
        ],
        "organisations": [_entry(["organisations.xml"], "organisations", _secretariat(), "fr")],
        "population": [_entry(["population.csv"], "population", _secretariat(), "fr")],
        "contexte": [_entry(["evenements.csv"], "evenements", "Observatoire du contexte (démo)", "en")],
        "menaka-ancien": [
            _entry(
                ["3w-menaka-2024.csv"],
                "menaka-ancien",
                "Coordination de Ménaka (démo)",
                "fr",
                claims=[{"places": [STALE_REGION], "from": "2023-01-01", "to": "2027-12-31"}],
            )
            | {"as_of": STALE_AS_OF},
        ],
    }
    return {f"{folder}/source.yml": _yaml(listed) for folder, listed in entries.items()}


def _entry(files: list[str], source_id: str, publisher: str, language: str, **more: Any) -> dict[str, Any]:
    return {
        "files": files,
        "id": source_id,
        "publisher": publisher,
        "licence": LICENCE,
        "language": language,
        "as_of": AS_OF.isoformat(),
        "notes": NOTICE,
        "demonstration": True,
        **more,
    }


def _iati_entry(file: str) -> dict[str, Any]:
    name = file.rsplit("/", 1)[-1]
    partner = partners()[name[:3].upper()]
    return _entry([name], partner.key.lower(), partner.name["fr"], "fr")


def _secretariat() -> str:
    return partners()["SEC"].name["fr"]


def _marking(file: str) -> dict[str, Any]:
    marking = next(plan.marking for plan in PLANS if plan.file == file)
    keys: dict[str, Any] = {"precise": marking.precise}
    if marking.coarse:
        keys |= {"coarse": marking.coarse, "coarse_place_level": marking.coarse_place_level}
    return keys | ({"hide_partner": True} if marking.hide_partner else {})


def _mapping(header_rows: int, node_field: str = "sector_code") -> dict[str, Any]:
    """How to read our sheets. A node is declared as a code of the strategy's own list, or as a tag."""
    columns: dict[str, Any] = {}
    groups = dict(zip(HEADERS, (text for text, width in GROUPS for _ in range(width)), strict=True))
    for header, usual in zip(HEADERS, FIELDS, strict=True):
        field = node_field if usual == "sector_code" else usual
        column: dict[str, Any] = {"field": field}
        if field in SEVERAL:
            column["separator"] = ";"
        if field == node_field:
            column |= {"vocabulary": "99", "framework": VOCABULARY_URI}
        if field.endswith("_date"):
            column["format"] = "%d/%m/%Y"
        if field in ("commitment", "disbursement"):
            column["decimal"] = ","
        name = f"{groups[header]} {header}" if header_rows == 2 else header
        columns[name] = column if len(column) > 1 else field
    return {"header_rows": header_rows, "columns": columns}


def _request_mapping() -> dict[str, Any]:
    return {
        "columns": {
            "N° demande": "identifier",
            "Intitulé": "title",
            "Action": {"field": "tag", "framework": VOCABULARY_URI},
            "Région": "admin1_code",
            "Coût estimé": {"field": "budget", "decimal": ","},
            "Devise": "currency",
            "Année": "reported_year",
            "État": "state",
            "Note": "attribute",
        },
        "constants": {"country": "ML"},
    }


def _yaml(entries: list[dict[str, Any]]) -> bytes:
    text = yaml.safe_dump({"sources": entries}, allow_unicode=True, sort_keys=False, width=110)
    return f"# {NOTICE}\n{text}".encode()
