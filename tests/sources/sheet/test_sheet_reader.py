"""Plain sheets, read as their mapping says."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from reading import Reading, read_all, read_one

PROJECTS = """Suivi des projets;;;;;;;;
N°;Intitulé;Maître d'œuvre;Partenaires;Secteurs;Régions;Début;Montant (M FCFA);Statut
P1;Écoles de paix;ONG Alpha;Beta / Gamma;Éducation, Paix;Mopti | Gao;03/04/2021;1 234,5;Démarré
P2;Puits;ONG Alpha;;Eau;;;n/a;en étude
TOTAL;;;;;;;1234,5;
"""
MAPPING = """
publisher: Ministère
language: fr
as_of: 2022-03-31
mapping:
  columns:
    N°: identifier
    intitule: title
    maitre d'oeuvre: org
    PARTENAIRES: {field: implementing_org, separator: "/"}
    Secteurs: {field: sector, separator: ","}
    Régions: {field: admin1_name, separator: "|"}
    Début: {field: start_date, format: "%d/%m/%Y"}
    Montant (M FCFA): {field: budget, multiply: 1000000, currency: XOF, decimal: ","}
    Statut: {field: state, values: {en étude: planned}}
  constants: {country: ML}
"""


@pytest.fixture
def projects(tmp_path: Path) -> Reading:
    return read_one(tmp_path / "in", "projets.csv", PROJECTS, MAPPING)


def test_a_french_table_becomes_projects(projects: Reading) -> None:
    assert (projects.seen, projects.read, projects.codes()) == (3, 2, {"row_total": 1})
    first, second = projects.rows("activity")
    assert (
        first.items()
        >= {
            "kind": "project",
            "line": 3,
            "identifier": "P1",
            "title": "Écoles de paix",
            "title_lang": "fr",
            "reporting_org_name": "ONG Alpha",
            "state": "ongoing",
            "start_actual_date": date(2021, 4, 3),
        }.items()
    )
    assert "group_key" not in first
    assert second["state"] == "planned"


def test_several_values_in_a_cell_are_several_rows(projects: Reading) -> None:
    orgs = [(o["seq"], o["role_code"], o["name"]) for o in projects.rows("participating_org")]
    assert sorted(orgs) == [(0, "4", "Beta"), (0, "4", "ONG Alpha"), (1, "4", "Gamma")]
    assert [s["name"] for s in projects.rows("sector")] == ["Éducation", "Paix", "Eau"]
    assert [(p["seq"], p["admin1_name"], p["country_code"]) for p in projects.rows("location")] == [
        (0, "Mopti", "ML"),
        (1, "Gao", "ML"),
    ]
    assert [r["code"] for r in projects.rows("recipient")] == ["ML", "ML"]


def test_units_and_currency_come_from_the_mapping(projects: Reading) -> None:
    (budget,) = projects.rows("budget")
    assert (budget["value"], budget["currency"]) == (Decimal("1234500000.0000"), "XOF")
    assert budget["value_date"] == date(2022, 3, 31)
    assert budget["value_eur"] == (Decimal(1234500000) / Decimal("655.957")).quantize(Decimal("0.01"))


def test_without_a_mapping_all_rows_are_set_aside_and_the_headers_shown(tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "projets.csv", PROJECTS)
    assert (reading.seen, reading.read, reading.set_aside) == (3, 0, 3)
    (issue,) = reading.issues
    assert (issue.severity, issue.code, issue.line) == ("error", "mapping_missing", 2)
    assert issue.values["headers"].startswith("N°, Intitulé, Maître d'œuvre")


@pytest.mark.parametrize(
    "text",
    [
        "Month,Reporting org id,Sector,Transaction type,Activity id,Total money\n"
        "#date+month,#org+id,#sector,#x_transaction_type,#activity+code,#value+total\n"
        "2021-01,xx-1,Nutrition,commitments,XX-1-1,27831\n",
        "iati_identifier,title,transaction_type,value\nXX-1-1,Puits,3,27831\nXX-1-2,Puits,3,27831\n",
    ],
)
def test_a_flat_table_of_iati_transactions_is_no_presence_and_is_told(text: str, tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "transactions.csv", text)
    assert (reading.read, reading.seen) == (0, 2)
    (issue,) = reading.issues
    assert (issue.severity, issue.code) == ("error", "transactions_unmapped")
    assert "transaction" in issue.values["headers"].lower()


def test_a_flat_table_of_transactions_with_a_mapping_is_read_as_it_says(tmp_path: Path) -> None:
    text = "iati_identifier,title,transaction_type,value\nXX-1-1,Puits,3,27831\n"
    config = "mapping: {columns: {iati_identifier: identifier, title: title, value: disbursement}}"
    reading = read_one(tmp_path / "in", "transactions.csv", text, config)
    assert [row["identifier"] for row in reading.rows("activity")] == ["XX-1-1"]


def test_a_mapping_of_other_headers_is_told(tmp_path: Path) -> None:
    config = "mapping: {columns: {Titre: title, Code: identifier}}"
    reading = read_one(tmp_path / "in", "projets.csv", PROJECTS, config)
    assert (reading.read, reading.codes()) == (0, {"mapping_not_found": 1})


def test_a_header_that_is_missing_is_told(tmp_path: Path) -> None:
    config = "mapping: {columns: {N°: identifier, Intitulé: title, Objectif: description}}"
    reading = read_one(tmp_path / "in", "projets.csv", PROJECTS, config)
    assert reading.codes()["header_missing"] == 1


def test_a_project_keeps_its_id_when_it_is_edited(tmp_path: Path, projects: Reading) -> None:
    edited = read_one(tmp_path / "in", "projets.csv", PROJECTS.replace("Écoles", "Lycées"), MAPPING)
    before, after = (r.rows("activity")[0] for r in (projects, edited))
    assert before["title"] != after["title"]
    assert before["record_id"] == after["record_id"]


def test_the_source_s_own_words_are_translated(tmp_path: Path) -> None:
    config = "mapping: {columns: {A: title, B: {field: org_type, values: {privé local: '70'}}, O: org}}"
    reading = read_one(tmp_path / "in", "a.csv", "A,B,O\nx,PRIVE LOCAL,Sarl\n", config)
    assert reading.rows("participating_org")[0]["type_code"] == "70"


def test_a_declared_node_is_a_tag(tmp_path: Path) -> None:
    config = "mapping: {columns: {A: title, Pilier: {field: tag, framework: mali-pnlpevt, separator: ';'}}}"
    reading = read_one(tmp_path / "in", "a.csv", "A,Pilier\nx,P1; P3.2\n", config)
    assert [(t["code"], t["vocabulary_uri"], t["seq"]) for t in reading.rows("tag")] == [
        ("P1", "mali-pnlpevt", 0),
        ("P3.2", "mali-pnlpevt", 1),
    ]


def test_headers_in_two_rows_are_joined(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with xlsxwriter.Workbook(str(tmp_path / "in" / "a.xlsx")) as book:
        book.add_worksheet("Notes").write(0, 0, "x")
        sheet = book.add_worksheet("Données 2022")
        sheet.write(0, 0, "Projet")
        sheet.merge_range(0, 1, 0, 2, "Bénéficiaires")
        for n, row in enumerate([["Nom", "Hommes", "Femmes"], ["A", 5, 7.0], ["B", "", 2]], 1):
            sheet.write_row(n, 0, row)
    (tmp_path / "in" / "source.yml").write_text(
        """
