"""What an IATI file says, read the slow and obvious way: lxml, one activity at a time, no code shared with the reader.

The reader must give the same cells. Codes go through the shipped lists (they are data); all else is done here anew.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from xml.parsers import expat

import pyarrow as pa
from lxml import etree

from concerted.model.ids import hash_id
from concerted.model.tables import rec_schema
from concerted.records.money import add_values

from .iati_oracle_values import amount, attribute, code, day, flag, lang, moment, name, number, percent, text, whole

Row = dict[str, Any]
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(data: bytes, path: str) -> dict[str, list[Row]]:
    """Rows by table of a whole, well-formed document with UTF-8 text."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    lines = dict(zip(root.iter(), _lines(data), strict=True))
    activities = [root] if root.tag == "iati-activity" else root.findall("iati-activity")
    found: dict[str, list[Row]] = {}
    seen: dict[str, int] = {}
    for element in activities:
        identifier = text(element.find("iati-identifier"))
        assert identifier is not None, "the oracle knows activities with identifiers only"
        record = hash_id(path, identifier, str(seen.get(identifier, 0)))
        seen[identifier] = seen.get(identifier, 0) + 1
        for table, rows in Activity(element, record, lines, path, attribute(root, "version")).tables().items():
            found.setdefault(table, []).extend(rows)
    return {name: _with_money(name, rows) for name, rows in found.items() if rows}


def _lines(data: bytes) -> list[int]:
    """Line (counted by line feeds) of the first byte of each element; libxml2 only knows where a start tag ends."""
    found: list[int] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: found.append(parser.CurrentByteIndex)
    parser.Parse(data, True)
    breaks = [at for at, byte in enumerate(data) if byte == 10]
    return [bisect_left(breaks, at) + 1 for at in found]


def _with_money(name: str, rows: list[Row]) -> list[Row]:
    table = pa.Table.from_pylist(rows, rec_schema(name))
    if name == "budget":
        table = add_values(table)
    if name == "transaction":
        days = [row["value_date"] or row["transaction_date"] for row in rows]
        table = add_values(table.append_column("_day", pa.array(days, pa.date32())), "_day").drop_columns("_day")
    return table.to_pylist()


