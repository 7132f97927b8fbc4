"""Write tellings as who-does-what-where tables with HXL tags: one row per activity and place.

Place on the way: tellings of one file enter, rows leave; header, tag row, then data.
Source: HXL 1.1 hashtags and attributes.
"""

from collections.abc import Iterable

from concerted.demo.catalogue import INVENTED, places, strategy_nodes
from concerted.demo.dice import Dice
from concerted.demo.workbook import Cell
from concerted.demo.world_types import Telling

STATUS = {"1": "Planifié", "2": "En cours", "3": "En cours", "4": "Terminé", "5": "Annulé"}
COLUMNS = (
    ("Code activité", "#activity+code"),
    ("Organisation", "#org+name+impl"),
    ("Sigle", "#org+acronym"),
    ("Type", "#org+type"),
    ("Bailleur", "#org+funder+name"),
    ("Secteur", "#sector+cluster"),
    ("Activité", "#activity+name"),
    ("Description", "#description"),
    ("Code de l'action", "#subsector+code"),
    ("Action de la stratégie", "#subsector+name"),
    ("Pays", "#country+code"),
    ("Admin1 pcode", "#adm1+code"),
    ("Admin1", "#adm1+name"),
    ("Admin2 pcode", "#adm2+code"),
    ("Admin2", "#adm2+name"),
    ("Début", "#date+start"),
    ("Fin", "#date+end"),
    ("Statut", "#status"),
    ("Personnes ciblées", "#targeted"),
    ("Personnes atteintes", "#reached"),
    ("dont femmes", "#reached+f"),
    ("Note", "#meta+note"),
)
TYPE_WORDS = {"22": "ONG nationale", "21": "ONG internationale", "40": "Agence ONU", "23": "ONG régionale"}
CLUSTERS = {
    "P1": "Éducation",
    "P2": "Protection",
    "P3": "Protection",
    "P4": "Protection",
    "P5": "Cohésion sociale",
    "foodsec": "Sécurité alimentaire",
    "livestock": "Sécurité alimentaire",
    "water": "EHA",
    "nutrition": "Nutrition",
    "malaria": "Santé",
    "vaccine": "Santé",
    "recruit": "Santé",
}


def presence_rows(tellings: Iterable[Telling]) -> list[list[Cell]]:
    """Header, tags and one row per telling and place."""
    rows: list[list[Cell]] = [[header for header, _ in COLUMNS], [tag for _, tag in COLUMNS]]
    for telling in tellings:
        rows += [_row(telling, code) for code, _ in telling.project.places]
    return rows


def _row(telling: Telling, code: str) -> list[Cell]:
    project, place = telling.project, places()[code]
    region = places()[place.admin1]
    dice = Dice("people", telling.identifier, code)
    targeted = 10 * dice.between(5, 200)
    reached = None if project.status == "1" else int(targeted * (0.3 + 0.7 * dice.unit()))
    cercle = place if place.level == 2 else None
    lang = next(iter(telling.title))
    node = project.actions[0][0] if telling.declares else None
    return [
        telling.identifier,
        telling.partner.name["fr"],
        telling.partner.acronym,
        TYPE_WORDS[telling.partner.type_code],
        telling.funder.name["fr"] if telling.funder else None,
        CLUSTERS.get((project.theme.objective or project.theme.key)[:2], CLUSTERS.get(project.theme.key, "Autre")),
        telling.title[lang],
        telling.text[lang],
        node,
        strategy_nodes()[node].name["fr"] if node else None,
        place.country,
        region.code if region.level == 1 else None,
        region.name["fr"] if region.level == 1 else None,
        cercle.code if cercle else None,
        cercle.name["fr"] if cercle else None,
        project.start.isoformat(),
        project.end.isoformat(),
        STATUS[project.status],
        targeted,
        reached,
        None if reached is None else reached // 2,
        INVENTED["fr"],
    ]
