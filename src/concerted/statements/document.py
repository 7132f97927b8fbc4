"""A statement as the workspace writes it: JSON in the words of the field dictionary.

Place on the way: below the reader of registries, and wherever a statement is made. Text or a decoded document
enters; a checked document leaves, or what is wrong with it, field by field.

    {"format": "concerted-statement/1", "record": "0c9e...", "version": 3,
     "activity": {"title": .., "state": "planned", "marking_key": "GREEN", ..},
     "narrative": [{"field": "title", "lang": "fr", "text": ".."}],
     "transaction": [{"type_code": "3", "value": "1500.00", "currency": "XOF", "value_date": "2026-05-04", ..}], ..}

Its keys are the tables and columns of `model/fields.yml` that a reader fills; what follows from the place of a row or
from rates (`record_id`, `seq`, `value_usd`) is not stated. An absent or null column is unknown. Amounts are texts,
because JSON's numbers lose cents; days and times are ISO 8601.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

from concerted.codelists import lists
from concerted.marking.keys import NOBODY, Label, marking_key, parse_key
from concerted.model.tables import ON_ACTIVITY, record_tables, tables

FORMAT: Final = "concerted-statement/1"
#: Longest line that is looked at, bytes; a statement of a thousand transactions has a third of it.
MAX_BYTES = 1 << 20
MAX_DEPTH = 8

#: How far the two gates have been passed by what a statement says.
VALIDATIONS: Final = ("validated", "signed", "waiting", "unvalidated")
#: Columns of the activity by which its owner says who may see it, and what it tells of it to others.
SHARING: Final = ("marking_key", "coarse_marking_key", "coarse_place_level", "is_partner_hidden", "is_counted_hidden")
Document = dict[str, Any]
#: Tables of which a document holds one row: what it is about. Who may see the document is said there.
MAIN: Final = ("activity", "need", "offer")

#: Filled by the reader: from the place of a row, from the source, from narratives, from rates.
_DERIVED = {
    "": frozenset(("record_id", "seq", "line", "value_usd", "value_eur", "rate_date", "rate_source")),
    "activity": frozenset(("source_id", "input_path", "sheet", "kind", "iati_version"))
    | {"title", "title_lang", "description", "description_lang"},
    "need": frozenset(("source_id", "input_path", "sheet"))
    | {f"{end}_{money}" for end in ("low", "high", "least") for money in ("usd", "eur")},
    "offer": frozenset(("source_id", "input_path", "sheet"))
    | {f"{end}_{money}" for end in ("least", "most") for money in ("usd", "eur")},
}
#: Tables of a statement; the others that readers make do not speak of activities.
_OTHERS = frozenset(("organisation_name", "place", "population", "event", "issue", "need", "offer", "term"))
#: Where a row says to which other row of its statement it belongs, and what stands where it does not say.
_PLACED: dict[str, int | None] = {
    "transaction_seq": ON_ACTIVITY,
    "location_seq": None,
    "result_seq": None,
    "indicator_seq": None,
}
_LISTS: dict[tuple[str, str], str] = {
    ("activity", "activity_status_code"): "ActivityStatus",
    ("activity", "reporting_org_type_code"): "OrganisationType",
    ("activity", "default_currency"): "Currency",
    ("participating_org", "role_code"): "OrganisationRole",
    ("participating_org", "type_code"): "OrganisationType",
    ("policy_marker", "significance_code"): "PolicySignificance",
    ("related_activity", "type_code"): "RelatedActivityType",
    ("sector", "vocabulary_code"): "SectorVocabulary",
    ("budget", "type_code"): "BudgetType",
    ("budget", "status_code"): "BudgetStatus",
    ("budget", "currency"): "Currency",
    ("transaction", "type_code"): "TransactionType",
    ("transaction", "currency"): "Currency",
    ("transaction", "finance_type_code"): "FinanceType",
    ("transaction", "flow_type_code"): "FlowType",
    ("transaction", "aid_type_code"): "AidType",
    ("need", "currency"): "Currency",
    ("need", "receiver_type_code"): "OrganisationType",
    ("offer", "currency"): "Currency",
}
_KINDS = frozenset(("money", "expertise", "training", "equipment"))
_WORDS: dict[tuple[str, str], frozenset[str]] = {
    ("activity", "state"): frozenset(("requested", "planned", "ongoing", "completed", "cancelled")),
    ("activity", "validation"): frozenset(VALIDATIONS),
    ("narrative", "field"): frozenset(("title", "description")),
    ("recipient", "kind"): frozenset(("country", "region")),
    ("tag", "kind"): frozenset(("tag", "humanitarian_scope")),
    ("budget", "kind"): frozenset(("budget", "planned_disbursement")),
    ("people", "kind"): frozenset(("in_need", "targeted", "reached", "affected")),
    ("location_code", "kind"): frozenset(("administrative", "gazetteer")),
    ("need", "origin"): frozenset(("government", "assessment", "community")),
    ("need", "kind"): _KINDS,
    ("need", "state"): frozenset(("open", "validated", "met", "withdrawn")),
    ("need", "due_diligence"): frozenset(("none", "pending", "done", "refused")),
    ("offer", "kind"): _KINDS,
    ("offer", "state"): frozenset(("open", "taken", "withdrawn")),
    ("term", "kind"): frozenset(("node", "place", "receiver_type", "language", "group")),
}
#: What a row must say to mean anything.
_NEEDED: dict[str, tuple[str, ...]] = {
    "activity": ("marking_key",),
    "narrative": ("field", "text"),
    "identifier": ("ref",),
    "related_activity": ("ref",),
    "participating_org": ("role_code",),
    "sector": ("vocabulary_code",),
    "recipient": ("kind",),
    "location_code": ("location_seq", "kind", "code"),
    "policy_marker": ("code",),
    "tag": ("kind", "vocabulary_code", "code"),
    "budget": ("kind", "value"),
    "transaction": ("type_code", "value"),
    "indicator": ("result_seq",),
    "indicator_period": ("indicator_seq",),
    "document": ("url",),
    "people": ("kind", "value"),
    "attribute": ("name", "value"),
    "need": ("title", "kind", "origin", "marking_key"),
    "offer": ("title", "kind", "marking_key"),
    "term": ("kind", "code"),
}
_LEAST: dict[tuple[str, str], float] = {("people", "value"): 0.0, ("term", "people"): 0.0} | {
    (table, f"{end}_{unit}"): 0.0
    for table, ends in (("need", ("low", "high", "least")), ("offer", ("least", "most")))
    for end in ends
    for unit in ("value", "quantity")
}
_BOUNDS: dict[str, tuple[float, float]] = {
    "pct": (0, 100),
    "met_pct": (1, 100),
    "urgency": (1, 4),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
}
_NOWHERE = ("transaction_seq", ON_ACTIVITY)
_RECORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,99}")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `path` is where (`transaction[2].value`), `expected` what should stand there.

    What does stand there is not repeated: it may be what nobody but the author should read.
    """

    path: str
    expected: str


