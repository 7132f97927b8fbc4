"""Invented needs and offers: a gap with the offer that fits it, offers that nearly fit, and one that is past.

Place on the way: the seed enters, rows of the two sheets leave. The first rows are fixed, because the tutorial and
tests tell of them; the others are drawn.
"""

from datetime import date, timedelta

from concerted.codelists.need_words import ask_columns, ask_header
from concerted.demo.calendar import AS_OF
from concerted.demo.catalogue import INVENTED, MARK, partners, places, strategy_nodes
from concerted.demo.dice import Dice
from concerted.demo.workbook import Cell, Rows

NEEDS, OFFERS = 24, 16
#: The region where nobody works though somebody would know: the gap that the first need tells of.
GAP_PLACE, GAP_NODE = "ML01", "P1.1.2"
#: The first need, the offer that fits it, and one that an earmark keeps from the second need.
GAP_NEED, GAP_OFFER = "BES-001", "OFR-001"
STOPPED_NEED, STOPPED_OFFER = "BES-002", "OFR-002"
PAST_OFFER = "OFR-003"
_M = 1_000_000
_LAST = date(2027, 12, 31)

Row = dict[str, Cell]


def need_rows(seed: int) -> Rows:
    """The sheet of needs, with French headers."""
    rows = [*_fixed_needs()]
    while len(rows) < NEEDS:
        rows.append(_drawn_need(seed, len(rows) + 1))
    columns = ask_columns("need")
    return [[ask_header("need", column, "fr") for column in columns], *([row.get(c) for c in columns] for row in rows)]


def offer_rows(seed: int) -> Rows:
    """The sheet of offers, with English headers: each partner writes its own language."""
    rows = [*_fixed_offers()]
    while len(rows) < OFFERS:
        rows.append(_drawn_offer(seed, len(rows) + 1))
    columns = ask_columns("offer")
    return [
        [ask_header("offer", column, "en") for column in columns],
        *([row.get(c) for c in columns] for row in rows),
    ]


def _need(code: str, node: str, place: str, receiver: str, **more: Cell) -> Row:
    partner = partners()[receiver]
    title = f"{strategy_nodes()[node].name['fr']} : {places()[place].name['fr']} {MARK['fr']}"
    return {
        "identifier": code,
        "title": title,
        "node": node,
        "place": place,
        "receiver_org_name": partner.name["fr"],
        "receiver_org_ref": partner.ref,
        "receiver_type_code": partner.type_code,
        "evidence": f"Note de la cellule de suivi ({INVENTED['fr']})",
        "state": "validé",
        "reported_date": AS_OF.isoformat(),
        **more,
    }


def _money(low: int, high: int, least: int) -> Row:
    return {
        "kind": "argent",
        "low_value": low * _M,
        "high_value": high * _M,
        "least_value": least * _M,
        "currency": "FCFA",
    }


def _offer(code: str, giver: str, **more: Cell) -> Row:
    partner = partners()[giver]
    return {
        "identifier": code,
        "title": f"{partner.name['en']}: offer {code[-3:]} {MARK['en']}",
        "provider_org_name": partner.name["en"],
        "provider_org_ref": partner.ref,
        "conditions": f"Report twice a year ({INVENTED['en']})",
        "state": "open",
        "reported_date": AS_OF.isoformat(),
        **more,
    }


