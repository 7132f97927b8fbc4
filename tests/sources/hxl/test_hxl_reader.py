"""HXL tables become statements: nothing lost, nothing of persons kept, unknown never zero."""

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reading import read_all, read_one

#: Header: tag and the cells of three rows of data, a blank row and a total.
COLUMNS = {
    "Code": ("#activity+code", "A1", "A1", "", "", "Total"),
    "Organisation": ("#org+name", "ACTED", "ACTED", "NRC", "", ""),
    "Type": ("#org+type", "ONG internationale", "ONG internationale", "xyz", "", ""),
    "Bailleur": ("#org+funder", "ECHO", "ECHO", "", "", ""),
    "Secteur": ("#sector+cluster", "Éducation", "Éducation", "Santé", "", ""),
    "Activité": ("#activity+name", "Écoles", "Écoles", "Soins", "", ""),
    "Statut": ("#status", "En cours", "en cours ", "selon", "", ""),
    "Début": ("#date+start", "01/02/2021", "01/02/2021", "soon", "", ""),
    "Fin": ("#date+end", "31/12/2021", "31/12/2021", "", "", ""),
    "Région": ("#adm1+name", "Mopti", "Mopti", "Gao", "", ""),
    "P1": ("#adm1+code", "ML05", "ML05", "", "", ""),
    "Cercle": ("#adm2+name", "Bandiagara", "Koro", "", "", ""),
    "Lat": ("#geo+lat", "14.35", "0", "99", "", ""),
    "Lon": ("#geo+lon", "-3,61", "0", "1", "", ""),
    "Visés": ("#targeted", "1 200", "300", "2.5", "", "1500"),
    "Femmes": ("#targeted+f", "600", "", "", "", "600"),
    "Touchés": ("#reached", "n/a", "0", "", "", ""),
    "Contact": ("#contact+name", "Awa Diallo", "Awa Diallo", "", "", ""),
    "Budget": ("#value+usd", "5000", "", "", "", ""),
    "Note": ("", "hi", "", "", "", ""),
}


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


