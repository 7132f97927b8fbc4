"""Which field an HXL tag stands for.

Place on the way: inside the HXL reader. A row of tags enters, a plan for the columns leaves. Tags that mean nothing
here become attributes; tags and headers of persons are dropped.
"""

import dataclasses
from collections.abc import Callable, Sequence

from concerted.codelists.sheet_words import fold, sheet_words
from concerted.sources.grid.fields import SINGLE, Column, Plan
from concerted.sources.grid.tags import Tag

_Rule = Callable[[frozenset[str]], str]
_CODE = frozenset(
    ("code", "pcode", "id", "ref", "iati", "iso", "iso2", "iso3", "v_pcode", "v_iati", "v_iso2", "v_iso3")
)
_LANGUAGES = frozenset(("en", "fr", "ar", "es", "pt"))
_ROLES = {
    **dict.fromkeys(("funder", "funding", "donor", "provider"), "funding_org"),
    **dict.fromkeys(("impl", "implementing", "implementer", "partner"), "implementing_org"),
    **dict.fromkeys(("prog", "programming", "programme", "lead", "accountable"), "accountable_org"),
    **dict.fromkeys(("reporting", "reporter", "report"), "reporting_org"),
    **dict.fromkeys(("extending",), "extending_org"),
}
_PEOPLE = {"#inneed": "in_need", "#targeted": "targeted", "#reached": "reached", "#affected": "affected"}
_ALL = frozenset(("total", "all", "ind", "num", "people"))
_MONEY = {
    **dict.fromkeys(("commitment", "committed", "commitments"), "commitment"),
    **dict.fromkeys(("disbursed", "disbursement", "paid", "transferred"), "disbursement"),
    **dict.fromkeys(("spent", "expenditure", "spending"), "expenditure"),
    **dict.fromkeys(("pledge", "pledged"), "pledge"),
    **dict.fromkeys(("budget", "requested", "planned", "approved", "total", "funding"), "budget"),
}
_CURRENCIES = frozenset(("usd", "eur", "xof", "xaf", "gbp", "cad", "chf", "nok", "sek", "dkk", "jpy", "ngn", "mru"))
_DATES = {"start": "start", "end": "end", "reported": "reported_date", "report": "reported_date"}


def plan_columns(tags: Sequence[Tag | None], headers: Sequence[str], sheet: str | None, first_row: int) -> Plan:
    """The plan for a table with these tags.

    Args:
        tags: one per column, None where there is none.
        headers: what stands above the tags, empty where nothing does.
        sheet: name of the worksheet.
        first_row: 1-based number of the first row of data.
    """
    columns: list[Column] = []
    taken: set[str] = set()
    names: set[str] = set()
    for index in range(max(len(tags), len(headers))):
        tag = tags[index] if index < len(tags) else None
        header = headers[index] if index < len(headers) else ""
        name = str(tag) if tag else header.strip() or f"column {index + 1}"
        while name in names:  # a table may repeat a tag or header
            name = f"{name} ({header.strip()})" if tag and header and f"({header.strip()})" not in name else f"{name}'"
        names.add(name)
        column = _column(tag, index, name, header)
        if column.field in SINGLE:
            if column.field in taken and column.field != "country":
                column = Column(index, name, "attribute")
            taken.add(column.field)
        columns.append(column)
    columns = _without_doubled_names(_with_one_doer(columns))
    return Plan(tuple(columns), {}, "presence", sheet, first_row)


def _column(tag: Tag | None, index: int, name: str, header: str) -> Column:
    is_person = sheet_words().persons.search(fold(header)) is not None
    if tag is None:
        return Column(index, name, "drop" if is_person else "attribute")
    has = tag.attributes
    if tag.name == "#contact" or has & {"email", "phone", "contact"}:
        return Column(index, name, "drop")
    lang = next(iter(sorted(has & _LANGUAGES)), None)
    if tag.name == "#org":
        return _organisation(tag, index, name, lang)
    if tag.name in _PEOPLE or tag.name == "#beneficiary":
        group = ",".join(sorted(has - _ALL - _LANGUAGES)) or None
        # HXL 1.1 has #beneficiary for those who are meant to benefit: targeted, not reached.
        return Column(index, name, _PEOPLE.get(tag.name, "targeted"), group=group)
    if tag.name == "#value":
        return _value(tag, index, name)
    if tag.name in ("#sector", "#subsector", "#cluster"):
        if "type" in has:
            return Column(index, name, "attribute")
        vocabulary = "10" if tag.name == "#cluster" or "cluster" in has else "99"
        return Column(
            index, name, "sector_code" if has & _CODE else "sector", vocabulary=vocabulary, lang=lang, party=tag.name
        )
    return Column(index, name, _FIELDS_BY_TAG.get(tag.name, _attribute)(has), lang=lang)