def _fixed_needs() -> list[Row]:
    return [
        _need(
            GAP_NEED,
            GAP_NODE,
            GAP_PLACE,
            "AJB",
            **_money(180, 240, 60),
            origin="demande du gouvernement",
            urgency="immédiate",
            start_date="2027-01-01",
            end_date="2027-12-31",
            group="filles: 4200; garçons: 3900",
            met_pct=90,
            met_when="Les classes des communes listées restent ouvertes toute l'année scolaire",
        ),
        _need(
            STOPPED_NEED,
            "P1.1.1",
            "ML05",
            "SEC",
            kind="formation",
            low_quantity=60,
            high_quantity=80,
            least_quantity=20,
            unit="places",
            origin="évaluation",
            urgency="urgente",
            start_date="2027-01-15",
            end_date="2027-06-30",
            language="français",
        ),
        _need("BES-003", "P1.3.1", "ML06", "RFM", **_money(40, 60, 10), origin="communauté", urgency="urgente"),
        _need(
            "BES-004",
            "P2.1.1",
            "ML10",
            "SEC",
            kind="équipement",
            low_quantity=4,
            high_quantity=6,
            unit="postes",
            origin="demande du gouvernement",
            urgency="normale",
            due_diligence="en attente",
        ),
        _need(
            "BES-005",
            "P2.3.1",
            "ML09",
            "SEC",
            kind="expertise",
            low_quantity=30,
            high_quantity=45,
            unit="jours",
            origin="évaluation",
            urgency="normale",
            language="français",
        ),
    ]


def _fixed_offers() -> list[Row]:
    soon = (AS_OF + timedelta(days=180)).isoformat()
    return [
        _offer(
            GAP_OFFER,
            "NOR",
            kind="money",
            node="P1.1",
            place=f"{GAP_PLACE}; ML02",
            least_value=100_000,
            most_value=600_000,
            currency="USD",
            end_date=_LAST.isoformat(),
            expiry_date=soon,
        ),
        _offer(
            STOPPED_OFFER,
            "CUL",
            kind="training",
            node="P1.1",
            place="ML06",
            least_quantity=20,
            most_quantity=120,
            unit="places",
            language="fr; en",
            expiry_date=soon,
        ),
        _offer(
            PAST_OFFER,
            "KAL",
            kind="money",
            node="P1.3",
            most_value=900_000,
            currency="USD",
            expiry_date="2026-06-30",
        ),
        _offer("OFR-004", "FRO", kind="equipment", node="P2", place="ML", most_quantity=8, expiry_date=soon),
        _offer("OFR-005", "LUM", kind="money", node="P1.3", receiver_type="21", most_value=90_000, currency="GBP"),
        _offer(
            "OFR-006",
            "FBS",
            kind="money",
            most_value=700_000,
            least_value=50_000,
            currency="USD",
            marking_key="AMBER:groupe-protection",
            expiry_date=soon,
        ),
        _offer("OFR-007", "OEN", kind="expertise", node="P2.3", language="en; fr", most_quantity=60, unit="days"),
    ]


def _drawn_need(seed: int, number: int) -> Row:
    dice = Dice(seed, "need", number)
    node = dice.pick([node for node in strategy_nodes() if node.count(".") == 2 and not node.startswith("P2")])
    regions = [code for code, place in places().items() if place.level == 1 and place.country == "ML"]
    high = 10 * dice.between(4, 40)
    low = high * dice.between(50, 90) // 100
    return _need(
        f"BES-{number:03d}",
        node,
        dice.pick(regions),
        dice.pick(("AJB", "TAM", "KAB", "RFM", "BEN", "SEC", "PON", "ECO")),
        **_money(low, high, dice.pick((5, 10, 20))),
        origin=dice.pick(("demande du gouvernement", "évaluation", "communauté")),
        urgency=dice.pick(("peut attendre", "normale", "urgente")),
        end_date=_LAST.isoformat(),
    )


def _drawn_offer(seed: int, number: int) -> Row:
    dice = Dice(seed, "offer", number)
    regions = [code for code, place in places().items() if place.level == 1 and place.country == "ML"]
    earmark: Row = {"node": dice.pick(("P1", "P3", "P4", "P5"))} if dice.chance(0.7) else {}
    if dice.chance(0.5):
        earmark["place"] = "; ".join(dice.sample(regions, 4))
    return _offer(
        f"OFR-{number:03d}",
        dice.pick(("VAL", "NOR", "AUR", "KAL", "FBS", "LUM", "OEN", "PAP")),
        kind="money",
        **earmark,
        least_value=1000 * dice.pick((20, 40, 60)),
        most_value=10_000 * dice.between(10, 60),
        currency="USD",
        expiry_date=(AS_OF + timedelta(days=dice.between(60, 400))).isoformat(),
    )
