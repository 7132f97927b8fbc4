"""Needs and offers are read from sheets in three languages and from the workspace, with one and the same check."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from concerted.codelists.frameworks import LANGS, Lang
from concerted.codelists.need_words import ASKS, Ask, ask_columns, ask_header, recognise_ask
from concerted.statements.asks import check_ask, decode_ask, encode_ask, plain_ask
from concerted.statements.document import DocumentError
from reading import Reading, read_all

NEED = {"title": "Écoles", "kind": "money", "origin": "government", "marking_key": "CLEAR"}


def sheet(tmp_path: Path, *rows: list[str], name: str = "besoins.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in rows) + "\n", "utf-8")
    return path


def read_file(path: Path) -> Reading:
    """What is read of a file, with the source.yml beside it."""
    return read_all(path.parent)[path.name]


def line(**need: Any) -> bytes:
    document = {"format": "concerted-need/1", "record": "n-1", "version": 1, "need": NEED | need}
    return json.dumps(document, ensure_ascii=False).encode()


HEADERS = ["Code", "Titre", "Nature du besoin", "Origine", "Lieux", "Montant minimal", "Montant maximal", "Monnaie"]
MORE = ["Urgence", "Groupes visés (nombre)", "Dit le", "Langues"]
ROW = ["B1", "Écoles ouvertes", "argent", "demande du gouvernement", "ML07; Mopti", "1 000 000", "2 000 000", "FCFA"]


def test_a_column_of_which_nobody_knows_the_header_is_counted_with_its_filled_cells(tmp_path: Path) -> None:
    rows = [[*ROW, "a", ""], ["B2", *ROW[1:], "b", "x"], ["B3", *ROW[1:], "", ""]]
    reading = read_file(sheet(tmp_path, [*HEADERS, "Remarques de Mme Diallo", "Couleur"], *rows))
    assert reading.read == 3
    assert reading.unread == {"Remarques de Mme […]": 2, "Couleur": 1}


def test_a_row_becomes_a_need_with_its_terms_and_its_money_valued(tmp_path: Path) -> None:
    more = ["immédiate", "filles: 40; garçons", "2026-01-05", "français; arabe"]
    reading = read_file(sheet(tmp_path, [*HEADERS, *MORE], [*ROW, *more]))
    assert reading.source.kind == "needs"
    assert (reading.seen, reading.read, reading.codes()) == (1, 1, {})
    (need,) = reading.rows("need")
    assert need["kind"] == "money"
    assert need["origin"] == "government"
    assert need["urgency"] == 4
    assert need["state"] == "open"
    assert need["reported_date"] == date(2026, 1, 5)
    assert need["low_value"] == Decimal("1000000")
    assert need["low_eur"] == Decimal("1524.49")
    assert need["high_eur"] == Decimal("3048.98")
    assert need["low_usd"] > need["low_eur"]
    terms = [(t["kind"], t["seq"], t["code"], t.get("people")) for t in reading.rows("term")]
    assert terms == [
        ("place", 0, "ML07", None),
        ("place", 1, "Mopti", None),
        ("group", 0, "filles", 40),
        ("group", 1, "garçons", None),
        ("language", 0, "fr", None),
        ("language", 1, "ar", None),
    ]


def test_money_without_a_day_is_kept_and_its_value_unknown(tmp_path: Path) -> None:
    (need,) = read_file(sheet(tmp_path, HEADERS, ROW)).rows("need")
    assert need["high_value"] == Decimal("2000000")
    assert "high_usd" not in need


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        (2, "or", "need.kind"),
        (2, "", "need.kind"),
        (3, "rumeur", "need.origin"),
        (5, "3 000 000", "need.low_value"),
        (5, "beaucoup", "need.low_value"),
        (7, "", "need.currency"),
        (7, "coquillages", "need.currency"),
        (0, "", "record"),
    ],
)
def test_a_row_with_a_fault_is_set_aside_whole_and_says_where(
    tmp_path: Path, column: int, cell: str, field: str
) -> None:
    row = [cell if n == column else text for n, text in enumerate(ROW)]
    reading = read_file(sheet(tmp_path, HEADERS, row, [*["B2"], *ROW[1:]]))
    assert (reading.seen, reading.read, reading.set_aside) == (2, 1, 1)
    assert field in {issue.field for issue in reading.issues if issue.code == "need_unreadable"}
    assert [need["identifier"] for need in reading.rows("need")] == ["B2"]


def test_the_same_code_twice_is_told_and_the_first_stays(tmp_path: Path) -> None:
    other = [ROW[0], "Un autre titre", *ROW[2:]]
    reading = read_file(sheet(tmp_path, HEADERS, ROW, other))
    assert [need["title"] for need in reading.rows("need")] == ["Écoles ouvertes"]
    assert reading.codes() == {"need_repeated": 1}


def test_names_of_persons_do_not_pass(tmp_path: Path) -> None:
    row = [*ROW, "demander à Mme Aminata Traoré, tél. 76 12 34 56"]
    reading = read_file(sheet(tmp_path, [*HEADERS, "Satisfait quand"], row))
    (need,) = reading.rows("need")
    assert "Traoré" not in need["met_when"]
    assert "76 12" not in need["met_when"]
    assert reading.codes()["text_masked"] >= 1


def test_a_marking_of_the_row_holds_and_its_faults_are_for_nobody(tmp_path: Path) -> None:
    (tmp_path / "source.yml").write_text("id: besoins\nmarking: AMBER:cellule\n", "utf-8")
    path = sheet(tmp_path, [*HEADERS, "Marquage"], [*ROW, "GREEN"], ["B2", *ROW[1:], ""], ["B3", "", *ROW[2:], ""])
    reading = read_file(path)
    assert [need["marking_key"] for need in reading.rows("need")] == ["GREEN", "AMBER:cellule"]
    assert {issue.marking_key for issue in reading.issues} == {"NOBODY"}


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("lang", LANGS)
def test_our_own_headers_are_known_in_each_language(ask: Ask, lang: Lang) -> None:
    headers = [ask_header(ask, column, lang) for column in ask_columns(ask)]
    assert recognise_ask(headers) == (ask, {column: n for n, column in enumerate(ask_columns(ask))})


def test_a_sheet_of_activities_is_no_sheet_of_needs() -> None:
    assert recognise_ask(["Code", "Titre", "Lieux", "Montant", "Monnaie", "Nature"]) is None


def test_lines_of_the_workspace_give_what_a_sheet_gives(tmp_path: Path) -> None:
    (need,) = read_file(sheet(tmp_path, HEADERS, ROW)).rows("need")
    stated = {
        "identifier": "B1",
        "title": "Écoles ouvertes",
        "kind": "money",
        "origin": "government",
        "low_value": "1000000",
        "high_value": "2000000",
        "currency": "XOF",
        "state": "open",
        "marking_key": "CLEAR",
    }
    path = tmp_path / "besoins.jsonl"
    path.write_bytes(encode_ask({"format": "concerted-need/1", "record": "B1", "version": 1, "need": stated}) + b"\n")
    (told,) = read_file(path).rows("need")
    same = need.keys() - {"line", "input_path", "record_id", "sheet", "source_id"}
    assert {k: told.get(k) for k in same} == {k: need[k] for k in same}


def test_a_line_with_a_fault_is_told_to_nobody_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "besoins.jsonl"
    path.write_bytes(line(identifier="a") + b"\n" + line(kind="gold") + b"\n{not json\n")
    reading = read_file(path)
    assert (reading.seen, reading.read) == (3, 1)
    assert reading.codes() == {"statement_wrong": 2}
    assert {issue.marking_key for issue in reading.issues} == {"NOBODY"}


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        ({"low_value": "2", "high_value": "1", "currency": "USD"}, "need.low_value"),
        ({"high_value": "1"}, "need.currency"),
        ({"high_value": "-1", "currency": "USD"}, "need.high_value"),
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "need.end_date"),
        ({"urgency": 5}, "need.urgency"),
        ({"low_usd": "5"}, "need.low_usd"),
        ({"marking_key": "SECRET"}, "need.marking_key"),
    ],
)
def test_what_cannot_be_is_refused(stated: dict[str, Any], field: str) -> None:
    with pytest.raises(DocumentError) as refused:
        decode_ask(line(**stated))
    assert field in {fault.path for fault in refused.value.faults}


def test_a_document_written_and_read_is_the_same() -> None:
    ask, document = decode_ask(line(high_value="10.50", currency="USD", end_date="2027-01-01", met_pct=80))
    assert check_ask(plain_ask(ask, document)) == (ask, document)
    assert document["need"]["end_date"] == date(2027, 1, 1)
