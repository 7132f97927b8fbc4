"""Every law that `check` holds an edition against is broken once on purpose, and found, with the row that breaks it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from concerted.model.tables import conform, tables
from concerted.publish.integrity import Finding, check_edition
from concerted.store.edition import MANIFEST, file_sha256, find_edition

#: Where a row is picked, the first in this order: the choice must not depend on the machine.
FIRST = "ORDER BY ALL LIMIT 1"


@pytest.fixture
def edition(small_data: Path, tmp_path: Path) -> Path:
    """A copy of the small edition that a test may spoil."""
    found = find_edition(small_data)
    return Path(shutil.copytree(found, tmp_path / found.name))


def rewrite(edition: Path, table: str, *statements: str) -> None:
    """Change a table by SQL and let the manifest follow, so that hash and row count give nothing away."""
    path = edition / f"{table}.parquet"
    with duckdb.connect() as connection:
        for other in sorted(edition.glob("*.parquet")):
            kind = "TABLE" if other == path else "VIEW"
            connection.execute(f"CREATE {kind} {other.stem} AS SELECT * FROM read_parquet('{other}')")
        for statement in statements:
            connection.execute(statement)
        changed = connection.execute(f"SELECT * FROM {table}").to_arrow_table()
    spec = next(s for s in tables().values() if s.full_name == table)
    pq.write_table(conform(changed, spec.schema(), table), path)
    entry = {"rows": changed.num_rows, "sha256": file_sha256(path), "bytes": path.stat().st_size}
    manifest_of(edition, lambda manifest: manifest["tables"].update({table: entry}))


def manifest_of(edition: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest in place."""
    manifest = json.loads((edition / MANIFEST).read_text("utf-8"))
    change(manifest)
    (edition / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def broken(edition: Path) -> dict[str, Finding]:
    return {finding.law: finding for finding in check_edition(edition) if not finding.holds}


def pick(table: str, where: str, key: str = "record_id, transaction_seq, place_id, node_id, framework_id") -> str:
    """A condition that only the first row of `table` with `where` meets."""
    return f"({key}) IN (SELECT ({key}) FROM {table} WHERE {where} {FIRST})"


ONE_ROW = "record_id, transaction_seq, node_id, place_id, period, finance_kind, view"
SPENT = pick("out_allocation", "finance_kind = 'disbursement' AND high_usd > 100 AND view = 'precise'", ONE_ROW)
BUDGET = pick("out_allocation", "finance_kind = 'budget' AND high_eur > 100", ONE_ROW)
CELL = pick("out_cell", "grain = 'node' AND high_eur > 1", "framework_id, node_id, finance_kind, view, marking_key")
COUNT = "grain = 'node' AND finance_kind = 'ANY' AND node_id = 'ALL'"
HIDDEN = "marking_key <> 'CLEAR' AND view = 'precise'"
PAID = pick("core_transaction", "true", "record_id, seq")
PLACED = pick("core_place_share", "true", "record_id, transaction_seq, place_id")
SERVING = pick("core_node_share", "true", "record_id, transaction_seq, framework_id, node_id")

TOLD = "record_id IN (SELECT record_id FROM core_activity WHERE marking_key = 'CLEAR')"
A_FEW = f"UPDATE core_people SET value = 4 WHERE {TOLD}"
COUNTED = (
    "INSERT INTO out_unshown_total SELECT framework_id, 'ALL', 'ALL', 'ANY', NULL, {records}, 'CLEAR'"
    f" FROM core_framework {FIRST}"
)

#: law -> the table that is spoilt, and how.
PLANTED: dict[str, tuple[str, str]] = {
    "places of a statement sum to one": (
        "core_place_share",
        f"UPDATE core_place_share SET share = share - 1 WHERE {PLACED}",
    ),
    "nodes of a statement sum to one": (
        "core_node_share",
        f"UPDATE core_node_share SET share = share + 1 WHERE {SERVING}",
    ),
    "transactions are conserved to the cent, each kind and year, in USD": (
        "out_allocation",
        f"UPDATE out_allocation SET high_usd = high_usd + 0.01, gross_usd = gross_usd + 0.01 WHERE {SPENT}",
    ),
    "transactions are conserved to the cent, each kind and year, in EUR": (
        "out_allocation",
        f"UPDATE out_allocation SET gross_eur = gross_eur - 0.01 WHERE {SPENT}",
    ),
    "budgets are conserved to the cent, each kind, in EUR": (
        "out_allocation",
        f"UPDATE out_allocation SET gross_eur = gross_eur + 0.01 WHERE {BUDGET}",
    ),
    "budgets are conserved to the cent, each kind, in USD": (
        "out_allocation",
        f"DELETE FROM out_allocation WHERE {BUDGET}",
    ),
    "low is at most best, best at most high, high at most gross, in USD": (
        "out_allocation",
        f"UPDATE out_allocation SET low_usd = best_usd + 1 WHERE {SPENT}",
    ),
    "low is at most best, best at most high, high at most gross, in EUR": (
        "out_allocation",
        f"UPDATE out_allocation SET best_eur = high_eur + 1 WHERE {SPENT}",
    ),
    "an amount is known at all ends or at none, in EUR": (
        "out_allocation",
        f"UPDATE out_allocation SET low_eur = NULL WHERE {SPENT}",
    ),
    "gross less what is certainly told twice is high, each statement and kind, in USD": (
        "out_allocation",
        f"UPDATE out_allocation SET high_usd = high_usd - 0.01, low_usd = 0, best_usd = 0 WHERE {SPENT}",
    ),
    "nothing is told twice for more than its amount, in EUR": (
        "core_double",
        "INSERT INTO core_double SELECT record_id, 'precise', seq, 0, 0, value_usd + 1, 0, 0, value_eur + 1"
        f" FROM core_transaction WHERE value_eur >= 0 {FIRST}",
    ),
    "every level of the chain counts the same money": (
        "core_money_level",
        "UPDATE core_money_level SET best_usd = best_usd + 1 WHERE level = 'first'",
    ),
    "a link has both its ends": (
        "core_money_link",
        "INSERT INTO core_money_link (link_id, book, sign, marking_key) VALUES (1, 'spent', 'named', 'CLEAR')",
    ),
    "what could not be valued is unknown, not zero": (
        "out_allocation",
        "UPDATE out_allocation SET low_usd = 0, best_usd = 0, high_usd = 0 WHERE finance_kind = 'presence'",
    ),
    "what has no amount or no currency has no value": (
        "core_transaction",
        f"UPDATE core_transaction SET currency = NULL, value_usd = 0 WHERE {PAID}",
    ),
    "dollars stay dollars, euros euros, and 655.957 francs are a euro": (
        "core_transaction",
        "UPDATE core_transaction SET value_eur = value_eur * 2 WHERE currency IN ('XOF', 'EUR') AND value_eur > 1",
    ),
    "a cost is not above its own high end, in EUR": (
        "out_target",
        "UPDATE out_target SET low_eur = high_eur + 1 WHERE high_eur IS NOT NULL",
    ),
    "cells sum to their allocations, grain node, in EUR": (
        "out_cell",
        f"UPDATE out_cell SET high_eur = high_eur + 1 WHERE {CELL}",
    ),
    "cells sum to their allocations, grain node_partner, in USD": (
        "out_cell",
        "DELETE FROM out_cell WHERE grain = 'node_partner' AND finance_kind = 'disbursement'",
    ),
    "cells sum to their allocations, grain node_period, in USD": (
        "out_cell",
        "UPDATE out_cell SET period = period + 1 WHERE grain = 'node_period' AND finance_kind = 'disbursement'",
    ),
    "the years of a place sum to the place, in USD": (
        "out_cell",
        "UPDATE out_cell SET high_usd = high_usd + 1 WHERE grain = 'node_place' AND finance_kind = 'disbursement'",
    ),
    "activities of a cell are its activities by state": (
        "out_cell",
        f"UPDATE out_cell SET ongoing = ongoing + 1 WHERE {COUNT}",
    ),
    "cells of counts hold no money, cells of money no counts": (
        "out_cell",
        f"UPDATE out_cell SET high_usd = 0 WHERE {COUNT}",
    ),
    "every statement that counts is in every framework": (
        "out_allocation",
        "DELETE FROM out_allocation WHERE record_id = (SELECT min(record_id) FROM out_allocation)",
    ),
    "a statement that is replaced or is no supply counts nowhere": (
        "core_activity",
        "UPDATE core_activity SET is_supply = false WHERE record_id = (SELECT min(record_id) FROM out_allocation)",
    ),
    "people are at least the largest figure within a node, at most the sum of all that may be there": (
        "out_people_bound",
        "UPDATE out_people_bound SET at_most = at_most + 1 WHERE node_id = 'ALL' AND place_id IS NULL",
    ),
    "a bound of people is no more than the one of what holds it": (
        "out_people_bound",
        "UPDATE out_people_bound SET at_least = at_most + 1 WHERE place_id IS NOT NULL",
    ),
    "a figure of people is one that a sheet or an indicator tells": (
        "out_people_figure",
        "UPDATE out_people_figure SET value = value + 1",
    ),
    "a count of few people that everybody could read is suppressed": ("core_people", A_FEW),
    "no count that everybody reads leaves a few people of its whole": (
        "core_people",
        "INSERT INTO core_people BY NAME SELECT record_id, 99 AS seq, kind, 'f' AS \"group\", value - 4 AS value"
        f' FROM core_people WHERE {TOLD} AND "group" IS NULL AND value > 14 {FIRST}',
    ),
    "what the public is told instead of a count says nothing of it": (
        "out_people_figure",
        "UPDATE out_people_figure SET is_suppressed = true, told_most = value",
    ),
    "the public is told no count of few people": ("core_people", A_FEW),
    "a total of what is not shown is the sum of hidden records' money, to the cent": (
        "out_unshown_total",
        "INSERT INTO out_unshown_total SELECT framework_id, 'ALL', 'ALL', 'commitment', 1, NULL, 'CLEAR'"
        f" FROM core_framework {FIRST}",
    ),
    "hidden records that are counted lie wholly in their cell": ("out_unshown_total", COUNTED.format(records=3)),
    "at least three organisations have what a total of hidden records holds, none more than five sixths of it": (
        "out_unshown_total",
        COUNTED.format(records=0),
    ),
    "a total of hidden records is no more than the one of what holds it": (
        "out_unshown_total",
        "INSERT INTO out_unshown_total SELECT framework_id, unnest(['ALL', node_id]), 'ALL', 'ANY', NULL,"
        f" unnest([3, 4]), 'CLEAR' FROM (FROM core_node {FIRST})",
    ),
    "totals of hidden records are of one framework and for everybody, of money or of records": (
        "out_unshown_total",
        COUNTED.format(records="NULL"),
    ),
    "what hidden records hold is for nobody": (
        "out_unshown_part",
        "INSERT INTO out_unshown_part BY NAME SELECT framework_id, 'ANY' AS finance_kind, 1 AS class_number,"
        f" 'CLEAR' AS marking_key FROM core_framework {FIRST}",
    ),
    "keys are unique": ("core_label", f"INSERT INTO core_label SELECT * FROM core_label {FIRST}"),
    "every row has a marking": ("out_freshness", "UPDATE out_freshness SET marking_key = NULL"),
    "a coarse row names the precise marking it stands for": (
        "out_cell",
        "UPDATE out_cell SET precise_marking_key = NULL WHERE view = 'coarse'",
    ),
    "a row carries the marking of its statement's view": (
        "out_allocation",
        f"UPDATE out_allocation SET marking_key = 'GREEN' WHERE {HIDDEN}",
    ),
    "the public sees no row of a restricted statement": (
        "out_allocation",
        f"UPDATE out_allocation SET marking_key = 'CLEAR' WHERE {HIDDEN}",
    ),
    "no public text names what is restricted": (
        "core_organisation",
        "UPDATE core_organisation SET name = (SELECT max(title) FROM core_activity WHERE marking_key <> 'CLEAR')",
    ),
    "every row belongs to a statement": ("core_sector", "UPDATE core_sector SET record_id = 1"),
    "every organisation that is named is there": ("out_allocation", "UPDATE out_allocation SET org_id = 1"),
    "every activity that is named is there": ("out_cliff", "UPDATE out_cliff SET activity_id = 1"),
    "every place that is named is there": ("core_location", "UPDATE core_location SET place_id = 'ML99'"),
    "every node that is named is there": ("core_label", "UPDATE core_label SET node_id = 'P99'"),
    "every parent of a node is there": ("core_node", "UPDATE core_node SET parent_id = 'P99' WHERE depth > 0"),
    "statements are the records read, for every input": (
        "core_activity",
        "DELETE FROM core_activity WHERE record_id = (SELECT min(record_id) FROM core_activity)",
    ),
    "issues by code are those of the manifest": ("out_issue", "UPDATE out_issue SET count = count + 1"),
}


def test_a_sound_edition_keeps_every_law(edition: Path) -> None:
    findings = check_edition(edition)
    assert [f for f in findings if not f.holds] == []
    assert {f.law for f in findings} >= PLANTED.keys()


@pytest.mark.parametrize("law", PLANTED)
def test_a_planted_bug_is_found_and_its_rows_are_named(edition: Path, law: str) -> None:
    table, statement = PLANTED[law]
    rewrite(edition, table, statement)
    found = broken(edition)
    assert law in found
    assert found[law].broken >= 1
    assert 1 <= len(found[law].rows) <= 3


def test_a_kind_of_money_that_slips_into_another_is_found(edition: Path) -> None:
    rewrite(edition, "out_allocation", f"UPDATE out_allocation SET finance_kind = 'commitment' WHERE {SPENT}")
    assert "transactions are conserved to the cent, each kind and year, in USD" in broken(edition)


def test_files_that_are_not_those_of_the_manifest_are_named(edition: Path) -> None:
    with (edition / "core_node.parquet").open("ab") as stream:
        stream.write(b"x")
    (edition / "core_people.parquet").unlink()
    shutil.copyfile(edition / "core_label.parquet", edition / "extra.parquet")
    rows = broken(edition)["files are those of the manifest"].rows
    assert [row.split()[0] for row in rows] == ["core_people.parquet", "core_node.parquet", "extra.parquet"]


def test_a_table_with_another_column_is_found_although_the_manifest_knows_it(edition: Path) -> None:
    path = edition / "core_people.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["value"]), path)
    entry = {"rows": pq.read_metadata(path).num_rows + 1, "sha256": file_sha256(path)}
    manifest_of(edition, lambda manifest: manifest["tables"].update(core_people=entry))
    said = " | ".join(map(str, broken(edition)["tables are those of the field dictionary"].rows))
    assert "is damaged: core_people has no value" in said
    assert "core_people has other columns than its dictionary: value" in said
    assert "the manifest says" in said


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("seen = read + set aside, for every input", lambda m: m["inputs"][0].update(seen=m["inputs"][0]["seen"] + 1)),
        ("every input tells its hash, size, kind, licence and counts", lambda m: m["inputs"][0].pop("licence")),
        ("unread elements are those of the inputs", lambda m: m["unread"].update(invented=3)),
        ("issues by code are those of the manifest", lambda m: m["issues"].update(invented=3)),
        ("the id of the edition is that of its inputs, parameters and code", lambda m: m["identity"].update(code="0")),
    ],
)
def test_a_manifest_that_does_not_tell_the_truth_is_found(
    edition: Path, law: str, change: Callable[[dict[str, Any]], object]
) -> None:
    manifest_of(edition, change)
    assert law in broken(edition)