def _organisation(tag: Tag, index: int, name: str, lang: str | None) -> Column:
    has = tag.attributes
    role = next((_ROLES[a] for a in sorted(has) if a in _ROLES), "org")
    # "#org+impl", "#org+impl+name" and "#org+impl+type" speak of one party, "#org+impl+second" of another.
    party = "+".join(sorted(has - _ROLES.keys() - _CODE - _LANGUAGES - {"name", "type", "acronym"}))
    if "type" in has:
        return Column(index, name, f"{role}_type", party=party)
    if has & _CODE:
        return Column(index, name, f"{role}_ref", party=party)
    return Column(index, name, role, party=party, lang=lang)


def _with_one_doer(columns: list[Column]) -> list[Column]:
    """`#org+type` without a role speaks of the implementing organisation where no column names another."""
    is_named = any(c.field == "org" and "+acronym" not in c.name for c in columns)
    if is_named or not any(c.field == "implementing_org" and not c.party for c in columns):
        return columns
    moved = {"org": "implementing_org", "org_type": "implementing_org_type", "org_ref": "implementing_org_ref"}
    has = {c.field for c in columns if not c.party}
    return [
        dataclasses.replace(c, field=moved[c.field])
        if c.field in moved and not c.party and (c.field == "org" or moved[c.field] not in has)
        else c
        for c in columns
    ]


def _without_doubled_names(columns: list[Column]) -> list[Column]:
    """One name column per party: `+name` before a plain tag before `+acronym`; the others are kept as attributes."""
    best: dict[tuple[str, str], Column] = {}
    rank = {"name": 0, "acronym": 2}
    for column in columns:
        if column.field.endswith("org"):
            key = (column.field, column.party)
            order = min((rank.get(a, 1) for a in column.name.split("+")[1:] if a in rank), default=1)
            known = best.get(key)
            if known is None or order < min(
                (rank.get(a, 1) for a in known.name.split("+")[1:] if a in rank), default=1
            ):
                best[key] = column
    return [
        Column(c.index, c.name, "attribute") if c.field.endswith("org") and best[c.field, c.party] is not c else c
        for c in columns
    ]


def _value(tag: Tag, index: int, name: str) -> Column:
    currency = next((a.upper() for a in sorted(tag.attributes) if a in _CURRENCIES), None)
    rest = tag.attributes - _CURRENCIES
    field = next((_MONEY[a] for a in sorted(rest) if a in _MONEY), "attribute" if rest else "budget")
    return Column(index, name, field, currency=currency)


def _attribute(_: frozenset[str]) -> str:
    return "attribute"


def _activity(has: frozenset[str]) -> str:
    if has & {"status"}:
        return "state"
    if has & {"type", "cva", "modality"}:
        return "attribute"
    if has & _CODE:
        return "identifier"
    return "description" if "description" in has else "title"


def _date(has: frozenset[str]) -> str:
    for part in ("start", "end"):
        if part in has:
            kind = next((k for k in ("planned", "actual") if k in has), None)
            return f"{part}_{kind}_date" if kind else f"{part}_date"
    if "year" in has or "month" in has:
        return "reported_year" if "year" in has else "reported_month"
    return "reported_date" if not has - _LANGUAGES or has & {"reported", "report", "updated"} else "attribute"


def _admin(level: int) -> _Rule:
    def field(has: frozenset[str]) -> str:
        if has & {"alt", "type"}:
            return "attribute"
        return f"admin{level}_code" if has & _CODE else f"admin{level}_name"

    return field


def _geo(has: frozenset[str]) -> str:
    return "latitude" if "lat" in has else "longitude" if has & {"lon", "lng", "long"} else "attribute"


def _place(has: frozenset[str]) -> str:
    return "attribute" if has & (_CODE | {"type"}) else "location_name"


def _meta(has: frozenset[str]) -> str:
    return "marking" if "marking" in has else "link" if "url" in has else "attribute"


_FIELDS_BY_TAG: dict[str, _Rule] = {
    "#activity": _activity,
    "#project": _activity,
    "#description": lambda has: "attribute" if has - _LANGUAGES else "description",
    "#status": lambda has: "attribute" if has - _LANGUAGES - {"name", "activity", "code"} else "state",
    "#date": _date,
    "#country": lambda has: "attribute" if has & {"type", "alt"} else "country",
    "#adm0": lambda has: "attribute" if has & {"type", "alt"} else "country",
    "#adm1": _admin(1),
    "#adm2": _admin(2),
    "#adm3": _admin(3),
    "#adm4": _place,
    "#adm5": _place,
    "#loc": _place,
    "#geo": _geo,
    "#currency": lambda has: "attribute" if has - _CODE - {"name"} else "currency",
    "#meta": _meta,
}
