"""The truth agrees with what a plain reading of the files gives, by code that shares nothing with the generator."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import python_calamine
from currency_converter import CurrencyConverter

Truth = Mapping[str, Any]
KINDS = {"2": "commitment", "3": "disbursement", "4": "expenditure", "C": "commitment", "D": "disbursement"}
KINDS |= {"E": "expenditure"}
RATES = CurrencyConverter()


def dollars(value: float, currency: str, day: date) -> float | None:
    """USD of an amount at the ECB's rate of the day; None where the currency is in no list."""
    if currency == "XOF":
        value, currency = value / 655.957, "EUR"
    if currency not in RATES.currencies:
        return None
    return float(RATES.convert(value, currency, "USD", date=day))


def second_tellings(truth: Truth) -> set[str]:
    """Identifiers of tellings that repeat a project somebody above has told."""
    return {ident for group in truth["same_projects"] for ident in group["identifiers"][1:]}


def xml_lines(demo: Path, truth: Truth) -> Iterator[tuple[str, str, float, bool]]:
    """(identifier, kind, USD, declares) of each transaction that a reader may believe, once per identifier."""
    planted: dict[str, set[str]] = defaultdict(set)
    for fault in truth["faults"]:
        planted[fault["identifier"]].add(fault["fault"])
    seen: set[str] = set()
    for path in sorted((demo / "sources").rglob("*.xml")):
        if path.parent.name in ("defauts", "organisations"):
            continue
        for activity in ElementTree.parse(path).getroot():
            identifier = activity.findtext("iati-identifier") or ""
            if identifier in seen:
                continue
            seen.add(identifier)
            default = activity.get("default-currency") or ""
            declares = any(s.get("vocabulary") in ("99", "RO") for s in activity.findall("sector"))
            for line in activity.findall("transaction"):
                kind = KINDS.get(line.find("transaction-type").get("code", ""))  # type: ignore[union-attr]
                value = line.find("value")
                assert value is not None
                when, text = value.get("value-date"), value.text or ""
                if kind is None or not when or not text.replace(".", "").lstrip("-").isdigit():
                    continue
                day = date.fromisoformat(when)
                if day.year > 2026 or float(text) > 1e12:
                    continue  # planted lines that are not true
                usd = dollars(float(text), value.get("currency") or default, day)
                if usd is not None:
                    yield identifier, kind, usd, declares


def sheet_lines(demo: Path) -> Iterator[tuple[str, str, float, bool]]:
    """The same of the three sheets with money."""
    for name in ("secretariat/suivi-du-plan.xlsx", "plateforme-ong/projets.csv", "reseau-femmes/projets.xlsx",
                 "acces-restreint/projets-sensibles.xlsx"):  # fmt: skip
        path = demo / "sources" / name
        rows: list[list[Any]]
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = list(csv.reader(stream, delimiter=";"))
        else:
            rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        start = next(n for n, row in enumerate(rows) if row[0] == "Code projet")
        for row in rows[start + 1 :]:
            cells = dict(zip(rows[start], row, strict=False))
            if not cells["Code projet"].startswith("XI-DEMO"):
                continue
            day = cells["Date d'engagement"]
            for header, kind in (("Montant engagé", "commitment"), ("Montant décaissé", "disbursement")):
                text = (cells[header] or "").replace(" ", "").replace(",", ".")
                if not text or not text[0].isdigit():
                    continue
                when = day if isinstance(day, date) else date(*map(int, reversed(day.split("/"))))
                usd = dollars(float(text), cells["Devise"], when)
                assert usd is not None
                yield cells["Code projet"], kind, usd, bool(cells["Action(s) de la stratégie"])


@pytest.fixture(scope="module")
def totals(demo: Path, truth: Truth) -> dict[str, tuple[float, float]]:
    """By kind: all true money of the well-formed files, and what is declared of it."""
    again = second_tellings(truth)
    whole: dict[str, float] = defaultdict(float)
    declared: dict[str, float] = defaultdict(float)
    for identifier, kind, usd, declares in [*xml_lines(demo, truth), *sheet_lines(demo)]:
        if kind == "expenditure" or identifier not in again:
            whole[kind] += usd
            declared[kind] += usd if declares else 0
    return {kind: (whole[kind], declared[kind]) for kind in whole}


def figure(truth: Truth, kind: str, node: str) -> dict[str, Any]:
    return next(
        f
        for f in truth["figures"]
        if (f["view"], f["finance_kind"], f["node"], f["place"], f["year"]) == ("everything", kind, node, "*", None)
    )


@pytest.mark.parametrize("kind", ["commitment", "disbursement", "expenditure"])
def test_totals_are_those_of_a_plain_reading(
    demo: Path, truth: Truth, totals: Mapping[str, tuple[float, float]], kind: str
) -> None:
    cut = cut_file_total(demo, kind)
    whole, declared = totals[kind]
    assert figure(truth, kind, "ANY")["true_usd"] == pytest.approx(whole + cut, abs=5)
    assert figure(truth, kind, "ALL")["declared_usd"] == pytest.approx(declared, abs=5)


