"""The judge: content with an edition that says the truth, and not with one that errs in any single way."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted.demo.known import true_lines
from concerted.demo.truth import check, leaks
from concerted.demo.world import make_world
from concerted.model.ids import hash_id
from concerted.model.tables import UNCLASSIFIED, full_schema

Truth = Mapping[str, Any]
Rows = dict[str, list[dict[str, Any]]]
Change = Callable[[Rows], None]


@pytest.fixture(scope="module")
def honest(truth: Truth) -> Rows:
    """The rows of an edition that knows the world: each true line on its nodes and places, nothing twice."""
    world = make_world(truth["seed"])
    rows: Rows = {"out_allocation": [], "core_activity": [], "out_issue": [], "out_informed": []}
    for telling in world.tellings:
        project, marking = telling.project, telling.marking
        rows["core_activity"].append(
            {
                "record_id": hash_id(telling.identifier),
                "activity_id": project.number if telling.role == "presence" else hash_id(telling.identifier),
                "identifier": telling.identifier,
                "title": next(iter(telling.title.values())),
                "marking_key": marking.precise,
                "coarse_marking_key": marking.coarse,
                "is_current": True,
                "is_supply": True,
            }
        )
    for telling, line, value in true_lines(world):
        rows["out_allocation"] += _allocations(telling, line, value)
    for unknown in truth["unvalued"]:
        rows["out_allocation"].append(
            {
                "framework_id": truth["framework_id"],
                "record_id": hash_id(unknown["identifier"]),
                "finance_kind": unknown["finance_kind"],
                "is_unvalued": True,
                "node_id": UNCLASSIFIED,
                "place_id": "ML",
                "view": "precise",
                "marking_key": "CLEAR",
            }
        )
    for file in truth["files"]:
        for code, count in file["issues"].items():
            rows["out_issue"].append({"input_path": file["path"], "code": code, "count": count})
    for known in truth["information"]:
        if known["informed"] != "none":
            rows["out_informed"].append(
                {"place_id": known["place"], "period": known["period"], "is_fresh": known["informed"] == "fresh"}
            )
    return rows


def _allocations(telling: Any, line: Any, value: Decimal) -> list[dict[str, Any]]:
    project, marking = telling.project, telling.marking
    nodes = project.actions or [(UNCLASSIFIED, 1)]
    found = []
    for node, node_weight in nodes:
        for place, place_weight in project.places:
            part = value * node_weight / sum(w for _, w in nodes) * place_weight / sum(w for _, w in project.places)
            part = part.quantize(Decimal("0.01"))
            row = {
                "framework_id": "demo-strategy",
                "node_id": node,
                "place_id": place,
                "period": line.year or line.day.year,
                "finance_kind": line.kind,
                "record_id": hash_id(telling.identifier),
                "is_unvalued": False,
                "low_usd": part if telling.declares else Decimal(0),
                "best_usd": part,
                "high_usd": part,
                "view": "precise",
                "marking_key": marking.precise,
            }
            found.append(row)
            if marking.coarse:
                found.append(
                    row | {"view": "coarse", "marking_key": marking.coarse, "precise_marking_key": marking.precise}
                )
    return found


def write_edition(folder: Path, rows: Rows, truth: Truth) -> Path:
    folder.mkdir(exist_ok=True)
    for name, table in rows.items():
        schema = full_schema(name.split("_", 1)[1])
        pq.write_table(pa.Table.from_pylist(table, schema=schema), folder / f"{name}.parquet")
    counts = ("path", "seen", "read", "set_aside")
    inputs = [{key: file[key] for key in counts} for file in truth["files"] if not file["refused"]]
    (folder / "manifest.json").write_text(json.dumps({"inputs": inputs}))
    return folder


def changed(rows: Rows, table: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Rows:
    return {**rows, table: change([dict(row) for row in rows[table]])}


def test_an_edition_that_says_the_truth_has_no_finding(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    assert check(write_edition(tmp_path, honest, truth), truth) == []


def test_money_told_by_donor_and_agency_and_added_up_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def twice(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*rows, *(row for row in rows if row["finance_kind"] == "commitment" and row["node_id"] == "P5.1.1")]

    found = check(write_edition(tmp_path, changed(honest, "out_allocation", twice), truth), truth)
    assert {f.law for f in found} == {"low is not above the truth"}


def test_money_that_is_left_out_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def without_gao(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["place_id"] != "ML0701"]

    found = check(write_edition(tmp_path, changed(honest, "out_allocation", without_gao), truth), truth)
    assert "high is not below what owners declare" in {f.law for f in found if f.severity == "error"}


def test_unknown_money_as_zero_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def zero(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        nothing = dict.fromkeys(("low_usd", "best_usd", "high_usd"), Decimal(0))
        return [row | nothing if row["is_unvalued"] else row for row in rows]

    found = check(write_edition(tmp_path, changed(honest, "out_allocation", zero), truth), truth)
    assert {f.law for f in found} == {"unknown money is unknown, not zero"}


def test_a_fault_that_nobody_reports_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def silent(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["code"] != "xml_broken"]

    (finding,) = check(write_edition(tmp_path, changed(honest, "out_issue", silent), truth), truth)
    assert (finding.law, finding.where) == ("every planted fault is reported", "defauts/ech-interrompu.xml")


def test_a_restricted_record_made_public_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def open_up(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"marking_key": "CLEAR"} for row in rows]

    found = check(write_edition(tmp_path, changed(honest, "core_activity", open_up), truth), truth)
    assert {f.law for f in found} == {"markings are kept"}
    assert len(found) == len(truth["canaries"])


def test_restricted_money_shown_to_the_public_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def open_up(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"marking_key": "CLEAR"} for row in rows]

    found = check(write_edition(tmp_path, changed(honest, "out_allocation", open_up), truth), truth)
    assert any(f.law == "low is not above the truth" and f.where.startswith("public") for f in found)


def test_a_lost_project_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"activity_id": row["activity_id"] % 300} for row in rows]

    found = check(write_edition(tmp_path, changed(honest, "core_activity", merged), truth), truth)
    assert [f.law for f in found] == ["distinct activities"]


def test_a_place_informed_without_a_claim_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def claimed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*rows, {"place_id": "ML08", "period": 2026, "is_fresh": True}]

    (finding,) = check(write_edition(tmp_path, changed(honest, "out_informed", claimed), truth), truth)
    assert finding.where == "ML08 2026"


def test_work_guessed_into_an_empty_region_is_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    def guessed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*rows, {"framework_id": "x", "node_id": "x", "place_id": "ML0103", "view": "precise", "record_id": 1}]

    found = check(write_edition(tmp_path, changed(honest, "out_allocation", guessed), truth), truth)
    assert [(f.law, f.where) for f in found] == [("a gap stays a gap", "ML01")]


def test_records_that_do_not_add_up_are_found(tmp_path: Path, honest: Rows, truth: Truth) -> None:
    folder = write_edition(tmp_path, honest, truth)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["inputs"][0]["read"] -= 1
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert {f.law for f in check(folder, truth)} == {"seen = read + set aside", "records per file"}


def test_a_canary_on_a_page_is_a_leak_whatever_its_case(truth: Truth) -> None:
    word = truth["canaries"][3]["word"]
    (finding,) = leaks([("/fr/", "<p>rien</p>"), ("/en/search", f"<b>{word.upper()}</b>")], truth)
    assert (finding.where, finding.found) == ("/en/search", word)
