"""Write tellings as IATI activity files of version 2.03 and 2.02.

Place on the way: tellings of one file enter, the bytes of an XML document leave. Planted mistakes are written here, as
a publisher's own system would make them.
"""

from collections.abc import Iterable
from datetime import date

from lxml import etree

from concerted.demo.calendar import AS_OF, quoted_day
from concerted.demo.catalogue import INVENTED, NAMESAKES, NOTICE, Partner, places
from concerted.demo.world_types import REGIONAL, UNKNOWN, Money, Project, Telling

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: The vocabulary of the invented strategy, as publishers name it beside their 99 codes.
VOCABULARY_URI = "urn:concerted:demo-strategy"
#: DAC's code for several countries south of the Sahara.
REGION_CODE = "289"
TRANSACTION_TYPES = {"incoming": "1", "commitment": "2", "disbursement": "3", "expenditure": "4", "pledge": "13"}
#: Values of the activities that carry a planted mistake.
BAD_DATE = "2025-02-30"


def activities_xml(tellings: Iterable[Telling], version: str) -> bytes:
    """An iati-activities document; every text in it says that it is invented."""
    root = etree.Element("iati-activities", {"version": version, "generated-datetime": f"{AS_OF}T06:00:00Z"})
    root.append(etree.Comment(f" {NOTICE} "))
    for telling in tellings:
        root.append(_activity(telling, version))
        if "duplicate_identifier" in telling.faults:
            root.append(_activity(telling, version, updated=date(2026, 3, 1)))
    return document(root)


def document(root: etree._Element) -> bytes:
    """The bytes of a document: indented, with declaration, the same on every machine."""
    etree.indent(root, "  ")
    body: bytes = etree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _activity(telling: Telling, version: str, updated: date = AS_OF) -> etree._Element:
    project, faults = telling.project, telling.faults
    currency = telling.money[0].currency if telling.money else "USD"
    activity = etree.Element(
        "iati-activity",
        {
            "last-updated-datetime": f"{updated}T06:00:00Z",
            LANG: "en" if "wrong_language" in faults else next(iter(telling.title)),
            "default-currency": currency,
        },
    )
    etree.SubElement(activity, "iati-identifier").text = telling.identifier
    reporting = etree.SubElement(
        activity, "reporting-org", {"ref": telling.partner.ref, "type": telling.partner.type_code}
    )
    _names(reporting, telling.partner)
    title = etree.SubElement(activity, "title")
    if "empty_title" in faults:
        etree.SubElement(title, "narrative").text = "  "
    else:
        narratives(title, telling.title, declare="wrong_language" not in faults)
    narratives(etree.SubElement(activity, "description", type="1"), telling.text, "wrong_language" not in faults)
    _participants(activity, telling)
    etree.SubElement(activity, "activity-status", code="9" if "unknown_status" in faults else project.status)
    _dates(activity, telling)
    _places(activity, telling)
    _sectors(activity, telling, version)
    gender = "2" if project.theme.key in ("women", "victims") else "0" if project.theme.objective is None else "1"
    etree.SubElement(activity, "policy-marker", vocabulary="1", code="1", significance=gender)
    etree.SubElement(activity, "collaboration-type", code="1")
    etree.SubElement(activity, "default-flow-type", code="10")
    etree.SubElement(activity, "default-finance-type", code="110")
    etree.SubElement(activity, "default-aid-type", code="C01")
    for line in telling.money:
        if line.kind == "budget":
            _budget(activity, line)
    for line in telling.money:
        if line.kind != "budget":
            _transaction(activity, telling, line)
    for kind, ref in telling.related:
        etree.SubElement(activity, "related-activity", ref=ref, type=kind)
    if project.number % 5 == 0:
        _result(activity, project)
    return activity


def narratives(parent: etree._Element, texts: dict[str, str], declare: bool = True) -> None:
    """One narrative per language; the first has the activity's language and need not repeat it."""
    for n, (lang, text) in enumerate(texts.items()):
        narrative = etree.SubElement(parent, "narrative")
        narrative.text = text
        if n and declare:
            narrative.set(LANG, lang)


def _names(parent: etree._Element, partner: Partner) -> None:
    etree.SubElement(parent, "narrative", {LANG: "fr"}).text = partner.name["fr"]
    etree.SubElement(parent, "narrative", {LANG: "en"}).text = partner.name["en"]


def _participants(activity: etree._Element, telling: Telling) -> None:
    def add(role: str, partner: Partner, activity_ref: str | None = None, by_name: bool = False) -> None:
        attributes = {"role": role, "type": partner.type_code}
        if not by_name:
            attributes["ref"] = partner.ref
        if activity_ref:
            attributes["activity-id"] = activity_ref
        element = etree.SubElement(activity, "participating-org", attributes)
        etree.SubElement(element, "narrative", {LANG: "fr"}).text = partner.name["fr"]

    add("1", telling.funder or telling.partner, telling.funder_activity, telling.funder_by_name)
    add("2", telling.partner)
    if telling.implementer:
        add("4", telling.implementer, telling.implementer_activity)
    elif telling.role == "middle" or telling.partner.group != "donor":
        add("4", telling.partner)


def _dates(activity: etree._Element, telling: Telling) -> None:
    project = telling.project
    if "no_dates" in telling.faults:
        return
    begun, over = project.start <= AS_OF, project.status in ("3", "4")
    dates = [("1", project.start), ("2", project.start if begun else None)]
    dates += [("3", project.end), ("4", project.end if over else None)]
    for kind, day in dates:
        if day is not None:
            text = BAD_DATE if "bad_date" in telling.faults and kind == "3" else day.isoformat()
            etree.SubElement(activity, "activity-date", {"type": kind, "iso-date": text})