TABLE = as_csv([list(COLUMNS), *zip(*COLUMNS.values(), strict=True)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "in"


def test_a_row_is_one_statement_with_its_tables(folder: Path) -> None:
    reading = read_one(folder, "3w.csv", TABLE)
    assert (reading.seen, reading.read, reading.set_aside) == (4, 3, 1)
    first, second, third = reading.rows("activity")
    assert (
        first.items()
        >= {
            "kind": "presence",
            "line": 3,
            "identifier": "A1",
            "group_key": "A1",
            "reporting_org_name": "ACTED",
            "reporting_org_type_code": "21",
            "title": "Écoles",
            "state": "ongoing",
            "activity_status_code": "2",
            "start_actual_date": date(2021, 2, 1),
            "end_planned_date": date(2021, 12, 31),
            "marking_key": "CLEAR",
        }.items()
    )
    assert second["line"] == 4
    assert {"state", "start_actual_date", "start_planned_date", "reporting_org_type_code"}.isdisjoint(third)
    roles = sorted((r["role_code"], r["name"]) for r in reading.rows("participating_org"))
    assert roles == [("1", "ECHO"), ("1", "ECHO"), ("4", "ACTED"), ("4", "ACTED"), ("4", "NRC")]
    place = reading.rows("location")[0]
    assert (place["admin1_code"], place["admin2_name"], place["latitude"], place["longitude"]) == (
        "ML05",
        "Bandiagara",
        14.35,
        -3.61,
    )
    assert {r["vocabulary_code"] for r in reading.rows("sector")} == {"10"}
    assert [(b["value"], b["currency"], b["value_usd"]) for b in reading.rows("budget")] == [
        (Decimal("5000.0000"), "USD", Decimal("5000.00"))
    ]


def test_unknown_people_are_no_row_and_zero_is_one(folder: Path) -> None:
    people = [(p["kind"], p.get("group"), p["value"]) for p in read_one(folder, "3w.csv", TABLE).rows("people")]
    assert people == [("targeted", None, 1200), ("targeted", None, 300), ("targeted", "f", 600), ("reached", None, 0)]


def test_what_cannot_be_read_is_an_issue_with_its_row(folder: Path) -> None:
    reading = read_one(folder, "3w.csv", TABLE)
    found = {(i.code, i.line, i.field): i.values.get("found") for i in reading.issues}
    assert found == {
        ("row_total", 7, None): None,
        ("state_unknown", 5, "#status"): "selon",
        ("date_wrong", 5, "#date+start"): "soon",
        ("organisation_type_unknown", 5, "#org+type"): "xyz",
        ("people_wrong", 5, "#targeted"): "2.5",
        ("coordinates_wrong", 4, "latitude"): "0,0",
        ("coordinates_wrong", 5, "#geo+lat"): "99",
    }


def test_columns_of_persons_are_never_stored(folder: Path) -> None:
    table = (
        "Org,Where,Who,Téléphone,Remarque\n#org,#adm1,#contact+name,,\nA,Mopti,Awa Diallo,76123456,écrire à a@b.org\n"
    )
    reading = read_one(folder, "3w.csv", table)
    stored = repr([reading.rows(name) for name in reading.tables]) + repr(reading.issues)
    for trace in ("Awa", "Diallo", "76123456", "a@b.org"):
        assert trace not in stored
    assert reading.unread == {"not stored: #contact+name": 1, "not stored: Téléphone": 1}
    assert reading.codes() == {"text_masked": 1}


def test_names_of_organisations_and_places_are_screened_and_told_once(folder: Path) -> None:
    table = "Org,By,Where,Site\n#org,#org+impl,#adm1,#loc\nA (a@b.org),Dr Awa Diallo,Mopti,chez M. Moussa Diallo\n"
    reading = read_one(folder, "3w.csv", table)
    stored = repr([reading.rows(name) for name in reading.tables]) + repr(reading.issues)
    assert not [trace for trace in ("Awa", "Diallo", "a@b.org") if trace in stored]
    assert {issue.field: (issue.code, issue.count) for issue in reading.issues} == {
        "#org": ("text_masked", 1),
        "#org+impl": ("text_masked", 1),
        "#loc": ("text_masked", 1),
    }


def test_tags_that_mean_nothing_here_are_kept_with_their_attributes(folder: Path) -> None:
    reading = read_one(folder, "3w.csv", "O,W,M,X\n#org,#adm1,#modality +cash,\nA,Mopti,coupons,y\n")
    assert [(a["name"], a["value"]) for a in reading.rows("attribute")] == [("#modality+cash", "coupons"), ("X", "y")]


def test_repeated_headers_are_set_aside(folder: Path) -> None:
    reading = read_one(folder, "3w.csv", "Org,Where\n#org,#adm1\nA,Mopti\nOrg,Where\n#org,#adm1\nB,Gao\n")
    assert (reading.seen, reading.read) == (4, 2)
    assert reading.codes() == {"row_header_repeated": 2}


def test_an_organisation_called_total_is_no_total(folder: Path) -> None:
    reading = read_one(folder, "3w.csv", "Org,Where,N\n#org,#adm1,#reached\nTotal,Mopti,5\nTotal,,5\n")
    assert (reading.read, reading.codes()) == (1, {"row_total": 1})


def test_equal_rows_are_two_statements_of_one_group(folder: Path) -> None:
    reading = read_one(folder, "3w.csv", "Org,Where\n#org,#adm1\nA,Mopti\nA,Mopti\nA,Gao\n")
    rows = reading.rows("activity")
    assert len({r["record_id"] for r in rows}) == 3
    assert len({r["group_key"] for r in rows}) == 1
    assert reading.codes() == {"row_repeated": 1}


ROWS = st.lists(
    st.tuples(*(st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=4) for _ in range(2))),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_their_ids(
    tmp_path: Path, rows: list[tuple[str, str]], shuffle: random.Random
) -> None:
    def ids(order: list[tuple[str, str]]) -> list[int]:
        table = as_csv([("O", "W"), ("#org", "#loc"), *order])
        return sorted(r["record_id"] for r in read_one(tmp_path / "in", "a.csv", table).rows("activity"))

    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    assert ids(rows) == ids(shuffled)


def test_a_cut_file_gives_the_rows_before_the_cut(folder: Path) -> None:
    noise = random.Random(1)  # noqa: S311 (text that does not compress, the same each time)
    lines = "".join(f"{noise.getrandbits(64):x},Mopti\n" for _ in range(3000))
    whole = gzip.compress(f"Org,Where\n#org,#adm1\n{lines}".encode())
    reading = read_one(folder, "3w.csv.gz", whole[: len(whole) // 2])
    assert 1000 < reading.read < 2500
    assert reading.codes() == {"input_cut": 1}


def test_a_restricted_source_tells_no_values_in_its_issues(folder: Path) -> None:
    config = "marking: {precise: 'AMBER:pve', coarse: GREEN, coarse_place_level: 1}"
    reading = read_one(folder, "3w.csv", "O,W,S\n#org,#adm1,#status\nA,Mopti,secret word\n", config)
    (row,) = reading.rows("activity")
    assert (row["marking_key"], row["coarse_marking_key"], row["coarse_place_level"]) == ("AMBER:pve", "GREEN", 1)
    assert "secret" not in repr(reading.issues)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("", "CLEAR"),
        ("tlp:green", "GREEN"),
        ("AMBER: b, a", "AMBER:a,b"),
        ("TLP:AMBER+STRICT:x", "AMBER+STRICT:x"),
        ("secret", "NOBODY"),
    ],
)
def test_a_row_may_carry_its_own_marking(folder: Path, said: str, key: str) -> None:
    table = f'O,W,M\n#org,#adm1,#meta+marking\nA,Mopti,"{said}"\n'
    reading = read_one(folder, "3w.csv", table)
    assert reading.rows("activity")[0]["marking_key"] == key
    assert reading.codes() == {"rows_marked": 1} | ({"marking_unknown": 1} if key == "NOBODY" else {})
    assert {issue.marking_key for issue in reading.issues} == {"NOBODY"}


def test_a_kind_of_organisation_without_role_is_that_of_the_only_doer(folder: Path) -> None:
    table = "O,S,T,W\n#org+impl+name,#org+acronym,#org+type,#adm1\nDunes et Vie,DUN,ONG nationale,Mopti\n"
    reading = read_one(folder, "3w.csv", table)
    assert (
        reading.rows("participating_org")[0].items()
        >= {"name": "Dunes et Vie", "type_code": "22", "role_code": "4"}.items()
    )
    assert reading.rows("activity")[0]["reporting_org_name"] == "Dunes et Vie"


def test_sheets_without_tags_are_counted(folder: Path) -> None:
    folder.mkdir()
    with xlsxwriter.Workbook(str(folder / "a.xlsx")) as book:
        book.add_worksheet("Notes").write_column(0, 0, ["a", "b", "c"])
        tagged = book.add_worksheet("3W")
        for n, row in enumerate([["O", "W"], ["#org", "#adm1"], ["A", "Gao"]]):
            tagged.write_row(n, 0, row)
        other = book.add_worksheet("Pop")
        for n, row in enumerate([["#country", "#population"], ["ML", 5], ["NE", 6]]):
            other.write_row(n, 0, row)
    reading = read_all(folder)["a.xlsx"]
    assert (reading.seen, reading.read, reading.set_aside) == (3, 1, 2)
    assert reading.rows("activity")[0]["sheet"] == "3W"
    assert {i.code: i.values for i in reading.issues} == {
        "sheet_untagged": {"sheet": "Notes", "rows": 3},
        "sheet_no_activities": {"sheet": "Pop", "rows": 2},
    }


@pytest.mark.parametrize(("lang", "encoding"), [("fr", "cp1252"), ("ar", "cp1256")])
def test_a_file_that_is_not_unicode_is_read_in_the_code_page_of_its_language(
    folder: Path, lang: str, encoding: str
) -> None:
    name = "منظمة" if lang == "ar" else "Médecins"
    table = as_csv([("O", "W"), ("#org", "#adm1"), (name, "Gao")]).encode(encoding)
    reading = read_one(folder, "3w.csv", table, f"language: {lang}")
    assert reading.rows("activity")[0]["reporting_org_name"] == name
    assert [(i.code, i.values) for i in reading.issues] == [("encoding_assumed", {"encoding": encoding})]


def test_a_workbook_inside_a_zip_is_read(folder: Path) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([["O", "W"], ["#org", "#adm1"], ["A", "Gao"]]):
            sheet.write_row(n, 0, row)
    folder.mkdir()
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("in/3w.xlsx", data.getvalue())
    assert read_all(folder)["a.zip!in/3w.xlsx"].read == 1
