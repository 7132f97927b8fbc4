"""Make one true project: what it is about, which actions it serves, where, and from when to when.

Place on the way: chance and the plan of a file enter, a `Project` leaves.
"""

from datetime import date

from concerted.demo.calendar import AS_OF, add_months, quoted_day
from concerted.demo.catalogue import Partner, Theme, places, themes
from concerted.demo.dice import Dice
from concerted.demo.plan import FilePlan
from concerted.demo.world_types import REGIONAL, Project

#: Where in Mali the work lies. Kayes is left empty though claimed, Kidal is empty and claimed by nobody.
REGIONS = (
    ("ML05", 28.0),
    ("ML07", 15.0),
    ("ML06", 15.0),
    ("ML04", 16.0),
    ("ML02", 9.0),
    ("ML09", 8.0),
    ("ML03", 5.0),
    ("ML10", 2.0),
)
NEIGHBOURS = (("BF", 35.0), ("NE", 30.0), ("TD", 20.0), ("MR", 15.0))

#: Themes that a partner is known for; four of five of its projects are about them.
FOCUS = {
    "KAL": {"peace", "reintegration", "justice", "victims"},
    "FBS": {"peace", "services", "land"},
    "OEN": {"teachers", "school", "childsoldiers", "nutrition", "vaccine"},
    "PAP": {"peace", "youth", "land", "reintegration", "women"},
    "GOU": {"services", "budget", "safety", "territory"},
    "JUS": {"justice", "legalaid", "prison", "detention", "finance", "police"},
    "FEM": {"women", "income", "victims"},
    "FRO": {"border", "crossborder", "trade"},
    "CUL": {"heritage", "medialit", "teachers"},
    "ALI": {"foodsec", "livestock", "nutrition"},
    "SAN": {"malaria", "vaccine", "recruit"},
    "PON": {"peace", "land", "women"},
    "ECO": {"teachers", "school", "jobs"},
    "ONC": {"radio", "medialit"},
    "DRO": {"legalaid", "justice", "detention"},
    "RIV": {"school", "peace", "water"},
    "SEM": {"livestock", "foodsec", "land"},
    "MAI": {"victims", "childsoldiers", "foodsec", "cft"},
    "CLA": {"water"},
    "TOI": {"school", "childsoldiers", "teachers"},
    "HOR": {"youth", "jobs"},
    "MED": {"peace", "land"},
    "NOM": {"land", "livestock"},
    "AJB": {"youth", "jobs"},
    "TAM": {"services", "water"},
    "KAB": {"budget", "services"},
    "DEL": {"peace", "land"},
    "SAH": {"water", "land"},
    "DOG": {"radio", "peace"},
    "NIG": {"peace", "land"},
    "ORA": {"peace", "radio"},
    "ELE": {"land", "peace"},
    "DUN": {"youth", "peace"},
    "LAC": {"crossborder", "services"},
    "GOR": {"land", "services"},
    "JUR": {"legalaid"},
    "RFM": {"women", "peace"},
    "BEN": {"income", "women"},
    "NIS": {"women", "victims"},
    "MUS": {"women", "income"},
    "TIN": {"women", "heritage"},
    "COO": {"income", "women"},
    "ETO": {"women", "youth"},
    "CSR": {"crossborder", "border", "police"},
    "CEF": {"crossborder", "border", "water"},
    "PLA": {"women", "peace"},
}
#: Years in which projects begin, by how many.
YEARS = ((2022, 6.0), (2023, 14.0), (2024, 24.0), (2025, 32.0), (2026, 20.0), (2027, 4.0))


def make_project(dice: Dice, number: int, plan: FilePlan, partner: Partner) -> Project:
    """A project that `partner` is the first to tell."""
    theme = _theme(dice, plan, partner)
    start = date(plan.start_year or dice.weighted(YEARS), dice.between(1, 12), dice.between(2, 27))
    project = Project(
        number=number,
        theme=theme,
        actions=_told_actions(plan, _actions(dice, theme)),
        places=_places(dice, plan, partner),
        start=quoted_day(start) if start <= AS_OF else start,
        end=add_months(start, dice.pick((12, 18, 24, 24, 30, 36, 36, 48))),
        status="2",
    )
    project.status = _status(dice, project)
    return project


def _theme(dice: Dice, plan: FilePlan, partner: Partner) -> Theme:
    known_for = [t for t in themes() if t.key in FOCUS.get(partner.key, set())]
    if known_for and dice.chance(0.8):
        return dice.pick(known_for)
    is_strategy = dice.chance(plan.strategy_share)
    return dice.pick([t for t in themes() if (t.objective is not None) == is_strategy])


def _actions(dice: Dice, theme: Theme) -> list[tuple[str, int]]:
    """One action, or two of the same objective with a stated share."""
    chosen = dice.sample(theme.actions, 2 if len(theme.actions) > 1 and dice.chance(0.4) else 1)
    if len(chosen) == 2:
        first = dice.pick((40, 50, 60, 70))
        return [(chosen[0], first), (chosen[1], 100 - first)]
    return [(chosen[0], 100)] if chosen else []


def _told_actions(plan: FilePlan, actions: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """What the file's format can say: a presence row names one action, a cell with two codes states no shares."""
    if plan.format.startswith("hxl"):
        return [(node, 1) for node, _ in actions[:1]]
    if plan.format.startswith("sheet"):
        return [(node, 1) for node, _ in actions]
    return actions


def _places(dice: Dice, plan: FilePlan, partner: Partner) -> list[tuple[str, int]]:
    """Places of one level with equal weight, or countries with stated percentages, or the wider region as one."""
    if plan.only_place:
        return [(plan.only_place, 1)]
    is_iati = plan.format.startswith("iati")
    if dice.chance(plan.abroad):
        if is_iati and dice.chance(0.35 if partner.group == "regional" else 0.12):
            return [(REGIONAL, 1)]
        if is_iati and dice.chance(0.15):
            first = dice.pick((30, 40, 50, 60))
            return [("ML", first), (dice.weighted(NEIGHBOURS), 100 - first)]
        country = dice.weighted(NEIGHBOURS)
        if is_iati and dice.chance(0.2):
            return [(country, 1)]
        inside = [p.code for p in places().values() if p.parent == country]
        return [(code, 1) for code in dice.sample(inside, dice.between(1, 2))]
    if not plan.format.startswith("hxl") and dice.chance(0.16):
        return [("ML", 1)]
    regions = sorted({dice.weighted(REGIONS) for _ in range(dice.between(1, 2))})
    cercles = [[p.code for p in places().values() if p.parent == region] for region in regions]
    if all(cercles) and dice.chance(0.7):
        return [(code, 1) for inside in cercles for code in dice.sample(inside, dice.between(1, 3))]
    return [(code, 1) for code in regions]


def _status(dice: Dice, project: Project) -> str:
    if dice.chance(0.03):
        return "5"
    if project.start > AS_OF:
        return "1"
    return "2" if project.end > AS_OF else dice.pick(("3", "4", "4"))
