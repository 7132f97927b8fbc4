"""A need or an offer as the workspace writes it: JSON in the words of the field dictionary.

Place on the way: below the reader of needs and offers, and wherever one is made. Text enters; a checked document
leaves, or what is wrong with it, field by field.

    {"format": "concerted-need/1", "record": "0c9e...", "version": 3,
     "need": {"title": .., "kind": "money", "origin": "government", "low_value": "1500.00", ..},
     "term": [{"kind": "place", "code": "ML07"}, {"kind": "group", "code": "f", "people": 400}]}

An offer has `concerted-offer/1` and `offer`.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from concerted.codelists.need_words import ASKS, Ask
from concerted.statements.document import (
    Document,
    DocumentError,
    Fault,
    check_name,
    check_row,
    load_strictly,
    plain_value,
)

FORMATS: Final[Mapping[str, Ask]] = {f"concerted-{ask}/1": ask for ask in ASKS}
_RANGES = {"need": (("low", "high"), ("least", "high")), "offer": (("least", "most"),)}


def decode_ask(text: bytes) -> tuple[Ask, Document]:
    """What a line is, and its document, typed as `rec_` tables want it.

    Raises:
        DocumentError: it is none, or something in it is wrong; says where.
    """
    return check_ask(load_strictly(text))


def check_ask(raw: object) -> tuple[Ask, Document]:
    """What a decoded document is, with typed values.

    Raises:
        DocumentError: with every fault that was found.
    """
    ask = FORMATS.get(raw.get("format", "")) if isinstance(raw, dict) else None
    if ask is None or not isinstance(raw, dict):
        raise DocumentError([Fault("format", " or ".join(FORMATS))])
    faults: list[Fault] = []
    record, version = check_name(raw, faults)
    faults += [
        Fault(str(key), "no such table") for key in raw if key not in ("format", "record", "version", ask, "term")
    ]
    stated = check_row(ask, ask, raw.get(ask), faults)
    terms = raw.get("term") or []
    if not isinstance(terms, list):
        faults.append(Fault("term", "a list"))
        terms = []
    found = [check_row("term", f"term[{at}]", row, faults) for at, row in enumerate(terms)]
    faults += _contradictions(ask, stated)
    if faults:
        raise DocumentError(faults)
    return ask, {"record": record, "version": version, ask: stated, "term": found}


def encode_ask(document: Mapping[str, Any]) -> bytes:
    """A document as its line: the same bytes for the same content.

    Args:
        document: as JSON holds it, with its `format`.

    Raises:
        DocumentError: it has a fault.
    """
    line = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    encoded = line.encode("utf-8", "surrogatepass")
    decode_ask(encoded)
    return encoded


def plain_ask(ask: Ask, document: Mapping[str, Any]) -> Document:
    """A checked document as JSON holds it, each value in its one form, with its format."""
    row = {name: plain_value(value) for name, value in document[ask].items() if value is not None}
    terms = [{name: plain_value(v) for name, v in term.items() if v is not None} for term in document["term"]]
    found = {"format": f"concerted-{ask}/1", "record": document["record"], "version": document["version"], ask: row}
    return found | ({"term": terms} if terms else {})


def _contradictions(ask: Ask, row: Mapping[str, Any]) -> list[Fault]:
    """What no single value shows: a range upside down, a window that ends before it begins, money without currency."""
    faults = []
    for unit in ("value", "quantity"):
        for low, high in _RANGES[ask]:
            below, above = row.get(f"{low}_{unit}"), row.get(f"{high}_{unit}")
            if below is not None and above is not None and below > above:
                faults.append(Fault(f"{ask}.{low}_{unit}", f"no more than {high}_{unit}"))
    if row.get("start_date") and row.get("end_date") and row["start_date"] > row["end_date"]:
        faults.append(Fault(f"{ask}.end_date", "a day from start_date on"))
    if any(row.get(f"{end}_value") is not None for end in ("low", "high", "least", "most")) and not row.get("currency"):
        faults.append(Fault(f"{ask}.currency", "the currency of the amounts"))
    return faults


def last_day(row: Mapping[str, Any]) -> date | None:
    """The last day on which a need can still be met or an offer accepted, of a row as JSON holds it; null = none."""
    days = [date.fromisoformat(row[name]) for name in ("expiry_date", "end_date") if row.get(name)]
    return min(days, default=None)