class Activity:
    """One activity and the tables it gives."""

    def __init__(
        self, element: etree._Element, record: int, lines: dict[Any, int], path: str, version: str | None
    ) -> None:
        self.element, self.record, self.lines, self.path, self.version = element, record, lines, path, version
        self.lang = attribute(element, _LANG) or attribute(element, "lang")
        self.transactions = element.findall("transaction")

    def tables(self) -> dict[str, list[Row]]:
        methods: dict[str, Callable[[], Iterator[Row]]] = {
            "activity": self.activity,
            "narrative": self.narratives,
            "sector": self.sectors,
            "recipient": self.recipients,
            "location": self.locations,
            "location_code": self.location_codes,
            "budget": self.budgets,
            "transaction": self.transaction_rows,
            "indicator": self.indicators,
            "indicator_period": self.periods,
            "tag": self.tags,
            "document": self.documents,
        }
        simple: dict[str, tuple[str, Callable[[etree._Element], Row]]] = {
            "identifier": ("other-identifier", self.identifier),
            "related_activity": ("related-activity", self.related),
            "participating_org": ("participating-org", self.participant),
            "policy_marker": ("policy-marker", self.marker),
            "result": ("result", self.result),
        }
        found = {table: list(method()) for table, method in methods.items()}
        for table, (tag, make) in simple.items():
            found[table] = [
                {"record_id": self.record, "seq": i, **make(e)} for i, e in enumerate(self.element.findall(tag))
            ]
        return found

    def lang_of(self, holder: etree._Element | None) -> str | None:
        """Declared language of what `name` takes from an element."""
        if holder is None or name(holder) is None:
            return None
        narrative = holder.find("narrative")
        if text(narrative) is None:
            narrative = None
        own = None if narrative is None else attribute(narrative, _LANG) or attribute(narrative, "lang")
        return lang(own or attribute(holder, _LANG) or attribute(holder, "lang") or self.lang)

    def activity(self) -> Iterator[Row]:
        a = self.element
        status = a.find("activity-status")
        status_code = code("ActivityStatus", attribute(status, "code") or attribute(status, "ref") or text(status))
        dates: dict[str, date] = {}
        for element in a.findall("activity-date"):
            kind = code("ActivityDateType", attribute(element, "type"))
            found = day(attribute(element, "iso-date") or text(element))
            if kind is not None and found is not None:
                dates.setdefault(kind, found)
        states = {"1": "planned", "2": "ongoing", "3": "completed", "4": "completed", "5": "cancelled"}
        reporting = a.find("reporting-org")
        yield {
            "record_id": self.record,
            "source_id": "source",
            "input_path": self.path,
            "line": self.lines[a],
            "kind": "iati",
            "identifier": text(a.find("iati-identifier")),
            "reporting_org_ref": attribute(reporting, "ref"),
            "reporting_org_type_code": code("OrganisationType", attribute(reporting, "type")),
            "reporting_org_name": name(reporting),
            "is_secondary_reporter": flag(attribute(reporting, "secondary-reporter")),
            "title": name(a.find("title")),
            "title_lang": self.lang_of(a.find("title")),
            "description": name(a.find("description")),
            "description_lang": self.lang_of(a.find("description")),
            "activity_status_code": status_code,
            "state": states.get(status_code or ""),
            "start_planned_date": dates.get("1"),
            "start_actual_date": dates.get("2"),
            "end_planned_date": dates.get("3"),
            "end_actual_date": dates.get("4"),
            "default_currency": code("Currency", attribute(a, "default-currency")),
            "default_lang": lang(self.lang),
            "default_aid_type_code": code("AidType", self.first_of_dac(a, "default-aid-type")),
            "default_flow_type_code": self.default("FlowType", "default-flow-type", "flow-type"),
            "default_finance_type_code": self.default("FinanceType", "default-finance-type", "finance-type"),
            "default_tied_status_code": self.default("TiedStatus", "default-tied-status", "default-tied-status"),
            "collaboration_type_code": code("CollaborationType", attribute(a.find("collaboration-type"), "code")),
            "activity_scope_code": code("ActivityScope", attribute(a.find("activity-scope"), "code")),
            "hierarchy": whole(attribute(a, "hierarchy")),
            "is_humanitarian": flag(attribute(a, "humanitarian")),
            "has_conditions": flag(attribute(a.find("conditions"), "attached")),
            "capital_spend_pct": percent(attribute(a.find("capital-spend"), "percentage")),
            "last_updated": moment(attribute(a, "last-updated-datetime")),
            "iati_version": attribute(a, "version") or self.version,
            "marking_key": "CLEAR",
            "is_partner_hidden": False,
            "is_supply": True,
        }

    def default(self, codelist: str, tag: str, old: str) -> str | None:
        found = attribute(self.element.find(tag), "code") or attribute(self.element.find(old), "ref")
        return code(codelist, found)

    @staticmethod
    def first_of_dac(parent: etree._Element, tag: str) -> str | None:
        for element in parent.findall(tag):
            if attribute(element, "vocabulary") in (None, "1", "DAC"):
                return attribute(element, "code")
        return None

    @staticmethod
    def identifier(e: etree._Element) -> Row:
        owner = e.find("owner-org")
        return {
            "ref": attribute(e, "ref") or text(e),
            "type_code": code("OtherIdentifierType", attribute(e, "type")),
            "owner_org_ref": attribute(owner, "ref") or attribute(e, "owner-ref"),
            "owner_org_name": (None if owner is None else text(owner.find("narrative"))) or attribute(e, "owner-name"),
        }

    @staticmethod
    def related(e: etree._Element) -> Row:
        return {"ref": attribute(e, "ref"), "type_code": code("RelatedActivityType", attribute(e, "type"))}

    def participant(self, e: etree._Element) -> Row:
        return {
            "role_code": code("OrganisationRole", attribute(e, "role")),
            "ref": attribute(e, "ref"),
            "type_code": code("OrganisationType", attribute(e, "type")),
            "name": name(e),
            "name_lang": self.lang_of(e),
            "activity_ref": attribute(e, "activity-id"),
        }

    @staticmethod
    def marker(e: etree._Element) -> Row:
        return {
            "vocabulary_code": code("PolicyMarkerVocabulary", attribute(e, "vocabulary")) or "1",
            "code": attribute(e, "code"),
            "significance_code": code("PolicySignificance", attribute(e, "significance")),
            "name": name(e),
        }

    def result(self, e: etree._Element) -> Row:
        return {
            "type_code": code("ResultType", attribute(e, "type")),
            "can_aggregate": flag(attribute(e, "aggregation-status")),
            "title": name(e.find("title")),
            "title_lang": self.lang_of(e.find("title")),
        }

    def holders(self) -> Iterator[tuple[int, etree._Element]]:
        """The activity (-1) and its transactions: who can have sectors and recipients."""
        yield -1, self.element
        yield from enumerate(self.transactions)

    def sectors(self) -> Iterator[Row]:
        for transaction, holder in self.holders():
            for seq, e in enumerate(holder.findall("sector")):
                yield {
                    "record_id": self.record,
                    "transaction_seq": transaction,
                    "seq": seq,
                    "vocabulary_code": code("SectorVocabulary", attribute(e, "vocabulary")) or "1",
                    "vocabulary_uri": attribute(e, "vocabulary-uri"),
                    "code": attribute(e, "code"),
                    "pct": percent(attribute(e, "percentage")),
                    "name": name(e),
                }

    def recipients(self) -> Iterator[Row]:
        for transaction, holder in self.holders():
            both = [e for e in holder if e.tag in ("recipient-country", "recipient-region")]
            for seq, e in enumerate(both):
                is_country = e.tag == "recipient-country"
                value = attribute(e, "code")
                vocabulary = code("RegionVocabulary", attribute(e, "vocabulary")) or "1"
                yield {
                    "record_id": self.record,
                    "transaction_seq": transaction,
                    "seq": seq,
                    "kind": "country" if is_country else "region",
                    "vocabulary_code": None if is_country else vocabulary,
                    "code": value.upper() if value and is_country else value,
                    "pct": percent(attribute(e, "percentage")),
                    "name": name(e),
                }

    def locations(self) -> Iterator[Row]:
        for seq, e in enumerate(self.element.findall("location")):
            coordinates, administrative = e.find("coordinates"), e.find("administrative")
            position = text(e.find("point/pos") if e.find("point") is not None else None)
            parts = re.fullmatch(r"([^\s,;]+)[\s,;]+([^\s,;]+)", position or "")
            pair = (
                parts.groups() if parts else (attribute(coordinates, "latitude"), attribute(coordinates, "longitude"))
            )
            latitude, longitude = (number(p) for p in pair)
            if (
                latitude is None
                or longitude is None
                or abs(latitude) > 90
                or abs(longitude) > 180
                or latitude == longitude == 0
            ):
                latitude = longitude = None
            yield {
                "record_id": self.record,
                "seq": seq,
                "line": self.lines[e],
                "ref": attribute(e, "ref"),
                "reach_code": code("GeographicLocationReach", attribute(e.find("location-reach"), "code")),
                "exactness_code": code(
                    "GeographicExactness", attribute(e.find("exactness"), "code") or attribute(coordinates, "precision")
                ),
                "class_code": code("GeographicLocationClass", attribute(e.find("location-class"), "code")),
                "feature_code": attribute(e.find("feature-designation"), "code")
                or attribute(e.find("location-type"), "code"),
                "latitude": None if latitude is None else float(latitude),
                "longitude": None if longitude is None else float(longitude),
                "name": name(e.find("name")),
                "name_lang": self.lang_of(e.find("name")),
                "country_code": code("Country", attribute(administrative, "country")),
                "admin1_code": attribute(administrative, "adm1"),
                "admin2_code": attribute(administrative, "adm2"),
                "pct": percent(attribute(e, "percentage")),
            }

    def location_codes(self) -> Iterator[Row]:
        kinds = {"location-id": "gazetteer", "administrative": "administrative", "gazetteer-entry": "gazetteer"}
        for location, holder in enumerate(self.element.findall("location")):
            for seq, e in enumerate(e for e in holder if e.tag in kinds):
                own = text(e) if e.tag == "gazetteer-entry" else None
                vocabulary = attribute(e, "vocabulary") or attribute(e, "gazetteer-ref")
                yield {
                    "record_id": self.record,
                    "location_seq": location,
                    "seq": seq,
                    "kind": kinds[e.tag],
                    "vocabulary_code": code("GeographicVocabulary", vocabulary),
                    "level": whole(attribute(e, "level")),
                    "code": attribute(e, "code") or own,
                }

    def tags(self) -> Iterator[Row]:
        kinds = {"tag": "tag", "humanitarian-scope": "humanitarian_scope"}
        for seq, e in enumerate(e for e in self.element if e.tag in kinds):
            yield {
                "record_id": self.record,
                "kind": kinds[e.tag],
                "seq": seq,
                "type_code": code("HumanitarianScopeType", attribute(e, "type")),
                "vocabulary_code": attribute(e, "vocabulary"),
                "vocabulary_uri": attribute(e, "vocabulary-uri"),
                "code": attribute(e, "code"),
                "name": name(e),
            }

    def money(self, e: etree._Element) -> Row:
        value = e.find("value")
        currency = attribute(value, "currency") or attribute(self.element, "default-currency")
        row: Row = {
            "record_id": self.record,
            "line": self.lines[e],
            "value": amount(text(value)),
            "currency": code("Currency", currency),
            "value_date": day(attribute(value, "value-date")),
        }
        for side in ("provider", "receiver"):
            organisation = e.find(f"{side}-org")
            row[f"{side}_org_ref"] = attribute(organisation, "ref")
            row[f"{side}_org_name"] = name(organisation)
            row[f"{side}_activity_ref"] = attribute(organisation, f"{side}-activity-id")
        return row

    def budgets(self) -> Iterator[Row]:
        kinds = {"budget": "budget", "planned-disbursement": "planned_disbursement", "budget-planned": "budget"}
        for seq, e in enumerate(e for e in self.element if e.tag in kinds):
            yield {
                **self.money(e),
                "kind": kinds[e.tag],
                "seq": seq,
                "type_code": code("BudgetType", attribute(e, "type")),
                "status_code": code("BudgetStatus", attribute(e, "status")),
                "period_start_date": self.day_of(e.find("period-start")),
                "period_end_date": self.day_of(e.find("period-end")),
            }

    @staticmethod
    def day_of(element: etree._Element | None) -> date | None:
        return day(attribute(element, "iso-date") or text(element))

    def transaction_rows(self) -> Iterator[Row]:
        own = next(self.activity())
        for seq, e in enumerate(self.transactions):
            given = e.find("transaction-date")
            when = attribute(given, "iso-date") or text(given) or text(e.find("milestone-date"))
            yield {
                **self.money(e),
                "seq": seq,
                "ref": attribute(e, "ref"),
                "type_code": code(
                    "TransactionType", attribute(e.find("transaction-type"), "code") or attribute(e, "type")
                ),
                "transaction_date": day(when),
                "description": name(e.find("description")),
                "provider_org_type_code": code("OrganisationType", attribute(e.find("provider-org"), "type")),
                "receiver_org_type_code": code("OrganisationType", attribute(e.find("receiver-org"), "type")),
                "disbursement_channel_code": code(
                    "DisbursementChannel", attribute(e.find("disbursement-channel"), "code")
                ),
                "flow_type_code": code("FlowType", attribute(e.find("flow-type"), "code"))
                or own["default_flow_type_code"],
                "finance_type_code": code("FinanceType", attribute(e.find("finance-type"), "code"))
                or own["default_finance_type_code"],
                "aid_type_code": code("AidType", self.first_of_dac(e, "aid-type")) or own["default_aid_type_code"],
                "tied_status_code": code("TiedStatus", attribute(e.find("tied-status"), "code"))
                or own["default_tied_status_code"],
                "is_humanitarian": flag(attribute(e, "humanitarian")),
            }

    def numbered_indicators(self) -> Iterator[tuple[int, int, etree._Element]]:
        seq = 0
        for result, holder in enumerate(self.element.findall("result")):
            for e in holder.findall("indicator"):
                yield result, seq, e
                seq += 1

    def numbered_periods(self) -> Iterator[tuple[int, int, etree._Element]]:
        seq = 0
        for _, indicator, holder in self.numbered_indicators():
            for e in holder.findall("period"):
                yield indicator, seq, e
                seq += 1

    def indicators(self) -> Iterator[Row]:
        for result, seq, e in self.numbered_indicators():
            baseline = e.find("baseline")
            yield {
                "record_id": self.record,
                "result_seq": result,
                "seq": seq,
                "measure_code": code("IndicatorMeasure", attribute(e, "measure")),
                "is_ascending": flag(attribute(e, "ascending")),
                "title": name(e.find("title")),
                "title_lang": self.lang_of(e.find("title")),
                "baseline_year": whole(attribute(baseline, "year")),
                "baseline_date": day(attribute(baseline, "iso-date")),
                "baseline_value": attribute(baseline, "value"),
            }

    def periods(self) -> Iterator[Row]:
        for indicator, seq, e in self.numbered_periods():
            yield {
                "record_id": self.record,
                "indicator_seq": indicator,
                "seq": seq,
                "period_start_date": self.day_of(e.find("period-start")),
                "period_end_date": self.day_of(e.find("period-end")),
                "target_value": attribute(e.find("target"), "value") or text(e.find("target")),
                "actual_value": attribute(e.find("actual"), "value") or text(e.find("actual")),
            }

    def documents(self) -> Iterator[Row]:
        for seq, e in enumerate(e for e in self.element if e.tag in ("document-link", "activity-website")):
            categories = [code("DocumentCategory", attribute(c, "code")) for c in e.findall("category")]
            is_link = e.tag == "document-link"
            yield {
                "record_id": self.record,
                "seq": seq,
                "url": attribute(e, "url") or text(e),
                "format": attribute(e, "format"),
                "title": name(e.find("title")),
                "title_lang": self.lang_of(e.find("title")),
                "category_codes": (",".join(c for c in categories if c) or None) if is_link else None,
                "document_date": self.day_of(e.find("document-date")),
            }

    def narratives(self) -> Iterator[Row]:
        for field, seq, holder in self.text_holders():
            own = text(holder) if field != "activity-date" else None
            texts = [(n, text(n)) for n in holder.findall("narrative")] + [(holder, own)]
            for element, found in texts:
                if found is None:
                    continue
                declared = attribute(element, _LANG) or attribute(element, "lang")
                declared = declared or attribute(holder, _LANG) or attribute(holder, "lang") or self.lang
                yield {
                    "record_id": self.record,
                    "field": field,
                    "seq": seq,
                    "type_code": attribute(holder, "type") if field == "description" else None,
                    "lang": lang(declared),
                    "text": found,
                }

    def text_holders(self) -> Iterator[tuple[str, int, etree._Element]]:
        a = self.element
        for path in ("title", "description", "reporting-org", "activity-date", "conditions/condition"):
            yield from ((path, 0, e) for e in a.findall(path))
        groups: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
            (("other-identifier",), ("owner-org",)),
            (("participating-org",), (".",)),
            (("related-activity",), (".",)),
            (("policy-marker",), (".",)),
            (("tag", "humanitarian-scope"), (".",)),
            (("location",), ("name", "description", "activity-description", "administrative")),
            (("result",), ("title", "description")),
            (("document-link", "activity-website"), ("title", "description")),
            (("transaction",), ("description", "provider-org", "receiver-org")),
            (("budget", "planned-disbursement", "budget-planned"), ("provider-org", "receiver-org")),
        ]
        for tags, inner in groups:
            for seq, e in enumerate(e for e in a if e.tag in tags):
                if e.tag in ("budget", "budget-planned", "activity-website"):
                    continue
                for path in inner:
                    for holder in [e] if path == "." else e.findall(path):
                        yield e.tag if path == "." else f"{e.tag}/{path}", seq, holder
        for transaction, parent in self.holders():
            prefix = "" if transaction < 0 else "transaction/"
            yield from ((f"{prefix}sector", seq, e) for seq, e in enumerate(parent.findall("sector")))
            both = [e for e in parent if e.tag in ("recipient-country", "recipient-region")]
            yield from ((f"{prefix}{e.tag}", seq, e) for seq, e in enumerate(both))
        for _, seq, e in self.numbered_indicators():
            for path in ("title", "description", "baseline/comment"):
                yield from ((f"result/indicator/{path}", seq, h) for h in e.findall(path))
        for _, seq, e in self.numbered_periods():
            for path in ("target/comment", "actual/comment"):
                yield from ((f"result/indicator/period/{path}", seq, h) for h in e.findall(path))
