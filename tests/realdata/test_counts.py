"""Editions of real files hold exactly what a count in plain Python finds in them."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from concerted.build import build
from concerted.codelists.issues import catalogue
from concerted.model.tables import tables
from concerted.publish.integrity import check_edition
from concerted.publish.messages import message
from concerted.steps import BuildRequest
from realdata.counting import content, count_hxl, count_iati, csv_rows, is_blank

pytestmark = pytest.mark.realdata

SOME = ("iati/broken", "iati/samples", "iati/v1", "hxl-3w/hxl-edge-cases", "hxl-3w/tcd_3w_2021-10.xlsx")


def realdata() -> Path:
    """The folder of real files."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("CONCERTED_REALDATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no real files: {folder} is not there; set CONCERTED_REALDATA")
    return folder


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """Root, edition and manifest of a small part of the real files."""
    root = tmp_path_factory.mktemp("some")
    for name in SOME:
        source, target = realdata() / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, target)
    built = build([str(root)], tmp_path_factory.mktemp("data"), BuildRequest(frameworks=("un-gcts",)), jobs=2)
    return root, built.folder, built.manifest


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """Root, edition and manifest of all real files."""
    built = build([str(realdata())], tmp_path_factory.mktemp("data"), jobs=2)
    return realdata(), built.folder, built.manifest


def rows_by_input(edition: Path, table: str) -> dict[str, int]:
    statements = f"(SELECT record_id, input_path FROM read_parquet('{edition}/core_activity.parquet'))"
    query = f"""SELECT s.input_path, count(*) FROM read_parquet('{edition}/{table}.parquet')
        JOIN {statements} s USING (record_id) GROUP BY 1"""
    return dict(duckdb.sql(query).fetchall())


def counted_iati(root: Path) -> dict[str, tuple[int, ...]]:
    """Per IATI file: activities begun, whole ones, their transactions and locations."""
    found: dict[str, tuple[int, ...]] = {}
    for path in sorted(root.rglob("*")):
        if path.name.removesuffix(".gz").endswith(".xml") and (counts := count_iati(content(path))):
            name = path.relative_to(root).as_posix()
            found[name] = (counts.begun, counts.whole, counts.transactions, counts.locations)
    return found


