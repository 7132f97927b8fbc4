"""The round trip of small sheets: out, changed in a spreadsheet, and back; what was not changed changes nothing."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from concerted.codelists.frameworks import LANGS, Lang, load_framework
from concerted.codelists.places import load_places
from concerted.intake.preview import Owned, Preview, preview
from concerted.intake.reading import read_sheets_of
from concerted.intake.templates import Template, columns, header
from concerted.intake.vocabulary import PlaceName, Vocabulary
from concerted.intake.writing import write_sheets
from concerted.sources.open import find_inputs
from concerted.statements.changes import changes_between
from concerted.statements.document import FORMAT, Document, check

TODAY = date(2026, 6, 1)
TEMPLATES: tuple[Template, ...] = ("activities", "money", "progress")


def vocabulary() -> Vocabulary:
    rows = [r for r in load_places().to_pylist() if r["country_code"] == "ML" and r["level"] <= 2]
    rows.sort(key=lambda row: (row["level"], row["place_id"]))
    places = (
        PlaceName(
            row["place_id"],
            row["level"],
            row["country_code"],
            {lang: row[f"name_{lang}"] or row["name"] for lang in LANGS},
        )
        for row in rows
    )
    return Vocabulary(tuple(places), load_framework("pve-plan"))


VOCABULARY = vocabulary()


def record(name: str = "r1", **parts: Any) -> Document:
    activity = {"marking_key": "CLEAR", "identifier": f"ML-{name}", "state": "ongoing", **parts.pop("activity", {})}
    return {
        "record": name,
        "version": 1,
        "activity": {"start_planned_date": "2026-01-01", "end_planned_date": "2026-12-31", **activity},
        "narrative": [{"field": "title", "lang": "fr", "text": f"Médiation {name}"}],
        "participating_org": [
            {"role_code": "1", "name": "Fonds Sahel"},
            {"role_code": "4", "name": "Association Tabital", "type_code": "22"},
        ],
        "location": [{"admin1_code": "ML05", "admin1_name": "Mopti", "country_code": "ML", "pct": 60}],
        "recipient": [{"kind": "country", "code": "ML"}],
        "tag": [{"kind": "tag", "vocabulary_code": "99", "vocabulary_uri": "pve-plan", "code": "3"}],
        "transaction": [
            {"ref": "a", "type_code": "3", "transaction_date": "2026-02-01", "value": "1500.5", "currency": "XOF"},
            {"ref": "b", "type_code": "1", "transaction_date": "2026-01-05", "value": "9", "currency": "EUR",
             "provider_org_name": "Fonds Sahel"},
        ],
        "sector": [{"vocabulary_code": "1", "code": "15220", "transaction_seq": 1}],
        "people": [{"kind": "reached", "value": 120}, {"kind": "reached", "group": "f", "value": 70}],
        **parts,
    }  # fmt: skip


def begin(code: str | None, place: str) -> Document:
    return {
        "record": f"new-{code or place}",
        "version": 1,
        "activity": {"marking_key": "GREEN", **({"identifier": code} if code else {})},
    }


def upload(data: bytes | str, folder: Path, own: Sequence[Document], name: str = "sheet.xlsx") -> Preview:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (source,), _ = find_inputs([str(path)], folder / "cache")
    rows = read_sheets_of(source, VOCABULARY).rows
    return preview(Owned(own, {}, begin), rows, VOCABULARY, TODAY)


def changed(data: bytes, folder: Path, *cells: tuple[str, str, Any]) -> bytes:
    """The workbook with some cells changed as a spreadsheet program would: (sheet, cell, value)."""
    folder.mkdir(exist_ok=True)
    path = folder / "changed.xlsx"
    path.write_bytes(data)
    book = load_workbook(path)
    for sheet, cell, value in cells:
        book[sheet][cell] = value
    book.save(path)
    return path.read_bytes()


def told(found: Preview) -> list[tuple[str, list[tuple[str, str, Any, Any]]]]:
    return [(r.outcome, [(c.row.table, c.column, c.old, c.new) for c in r.changes]) for r in found.rows]


@pytest.mark.parametrize("lang", LANGS)
def test_what_comes_back_as_it_went_out_changes_nothing(tmp_path: Path, lang: Lang) -> None:
    own = [record("r1"), record("r2", transaction=[], sector=[])]
    found = upload(write_sheets(own, TEMPLATES, lang, VOCABULARY), tmp_path, own)
    assert found.counts() == {"new": 0, "changed": 0, "same": 2 + 3 + 2, "refused": 0, "double": 0}
    assert found.documents == {}


@pytest.mark.parametrize("lang", LANGS)
def test_a_sheet_has_at_most_eight_columns_and_its_own_headers(lang: Lang) -> None:
    for template in TEMPLATES:
        names = [header(column, lang) for column in columns(template)]
        assert len(names) == len(set(names)) <= 8


def test_the_same_records_make_the_same_bytes() -> None:
    assert write_sheets([record()], TEMPLATES, "ar", VOCABULARY) == write_sheets(
        [record()], TEMPLATES, "ar", VOCABULARY
    )


def test_changed_cells_are_shown_with_old_and_new_value_and_sending_them_again_changes_nothing(tmp_path: Path) -> None:
    own = [record()]
    out = write_sheets(own, TEMPLATES, "fr", VOCABULARY)
    back = changed(
        out,
        tmp_path,
        ("Activités", "B2", "Médiation locale"),
        ("Activités", "G2", "Mopti; Gao"),
        ("Argent", "E2", 2000),
        ("Avancement", "F2", 150),
    )
    found = upload(back, tmp_path, own)
    assert [row.outcome for row in found.rows] == ["changed", "changed", "same", "changed"]
    assert told(found)[1] == ("changed", [("transaction", "value", "1500.5", "2000")])
    assert told(found)[3] == ("changed", [("people", "value", 120, 150)])
    assert ("narrative", "text", "Médiation r1", "Médiation locale") in told(found)[0][1]
    after = found.documents["r1"]
    check({"format": FORMAT, **after})
    assert {row["admin1_name"] for row in after["location"]} == {"Mopti", "Gao"}
    assert all("pct" not in row for row in after["location"])
    assert after["sector"] == own[0]["sector"]
    assert upload(back, tmp_path, [after]).counts()["same"] == 4


def test_an_empty_cell_says_nothing_and_a_dash_takes_back(tmp_path: Path) -> None:
    own = [record()]
    out = write_sheets(own, ("activities",), "en", VOCABULARY)
    assert upload(changed(out, tmp_path, ("Activities", "C2", None)), tmp_path, own).counts()["same"] == 1
    found = upload(changed(out, tmp_path, ("Activities", "C2", "-"), ("Activities", "F2", "—")), tmp_path, own)
    after = found.documents["r1"]
    assert after["participating_org"] == [{"role_code": "1", "name": "Fonds Sahel"}]
    assert "end_planned_date" not in after["activity"]


def test_a_money_row_without_reference_is_added_once(tmp_path: Path) -> None:
    own = [record()]
    sheet = "Code;Nature;Date;Montant;Monnaie\nML-r1;décaissement;05/03/2026;1 000,50;F CFA\n"
    found = upload(sheet, tmp_path, own, "argent.csv")
    assert [row.outcome for row in found.rows] == ["changed"]
    after = found.documents["r1"]
    assert (
        after["transaction"][2].items()
        >= {"value": "1000.5", "currency": "XOF", "transaction_date": "2026-03-05"}.items()
    )
    assert upload(sheet, tmp_path, [after], "argent.csv").counts()["same"] == 1


def test_money_taken_back_takes_what_belonged_to_it_and_nothing_else(tmp_path: Path) -> None:
    own = [record()]
    out = write_sheets(own, ("money",), "fr", VOCABULARY)
    after = upload(changed(out, tmp_path, ("Argent", "E2", "-")), tmp_path, own).documents["r1"]
    assert [row["ref"] for row in after["transaction"]] == ["b"]
    assert [row["transaction_seq"] for row in after["sector"]] == [0]
    check({"format": FORMAT, **after})


def test_a_new_row_is_a_new_record_and_what_it_lacks_is_said(tmp_path: Path) -> None:
    sheet = "Code,Title,State,Places\n,Community radio,planned,Gao\nML-9,Women's forum,en cours,Tombouctou\n"
    found = upload(sheet, tmp_path, [record()], "new.csv")
    assert [row.outcome for row in found.rows] == ["new", "new"]
    assert found.rows[0].lacks == ("organisation", "period", "node", "money")
    assert found.documents["new-ML-9"]["activity"]["identifier"] == "ML-9"
    assert found.documents["new-ML-9"]["activity"]["marking_key"] == "GREEN"


def test_what_cannot_be_read_refuses_the_row_and_offers_what_may_be_meant(tmp_path: Path) -> None:
    sheet = (
        "Code,Title,State,Places,Start,Lines of the strategy\n"
        "ML-r1,Radio,finished maybe,Mopty,31/31/2026,99\n"
        "ML-r1,Appeler Mme Awa Diallo,,,,\n"
    )
    found = upload(sheet, tmp_path, [record()], "bad.csv")
    assert [row.outcome for row in found.rows] == ["refused", "refused"]
    faults = {fault.column: fault for fault in found.rows[0].faults}
    assert {name: fault.code for name, fault in faults.items()} == {
        "state": "word_state",
        "places": "word_places",
        "start": "day_wrong",
        "nodes": "word_nodes",
    }
    assert "Mopti" in faults["places"].nearest
    assert "Awa" not in repr(found.rows[1].faults)
    assert found.documents == {}


def test_a_step_that_needs_more_is_refused_with_what_it_needs(tmp_path: Path) -> None:
    sheet = "Code,State,Ended\nML-r1,completed,\n"
    found = upload(sheet.replace("Ended", "Ended on"), tmp_path, [record()], "p.csv")
    assert {fault.code for fault in found.rows[0].faults} == {"needs_date", "needs_evidence"}
    done = "Code,State,Ended on,Evidence (link)\nML-r1,completed,2026-05-01,https://example.org/report\n"
    after = upload(done, tmp_path, [record()], "p.csv").documents["r1"]
    assert (after["activity"]["state"], after["activity"]["end_actual_date"]) == ("completed", "2026-05-01")


def test_a_new_record_that_may_be_there_already_is_asked(tmp_path: Path) -> None:
    sheet = "Code,Title,State\n,Mediation R1,planned\nML-rl,Something else,planned\n"
    found = upload(
        sheet, tmp_path, [record(narrative=[{"field": "title", "lang": "en", "text": "Mediation r1"}])], "d.csv"
    )
    assert [(row.outcome, row.doubles) for row in found.rows] == [("double", ("r1",)), ("double", ("r1",))]


def test_progress_of_a_record_that_is_not_there_is_refused(tmp_path: Path) -> None:
    found = upload("Code,State,People reached\nML-x,ongoing,5\n", tmp_path, [record()], "p.csv")
    assert [(row.outcome, row.faults[0].code) for row in found.rows] == [("refused", "code_unknown")]


_FORMULAS = ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "'=1"]


@pytest.mark.parametrize("text", _FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_a_text_both_ways(tmp_path: Path, text: str) -> None:
    title = " ".join(text.split())
    own = [record(narrative=[{"field": "title", "lang": "fr", "text": title}])]
    out = write_sheets(own, ("activities",), "fr", VOCABULARY)
    (tmp_path / "o.xlsx").write_bytes(out)
    cell = load_workbook(tmp_path / "o.xlsx")["Activités"]["B2"]
    assert (cell.data_type, cell.value) == ("s", title)
    assert upload(out, tmp_path, own).counts()["same"] == 1


_TITLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=2, max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(_TITLE.filter(lambda t: t not in ("--",)), min_size=1, max_size=4),
    st.sampled_from(LANGS),
    st.lists(st.decimals(0, 10**12, places=4), max_size=3),
    st.sampled_from(["requested", "planned", "ongoing", "completed", "cancelled"]),
)
def test_any_record_comes_back_as_it_went_out(
    tmp_path: Path, titles: list[str], lang: Lang, amounts: list[Any], state: str
) -> None:
    money = [
        {"ref": f"m{n}", "type_code": "3", "transaction_date": "2026-02-01", "value": format(a.normalize(), "f")}
        for n, a in enumerate(amounts)
    ]
    own = [
        record(
            f"q{n}",
            activity={"state": state},
            narrative=[{"field": "title", "lang": "fr", "text": title}],
            transaction=money,
            sector=[],
        )
        for n, title in enumerate(titles)
    ]
    found = upload(write_sheets(own, TEMPLATES, lang, VOCABULARY), tmp_path, own)
    bad = [row for row in found.rows if row.outcome != "same" and not any("text_" in f.code for f in row.faults)]
    assert bad == []
    for document in found.documents.values():
        before = next(d for d in own if d["record"] == document["record"])
        assert changes_between(before, document) == []
