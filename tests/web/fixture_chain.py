"""The chain of money of the fixture: links that everybody may see, and one that names what is hidden."""

import json
from decimal import Decimal
from typing import Any

from web.fixture_records import FIRST_HIDDEN, Record, org_id

#: Giver and receiver of the public links; and of those that only a hidden statement shows.
NAMED, FAINT, HIDDEN = (0, 7), (6, 9), (40, 7)
BOOKS = ("spent", "disbursement")


def links(chosen: list[Record]) -> dict[str, list[dict[str, Any]]]:
    """`core_money_link`, its ends, what is told twice and each amount once, for the chosen records."""
    known = {record.number: record for record in chosen}
    rows: dict[str, list[dict[str, Any]]] = {"money_link": [], "money_link_end": [], "double": [], "money_level": []}
    for book in BOOKS:
        for number, (ends, sign, percent, low, best, high, key) in enumerate(
            (
                (NAMED, "named", 100, 60_000, 60_000, 75_000, "CLEAR"),
                (FAINT, "receiver_organisation", 35, 0, 7_000, 20_000, "CLEAR"),
                (HIDDEN, "named", 100, 7_777, 7_777, 7_777, "RED:amina"),
            )
        ):
            giver, receiver = (known.get(n) for n in ends)
            if giver is None or receiver is None:
                continue
            link = 1000 * (BOOKS.index(book) + 1) + number
            told = {"low_usd": Decimal(low), "best_usd": Decimal(best), "high_usd": Decimal(high), "marking_key": key}
            is_named = sign == "named"
            rows["money_link"].append(
                {
                    "link_id": link,
                    "book": book,
                    "sign": sign,
                    "percent": percent,
                    "giver_activity_id": giver.id if is_named else None,
                    "giver_org_id": org_id(giver.partner) if is_named else None,
                    "receiver_activity_id": receiver.id if is_named else None,
                    "receiver_org_id": org_id(receiver.partner),
                    **told,
                }
            )
            rows["money_link_end"] += [
                {"link_id": link, "side": side, "activity_id": end.id, **told}
                for side, end in (("giver", giver), ("receiver", receiver))
            ]
            if book == "disbursement" and receiver.number < FIRST_HIDDEN and key == "CLEAR":
                rows["double"].append(
                    {
                        "record_id": receiver.id + 1,
                        "view": "precise",
                        "transaction_seq": 1,
                        **{f"{end}_usd": told[f"{end}_usd"] for end in ("low", "best", "high")},
                        **{f"{end}_eur": told[f"{end}_usd"] for end in ("low", "best", "high")},
                    }
                )
    for book in BOOKS:
        for org, gross, low, best, high in ((0, 500_000, 480_000, 490_000, 500_000), (1, 200_000, 1, 2, 140_000)):
            for level in ("first", "country", "last"):
                is_first = level == "first"
                rows["money_level"].append(
                    {
                        "book": book,
                        "level": level,
                        "org_id": org_id(org),
                        "gross_usd": Decimal(gross),
                        "low_usd": Decimal(low) if is_first else None,
                        "best_usd": Decimal(best),
                        "high_usd": Decimal(high) if is_first else None,
                        "marking_key": "CLEAR",
                    }
                )
    return rows | {"activity_relation": _relations(known)}


def _relations(known: dict[int, Record]) -> list[dict[str, Any]]:
    """A proposal that everybody may see, and one that only a hidden statement shows."""
    evidence = json.dumps([{"code": "title_same", "bits": 3100}, {"code": "dates_apart", "bits": -900}])
    told = (((7, 9), "same", "rule", 0.73, "CLEAR"), ((7, 12), "part_of", "declared", 1.0, "CLEAR"))
    hidden = (((7, 40), "same", "rule", 0.91, "RED:amina"),)
    rows = []
    for (one, other), relation, by, probability, key in (*told, *hidden):
        if one not in known or other not in known:
            continue
        left, right = known[one].id, known[other].id
        if relation == "same":
            left, right = sorted((left, right))
        rows.append(
            {
                "left_activity_id": left,
                "right_activity_id": right,
                "relation": relation,
                "decided_by": by,
                "marking_key": key,
                "probability": probability,
                "evidence": evidence,
                "is_contradicted": False,
            }
        )
    return rows
