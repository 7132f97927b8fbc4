"""The worked example of docs/how-to/add-a-source.md does what the page says."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from .commands import Commands

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sheet and the source.yml of the page, as files."""
    (table,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    (words,) = re.findall(r"```yml\n(.*?)```", PAGE, re.DOTALL)
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "source.yml").write_text(words, "utf-8")
    with xlsxwriter.Workbook(str(sources / "projets-exemple.xlsx")) as book:
        sheet = book.add_worksheet("Projets")
        for number, line in enumerate(table.splitlines()):
            sheet.write_row(number, 0, [cell.strip() for cell in line.split("|")])
    return sources


def rows(data: Path, table: str) -> list[dict[str, Any]]:
    (path,) = (data / "cache" / "read").glob(f"*/{table}.*parquet")
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def test_the_example_reads_as_the_page_says(concerted: Commands, folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (entry,) = concerted.run("read", folder, "--data", data, "--jobs", 1, "--json").json()["inputs"]
    assert (entry["kind"], entry["seen"], entry["read"], entry["set_aside"]) == ("sheet", 4, 3, 1)
    issues = concerted.run("check", folder, "--data", data, "--jobs", 1, "--json").json()["issues"]
    assert {(i["code"], i["line"]) for i in issues} == {("date_wrong", 4), ("row_total", 5)}
    budgets = {row["value"] for row in rows(data, "budget")}
    assert budgets == {Decimal(45_500_000), Decimal(12_000_000)}, "the second is unknown: it has no row"
    assert {row["currency"] for row in rows(data, "budget")} == {"XOF"}
    assert [row["identifier"] for row in rows(data, "activity")] == ["EX-01", "EX-02", "EX-03"]
    stored = repr([pq.read_table(path).to_pylist() for path in data.rglob("*.parquet")])
    assert "Dialogue entre voisins" in stored
    assert "A. Exemple" not in stored, "columns of persons are dropped"
