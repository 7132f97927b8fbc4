"""Planted mistakes, of the kinds that real files have, each with the issue that must be reported.

Place on the way: changes tellings of the invented world before they are written. Mistakes go only to tellings that
declare no node, so that no figure counted as confirmed depends on how a mistake is handled.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from concerted.demo.calendar import AS_OF, quoted_day
from concerted.demo.catalogue import NAMESAKES, partners
from concerted.demo.dice import Dice
from concerted.demo.words import tell
from concerted.demo.world_types import UNKNOWN, Money, Telling, World


@dataclass(frozen=True)
class Fault:
    """One kind of mistake. `issue`: the code that must be reported for it; None where none is asked."""

    name: str
    count: int
    issue: str | None
    does: str
    file: str = "iati/"


FAULTS = (
    Fault("share_sum_sector", 6, "share_sum", "the percentages of the DAC sectors add up to 85"),
    Fault("share_sum_country", 4, "share_sum", "the percentages of two countries add up to 120"),
    Fault("share_above_100", 2, "percent_wrong", "a sector has 140 per cent"),
    Fault("no_place", 8, None, "no country, region or location at all: the place is unknown"),
    Fault("no_dates", 5, None, "no activity date at all"),
    Fault(
        "undated_money", 4, "transaction_undated", "the disbursements have no date: their value in dollars is unknown"
    ),
    Fault("unknown_currency", 4, "code_unknown", "all money is in XQQ: its value in dollars is unknown"),
    Fault("duplicate_identifier", 3, "identifier_duplicate", "the same identifier stands twice in the file"),
    Fault("future_date", 3, "date_future", "one more commitment, dated 2034"),
    Fault("negative_value", 3, "value_negative", "one more budget of the same year, below zero"),
    Fault("correction", 3, None, "one more commitment below zero: a true correction"),
    Fault("absurd_value", 1, "value_absurd", "one more commitment of ninety million million"),
    Fault("bad_value", 3, "value_wrong", "one more commitment whose value is a word"),
    Fault("unknown_sector", 3, "code_unknown", "DAC code 99999"),
    Fault("unknown_status", 3, "code_unknown", "activity status 9"),
    Fault("unknown_country", 2, "country_unknown", "country code XX"),
    Fault("bad_date", 4, "date_wrong", "an activity date that is on no calendar"),
    Fault("empty_title", 3, "narrative_empty", "the title holds only blanks"),
    Fault("point_zero", 3, "coordinates_wrong", "the point of a location is 0 0"),
    Fault("point_outside", 2, "coordinates_wrong", "the point of a location has latitude 143"),
    Fault("old_pcode", 3, None, "the name is Ansongo, the code that of the older numbering, which is now Bourem"),
    Fault("wrong_language", 8, None, "French text that is declared English"),
    Fault("sheet_amount", 2, "value_wrong", "the amount is a word", "plateforme-ong/"),
    Fault("sheet_date", 2, "date_wrong", "the last day is on no calendar", "plateforme-ong/"),
    Fault("sheet_state", 1, "state_unknown", "the state is a word that means none", "plateforme-ong/"),
    Fault("sheet_places", 2, "place_lists_differ", "two region codes beside three names", "plateforme-ong/"),
)
#: Faults after which the true places cannot be read from the file.
PLACE_LOST = frozenset({"share_sum_country", "sheet_places"})
#: Faults that add money which is not there.
MONEY_ADDED = frozenset({"future_date", "absurd_value", "bad_value"})
#: Faults that change the places, so that the title must name others.
REWORDED = frozenset({"no_place", "unknown_country", "share_sum_country", "old_pcode", "sheet_places"})
NEED_PLACES = frozenset({"point_zero", "point_outside", "old_pcode"})


def plant_faults(world: World) -> None:
    """Plant every fault of `FAULTS` as often as it says, each on another telling."""
    dice = Dice(world.seed, "faults")
    free = dice.shuffled(
        [
            t
            for t in world.tellings
            if t.role == "top"
            and t.money
            and t.partner.key != "VAL"
            and len(t.project.tellings) == 1
            and t.marking.precise == "CLEAR"
            and t.file.startswith(("iati/", "plateforme-ong/"))
        ]
    )
    free.sort(key=lambda t: t.declares)  # who declares nothing first; the order of chance stays within
    for fault in FAULTS:
        for _ in range(fault.count):
            telling = next(t for t in free if _fits(fault, t))
            free.remove(telling)
            telling.declares = False
            _plant(fault.name, telling)


def _fits(fault: Fault, telling: Telling) -> bool:
    if not telling.file.startswith(fault.file):
        return False
    places = telling.project.places
    if fault.name in NEED_PLACES:
        # A cercle that shares its name with a region is always written with its code.
        return len(places[0][0]) > 2 and places[0][0].startswith("ML") and places[0][0] not in NAMESAKES
    if fault.name == "wrong_language":
        return "fr" in telling.title
    if fault.name == "negative_value":
        return any(m.kind == "budget" for m in telling.money)
    if fault.name == "undated_money":
        return any(m.kind == "disbursement" for m in telling.money)
    return True


def _plant(fault: str, telling: Telling) -> None:
    telling.faults.append(fault)
    project, money = telling.project, telling.money
    currency = money[0].currency
    day = quoted_day(min(project.start, AS_OF))
    if fault in PLACE_LOST:
        project.place_sure = False
    if fault in PLACE_LOST | MONEY_ADDED:
        # Money of a funder that reports may be told twice, so none of it is counted as confirmed.
        telling.funder = partners()["VAL"]
    if fault in ("no_place", "unknown_country"):
        # Nobody says where it is, so the place is unknown in the truth as well.
        project.places = [(UNKNOWN, 1)]
    elif fault == "share_sum_country":
        project.places = [("ML", 60), ("NE", 60)]
    elif fault == "old_pcode":
        project.places = [("ML0701", 1)]
        telling.place_style = "code"
    elif fault in ("point_zero", "point_outside"):
        telling.place_style = "point"
    elif fault == "undated_money":
        for line in money:
            line.day = None if line.kind == "disbursement" else line.day
    elif fault == "unknown_currency":
        for line in money:
            line.currency = "XQQ"
    elif fault == "future_date":
        money.append(Money("commitment", day.replace(year=2034), Decimal("250000.00"), currency, is_true=False))
    elif fault == "negative_value":
        first = next(line for line in money if line.kind == "budget")
        money.append(replace(first, value=-(first.value / 4).quantize(Decimal("0.01"))))
    elif fault == "correction":
        money.append(replace(money[0], value=-(money[0].value / 10).quantize(Decimal("0.01"))))
    elif fault == "absurd_value":
        money.append(Money("commitment", day, Decimal("90000000000000.00"), currency, is_true=False))
    elif fault == "bad_value":
        money.append(Money("commitment", day, Decimal(0), currency, is_true=False, raw="à préciser"))
    elif fault == "sheet_amount":
        money[0].raw = "à préciser"
        del money[1:]
    elif fault == "sheet_places":
        project.places = [("ML04", 1), ("ML05", 1), ("ML06", 1)]
    if fault in REWORDED:
        telling.title, telling.text = tell(telling, tuple(telling.title))
