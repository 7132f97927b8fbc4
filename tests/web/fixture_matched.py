"""Invented needs and offers of an edition: one pair that fits, one that an earmark keeps apart, one hidden."""

from datetime import date
from decimal import Decimal
from typing import Any

from concerted.model.ids import hash_id, id_text

#: Codes of the need and the offer that fit, of a need that no offer fits with the offer that nearly does, of a hidden
#: need, of an offer for those who sign in with the need that it fits, which nobody has validated.
FITS, GIVES, STOPPED, ELSEWHERE, HIDDEN_NEED = "N-1", "O-1", "N-2", "O-3", "N-9"
PARTNERS_OFFER, FOR_PARTNERS = "O-2", "N-3"
RECEIVER, GIVER = "XM-GAMMA", "XM-ALPHA"
_LAST = date(2030, 12, 31)


def ask_id(code: str) -> str:
    """The id of a need or an offer, as runs and addresses name it."""
    return id_text(_statement(code))


def _statement(code: str) -> int:
    return hash_id("fixture asks", code)


def _shared(code: str, marking: str, kind: str, title: str) -> dict[str, Any]:
    return {
        "record_id": _statement(code),
        "source_id": "asks",
        "input_path": "asks/needs.csv",
        "line": int(code[2:]) + 1,
        "identifier": code,
        "title": title,
        "title_lang": "en",
        "kind": kind,
        "marking_key": marking,
    }


def needs(with_hidden: bool = True) -> list[dict[str, Any]]:
    """The needs."""
    money = {"low_usd": Decimal(300_000), "high_usd": Decimal(400_000), "least_usd": Decimal(100_000)}
    receiver = {"receiver_org_ref": RECEIVER, "receiver_org_name": "Gamma", "receiver_type_code": "22"}
    shown = [
        _shared(FITS, "CLEAR", "money", "Schools that stay open")
        | money
        | receiver
        | {"origin": "government", "state": "validated", "urgency": 4, "end_date": _LAST},
        _shared(STOPPED, "CLEAR", "training", "Places for mediators")
        | {"origin": "assessment", "state": "open", "low_quantity": 20, "high_quantity": 30, "unit": "places"},
        _shared(FOR_PARTNERS, "CLEAR", "money", "Posts at the border")
        | {"origin": "government", "state": "open", "low_usd": Decimal(60_000), "high_usd": Decimal(80_000)},
    ]
    hidden = _shared(HIDDEN_NEED, "RED:amina", "money", "ZZCANARY school") | money | receiver
    return [*shown, *([hidden | {"origin": "community", "state": "validated"}] if with_hidden else [])]


def offers() -> list[dict[str, Any]]:
    """The offers."""
    return [
        _shared(GIVES, "CLEAR", "money", "Fund for schools")
        | {"provider_org_ref": GIVER, "provider_org_name": "Alpha", "most_usd": Decimal(350_000)}
        | {"least_usd": Decimal(50_000), "state": "open", "expiry_date": _LAST},
        _shared(PARTNERS_OFFER, "GREEN", "money", "Fund for partners")
        | {"provider_org_ref": "XM-NOBODY", "provider_org_name": "Nobody here", "most_usd": Decimal(90_000)}
        | {"state": "open"},
        _shared(ELSEWHERE, "CLEAR", "training", "Training in the north")
        | {"provider_org_ref": GIVER, "provider_org_name": "Alpha", "most_quantity": 40, "state": "open"},
    ]


def terms(with_hidden: bool = True) -> list[dict[str, Any]]:
    """What they name."""
    named = {
        FITS: (("node", "1.1"), ("place", "ML07")),
        STOPPED: (("node", "5.1"), ("place", "ML05")),
        FOR_PARTNERS: (("node", "2.1"), ("place", "ML03")),
        GIVES: (("node", "1"), ("place", "ML07")),
        ELSEWHERE: (("node", "5.1"), ("place", "ML06")),
        **({HIDDEN_NEED: (("node", "1.1"), ("place", "ML07"))} if with_hidden else {}),
    }
    return [
        {"record_id": _statement(code), "kind": kind, "seq": seq, "code": text}
        for code, said in named.items()
        for seq, (kind, text) in enumerate(said)
    ]


def tables(with_hidden: bool = True) -> dict[str, list[dict[str, Any]]]:
    """The tables `need`, `offer` and `term`."""
    return {"need": needs(with_hidden), "offer": offers(), "term": terms(with_hidden)}
