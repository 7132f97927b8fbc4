"""Write the demonstration set to a folder: sources, strategy and truth.

Place on the way: a seed enters, files leave. Same seed, same bytes.
"""

import json
import shutil
from pathlib import Path

from concerted.demo import context
from concerted.demo.asks import need_rows, offer_rows
from concerted.demo.iati import activities_xml
from concerted.demo.iati_1x import activities_1x_xml
from concerted.demo.known import known
from concerted.demo.plan import PLANS, FilePlan
from concerted.demo.presence import presence_rows
from concerted.demo.sheets import merged_groups, sheet_rows, total_row
from concerted.demo.source_files import source_files
from concerted.demo.strategy_file import strategy_yaml
from concerted.demo.workbook import csv_bytes, xlsx_bytes
from concerted.demo.world import make_world
from concerted.demo.world_types import World


def write_demo(target: Path, seed: int = 2018) -> None:
    """Write `target/sources/`, `target/strategy.yml` and `target/truth.json`; the same bytes for the same seed.

    An older demonstration in `target` is replaced; other files there stay.

    Args:
        target: folder, made if it is not there.
        seed: another seed makes another world of the same kind.
    """
    world = make_world(seed)
    sources = target / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    for name, content in {**_files(world), **source_files()}.items():
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (target / "strategy.yml").write_text(strategy_yaml(world), "utf-8")
    text = json.dumps(known(world), ensure_ascii=False, sort_keys=True, indent=1)
    (target / "truth.json").write_text(text + "\n", "utf-8")


def _files(world: World) -> dict[str, bytes]:
    """Every data file of the set by its path below `sources`."""
    seed = world.seed
    return {
        **{plan.file: _of_plan(world, plan) for plan in PLANS},
        "defauts/erreur-du-portail.xml": context.error_json(),
        "defauts/entites.xml": context.doctype_xml(),
        "defauts/rapport-annuel.pdf": context.report_pdf(),
        "organisations/organisations.xml": context.organisations_xml(),
        "population/population.csv": context.population_csv(seed),
        "contexte/evenements.csv": context.events_csv(seed),
        "secretariat/demandes.csv": csv_bytes(context.request_rows(seed), ";"),
        "besoins-et-offres/besoins.csv": csv_bytes(need_rows(seed), ";"),
        "besoins-et-offres/offres.xlsx": xlsx_bytes({"Offers": offer_rows(seed)}),
    }


def _of_plan(world: World, plan: FilePlan) -> bytes:
    tellings = context.tellings_of(world, plan.file)
    if plan.format == "iati-cut":
        return context.cut_xml(tellings)
    if plan.format == "iati-1.05":
        return activities_1x_xml(tellings)
    if plan.format in ("iati-2.03", "iati-2.02"):
        return activities_xml(tellings, plan.format.removeprefix("iati-"))
    if plan.format == "hxl-xlsx":
        return xlsx_bytes({"3W": presence_rows(tellings), "Lisez-moi": [["Données inventées / Invented data"]]})
    if plan.format == "hxl-csv":
        return csv_bytes(presence_rows(tellings))
    if plan.format == "sheet-csv":
        return csv_bytes(sheet_rows(tellings, real_dates=False), ";")
    rows = sheet_rows(tellings, real_dates=plan.file.startswith("secretariat"))
    if plan.file.startswith("secretariat"):
        return xlsx_bytes({"Suivi": [[], *rows, [], total_row(rows)]}, {"Suivi": merged_groups()})
    return xlsx_bytes({"Projets": rows})
