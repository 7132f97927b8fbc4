"""The same project told by donor, agency and implementer, with and without links between the tellings.

Place on the way: adds tellings to the invented world. What a `middle` telling received from another reporter must not
be counted again; its commitments and disbursements pass the same money on.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from concerted.demo.calendar import AS_OF, quoted_day
from concerted.demo.catalogue import Partner, partners
from concerted.demo.dice import Dice
from concerted.demo.words import retell
from concerted.demo.world_types import Money, Telling, World

#: How the tellings of one project are tied: by activity ids on transactions and participating organisations, by
#: related-activity only, or by nothing but the funder's reference or name.
Tie = Literal["activity ids", "related activity", "funder only"]

#: About how many units of a currency a dollar buys: partners convert in their own rough ways, so amounts differ.
ROUGH = {"USD": "1", "EUR": "0.92", "CAD": "1.36", "GBP": "0.79", "SEK": "10.4", "XOF": "600"}


@dataclass(frozen=True)
class ChainPlan:
    """`count` projects of donors, told again by an agency and maybe by an implementer below it."""

    tie: Tie
    count: int
    below: Literal["none", "iati", "sheet"] = "none"


CHAINS = (
    ChainPlan("activity ids", 15),
    ChainPlan("activity ids", 10, "iati"),
    ChainPlan("related activity", 5),
    ChainPlan("funder only", 12),
    ChainPlan("funder only", 4, "iati"),
    ChainPlan("activity ids", 6, "sheet"),
)
#: Projects of agencies that an organisation in the field also tells in the 3W.
PRESENCE_TELLINGS = 12

AGENCY_OF = {
    "P1.1": "OEN",
    "P1.2": "PAP",
    "P1.3": "FEM",
    "P2.1": "FRO",
    "P2.2": "GOU",
    "P2.3": "JUS",
    "P3.1": "JUS",
    "P3.2": "JUS",
    "P3.3": "JUS",
    "P4.1": "FEM",
    "P4.2": "PAP",
    "P5.1": "PAP",
    "P5.2": "GOU",
    "P5.3": "FEM",
}
IMPLEMENTER_OF = {"OEN": "ECO", "PAP": "PON", "FEM": "PON", "JUS": "DRO", "GOU": "ONC", "FRO": "PON"}
SHEET_OF = {"OEN": "HOR", "PAP": "DEL", "FEM": "MED", "JUS": "JUR", "GOU": "KAB", "FRO": "TAM"}
CURRENCY_OF = {"FRO": "EUR", "PON": "EUR", "ECO": "EUR", "ONC": "USD", "DRO": "SEK"}


def add_chains(world: World) -> None:
    """Tell some projects again, further down the chain of money, and some once more as presence in the field."""
    dice = Dice(world.seed, "chains")
    donors = [
        t
        for t in world.tellings
        if t.partner.group == "donor" and t.project.theme.objective and any(m.kind == "disbursement" for m in t.money)
    ]
    queue = dice.shuffled(donors)
    for plan in CHAINS:
        for _ in range(plan.count):
            top = queue.pop()
            agency = partners()[AGENCY_OF[top.project.theme.objective or ""]]
            middle = _pass_on(world, top, agency, plan.tie, f"iati/{agency.key.lower()}.xml")
            if plan.below == "iati":
                below = partners()[IMPLEMENTER_OF[agency.key]]
                _pass_on(world, middle, below, plan.tie, f"iati/{below.key.lower()}.xml")
            elif plan.below == "sheet":
                below = partners()[SHEET_OF[agency.key]]
                _pass_on(world, middle, below, "funder only", "plateforme-ong/projets.csv")
    _add_presence(world, dice)


def _pass_on(world: World, above: Telling, partner: Partner, tie: Tie, file: str) -> Telling:
    """What `partner` tells of money that it has from the partner of `above`."""
    dice = Dice(world.seed, "chain", above.identifier, partner.key)
    project = above.project
    telling = Telling(
        project=project,
        partner=partner,
        file=file,
        identifier=f"{partner.ref}-{project.number:04d}{'B' if above.role == 'middle' else 'A'}",
        role="middle",
        title={},
        text={},
        declares=above.declares and dice.chance(0.5),
        funder=above.partner,
        funder_activity=above.identifier if tie == "activity ids" else None,
        funder_by_name=tie == "funder only" and dice.chance(0.5),
        related=[("1", above.identifier)] if tie == "related activity" else [],
        place_style=dice.pick(("code", "point", "name")),
    )
    telling.title, telling.text = retell(dice, above, partner)
    telling.money = _received(dice, above, telling)
    above.implementer = partner
    if tie == "activity ids":
        above.implementer_activity = telling.identifier
        for line in above.money:
            if line.kind in ("commitment", "disbursement"):
                line.other_partner, line.other_activity = partner, telling.identifier
    project.tellings.append(telling)
    world.tellings.append(telling)
    return telling


def _received(dice: Dice, above: Telling, telling: Telling) -> list[Money]:
    """Incoming money less a fee, in the partner's own currency and some days later; spent or passed on."""
    currency = CURRENCY_OF.get(telling.partner.key, "XOF" if telling.file.startswith("plateforme") else "USD")
    fee = Decimal(dice.pick(("1.00", "0.93", "0.93", "0.92", "0.88")))
    step = Decimal("1") if currency == "XOF" else Decimal("0.01")
    lines: list[Money] = []
    for line in above.money:
        if line.kind not in ("commitment", "disbursement") or line.day is None:
            continue
        rate = Decimal(ROUGH[currency]) / Decimal(ROUGH[line.currency])
        value = (line.value * fee * rate).quantize(step)
        day = quoted_day(min(line.day + timedelta(days=dice.between(2, 20)), AS_OF))
        if line.kind == "commitment":
            lines.append(Money("commitment", day, value, currency))
            continue
        if not telling.file.startswith("plateforme"):
            incoming = Money("incoming", day, value, currency)
            incoming.other_partner, incoming.other_activity = telling.funder, telling.funder_activity
            lines.append(incoming)
        lines.append(Money("disbursement", day, (value * Decimal("0.7")).quantize(step), currency))
        if not telling.file.startswith("plateforme"):
            lines.append(Money("expenditure", day, (value * Decimal("0.2")).quantize(step), currency))
    return lines


def _add_presence(world: World, dice: Dice) -> None:
    """Rows in the 3W of Mali about projects that an agency publishes with its money."""
    cercles = [
        t
        for t in world.tellings
        if t.partner.group == "agency"
        and t.role == "top"
        and t.file.startswith("iati/")
        and all(code.startswith("ML") and code != "ML" for code, _ in t.project.places)
    ]
    field = [partners()[key] for key in ("RIV", "MAI", "TOI", "ELE", "COO", "DUN")]
    for n, top in enumerate(dice.shuffled(cercles)[:PRESENCE_TELLINGS]):
        partner = field[n % len(field)]
        telling = Telling(
            project=top.project,
            partner=partner,
            file="presence-mali/3w-mali.xlsx",
            identifier=f"{partner.ref}-{top.project.number:04d}P",
            role="presence",
            title=dict(top.title),
            text=dict(top.text),
            funder=top.partner,
            declares=False,
        )
        top.project.tellings.append(telling)
        world.tellings.append(telling)
