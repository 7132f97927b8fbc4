"""Make the invented world: 400 true projects, who tells them first, and with what money.

Place on the way: a seed and the quotas of `plan` enter; a `World` leaves, to which `chains` adds further tellings and
`faults` plants mistakes. The law that makes the truth checkable: a telling with a fault never declares a node.
"""

from datetime import date, timedelta
from decimal import Decimal

from concerted.demo.calendar import AS_OF, add_months, quoted_day
from concerted.demo.catalogue import Partner, Theme, partners, places, themes
from concerted.demo.chains import add_chains
from concerted.demo.dice import Dice
from concerted.demo.faults import plant_faults
from concerted.demo.plan import PLANS, ROW_MARKINGS, FilePlan
from concerted.demo.words import tell
from concerted.demo.world_types import REGIONAL, Money, Project, Telling, World

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
#: Themes that a partner prefers.
FOCUS = {
    "OEN": {"teachers", "school", "childsoldiers", "nutrition", "vaccine"},
    "PAP": {"peace", "youth", "land", "reintegration", "women"},
    "GOU": {"services", "budget", "safety", "territory"},
    "JUS": {"justice", "legalaid", "prison", "detention", "finance", "police"},
    "FEM": {"women", "income", "victims"},
    "FRO": {"border", "crossborder", "trade"},
    "CUL": {"heritage", "medialit", "teachers"},
    "KAL": {"peace", "reintegration", "justice", "victims"},
    "FBS": {"peace", "services", "land"},
    "PON": {"peace", "land", "women"},
    "MED": {"peace", "land"},
    "DEL": {"peace", "land"},
    "ECO": {"teachers", "school", "jobs"},
    "ONC": {"radio", "medialit"},
    "DRO": {"legalaid", "justice", "detention"},
    "JUR": {"legalaid"},
    "RFM": {"women", "peace"},
    "CLA": {"water"},
    "ALI": {"foodsec", "livestock", "nutrition"},
    "SAN": {"malaria", "vaccine", "recruit"},
    "CEF": {"crossborder", "border", "water"},
}


def make_world(seed: int = 2018) -> World:
    """The invented world of a seed."""
    world = World(seed, [], [])
    for plan in PLANS:
        for key, count in plan.quota.items():
            for n in range(count):
                _add_project(world, plan, partners()[key], n)
    add_chains(world)
    plant_faults(world)
    return world


def _add_project(world: World, plan: FilePlan, partner: Partner, n: int) -> None:
    number = len(world.projects) + 1
    dice = Dice(world.seed, "project", number)
    theme = _theme(dice, plan, partner)
    start = date(plan.start_year or dice.weighted(YEARS), dice.between(1, 12), dice.between(2, 27))
    start = quoted_day(start) if start <= AS_OF else start
    project = Project(
        number=number,
        theme=theme,
        actions=_actions(dice, theme),
        places=_places(dice, plan, partner),
        start=start,
        end=add_months(start, dice.pick((12, 18, 24, 24, 30, 36, 36, 48))),
        status="2",
        language=LANGUAGES.get(partner.key, ("fr",))[0],
    )
    if plan.format.startswith("hxl"):
        project.actions = [(node, 1) for node, _ in project.actions[:1]]
    if plan.format.startswith("sheet"):
        project.actions = [(node, 1) for node, _ in project.actions]  # a cell with two codes states no shares
    project.status = _status(dice, project)
    telling = Telling(
        project=project,
        partner=partner,
        file=plan.file,
        identifier=f"{partner.ref}-{'R' if plan.file.startswith('acces') else ''}{number:04d}",
        role="presence" if plan.format.startswith("hxl") else "top",
        title={},
        text={},
        declares=bool(project.actions) and dice.chance(plan.declares),
        funder=partners()[dice.pick(plan.funders)] if plan.funders else None,
        place_style=dice.weighted((("code", 5.0), ("point", 3.0), ("name", 2.0))),
        marking=plan.marking,
    )
    if plan.file.endswith("projets-sensibles.xlsx"):
        telling.marking = ROW_MARKINGS[number % len(ROW_MARKINGS)]
    if telling.marking.precise != "CLEAR":
        letters = "bcdfghjklmnpqrstvwxz"
        telling.canary = f"Canari{number:03d}" + "".join(dice.pick(letters) for _ in range(6))
    project.phase = sum(
        1 for p in world.projects if (p.theme, p.places) == (theme, project.places) and p.tellings[0].partner == partner
    )
    telling.title, telling.text = tell(telling, LANGUAGES.get(partner.key, ("fr",)))
    if telling.role == "top":
        telling.money = _money(dice, plan, project)
    project.tellings.append(telling)
    world.projects.append(project)
    world.tellings.append(telling)