def _places(activity: etree._Element, telling: Telling) -> None:
    project, faults = telling.project, telling.faults
    codes = [code for code, _ in project.places]
    if UNKNOWN in codes:
        if "unknown_country" in faults:
            etree.SubElement(activity, "recipient-country", code="XX")
        return
    if REGIONAL in codes:
        etree.SubElement(activity, "activity-scope", code="2")
        region = etree.SubElement(activity, "recipient-region", code=REGION_CODE, vocabulary="1")
        etree.SubElement(region, "narrative").text = "South of Sahara, regional"
        return
    inside = [places()[code] for code in codes]
    weights: dict[str, int] = {}
    for code, weight in project.places:
        weights[places()[code].country] = weights.get(places()[code].country, 0) + weight
    for country, weight in weights.items():
        attributes = {"code": country}
        if len(weights) > 1:
            attributes["percentage"] = str(weight)
        etree.SubElement(activity, "recipient-country", attributes)
    for place in inside:
        if place.level == 0:
            continue
        location = etree.SubElement(activity, "location", ref=f"loc-{place.code.lower()}")
        etree.SubElement(location, "location-reach", code="1")
        name = etree.SubElement(location, "name")
        etree.SubElement(name, "narrative").text = place.name[next(iter(telling.title))]
        if telling.place_style == "code" or place.code in NAMESAKES:
            code = "ML0702" if "old_pcode" in faults else place.code
            etree.SubElement(location, "administrative", vocabulary="A2", level=str(place.level), code=code)
        elif telling.place_style == "point":
            position = f"{place.latitude:.2f} {place.longitude:.2f}"
            position = "0 0" if "point_zero" in faults else "143.20 -3.10" if "point_outside" in faults else position
            point = etree.SubElement(location, "point", srsName="http://www.opengis.net/def/crs/EPSG/0/4326")
            etree.SubElement(point, "pos").text = position
        etree.SubElement(location, "exactness", code="2")


def _sectors(activity: etree._Element, telling: Telling, version: str) -> None:
    project, faults = telling.project, telling.faults
    codes = ["99999"] if "unknown_sector" in faults else list(project.theme.dac)
    split = [("share_sum_sector", ["60", "25"]), ("share_above_100", ["140"])]
    pcts = next((p for fault, p in split if fault in faults), [["100"], ["70", "30"]][len(codes) - 1])
    codes = [codes[n % len(codes)] for n in range(len(pcts))]
    if "share_sum_sector" in faults and len(set(codes)) == 1:
        codes[1] = "15110"
    for code, pct in zip(codes, pcts, strict=True):
        etree.SubElement(activity, "sector", vocabulary="1", code=code, percentage=pct)
    if telling.declares:
        for node, weight in project.actions:
            attributes = {"vocabulary": "99", "vocabulary-uri": VOCABULARY_URI, "code": node, "percentage": str(weight)}
            etree.SubElement(activity, "sector", attributes)
    if project.theme.pve == "specific" and version == "2.03" and project.number % 2:
        etree.SubElement(activity, "tag", vocabulary="3", code="16.a")


def _money_value(parent: etree._Element, line: Money, day: date | None) -> None:
    attributes = {"currency": line.currency}
    if day is not None:
        attributes["value-date"] = day.isoformat()
    etree.SubElement(parent, "value", attributes).text = line.raw or f"{line.value:f}"


def _budget(activity: etree._Element, line: Money) -> None:
    budget = etree.SubElement(activity, "budget", type="1", status="1")
    year = line.year or quoted_day(AS_OF).year
    etree.SubElement(budget, "period-start", {"iso-date": f"{year}-01-01"})
    etree.SubElement(budget, "period-end", {"iso-date": f"{year}-12-31"})
    _money_value(budget, line, line.day)


def _transaction(activity: etree._Element, telling: Telling, line: Money) -> None:
    transaction = etree.SubElement(activity, "transaction")
    etree.SubElement(transaction, "transaction-type", code=TRANSACTION_TYPES[line.kind])
    if line.day is not None:
        etree.SubElement(transaction, "transaction-date", {"iso-date": line.day.isoformat()})
    _money_value(transaction, line, line.day)
    lang = next(iter(telling.title))
    narratives(etree.SubElement(transaction, "description"), {lang: f"{INVENTED[lang]}."})
    if line.kind == "incoming":
        _party(transaction, "provider-org", line)
    elif line.other_partner is not None:
        _party(transaction, "receiver-org", line)


def _party(transaction: etree._Element, tag: str, line: Money) -> None:
    if line.other_partner is None:
        return
    attributes = {"ref": line.other_partner.ref}
    if line.other_activity:
        attributes[tag.replace("-org", "-activity-id")] = line.other_activity
    party = etree.SubElement(transaction, tag, attributes)
    etree.SubElement(party, "narrative").text = line.other_partner.name["fr"]


def _result(activity: etree._Element, project: Project) -> None:
    result = etree.SubElement(activity, "result", {"type": "1", "aggregation-status": "false"})
    narratives(etree.SubElement(result, "title"), {"fr": f"Personnes formées ({INVENTED['fr']})"})
    indicator = etree.SubElement(result, "indicator", measure="1")
    narratives(etree.SubElement(indicator, "title"), {"fr": "Nombre de personnes formées"})
    period = etree.SubElement(indicator, "period")
    etree.SubElement(period, "period-start", {"iso-date": f"{project.start.year}-01-01"})
    etree.SubElement(period, "period-end", {"iso-date": f"{project.start.year}-12-31"})
    etree.SubElement(period, "target", value=str(200 + 10 * project.number))
    if project.status in ("3", "4"):
        etree.SubElement(period, "actual", value=str(150 + 9 * project.number))