mapping:
  sheet: donnees*
  header_rows: 2
  row: presence
  columns:
    Projet Nom: title
    Bénéficiaires Hommes: {field: targeted, group: m}
    Bénéficiaires Femmes: {field: targeted, group: f}
""",
        "utf-8",
    )
    reading = read_all(tmp_path / "in")["a.xlsx"]
    assert [(p["group"], p["value"]) for p in reading.rows("people")] == [("m", 5), ("f", 7), ("f", 2)]
    assert reading.codes() == {"sheet_unmapped": 1}
    assert {a["kind"] for a in reading.rows("activity")} == {"presence"}


@pytest.mark.parametrize(
    ("cell", "currency", "value"), [("5 000 EUR", "EUR", 5000), ("FCFA 5000", "XOF", 5000), ("5000", "USD", 5000)]
)
def test_a_currency_in_the_cell_goes_before_that_of_the_row(
    tmp_path: Path, cell: str, currency: str, value: int
) -> None:
    config = "mapping: {columns: {A: title, B: budget}, constants: {currency: USD}}"
    (budget,) = read_one(tmp_path / "in", "a.csv", f"A,B\nx,{cell}\n", config).rows("budget")
    assert (budget["currency"], budget["value"]) == (currency, value)


def test_money_without_a_currency_or_date_is_unvalued_and_not_zero(tmp_path: Path) -> None:
    config = "mapping: {columns: {A: title, B: commitment}}"
    (row,) = read_one(tmp_path / "in", "a.csv", "A,B\nx,5000\n", config).rows("transaction")
    assert row["value"] == 5000
    assert {"value_usd", "value_eur"}.isdisjoint(row)