#: When a project that has not begun was signed.
SIGNED_EARLY = date(2026, 9, 15)
YEARS = ((2022, 6.0), (2023, 14.0), (2024, 24.0), (2025, 32.0), (2026, 20.0), (2027, 4.0))


def _theme(dice: Dice, plan: FilePlan, partner: Partner) -> Theme:
    is_strategy = dice.chance(plan.strategy_share)
    choices = [t for t in themes() if (t.objective is not None) == is_strategy]
    liked = [t for t in choices if t.key in FOCUS.get(partner.key, set())]
    return dice.pick(liked if liked and dice.chance(0.8) else choices)


def _actions(dice: Dice, theme: Theme) -> list[tuple[str, int]]:
    """One action, or two of the same objective with a stated share."""
    chosen = dice.sample(theme.actions, 2 if len(theme.actions) > 1 and dice.chance(0.4) else 1)
    if len(chosen) == 2:
        first = dice.pick((40, 50, 60, 70))
        return [(chosen[0], first), (chosen[1], 100 - first)]
    return [(chosen[0], 100)] if chosen else []


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


def _money(dice: Dice, plan: FilePlan, project: Project) -> list[Money]:
    """What the first holder committed and paid, in its own currency; budgets are for whole calendar years."""
    total = Decimal(dice.between(plan.low, plan.high)) * 1000
    step = Decimal("1") if plan.currency == "XOF" else Decimal("0.01")
    is_iati = plan.format.startswith("iati")
    if project.status == "5":
        return []  # cancelled before anything was signed
    money: list[Money] = []
    if is_iati and dice.chance(0.3):
        parts = [(project.start, Decimal("0.6")), (add_months(project.start, 9), Decimal("0.4"))]
    else:
        parts = [(project.start, Decimal(1))]
    if project.start > AS_OF:
        return [Money("commitment", quoted_day(SIGNED_EARLY), total.quantize(step), plan.currency)]
    for day, share in parts:
        if day <= AS_OF:
            money.append(Money("commitment", quoted_day(day), (total * share).quantize(step), plan.currency))
    months = max(1, (project.end - project.start).days // 30)
    paid, day = Decimal(0), project.start + timedelta(days=40)
    while day < min(AS_OF, project.end) and paid < Decimal("0.95"):
        share = min(Decimal("0.95") - paid, (Decimal(6) / months).quantize(Decimal("0.01")))
        money.append(Money("disbursement", quoted_day(day), (total * share).quantize(step), plan.currency))
        if is_iati and plan.funders:
            spent = (total * share * Decimal("0.8")).quantize(step)
            money.append(Money("expenditure", quoted_day(day + timedelta(days=25)), spent, plan.currency))
        paid, day = paid + share, add_months(day, 6)
    if not is_iati:
        # A sheet has one cell for what was paid, valued at the day of the row.
        paid_once = sum((line.value for line in money if line.kind == "disbursement"), Decimal(0))
        first = money[0]
        return [first, Money("disbursement", first.day, paid_once, plan.currency)] if paid_once else [first]
    if dice.chance(0.5):
        years = range(project.start.year, project.end.year + 1)
        for year in years:
            value = (total / len(years)).quantize(step)
            money.append(Money("budget", quoted_day(date(min(year, AS_OF.year), 1, 6)), value, plan.currency))
            money[-1].year = year
    return money