class DocumentError(ValueError):
    """Text that is no document at all, or one with faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: expected {fault.expected}" for fault in faults))
        self.faults = faults


def decode(text: bytes) -> Document:
    """A line as a document, typed as `rec_` tables want it.

    Strict, because two readers that understand the same bytes differently are a hole (RFC 8259 leaves it open): no key
    twice, no NaN, no lone surrogates, no deep nesting.

    Raises:
        DocumentError: it is none, or something in it is wrong; says where.
    """
    return check(load_strictly(text))


def load_strictly(text: bytes) -> object:
    """A line of JSON in which each key stands once and every number is one.

    Raises:
        DocumentError: it is none.
    """
    if len(text) > MAX_BYTES:
        raise DocumentError([Fault("", f"at most {MAX_BYTES} bytes")])
    try:
        raw: object = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise DocumentError([Fault("", "UTF-8")]) from error
    except (ValueError, RecursionError) as error:
        raise DocumentError([Fault("", "one JSON object with each key once")]) from error
    return raw


def check(raw: object) -> Document:
    """The document with typed values: days as `date`, amounts as `Decimal`; unknown columns left out.

    Raises:
        DocumentError: with every fault that was found.
    """
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise DocumentError([Fault("format", FORMAT)])
    faults: list[Fault] = []
    record, version = check_name(raw, faults)
    document: Document = {"record": record, "version": version}
    known = statement_tables()
    faults += [Fault(str(key), "no such table") for key in raw if key not in (*known, "format", "record", "version")]
    if "activity" not in raw:
        faults.append(Fault("activity", "an object"))
    for name in known:
        if raw.get(name) is None:
            document[name] = {} if name == "activity" else []
        elif name == "activity":
            document[name] = check_row(name, name, raw[name], faults)
        elif isinstance(raw[name], list):
            document[name] = [check_row(name, f"{name}[{at}]", row, faults) for at, row in enumerate(raw[name])]
        else:
            faults.append(Fault(name, "a list"))
    if not faults:
        faults += _unplaced(document)
    if faults:
        raise DocumentError(faults)
    return document


def main_table(document: Mapping[str, Any]) -> str:
    """What a document is about: an activity, a need or an offer."""
    return next((name for name in MAIN if name in document), MAIN[0])


def main_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a document says of the thing that it is about."""
    found: dict[str, Any] = document[main_table(document)]
    return found


