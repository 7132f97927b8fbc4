"""Write what stands beside the activities: names of organisations, population, context events, requests, broken files.

Place on the way: the catalogue and the seed enter, bytes of files leave. All figures are invented and rounded.
"""

import json
from dataclasses import replace
from datetime import date, timedelta

from lxml import etree

from concerted.demo.calendar import AS_OF
from concerted.demo.catalogue import INVENTED, MARK, NOTICE, partners, places, strategy_nodes
from concerted.demo.dice import Dice
from concerted.demo.iati import LANG, activities_xml, document
from concerted.demo.workbook import Cell, Rows, csv_bytes
from concerted.demo.world_types import Telling, World

REQUESTS = 15
EVENTS = 60


def organisations_xml() -> bytes:
    """An IATI organisation file: every partner by its names in three languages and its acronym."""
    root = etree.Element("iati-organisations", {"version": "2.03", "generated-datetime": f"{AS_OF}T06:00:00Z"})
    root.append(etree.Comment(f" {NOTICE} "))
    for partner in partners().values():
        organisation = etree.SubElement(root, "iati-organisation", {LANG: "fr", "default-currency": "XOF"})
        etree.SubElement(organisation, "organisation-identifier").text = partner.ref
        name = etree.SubElement(organisation, "name")
        for lang, text in (*partner.name.items(), ("fr", partner.acronym)):
            etree.SubElement(name, "narrative", {LANG: lang}).text = text
        reporting = etree.SubElement(organisation, "reporting-org", ref=partner.ref, type=partner.type_code)
        etree.SubElement(reporting, "narrative").text = partner.name["fr"]
    return document(root)


def population_csv(seed: int) -> bytes:
    """Invented people per region of Mali and its neighbours, to the nearest thousand, with the headers of a COD-PS."""
    dice = Dice(seed, "population")
    rows: list[list[Cell]] = [["ISO2", "ADM1_FR", "ADM1_PCODE", "YEAR", "T_TL", "NOTE"]]
    for place in places().values():
        if place.level == 1:
            people = 1000 * dice.between(90, 2600)
            rows.append([place.country, place.name["fr"], place.code, 2026, people, INVENTED["fr"]])
    return csv_bytes(rows)


def events_csv(seed: int) -> bytes:
    """Invented events in the columns of UCDP GED; no actors, no articles, no names."""
    dice = Dice(seed, "events")
    header = "id,year,type_of_violence,where_coordinates,adm_1,adm_2,latitude,longitude,country,country_id,region,"
    header += "date_prec,date_start,date_end,best,high,low,source_original"
    country_ids = {"ML": 432, "BF": 439, "NE": 436, "TD": 483, "MR": 435}
    rows: list[list[Cell]] = [list(header.split(","))]
    towns = [p for p in places().values() if p.level and p.code not in ("ML01", "ML03")]
    for n in range(EVENTS):
        place = dice.pick(towns)
        region = places()[place.admin1]
        day = date(2024, 1, 1) + timedelta(days=dice.between(0, 970))
        best = dice.between(0, 9)
        low, high = max(0, best - dice.between(0, 2)), best + dice.between(0, 5)
        where: list[Cell] = [f"{place.name['en']} town", f"{region.name['en']} region"]
        where += [place.name["en"] if place.level == 2 else None, place.latitude, place.longitude]
        where += [places()[place.country].name["en"], country_ids[place.country], "Africa", 1]
        when: list[Cell] = [f"{day} 00:00:00.000", f"{day} 00:00:00.000"]
        rows.append([900001 + n, day.year, dice.pick((1, 2, 3)), *where, *when, best, high, low, NOTICE])
    return csv_bytes(rows)[3:]  # UCDP writes no byte order mark


def request_rows(seed: int) -> Rows:
    """What the secretariat asks for: demand, not help."""
    dice = Dice(seed, "requests")
    rows: list[list[Cell]] = [
        ["N° demande", "Intitulé", "Action", "Région", "Coût estimé", "Devise", "Année", "État", "Note"]
    ]
    actions = [node for node in strategy_nodes() if node.count(".") == 2]
    regions = [p for p in places().values() if p.level == 1 and p.country == "ML"]
    for n, node in enumerate(dice.sample(actions, REQUESTS)):
        region = dice.pick(regions)
        title = f"{strategy_nodes()[node].name['fr']} : {region.name['fr']} {MARK['fr']}"
        cost = f"{dice.between(20, 900)} 000 000,00"
        rows.append([f"DEM-{n + 1:03d}", title, node, region.code, cost, "FCFA", 2027, "Demandé", INVENTED["fr"]])
    return rows


def cut_xml(tellings: list[Telling]) -> bytes:
    """A document that ends in the middle of its last activity, after all the given ones."""
    extra = replace(tellings[-1], identifier=f"{tellings[-1].partner.ref}-COUPE", faults=[])
    whole = activities_xml([*tellings, extra], "2.03")
    start = whole.index(extra.identifier.encode())
    return whole[: start + 900]


def error_json() -> bytes:
    """What a portal answers when it fails, saved under the name of the file that was wanted."""
    answer = {"error": "internal error, try again later", "status": 500, "note": NOTICE}
    return (json.dumps(answer, ensure_ascii=False, indent=1) + "\n").encode()


def doctype_xml() -> bytes:
    """A document with a DOCTYPE that declares entities: it must be refused."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<!-- {NOTICE} -->\n"
        '<!DOCTYPE iati-activities [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n'
        '<iati-activities version="2.03"><iati-activity><iati-identifier>XI-DEMO-X-&b;</iati-identifier>'
        "</iati-activity></iati-activities>\n"
    ).encode()


def report_pdf() -> bytes:
    """A file of a kind that is not read."""
    return b"%PDF-1.4\n% Donnees inventees / Invented data\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"


def tellings_of(world: World, file: str) -> list[Telling]:
    """The tellings of a file, in the order of their identifiers, so that copies do not stand side by side."""
    return sorted(world.of_file(file), key=lambda t: t.identifier)
