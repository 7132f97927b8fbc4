"""The money of a project as its first holder tells it.

Place on the way: chance, the plan of a file and a project enter, lines of money leave, none of them later than the
world's today.
"""

from datetime import date, timedelta
from decimal import Decimal

from concerted.demo.calendar import AS_OF, add_months, quoted_day
from concerted.demo.dice import Dice
from concerted.demo.plan import FilePlan
from concerted.demo.world_types import Money, MoneyKind, Project

#: When a project that has not begun was signed.
SIGNED_EARLY = date(2026, 9, 15)


def first_money(dice: Dice, plan: FilePlan, project: Project) -> list[Money]:
    """Commitments, payments, spending and yearly budgets, in the currency of the plan.

    A cancelled project was cancelled before anything was signed; one that has not begun is signed and not paid.
    """
    total = Decimal(dice.between(plan.low, plan.high)) * 1000
    if project.status == "5":
        return []
    if project.start > AS_OF:
        return [_line("commitment", SIGNED_EARLY, total, plan)]
    if not plan.format.startswith("iati"):
        return _of_a_sheet(plan, project, total)
    money = [_line("commitment", project.start, total, plan)]
    later = add_months(project.start, 9)
    if dice.chance(0.3) and later <= AS_OF:
        money = [_line("commitment", day, total * part / 10, plan) for day, part in ((project.start, 6), (later, 4))]
    for day, share in _payments(project):
        money.append(_line("disbursement", day, total * share, plan))
        if plan.funders:
            spent = total * share * Decimal("0.8")
            money.append(_line("expenditure", min(day + timedelta(days=25), AS_OF), spent, plan))
    if dice.chance(0.5):
        years = range(project.start.year, project.end.year + 1)
        for year in years:
            budget = _line("budget", date(min(year, AS_OF.year), 1, 6), total / len(years), plan)
            budget.year = year
            money.append(budget)
    return money


def _of_a_sheet(plan: FilePlan, project: Project, total: Decimal) -> list[Money]:
    """A sheet has one cell for what was signed and one for what was paid, both valued at the day of the row."""
    money = [_line("commitment", project.start, total, plan)]
    if paid := sum((share for _, share in _payments(project)), Decimal(0)):
        money.append(_line("disbursement", project.start, total * paid, plan))
    return money


def _payments(project: Project) -> list[tuple[date, Decimal]]:
    """Every half year a share of the whole, up to today and up to 95 per cent."""
    months = max(1, (project.end - project.start).days // 30)
    payments: list[tuple[date, Decimal]] = []
    left, day = Decimal("0.95"), project.start + timedelta(days=40)
    while day < min(AS_OF, project.end) and left > 0:
        share = min(left, (Decimal(6) / months).quantize(Decimal("0.01")))
        payments.append((day, share))
        left, day = left - share, add_months(day, 6)
    return payments


def _line(kind: MoneyKind, day: date, value: Decimal, plan: FilePlan) -> Money:
    step = Decimal("1") if plan.currency == "XOF" else Decimal("0.01")
    return Money(kind, quoted_day(day), value.quantize(step), plan.currency)
