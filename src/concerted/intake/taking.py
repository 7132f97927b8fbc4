"""What a record says after a row of a sheet was taken over.

Place on the way: between reading and the preview. A document and what a row says enter; the document after it leaves,
and what keeps parts of the row from being taken. A cell that says what was written into it changes nothing, so the same
sheet sent twice changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from concerted.codelists.frameworks import Lang
from concerted.codelists.sheet_words import fold
from concerted.intake.cells import KIND_OF, attribute, code_of, node_ids, place_ids, reached, title_of
from concerted.intake.reading import CellFault, Said, SheetRow
from concerted.intake.vocabulary import TRANSACTION_KINDS, PlaceName, Vocabulary
from concerted.statements.completeness import AMOUNT_UNKNOWN
from concerted.statements.document import Document, plain_value
from concerted.statements.life import EVIDENCE, REASON, Step, still_needed, take_step
from concerted.statements.rows import remove_row


@dataclass
class Taken:
    """The document after some rows, and the faults of each row that could not be taken."""

    document: Document
    faults: list[CellFault] = field(default_factory=list)


def take_row(taken: Taken, row: SheetRow, vocabulary: Vocabulary, today: date, *, is_new: bool) -> None:
    """Take over what a row says into `taken`; what cannot be taken is a fault, the rest of the row stays."""
    said = dict(row.said)
    match row.layout.template:
        case "activities":
            _take_activity(taken, said, row.layout.lang, vocabulary)
            _take_state(taken, said, today, is_new=is_new)
            _take_days(taken, said)
        case "progress":
            _take_state(taken, said, today, is_new=is_new)
            _take_progress(taken, said)
        case "money":
            _take_money(taken, said)


def _take_activity(taken: Taken, said: Mapping[str, Any], lang: Lang, vocabulary: Vocabulary) -> None:
    document = taken.document
    title = said.get("title")
    if title is not None and title != title_of(document, lang):
        titles = [r for r in document.get("narrative") or () if r["field"] == "title" and r.get("lang") == lang]
        kept = [r for r in document.get("narrative") or () if r not in titles]
        own = [] if title is Said.REMOVE else [{"field": "title", "lang": lang, "text": title}]
        document["narrative"] = [*own, *kept]
    doers = said.get("doer")
    if doers is not None:
        orgs = document.get("participating_org") or []
        names = [] if doers is Said.REMOVE else doers
        known = {fold(r["name"]): r for r in orgs if r["role_code"] == "4" and r.get("name")}
        # One that is known by its reference alone cannot be named on a sheet, so a sheet does not remove it.
        others = [r for r in orgs if r["role_code"] != "4" or not r.get("name")]
        document["participating_org"] = [
            *others,
            *(known.get(fold(name), {"role_code": "4", "name": name}) for name in names),
        ]
    if "places" in said:
        _take_places(document, [] if said["places"] is Said.REMOVE else said["places"], vocabulary)
    if "nodes" in said and vocabulary.framework:
        _take_nodes(document, [] if said["nodes"] is Said.REMOVE else said["nodes"], vocabulary.framework.id)


def _take_places(document: Document, places: list[PlaceName], vocabulary: Vocabulary) -> None:
    wanted = {place.place_id: place for place in places}
    if set(wanted) == {p for p in place_ids(document) if vocabulary.place_word(p, "fr")}:
        return
    # Shares of the places that were there say nothing of those that are there now.
    kept_locations, named = [], set[str]()
    for row in document.get("location") or ():
        ids = place_ids({"location": [row]})
        if not ids or ids[0] in wanted or vocabulary.place_word(ids[0], "fr") is None:
            kept_locations.append({name: value for name, value in row.items() if name != "pct"})
            named.update(ids)
    new = [_location(place) for place in wanted.values() if place.level > 0 and place.place_id not in named]
    recipients = [
        {name: value for name, value in row.items() if name != "pct"}
        for row in document.get("recipient") or ()
        if row["kind"] != "country" or row.get("transaction_seq", -1) != -1
    ]
    countries = dict.fromkeys(place.country_code for place in wanted.values())
    document["location"] = [*kept_locations, *new]
    document["recipient"] = [*recipients, *({"kind": "country", "code": code} for code in countries)]


def _location(place: PlaceName) -> dict[str, Any]:
    level = min(place.level, 3)
    return {
        f"admin{level}_code": place.place_id,
        f"admin{level}_name": place.names.get("fr") or next(iter(place.names.values())),
        "country_code": place.country_code,
    }


def _take_nodes(document: Document, nodes: list[str], framework_id: str) -> None:
    if set(nodes) == set(node_ids(document, framework_id)):
        return
    known = {row["code"]: row for row in document.get("tag") or () if row.get("vocabulary_uri") == framework_id}
    others = [row for row in document.get("tag") or () if row.get("vocabulary_uri") != framework_id]
    shared = {"kind": "tag", "vocabulary_code": "99", "vocabulary_uri": framework_id}
    document["tag"] = [*others, *(known.get(node) or {**shared, "code": node} for node in nodes)]


def _take_state(taken: Taken, said: Mapping[str, Any], today: date, *, is_new: bool) -> None:
    state, stated = said.get("state"), taken.document["activity"]
    if state is None or state == stated.get("state"):
        return
    if state is Said.REMOVE:
        taken.faults.append(CellFault("state", "state_removed"))
        return
    if is_new or stated.get("state") is None:
        stated["state"] = state
        return
    begins, ends = said.get("started") or said.get("start"), said.get("ended") or said.get("end")
    day = ends if state == "completed" else begins if state in ("planned", "ongoing") else None
    evidence, reason = (_words_of(said.get(name)) for name in ("evidence", "note"))
    step = Step(
        state,
        date.fromisoformat(day) if isinstance(day, str) else None,
        reason or attribute(taken.document, REASON),
        evidence or attribute(taken.document, EVIDENCE),
    )
    if needed := still_needed(taken.document, step, today):
        taken.faults += [CellFault("state", f"needs_{need.code}") for need in needed]
    else:
        taken.document.update(take_step(taken.document, step, today))


def _take_days(taken: Taken, said: Mapping[str, Any]) -> None:
    """A day of an activity that has begun is the actual one, else the planned one."""
    stated = taken.document["activity"]
    for end, has_happened in (("start", ("ongoing", "completed")), ("end", ("completed",))):
        day = said.get(end)
        actual, planned = f"{end}_actual_date", f"{end}_planned_date"
        if day is None or day == (stated.get(actual) or stated.get(planned)):
            continue
        column = actual if stated.get("state") in has_happened else planned
        _put(stated, column, None if day is Said.REMOVE else day)


def _take_progress(taken: Taken, said: Mapping[str, Any]) -> None:
    document = taken.document
    for name, column in (("started", "start_actual_date"), ("ended", "end_actual_date")):
        if (day := said.get(name)) is not None:
            _put(document["activity"], column, None if day is Said.REMOVE else day)
    if (people := said.get("reached")) is not None and people != reached(document):
        others = [r for r in document.get("people") or () if r["kind"] != "reached" or r.get("group") is not None]
        document["people"] = [*others, *([] if people is Said.REMOVE else [{"kind": "reached", "value": people}])]
    for name, key in (("evidence", EVIDENCE), ("note", REASON)):
        if (text := said.get(name)) is not None:
            _put_attribute(document, key, None if text is Said.REMOVE else text)


def _take_money(taken: Taken, said: Mapping[str, Any]) -> None:
    amount = said.get("amount")
    if amount is Said.UNKNOWN:
        _put_attribute(taken.document, AMOUNT_UNKNOWN, "true")
        return
    rows = taken.document.setdefault("transaction", [])
    ref = said.get("ref")
    known = next((row for row in rows if ref is not None and row.get("ref") == ref), None)
    if amount is Said.REMOVE:
        if known is None:
            taken.faults.append(CellFault("amount", "money_not_there"))
        else:
            remove_row(taken.document, "transaction", rows.index(known))
        return
    if known is None and not {"kind", "date", "amount"} & said.keys():
        return  # a row that was prepared and left empty
    if known is None:
        lacking = [name for name in ("kind", "date", "amount") if not isinstance(said.get(name), str | Decimal)]
        if lacking:
            taken.faults += [CellFault(name, "money_lacks") for name in lacking]
            return
        known = _same_money(rows, said) if ref is None else None
        if known is None:
            rows.append({"ref": ref or _minted(taken.document, said), **_money(said, {})})
            _put_attribute(taken.document, AMOUNT_UNKNOWN, None)
            return
    changed = _money(said, known)
    known.clear()
    known.update(changed)


def _money(said: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """A transaction with what a row says of it."""
    row = dict(known)
    if kind := said.get("kind"):
        row["type_code"] = TRANSACTION_KINDS[kind]
    if day := said.get("date"):
        if row.get("value_date") in (None, row.get("transaction_date")):
            _put(row, "value_date", None)  # it follows the day of the transaction
        row["transaction_date"] = day
    if isinstance(amount := said.get("amount"), Decimal) and (
        row.get("value") is None or amount != Decimal(row["value"])
    ):
        row["value"] = plain_value(amount)
    if isinstance(said.get("currency"), str):
        row["currency"] = said["currency"]
    if (side := said.get("other_side")) is not None:
        column = "provider_org_name" if KIND_OF.get(row.get("type_code", "")) == "incoming" else "receiver_org_name"
        _put(row, column, None if side is Said.REMOVE else side)
    return row


def _same_money(rows: list[dict[str, Any]], said: Mapping[str, Any]) -> dict[str, Any] | None:
    """A transaction that says the same already: a row without a reference that comes a second time."""
    for row in rows:
        if (
            KIND_OF.get(row["type_code"]) == said["kind"]
            and row.get("transaction_date") == said["date"]
            and Decimal(row["value"]) == said["amount"]
            and row.get("currency") in (said.get("currency"), None)
        ):
            return row
    return None


def _minted(document: Document, said: Mapping[str, Any]) -> str:
    """A reference for a transaction that came without: of what it says, so that it is the same next time."""
    text = "\x1f".join((document["record"], said["kind"], said["date"], plain_value(said["amount"])))
    return "t-" + sha256(text.encode()).hexdigest()[:10]


def _words_of(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _put(row: dict[str, Any], column: str, value: Any) -> None:
    if value is None:
        row.pop(column, None)
    else:
        row[column] = value


def _put_attribute(document: Document, name: str, value: str | None) -> None:
    if attribute(document, name) == value:
        return
    others = [row for row in document.get("attribute") or () if row["name"] != name]
    document["attribute"] = [*others, *([] if value is None else [{"name": name, "value": value}])]


def code_matches(document: Document, code: str) -> bool:
    """Whether a code on a sheet means this record."""
    return fold(code) in (fold(code_of(document)), fold(document["record"]))