def check_iati(root: Path, edition: Path, manifest: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Every IATI file has the counts that plain Python finds; they are returned."""
    expected = counted_iati(root)
    statements, transactions, locations = (
        rows_by_input(edition, f"core_{table}") for table in ("activity", "transaction", "location")
    )
    inputs = [i for i in manifest["inputs"] if i["kind"] == "iati-activities"]
    found = {
        i["path"]: (i["seen"], i["read"], transactions.get(i["path"], 0), locations.get(i["path"], 0)) for i in inputs
    }
    assert found == expected
    assert {i["path"]: i["read"] for i in inputs if i["read"]} == {
        path: count for path, count in statements.items() if path in found
    }
    assert all(i["set_aside"] == i["seen"] - i["read"] for i in inputs)
    return expected


def check_hxl(root: Path, manifest: dict[str, Any]) -> int:
    """Every file with HXL tags has as many rows as plain Python finds; their sum."""
    seen = {i["path"]: i["seen"] for i in manifest["inputs"] if i["kind"] == "hxl-3w"}
    assert seen == {name: count_hxl(root / name) for name in seen}
    return sum(seen.values())


def unordered(edition: Path) -> list[str]:
    """Tables with rows that differ and have the same key: nothing would decide which of them comes first."""
    found = []
    for spec in tables().values():
        key = ", ".join(f'"{name}"' for name in spec.key)
        rows = f"SELECT DISTINCT * FROM read_parquet('{edition}/{spec.full_name}.parquet')"
        query = f"SELECT count(*) FROM (SELECT {key} FROM ({rows}) GROUP BY ALL HAVING count(*) > 1)"
        if (edition / f"{spec.full_name}.parquet").is_file() and duckdb.sql(query).fetchall() != [(0,)]:
            found.append(spec.full_name)
    return found


def check_laws(edition: Path, manifest: dict[str, Any]) -> None:
    assert [finding for finding in check_edition(edition) if not finding.holds] == []
    assert unordered(edition) == []
    assert manifest["issues"].keys() - catalogue().keys() == set()
    for row in pq.read_table(edition / "out_issue.parquet").to_pylist():
        assert row["severity"] == catalogue()[row["code"]]["severity"], row
        assert re.search(r"\{[a-z_]+\}", message(row, "fr")) is None, row


def test_some_real_files_are_read_to_the_last_record(some: tuple[Path, Path, dict[str, Any]]) -> None:
    root, edition, manifest = some
    counts = check_iati(root, edition, manifest)
    assert sum(whole for _, whole, _, _ in counts.values()) > 800
    assert check_hxl(root, manifest) > 700


def test_some_real_files_keep_the_laws(some: tuple[Path, Path, dict[str, Any]]) -> None:
    _, edition, manifest = some
    check_laws(edition, manifest)


def test_every_file_that_was_met_is_an_input_or_an_issue(some: tuple[Path, Path, dict[str, Any]]) -> None:
    check_nothing_is_lost(*some)


def check_nothing_is_lost(root: Path, edition: Path, manifest: dict[str, Any]) -> None:
    met = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    inputs = {i["path"] for i in manifest["inputs"]}
    query = f"""SELECT DISTINCT input_path FROM read_parquet('{edition}/out_issue.parquet')
        WHERE code IN ('input_ignored', 'input_unknown', 'input_refused')"""
    refused = {path for (path,) in duckdb.sql(query).fetchall()}
    assert inputs | refused == met
    silent = [i["path"] for i in manifest["inputs"] if i["set_aside"] and not i["issues"]]
    assert silent == []


@pytest.mark.slow
def test_all_real_files_are_read_to_the_last_record(everything: tuple[Path, Path, dict[str, Any]]) -> None:
    root, edition, manifest = everything
    counts = check_iati(root, edition, manifest)
    assert len(counts) > 250
    assert sum(transactions for _, _, transactions, _ in counts.values()) > 150_000
    assert check_hxl(root, manifest) > 40_000
    check_nothing_is_lost(root, edition, manifest)
    check_laws(edition, manifest)


@pytest.mark.slow
def test_sheets_without_a_mapping_are_set_aside_row_by_row(everything: tuple[Path, Path, dict[str, Any]]) -> None:
    root, _, manifest = everything
    sheets = [i for i in manifest["inputs"] if i["kind"] == "sheet" and ".csv" in i["path"]]
    assert len(sheets) > 10
    for sheet in sheets:
        header, *data = csv_rows(content(root / sheet["path"]))
        rows = sum(not is_blank(row) for row in data)
        assert (sheet["path"], sheet["seen"], sheet["set_aside"]) == (sheet["path"], rows, rows)
        names = [name.lower().replace("_", " ").replace("-", " ") for name in header]
        # Flat IATI: a list of files that counts their transactions names no activity.
        is_of_transactions = any("transaction" in name for name in names) and any("iati identifier" in n for n in names)
        code = "transactions_unmapped" if is_of_transactions else "mapping_missing"
        assert (sheet["path"], sheet["issues"]) == (sheet["path"], {code: 1})


@pytest.mark.slow
def test_an_activity_told_in_several_files_has_one_statement_that_counts(
    everything: tuple[Path, Path, dict[str, Any]],
) -> None:
    _, edition, _ = everything
    statements = f"read_parquet('{edition}/core_activity.parquet')"
    per_identifier = f"""SELECT count(*) FILTER (is_current), count(*) AS told FROM {statements}
        WHERE kind = 'iati' AND identifier IS NOT NULL GROUP BY upper(trim(identifier))"""
    rows = duckdb.sql(per_identifier).fetchall()
    assert {current for current, _ in rows} == {1}
    assert sum(told > 1 for _, told in rows) > 5_000, "the real files no longer repeat activities"
