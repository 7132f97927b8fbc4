"""Write tellings as an IATI activity file of version 1.05, the way it was done until 2015.

Place on the way: as `iati`. In 1.x texts stand in the elements themselves, and codes are words and letters.
Source: IATI 1.05 activity schema and codelists.
"""

from collections.abc import Iterable

from lxml import etree

from concerted.demo.calendar import AS_OF
from concerted.demo.catalogue import INVENTED, NOTICE, Partner, places
from concerted.demo.iati import LANG, document
from concerted.demo.world_types import REGIONAL, UNKNOWN, Telling

TRANSACTION_TYPES = {"incoming": "IF", "commitment": "C", "disbursement": "D", "expenditure": "E"}


def activities_1x_xml(tellings: Iterable[Telling]) -> bytes:
    """An iati-activities document of version 1.05."""
    root = etree.Element("iati-activities", {"version": "1.05", "generated-datetime": f"{AS_OF}T06:00:00"})
    root.append(etree.Comment(f" {NOTICE} "))
    for telling in tellings:
        root.append(_activity(telling))
    return document(root)


def _activity(telling: Telling) -> etree._Element:
    project = telling.project
    first = next(iter(telling.title))
    activity = etree.Element(
        "iati-activity",
        {
            "last-updated-datetime": f"{AS_OF}T06:00:00",
            LANG: first,
            "default-currency": telling.money[0].currency if telling.money else "EUR",
        },
    )
    _organisation(activity, "reporting-org", telling.partner)
    etree.SubElement(activity, "iati-identifier").text = telling.identifier
    for tag, texts in (("title", telling.title), ("description", telling.text)):
        for lang, text in texts.items():
            etree.SubElement(activity, tag, {LANG: lang}).text = text
    etree.SubElement(activity, "activity-status", code=project.status)
    etree.SubElement(activity, "activity-date", {"type": "start-actual", "iso-date": project.start.isoformat()})
    etree.SubElement(activity, "activity-date", {"type": "end-planned", "iso-date": project.end.isoformat()})
    _organisation(activity, "participating-org", telling.funder or telling.partner, role="Funding")
    _organisation(activity, "participating-org", telling.partner, role="Implementing")
    _places(activity, telling)
    for code, pct in zip(project.theme.dac, ([100], [70, 30])[len(project.theme.dac) - 1], strict=True):
        etree.SubElement(activity, "sector", vocabulary="DAC", code=code, percentage=str(pct))
    if telling.declares:
        for node, weight in project.actions:
            etree.SubElement(activity, "sector", vocabulary="RO", code=node, percentage=str(weight))
    etree.SubElement(activity, "default-finance-type", code="110")
    for line in telling.money:
        element = etree.SubElement(activity, "budget" if line.kind == "budget" else "transaction")
        if line.kind == "budget":
            etree.SubElement(element, "period-start", {"iso-date": f"{line.year}-01-01"})
            etree.SubElement(element, "period-end", {"iso-date": f"{line.year}-12-31"})
        else:
            etree.SubElement(element, "transaction-type", code=TRANSACTION_TYPES[line.kind])
        day = line.day.isoformat() if line.day else ""
        value = etree.SubElement(element, "value", {"value-date": day, "currency": line.currency})
        value.text = f"{line.value:f}"
        if line.kind != "budget":
            etree.SubElement(element, "description").text = INVENTED[first]
            etree.SubElement(element, "transaction-date", {"iso-date": day})
    return activity


def _organisation(activity: etree._Element, tag: str, partner: Partner, **attributes: str) -> None:
    element = etree.SubElement(activity, tag, {"ref": partner.ref, "type": partner.type_code, **attributes})
    element.text = partner.name["fr"]


def _places(activity: etree._Element, telling: Telling) -> None:
    codes = [code for code, _ in telling.project.places]
    if UNKNOWN in codes:
        return
    if REGIONAL in codes:
        etree.SubElement(activity, "recipient-region", code="289").text = "South of Sahara, regional"
        return
    weights: dict[str, int] = {}
    for code, weight in telling.project.places:
        weights[places()[code].country] = weights.get(places()[code].country, 0) + weight
    for country, weight in weights.items():
        attributes = {"code": country, "percentage": str(weight)} if len(weights) > 1 else {"code": country}
        etree.SubElement(activity, "recipient-country", attributes)
    for code in codes:
        place = places()[code]
        if place.level:
            location = etree.SubElement(activity, "location")
            etree.SubElement(location, "name").text = place.name["fr"]
            etree.SubElement(location, "administrative", vocabulary="A2", level=str(place.level), code=place.code)
            etree.SubElement(
                location,
                "coordinates",
                latitude=f"{place.latitude:.2f}",
                longitude=f"{place.longitude:.2f}",
                precision="3",
            )
