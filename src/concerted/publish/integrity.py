"""Is an edition what its manifest says, and does it keep the laws? An independent look, by questions to the tables."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from concerted.store.edition import file_sha256, read_manifest
from concerted.store.query import open_edition


@dataclass(frozen=True)
class Finding:
    """One law and whether it holds; `detail` says what was found."""

    law: str
    holds: bool
    detail: str


#: name of the law -> a query that must give no row
_LAWS = {
    "places of a statement sum to one": """
        SELECT record_id, transaction_seq FROM core_place_share GROUP BY ALL HAVING sum(share) <> 1000000000""",
    "nodes of a statement sum to one": """
        SELECT record_id, transaction_seq, framework_id FROM core_node_share GROUP BY ALL
        HAVING sum(share) <> 1000000000""",
    "record ids are unique": "SELECT record_id FROM core_activity GROUP BY ALL HAVING count(*) > 1",
    "every transaction belongs to a statement": """
        SELECT record_id FROM core_transaction WHERE record_id NOT IN (SELECT record_id FROM core_activity)""",
    "money is conserved to the cent in every framework and view": """
        WITH split AS (
          SELECT framework_id, record_id, view, sum(high_usd) AS usd FROM out_allocation
          WHERE finance_kind NOT IN ('presence', 'budget', 'planned_disbursement') GROUP BY ALL),
        whole AS (SELECT record_id, sum(value_usd) AS usd FROM core_transaction GROUP BY ALL)
        SELECT record_id FROM split JOIN whole USING (record_id) WHERE split.usd IS DISTINCT FROM whole.usd""",
    "low is at most best, best at most high": """
        SELECT activity_id FROM out_allocation
        WHERE high_usd >= 0 AND NOT (low_usd <= best_usd AND best_usd <= high_usd)""",
    "what could not be valued is unknown, not zero": """
        SELECT activity_id FROM out_allocation
        WHERE is_unvalued AND (low_usd IS NOT NULL OR best_usd IS NOT NULL OR high_usd IS NOT NULL)""",
}


def check_edition(folder: Path) -> list[Finding]:
    """Every law with whether it holds in this edition: files against manifest, counts, shares, money.

    Of files that are not those of the manifest nothing else is asked: they may not even be tables.
    """
    manifest = read_manifest(folder)
    findings = [_files(folder, manifest["tables"]), _counts(manifest["inputs"])]
    if not findings[0].holds:
        return findings
    with open_edition(folder) as connection:
        findings += [_law(connection, law, query) for law, query in _LAWS.items()]
        rows = connection.execute("SELECT count(*) FROM core_activity").fetchone()
        read = sum(i["read"] for i in manifest["inputs"] if i["kind"] in ("iati-activities", "hxl-3w", "sheet"))
        count = rows[0] if rows else 0
        findings.append(Finding("statements are the records read", count == read, f"{count} statements, {read} read"))
    return findings


def _files(folder: Path, tables: dict[str, dict[str, str]]) -> Finding:
    files = {name: folder / f"{name}.parquet" for name in tables}
    wrong = [n for n, path in files.items() if not path.is_file() or file_sha256(path) != tables[n]["sha256"]]
    return Finding("files are those of the manifest", not wrong, f"{len(tables)} tables, changed: {wrong or 'none'}")


def _counts(inputs: list[dict[str, int]]) -> Finding:
    lost = [i["path"] for i in inputs if i["seen"] != i["read"] + i["set_aside"]]
    seen = sum(i["seen"] for i in inputs)
    return Finding("seen = read + set aside", not lost, f"{len(inputs)} inputs, {seen} seen, lost in: {lost or 'none'}")


def _law(connection: duckdb.DuckDBPyConnection, law: str, query: str) -> Finding:
    rows = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()
    broken = rows[0] if rows else 0
    return Finding(law, broken == 0, f"broken {broken} times")