def check_name(raw: Mapping[str, Any], faults: list[Fault]) -> tuple[Any, Any]:
    """Which record a document is and in which version; what is wrong is added to `faults`."""
    record, version = raw.get("record"), raw.get("version")
    if not isinstance(record, str) or not _RECORD.fullmatch(record):
        faults.append(Fault("record", "an id of at most 100 letters, digits and . _ : -"))
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        faults.append(Fault("version", "a whole number from 1"))
    return record, version


def plain(document: Mapping[str, Any]) -> Document:
    """A checked document as JSON holds it, each value in its one form: `1500` and never `1500.00`.

    Empty tables and columns without a value are left out.
    """
    found: Document = {"record": document["record"], "version": document["version"], "activity": {}}
    for name in statement_tables():
        if name == "activity":
            found[name] = _plain_row(document[name])
        elif rows := [_plain_row(row) for row in document.get(name) or ()]:
            found[name] = rows
    return found


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    # -1 is where a row stands that says nothing of the row it belongs to.
    return {name: plain_value(value) for name, value in row.items() if value is not None and (name, value) != _NOWHERE}


def plain_value(value: Any) -> Any:
    """A typed value as JSON holds it."""
    match value:
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return value.isoformat() + "Z"
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def encode(document: Mapping[str, Any]) -> bytes:
    """A document as its line: the same bytes for the same content.

    Args:
        document: as JSON holds it, without `format`.

    Raises:
        DocumentError: it has a fault.
    """
    whole = {"format": FORMAT, **document}
    line = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    decode(line)
    return line


@cache
def statement_tables() -> tuple[str, ...]:
    """Bare names of the tables that a statement fills."""
    return tuple(name for name in record_tables() if name not in _OTHERS)


@cache
def stated_columns(table: str) -> Mapping[str, str]:
    """Columns that a statement may state in a table, with their type words."""
    derived = _DERIVED[""] | _DERIVED.get(table, frozenset())
    return {c.name: c.type for c in tables()[table].columns if c.step == "read" and c.name not in derived}


