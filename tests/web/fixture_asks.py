"""Needs and offers of the fixture edition, some of them hidden."""

from datetime import date
from typing import Any

from concerted.model.ids import hash_id
from web.fixture_records import FEW, OTHER_FEW

#: (record, table, title, state, marking, places, lines, high or most, last day)
_ROWS = (
    ("N1", "need", "Mentors for magistrates of Mopti", "validated", "CLEAR", ("ML05",), ("1.1",), 20_000, None),
    ("N2", "need", "Wells near the schools of Gao", "open", "CLEAR", ("ML07", "Gondwana"), ("5.1",), None, None),
    ("N3", "need", "Radios for the mediators", "met", "CLEAR", ("ML05",), (), 900, date(2026, 5, 1)),
    ("N4", "need", "ZZCANARYNEED for the valley", "open", "AMBER:justice", ("ML05",), ("1.1",), 7_777_777, None),
    ("O1", "offer", "Money for work in the whole country", "open", "CLEAR", (), (), 50_000, date(2026, 12, 31)),
    ("O2", "offer", "Money for schools of Gao", "open", "CLEAR", ("ML07",), ("5.1",), 9_000, date(2026, 1, 31)),
    ("O3", "offer", "ZZCANARYOFFER of trucks", "open", "RED:", ("ML05",), (), 7_777_777, None),
)


def ask_id(code: str) -> int:
    """The id of a need or offer by its code."""
    return hash_id("asks/fixture", "need" if code.startswith("N") else "offer", code)


def asks(with_hidden: bool) -> dict[str, list[dict[str, Any]]]:
    """The tables `need`, `offer` and `term`."""
    found: dict[str, list[dict[str, Any]]] = {"need": [], "offer": [], "term": []}
    for line, (code, table, title, state, marking, places, lines, most, ends) in enumerate(_ROWS, 2):
        if marking != "CLEAR" and not with_hidden:
            continue
        end = {"end_date": ends} if table == "need" else {"expiry_date": ends}
        amount = "high" if table == "need" else "most"
        found[table].append(
            {
                "record_id": ask_id(code),
                "source_id": "asks/fixture",
                "input_path": "asks/needs.csv" if marking == "CLEAR" else "hidden/needs.csv",
                "line": line,
                "identifier": code,
                "title": title,
                "kind": "money",
                "state": state,
                "marking_key": marking,
                f"{amount}_value": most,
                f"{amount}_usd": most,
                "currency": "USD" if most else None,
                **({"origin": "government"} if table == "need" else {"provider_org_name": "Agence du Delta"}),
                **end,
            }
        )
        if code == "N1":
            few = (FEW if with_hidden else OTHER_FEW)[5]
            group = {"record_id": ask_id(code), "kind": "group", "seq": 0, "code": "f", "people": few}
            found["term"].append(group)
        named = [("place", place) for place in places] + [("node", node) for node in lines]
        seen: dict[str, int] = {}
        for kind, text in named:
            found["term"].append({"record_id": ask_id(code), "kind": kind, "seq": seen.get(kind, 0), "code": text})
            seen[kind] = seen.get(kind, 0) + 1
    return found
