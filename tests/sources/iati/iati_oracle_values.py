"""What the text of one element or attribute means, for the oracle: a function for each kind of value, None for none."""

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from lxml import etree

from concerted.records.iati.codes import codelists


def text(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    return (element.text or "").strip() or None


def attribute(element: etree._Element | None, name: str) -> str | None:
    if element is None:
        return None
    return (element.get(name) or "").strip() or None


def name(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    return text(element.find("narrative")) or text(element)


def lang(value: str | None) -> str | None:
    first = re.split("[-_]", value)[0].lower() if value else ""
    return first if re.fullmatch("[a-z][a-z]", first) else None


def code(codelist: str, value: str | None) -> str | None:
    return None if value is None else codelists()[codelist].normal(value)[0]


def day(value: str | None) -> date | None:
    found = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d|[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", value or "", re.A
    )
    try:
        parsed = date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    return parsed if parsed and 1901 <= parsed.year <= 2199 else None


def number(value: str | None) -> Decimal | None:
    try:
        return Decimal((value or "").replace(",", "."))
    except InvalidOperation:
        return None


def amount(value: str | None) -> Decimal | None:
    found = number(value)
    if found is None or not found.is_finite() or abs(found) >= 10**13:
        return None
    return found.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


def percent(value: str | None) -> float | None:
    found = number((value or "").rstrip("% "))
    return float(found) if found is not None and 0 <= found <= 100 else None


def whole(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch("-?[0-9]{1,9}", value) else None


def flag(value: str | None) -> bool | None:
    return {"1": True, "true": True, "0": False, "false": False}.get((value or "").lower())


def moment(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