def check_row(table: str, path: str, raw: object, faults: list[Fault]) -> dict[str, Any]:
    """A row of a table with typed values; what is wrong in it is added to `faults`, under its path."""
    if not isinstance(raw, dict):
        faults.append(Fault(path, "an object"))
        return {}
    columns = stated_columns(table)
    row: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in columns:
            faults.append(Fault(f"{path}.{name}", "no such column"))
        elif value is not None:
            try:
                row[name] = _typed(table, name, columns[name], value)
            except _WrongError as wrong:
                faults.append(Fault(f"{path}.{name}", str(wrong)))
    if table not in _NEEDED and not any(value is not None for value in raw.values()):
        faults.append(Fault(path, "at least one value"))
    faults += [Fault(f"{path}.{name}", "a value") for name in _NEEDED.get(table, ()) if raw.get(name) is None]
    return row


class _WrongError(ValueError):
    """What was expected instead."""


def _typed(table: str, name: str, kind: str, value: object) -> Any:
    found = _TYPES[kind](value)
    if name.endswith("marking_key"):
        return _marking(found)
    if (table, name) in _WORDS and found not in _WORDS[table, name]:
        raise _WrongError("one of " + ", ".join(sorted(_WORDS[table, name])))
    if (table, name) in _LISTS and found not in lists.codes(_LISTS[table, name]):
        raise _WrongError(f"a code of {_LISTS[table, name]}")
    low, high = _BOUNDS.get(name, (_LEAST.get((table, name), -math.inf), math.inf))
    if isinstance(found, int | float | Decimal) and not low <= found <= high:
        raise _WrongError(f"a number from {low:g} to {high:g}" if high < math.inf else f"a number from {low:g}")
    if name == "url" and not found.lower().startswith(("http://", "https://")):
        raise _WrongError("an http(s) address")
    return found


def _marking(key: str) -> str:
    """The canonical key: two spellings of one marking would be two in a cube."""
    marking = parse_key(key)
    if marking == NOBODY:
        if key == Label.NOBODY:
            return key
        raise _WrongError("a marking such as CLEAR, GREEN or AMBER:group")
    return marking_key(marking.label, marking.names)


def _unplaced(document: Document) -> Iterator[Fault]:
    """Rows that say they belong to a row that is not there."""
    of = {"location_seq": "location", "result_seq": "result", "indicator_seq": "indicator"}
    for table, column, parent in (
        ("location_code", "location_seq", "location"),
        ("indicator", "result_seq", "result"),
        ("indicator_period", "indicator_seq", "indicator"),
        ("sector", "transaction_seq", "transaction"),
        ("recipient", "transaction_seq", "transaction"),
    ):
        default = _PLACED[column]
        for at, row in enumerate(document[table]):
            seq = row.setdefault(column, default)
            if seq != default and not 0 <= seq < len(document[parent]):
                yield Fault(f"{table}[{at}].{column}", f"the number of a row of {of.get(column, parent)}")


def _text(value: object) -> str:
    if not isinstance(value, str) or not (text := " ".join(value.split())):
        raise _WrongError("text")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _WrongError("text without lone surrogates")
    return text


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 31:
        raise _WrongError("a whole number")
    return value


def _large(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 53:
        raise _WrongError("a whole number")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise _WrongError("a number")
    return float(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("true or false")
    return value


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise _WrongError("a day such as 2026-05-31")


def _time(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 10 else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise _WrongError("a time with its zone such as 2026-05-31T10:00:00Z")
    return found.astimezone(UTC).replace(tzinfo=None)


def _amount(value: object) -> Decimal:
    wrong = 'an amount as text with at most four decimals, such as "1500.00"'
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,14}(\.\d{1,4})?", value, re.ASCII):
        raise _WrongError(wrong)
    try:
        return Decimal(value)
    except InvalidOperation as error:  # pragma: no cover (the pattern admits nothing else)
        raise _WrongError(wrong) from error


_TYPES: dict[str, Callable[[object], Any]] = {
    "string": _text,
    "bool": _flag,
    "int32": _whole,
    "int64": _large,
    "float64": _number,
    "date": _day,
    "timestamp": _time,
    "amount": _amount,
}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is no number")
