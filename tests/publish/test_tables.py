"""Exports: every table in every format, and nothing in them that a spreadsheet would run."""

import csv
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import python_calamine

from builds import Small
from concerted.marking import KEEPER, PUBLIC
from concerted.model.errors import ConfigError, NotAllowedError
from concerted.model.tables import conform, full_schema, tables
from concerted.publish.tables import FORMATS, export_table, neutral
from concerted.publish.visible import RULES, visible_sql
from concerted.store.edition import find_edition
from concerted.store.query import open_edition

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")')


@pytest.fixture(scope="module")
def edition(small_data: Path) -> Path:
    return find_edition(small_data)


def read_rows(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(path.open(encoding="utf-8", newline="")))
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]


@pytest.mark.parametrize(
    "form", ["parquet", *(pytest.param(each, marks=pytest.mark.slow) for each in ("csv", "jsonl"))]
)
def test_every_table_leaves_with_the_rows_that_the_public_may_see(
    edition: Path, small: Small, tmp_path: Path, form: str
) -> None:
    with open_edition(edition) as connection:
        expected = {}
        for table in RULES:
            sql, parameters = visible_sql(PUBLIC, connection, table)
            row = connection.execute(f"SELECT count(*) FROM ({sql})", parameters).fetchone()
            expected[table] = row[0] if row else 0
    found = {t: export_table(PUBLIC, edition, t, tmp_path / f"{t}.{form}", form) for t in RULES}
    assert found == expected
    if form != "parquet":
        text = "".join((tmp_path / f"{t}.{form}").read_text("utf-8") for t in RULES).lower()
        assert [word for word in small.canaries() if word.lower() in text] == []


@pytest.mark.parametrize("table", ["core_activity", "core_transaction", "out_freshness", "core_node"])
def test_a_workbook_holds_the_rows_of_the_table(edition: Path, tmp_path: Path, table: str) -> None:
    rows = export_table(PUBLIC, edition, table, tmp_path / "x.xlsx", "xlsx")
    header, *body = read_rows(tmp_path / "x.xlsx")
    assert len(body) == rows > 0
    with open_edition(edition) as connection:
        columns = [c[0] for c in connection.execute(f"DESCRIBE {table}").fetchall()]
    assert header == columns


@pytest.mark.slow
def test_every_table_leaves_as_a_workbook_without_restricted_words(edition: Path, small: Small, tmp_path: Path) -> None:
    for table in RULES.keys() - {"core_place"}:
        export_table(PUBLIC, edition, table, tmp_path / f"{table}.xlsx", "xlsx")
        text = str(read_rows(tmp_path / f"{table}.xlsx")).lower()
        assert [word for word in small.canaries() if word.lower() in text] == []


def test_parquet_keeps_types_and_jsonl_keeps_ids_exact(edition: Path, tmp_path: Path) -> None:
    export_table(KEEPER, edition, "core_activity", tmp_path / "x.parquet", "parquet")
    whole = pq.read_table(edition / "core_activity.parquet")
    assert pq.read_table(tmp_path / "x.parquet").schema.types == whole.schema.types
    export_table(KEEPER, edition, "core_activity", tmp_path / "x.jsonl", "jsonl")
    ids = [json.loads(line)["record_id"] for line in (tmp_path / "x.jsonl").open(encoding="utf-8")]
    assert sorted(ids) == sorted(whole["record_id"].to_pylist())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_text_runs_in_a_spreadsheet(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "edition"
    folder.mkdir()
    connection = duckdb.connect()
    rows = ", ".join("('" + text.replace("'", "''") + "')" for text in (*DANGEROUS, "Ménaka = 3", "déjà -1"))
    connection.execute(f"CREATE TABLE t AS SELECT * FROM (VALUES {rows}) AS v(name_fr)")
    nodes = conform(connection.table("t").to_arrow_table(), full_schema("node"), "node")
    pq.write_table(
        nodes.select(["name_fr", *(c for c in nodes.column_names if c != "name_fr")]), folder / "core_node.parquet"
    )
    for name in ("activity", "organisation", "freshness", "informed", "quality", "issue"):
        schema = full_schema(name)
        row = pa.table({"marking_key": ["CLEAR"]})
        pq.write_table(conform(row, schema, name), folder / f"{tables()[name].full_name}.parquet")
    manifest = {"edition_id": "0", "as_of": "2026-01-01", "code": {"version": "0", "hash": "0"}, "inputs": []}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    export_table(PUBLIC, folder, "core_node", tmp_path / f"x.{form}", form)
    _, *body = read_rows(tmp_path / f"x.{form}")
    shown = [row[0] for row in body]
    assert [text.strip("'\t\r") for text in shown[: len(DANGEROUS)]] == [text.strip("\t\r") for text in DANGEROUS]
    assert all(text.startswith("'") for text in shown[: len(DANGEROUS)])
    assert shown[len(DANGEROUS) :] == ["Ménaka = 3", "déjà -1"]
    if form == "xlsx":
        import zipfile

        with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet


def test_unknown_texts_and_numbers_are_left_as_they_are() -> None:
    batch = pa.record_batch({"text": [None, "=1", "ok"], "number": [-1, None, 2]})
    assert neutral(batch).to_pydict() == {"text": [None, "'=1", "ok"], "number": [-1, None, 2]}


def test_a_table_that_is_not_given_out_leaves_no_file(edition: Path, tmp_path: Path) -> None:
    for form in FORMATS:
        with pytest.raises(NotAllowedError):
            export_table(KEEPER, edition, "core_organisation_name", tmp_path / f"x.{form}", form)
    assert list(tmp_path.iterdir()) == []


def test_every_export_says_its_edition_marking_licences_and_how_to_read_it(edition: Path, tmp_path: Path) -> None:
    told = {}
    for form in FORMATS:
        target = tmp_path / f"x.{form}"
        export_table(PUBLIC, edition, "core_activity", target, form)
        beside = tmp_path / f"{target.name}-metadata.json"
        if form == "parquet":
            told[form] = str(pq.read_schema(target).metadata)
        elif form == "xlsx":
            book = python_calamine.CalamineWorkbook.from_path(str(target))
            told[form] = str(book.get_sheet_by_name("about").to_python())
        else:
            told[form] = beside.read_text("utf-8")
    public_id = json.loads((edition / "manifest.json").read_text())["public_id"]
    for text in told.values():
        assert public_id in text
        assert edition.name not in text
        assert "CLEAR" in text
        assert "CC0-1.0" in text
        assert "unknown, not zero" in text
    assert "acces-restreint" not in "".join(told.values())
    columns = json.loads(told["csv"])["tableSchema"]["columns"]
    assert [c["name"] for c in columns] == read_rows(tmp_path / "x.csv")[0]


def test_an_export_that_fails_leaves_the_file_that_was_there(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.xlsx"
    target.write_text("before", "utf-8")
    monkeypatch.setattr("concerted.publish.tables._XLSX_ROWS", 3)
    with pytest.raises(ConfigError, match="more than 3 rows"):
        export_table(PUBLIC, edition, "core_activity", target, "xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["x.xlsx"]
    assert target.read_text("utf-8") == "before"