def cut_file_total(demo: Path, kind: str) -> float:
    """True money of the four whole activities of the broken file."""
    text = (demo / "sources" / "defauts" / "ech-interrompu.xml").read_text("utf-8")
    whole = text[: text.rindex("</iati-activity>") + len("</iati-activity>")] + "</iati-activities>"
    total = 0.0
    for activity in ElementTree.fromstring(whole):
        for line in activity.findall("transaction"):
            value = line.find("value")
            assert value is not None
            if KINDS.get(line.find("transaction-type").get("code", "")) == kind:  # type: ignore[union-attr]
                day = date.fromisoformat(value.get("value-date") or "")
                total += dollars(float(value.text or ""), value.get("currency") or "USD", day) or 0
    return total


def test_pillars_and_regions_add_up_to_the_whole(truth: Truth) -> None:
    cells = {tuple(f[k] for k in ("view", "finance_kind", "node", "place", "year")): f for f in truth["figures"]}
    for kind in ("commitment", "disbursement", "expenditure", "budget"):
        whole = cells["everything", kind, "ALL", "*", None]["true_usd"]
        pillars = sum(cells["everything", kind, p, "*", None]["true_usd"] for p in truth["pillars"])
        years = sum(
            f["true_usd"] for k, f in cells.items() if k[:4] == ("everything", kind, "ALL", "*") and k[4] is not None
        )
        countries = sum(
            f["true_usd"]
            for k, f in cells.items()
            if k[:3] == ("everything", kind, "ALL") and k[4] is None and len(k[3]) in (2, 7, 8)
        )
        assert pillars == pytest.approx(whole, abs=0.1)
        assert years == pytest.approx(whole, abs=0.1)
        assert countries == pytest.approx(whole, abs=0.1)


def test_the_public_sees_no_more_than_one_who_sees_everything(truth: Truth) -> None:
    keys = ("finance_kind", "node", "place", "year")
    everything = {tuple(f[k] for k in keys): f for f in truth["figures"] if f["view"] == "everything"}
    public = [f for f in truth["figures"] if f["view"] == "public"]
    assert public
    for f in public:
        assert f["true_usd"] <= everything[tuple(f[k] for k in keys)]["true_usd"] + 0.01
    hidden = sum(f["true_usd"] for f in everything.values()) - sum(f["true_usd"] for f in public)
    assert hidden > 0


def test_what_is_declared_is_part_of_what_is_true(truth: Truth) -> None:
    assert all(0 <= f["declared_usd"] <= f["true_usd"] + 0.01 for f in truth["figures"])


def test_the_set_is_as_large_as_it_says(truth: Truth) -> None:
    assert truth["projects"] == 400
    assert truth["partners"] == 60
    assert truth["tellings"] > 470
    assert len(truth["same_projects"]) >= 50
    assert {True, False} == {group["is_linked"] for group in truth["same_projects"]}
    assert len(set(truth["traps"].values())) >= 8
    assert {"specific", "relevant", "none"} == set(truth["pve"].values())


def test_records_of_each_file_are_as_many_as_a_plain_count(demo: Path, truth: Truth) -> None:
    counted: Counter[str] = Counter()
    for path in (demo / "sources").rglob("*"):
        name = path.relative_to(demo / "sources").as_posix()
        if path.suffix == ".xml" and path.parent.name != "defauts":
            counted[name] = len(ElementTree.parse(path).getroot())
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = list(
                    csv.reader(stream, delimiter=";" if path.parent.name in ("plateforme-ong", "secretariat") else ",")
                )
            tags = sum(all(cell.startswith("#") for cell in row) for row in rows[:2])
            counted[name] = len(rows) - 1 - tags
    for file in truth["files"]:
        if file["path"] in counted and not file["refused"]:
            assert file["seen"] == counted[file["path"]], file["path"]


def test_each_canary_stands_in_its_file_and_nowhere_else(demo: Path, truth: Truth) -> None:
    assert len({c["word"] for c in truth["canaries"]}) == len(truth["canaries"]) == 26
    texts = {}
    for path in (demo / "sources").rglob("*"):
        if path.suffix == ".xlsx":
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            texts[path] = json.dumps([book.get_sheet_by_name(n).to_python() for n in book.sheet_names], default=str)
        elif path.is_file():
            texts[path] = path.read_bytes().decode("utf-8")
    for canary in truth["canaries"]:
        found = [
            path.relative_to(demo / "sources").as_posix() for path, text in texts.items() if canary["word"] in text
        ]
        assert found == [canary["file"]]
        assert canary["marking"] != "CLEAR"


def test_faults_are_only_planted_where_nothing_is_declared(demo: Path, truth: Truth) -> None:
    planted = {fault["identifier"] for fault in truth["faults"]}
    assert len(planted) == len(truth["faults"]) > 60
    for path in (demo / "sources" / "iati").glob("*.xml"):
        for activity in ElementTree.parse(path).getroot():
            if activity.findtext("iati-identifier") in planted:
                assert all(s.get("vocabulary") == "1" for s in activity.findall("sector"))
