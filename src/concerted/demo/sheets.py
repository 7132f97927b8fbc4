"""Write tellings as the sheets that secretariats and platforms keep: French headers, decimal commas, day/month dates.

Place on the way: tellings of one file enter, rows leave. What the columns mean stands in the source.yml beside
the file.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from concerted.demo.catalogue import INVENTED, places
from concerted.demo.presence import STATUS
from concerted.demo.workbook import Cell
from concerted.demo.world_types import Money, Telling

#: Columns of the secretariat's sheet under each merged header.
GROUPS = (("Projet", 6), ("Lieux", 5), ("Partenaires", 2), ("Montants", 4), ("Calendrier", 2), ("Suivi", 2))
HEADERS = (
    "Code projet",
    "Structure",
    "Intitulé du projet",
    "Description",
    "Action(s) de la stratégie",
    "État",
    "Pays",
    "Code(s) région",
    "Région(s)",
    "Code(s) cercle",
    "Cercle(s)",
    "Financeur",
    "Mise en œuvre",
    "Montant engagé",
    "Montant décaissé",
    "Devise",
    "Date d'engagement",
    "Début",
    "Fin",
    "Marquage",
    "Remarque",
)
SEPARATOR = "; "


def sheet_rows(tellings: Iterable[Telling], real_dates: bool) -> list[list[Cell]]:
    """One header row, then one row per telling.

    Args:
        tellings: what stands in the sheet.
        real_dates: cells that the program knows as dates, else text such as 05/03/2026.
    """
    return [list(HEADERS), *(_row(telling, real_dates) for telling in tellings)]


def total_row(rows: list[list[Cell]]) -> list[Cell]:
    """The row of totals that people put below a table; it is no project."""
    at = HEADERS.index("Montant engagé")
    total = sum(int(str(row[at]).split(",")[0].replace(" ", "")) for row in rows[1:] if row[at])
    return ["TOTAL", *[None] * (at - 1), f"{total:,},00".replace(",", " ", f"{total:,}".count(","))]


def merged_groups() -> list[tuple[int, int, int, str]]:
    """The merged cells of the group row, as `workbook.xlsx_bytes` takes them."""
    cells, at = [], 0
    for text, width in GROUPS:
        cells.append((0, at, at + width - 1, text))
        at += width
    return cells


def _row(telling: Telling, real_dates: bool) -> list[Cell]:
    project, faults = telling.project, telling.faults
    engaged, paid = _sum(telling, "commitment"), _sum(telling, "disbursement")
    lang = next(iter(telling.title))
    inside = [places()[code] for code, _ in project.places]
    cercles = [place for place in inside if place.level == 2]
    regions = [places()[place.admin1] for place in inside if place.level]
    # One region over several cercles is written once; where there are more, the cercles say it alone.
    if cercles:
        regions = regions[:1] if len({region.code for region in regions}) == 1 else []

    def day(value: date | None) -> Cell:
        return value if value is None or real_dates else value.strftime("%d/%m/%Y")

    return [
        telling.identifier,
        telling.partner.name["fr"],
        telling.title[lang],
        telling.text[lang],
        SEPARATOR.join(node for node, _ in project.actions) if telling.declares else None,
        "selon les moyens" if "sheet_state" in faults else STATUS[project.status],
        places()[inside[0].country].name["fr"],
        SEPARATOR.join(region.code for region in (regions[:2] if "sheet_places" in faults else regions)) or None,
        SEPARATOR.join(region.name["fr"] for region in regions) or None,
        SEPARATOR.join(place.code for place in cercles) or None,
        SEPARATOR.join(place.name["fr"] for place in cercles) or None,
        telling.funder.name["fr"] if telling.funder else telling.partner.name["fr"],
        (telling.implementer or telling.partner).acronym,
        _amount(engaged),
        _amount(paid),
        engaged.currency if engaged else None,
        day(engaged.day if engaged else None),
        day(project.start),
        "31/02/2026" if "sheet_date" in faults else day(project.end),
        telling.marking.precise,
        INVENTED["fr"],
    ]


def _sum(telling: Telling, kind: str) -> Money | None:
    """A sheet has one cell for all money of a kind, and one day for the row."""
    lines = [line for line in telling.money if line.kind == kind]
    return replace(lines[0], value=sum((line.value for line in lines), Decimal(0))) if lines else None


def _amount(line: Money | None) -> str | None:
    """12500000.5 as `12 500 000,50`, the way a French sheet exports it."""
    if line is None:
        return None
    if line.raw is not None:
        return line.raw
    return f"{line.value:,.2f}".replace(",", " ").replace(".", ",")
