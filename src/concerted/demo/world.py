"""Make the invented world: 400 true projects, and who tells them first.

Place on the way: a seed and the quotas of `plan` enter; a `World` leaves, to which `chains` adds further tellings and
`faults` plants mistakes. The law that makes the truth checkable: a telling with a fault never declares a node.
"""

from dataclasses import replace

from concerted.demo.catalogue import Partner, partners
from concerted.demo.chains import add_chains
from concerted.demo.dice import Dice
from concerted.demo.faults import plant_faults
from concerted.demo.funding import first_money
from concerted.demo.plan import PLANS, ROW_MARKINGS, FilePlan
from concerted.demo.projects import make_project
from concerted.demo.words import tell
from concerted.demo.world_types import Project, Telling, World

#: Which languages a partner writes, first its own.
LANGUAGES = {
    "VAL": ("fr", "en"),
    "NOR": ("en",),
    "AUR": ("fr",),
    "KAL": ("en", "fr"),
    "FBS": ("en", "fr"),
    "LUM": ("en",),
    "OEN": ("fr", "en"),
    "PAP": ("en", "fr", "ar"),
    "GOU": ("fr",),
    "JUS": ("en", "fr"),
    "FEM": ("fr", "en"),
    "FRO": ("en",),
    "CUL": ("fr", "en"),
    "ONC": ("en",),
    "CSR": ("fr", "ar"),
    "LAC": ("ar",),
    "ECH": ("en",),
}
#: Letters of canaries: no vowels, so that no language has such a word.
CONSONANTS = "bcdfghjklmnpqrstvwxz"


def make_world(seed: int = 2018) -> World:
    """The invented world of a seed."""
    world = World(seed, [], [])
    for plan in PLANS:
        for key, count in plan.quota.items():
            for _ in range(count):
                _add_project(world, plan, partners()[key])
    add_chains(world)
    plant_faults(world)
    return world


def _add_project(world: World, plan: FilePlan, partner: Partner) -> None:
    number = len(world.projects) + 1
    dice = Dice(world.seed, "project", number)
    project = make_project(dice, number, plan, partner)
    project.phase = sum(
        (p.theme, p.places, p.tellings[0].partner) == (project.theme, project.places, partner) for p in world.projects
    )
    telling = _first_telling(dice, plan, partner, project)
    project.tellings.append(telling)
    world.projects.append(project)
    world.tellings.append(telling)


def _first_telling(dice: Dice, plan: FilePlan, partner: Partner, project: Project) -> Telling:
    """What the first holder of the money says, or, in a presence table, who does the work."""
    letter = "R" if plan.file.startswith("acces-restreint") else ""
    telling = Telling(
        project=project,
        partner=partner,
        file=plan.file,
        identifier=f"{partner.ref}-{letter}{project.number:04d}",
        role="presence" if plan.format.startswith("hxl") else "top",
        title={},
        text={},
        declares=bool(project.actions) and dice.chance(plan.declares),
        funder=partners()[dice.pick(plan.funders)] if plan.funders else None,
        place_style=dice.weighted((("code", 5.0), ("point", 3.0), ("name", 2.0))),
        marking=plan.marking,
    )
    if plan.has_row_markings:
        marking = ROW_MARKINGS[project.number % len(ROW_MARKINGS)]
        telling.marking = replace(marking, precise=marking.precise.format(own=partner.ref))
    if telling.marking.precise != "CLEAR":
        telling.canary = f"Canari{project.number:03d}" + "".join(dice.pick(CONSONANTS) for _ in range(6))
    telling.title, telling.text = tell(telling, LANGUAGES.get(partner.key, ("fr",)))
    if telling.role == "top":
        telling.money = first_money(dice, plan, project)
    return telling
