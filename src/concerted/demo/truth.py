"""Hold an edition against the known truth: is every figure in its range, every planted fault told, nothing leaked?

Place on the way: after the last step, as judge. An edition's folder and the content of `truth.json` enter; findings
leave, none when all is well. Reads the Parquet tables in plain Python, without the steps that made them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from concerted.codelists.places import load_places
from concerted.demo.catalogue import strategy_nodes
from concerted.model.tables import UNCLASSIFIED

Truth = Mapping[str, Any]
Range = list[Decimal]  # low, best, high
#: Rounding of single lines, in dollars: each is split to the cent over nodes and places.
CENTS_PER_LINE = Decimal("0.05")


@dataclass(frozen=True)
class Finding:
    """Something that is not as it is known to be.

    `error`: a law is broken. `warning`: the figure keeps the law but is less useful than it could be.
    """

    severity: Literal["error", "warning"]
    law: str
    where: str
    expected: str
    found: str


def load_truth(path: Path) -> Truth:
    """The content of a `truth.json`."""
    truth: Truth = json.loads(path.read_text("utf-8"))
    return truth


def check(edition_dir: Path, truth: Truth) -> list[Finding]:
    """Compare an edition of the demonstration set with its truth.

    Args:
        edition_dir: folder with `manifest.json` and one Parquet file per table.
        truth: from `load_truth`, of the same seed.
    Returns:
        Findings, errors first; empty when every figure lies in its range and every planted fault is reported.
    """
    findings = [
        *check_files(edition_dir, truth),
        *check_faults(edition_dir, truth),
        *check_figures(edition_dir, truth),
        *check_gaps(edition_dir, truth),
        *check_counts(edition_dir, truth),
        *check_markings(edition_dir, truth),
        *check_information(edition_dir, truth),
    ]
    return sorted(findings, key=lambda f: (f.severity, f.law, f.where))


def check_files(edition_dir: Path, truth: Truth) -> list[Finding]:
    """Per file: seen = read + set aside, and each as the generator wrote it."""
    manifest = json.loads((edition_dir / "manifest.json").read_text("utf-8"))
    inputs = {entry["path"]: entry for entry in manifest["inputs"]}
    findings = []
    for file in truth["files"]:
        entry = inputs.get(file["path"])
        if entry is None:
            if not file["refused"]:
                findings.append(
                    Finding("error", "every file is named", file["path"], "an input", "not in the manifest")
                )
            continue
        counts = {key: entry[key] for key in ("seen", "read", "set_aside")}
        known = {key: file[key] for key in counts}
        if counts["seen"] != counts["read"] + counts["set_aside"]:
            findings.append(Finding("error", "seen = read + set aside", file["path"], "a sum", str(counts)))
        if counts != known:
            findings.append(Finding("error", "records per file", file["path"], str(known), str(counts)))
    return findings


def check_faults(edition_dir: Path, truth: Truth) -> list[Finding]:
    """Every planted fault is reported: per file and code at least as many issues as were planted."""
    told: dict[tuple[str, str], int] = defaultdict(int)
    for row in _rows(edition_dir, "out_issue", ["input_path", "code", "count"]):
        told[row["input_path"] or "", row["code"]] += row["count"] or 1
    return [
        Finding(
            "error", "every planted fault is reported", file["path"], f"{count} x {code}", str(told[file["path"], code])
        )
        for file in truth["files"]
        for code, count in file["issues"].items()
        if told[file["path"], code] < count
    ]


def check_figures(edition_dir: Path, truth: Truth) -> list[Finding]:
    """Every true figure lies in its low..high, for one who may see all and for the public."""
    ranges = figure_ranges(edition_dir, truth["framework_id"])
    findings = []
    for figure in truth["figures"]:
        key = tuple(figure[name] for name in ("view", "finance_kind", "node", "place", "year"))
        low, _, high = ranges.get(key, [Decimal(0)] * 3)
        true, declared = Decimal(str(figure["true_usd"])), Decimal(str(figure["declared_usd"]))
        slack = CENTS_PER_LINE * figure["lines"]
        where, found = " ".join(map(str, key)), f"{low}..{high}"
        # Under a node of the strategy only declared money is confirmed; under ANY all of it is.
        most = true if figure["node"] == "ANY" else declared
        if low > most + slack:
            findings.append(Finding("error", "low is not above the truth", where, f"<= {most}", found))
        if high < declared - slack:
            findings.append(Finding("error", "high is not below what owners declare", where, f">= {declared}", found))
        elif high < true - slack:
            findings.append(Finding("warning", "high is not below the truth", where, f">= {true}", found))
    return findings


def figure_ranges(edition_dir: Path, framework_id: str) -> dict[tuple[Any, ...], Range]:
    """(view, finance_kind, node, place, year) -> low, best, high in USD, summed from the allocations."""
    pillar_of = _pillars()
    columns = ["framework_id", "node_id", "place_id", "period", "finance_kind", "view", "marking_key"]
    columns += ["precise_marking_key", "low_usd", "best_usd", "high_usd"]
    found: dict[tuple[Any, ...], Range] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in _rows(edition_dir, "out_allocation", columns):
        if row["framework_id"] != framework_id or row["high_usd"] is None:
            continue
        money = (row["low_usd"], row["best_usd"], row["high_usd"])
        nodes = ["ANY"] if row["node_id"] == UNCLASSIFIED else ["ANY", "ALL", pillar_of[row["node_id"]]]
        for view in _viewers(row):
            for node in nodes:
                for place in _wider(row["place_id"]):
                    for year in {None, row["period"]}:
                        cell = found[view, row["finance_kind"], node, place, year]
                        found[view, row["finance_kind"], node, place, year] = [
                            a + b for a, b in zip(cell, money, strict=True)
                        ]
    return dict(found)


def check_gaps(edition_dir: Path, truth: Truth) -> list[Finding]:
    """Nothing is guessed into the regions where nobody works."""
    found: dict[str, int] = defaultdict(int)
    for row in _rows(edition_dir, "out_allocation", ["place_id"]):
        for place in _wider(row["place_id"]):
            found[place] += 1
    return [
        Finding("error", "a gap stays a gap", place, "no allocation", f"{found[place]} allocations")
        for place in truth["empty_places"]
        if found[place]
    ]


def check_counts(edition_dir: Path, truth: Truth) -> list[Finding]:
    """No true project is lost, none is told more often than it was; money that cannot be valued stays unknown."""
    findings = []
    activities = _rows(
        edition_dir, "core_activity", ["record_id", "identifier", "activity_id", "is_current", "is_supply"]
    )
    counted = {row["activity_id"] for row in activities if row["is_current"] and row["is_supply"]}
    if not truth["projects"] <= len(counted) <= truth["tellings"]:
        expected = f"{truth['projects']}..{truth['tellings']}"
        findings.append(Finding("error", "distinct activities", "all", expected, str(len(counted))))
    records = {row["identifier"]: row["record_id"] for row in activities if row["is_current"]}
    rows = _rows(edition_dir, "out_allocation", ["record_id", "finance_kind", "is_unvalued", "high_usd"])
    valued = {(r["record_id"], r["finance_kind"]) for r in rows if r["high_usd"] is not None}
    unvalued = {(r["record_id"], r["finance_kind"]) for r in rows if r["is_unvalued"]}
    for line in truth["unvalued"]:
        key = (records.get(line["identifier"]), line["finance_kind"])
        if key in valued or key not in unvalued:
            where = f"{line['identifier']} {line['finance_kind']}"
            found = "a value" if key in valued else "nothing"
            findings.append(Finding("error", "unknown money is unknown, not zero", where, "is_unvalued", found))
    return findings


def check_markings(edition_dir: Path, truth: Truth) -> list[Finding]:
    """Every restricted telling carries the marking its owner gave it, and no other text carries its canary."""
    findings = []
    marked = {c["word"]: c for c in truth["canaries"]}
    columns = ["title", "description", "marking_key", "coarse_marking_key"]
    for row in _rows(edition_dir, "core_activity", columns):
        words = [word for word in marked if word in f"{row['title']} {row['description']}"]
        for word in words:
            canary = marked.pop(word) if word in marked else None
            if canary and (row["marking_key"], row["coarse_marking_key"]) != (canary["marking"], canary["coarse"]):
                expected = f"{canary['marking']}, coarse {canary['coarse']}"
                found = f"{row['marking_key']}, coarse {row['coarse_marking_key']}"
                findings.append(Finding("error", "markings are kept", canary["identifier"], expected, found))
    findings += [Finding("error", "markings are kept", c["identifier"], "a record", "none") for c in marked.values()]
    return findings


def leaks(texts: Iterable[tuple[str, str]], truth: Truth) -> list[Finding]:
    """Canaries in what the public was shown.

    Args:
        texts: (where, what was shown) of pages, files, answers.
        truth: the known truth.
    """
    return [
        Finding("error", "the public never sees a restricted record", where, "no canary", canary["word"])
        for where, text in texts
        for canary in truth["canaries"]
        if canary["word"].lower() in text.lower()
    ]


def check_information(edition_dir: Path, truth: Truth) -> list[Finding]:
    """Claims make places informed, stale claims do not, and where nobody claims there is no information."""
    found: dict[tuple[str, int | None], bool] = defaultdict(bool)
    for row in _rows(edition_dir, "out_informed", ["place_id", "period", "is_fresh"]):
        found[row["place_id"], row["period"]] |= bool(row["is_fresh"])
    findings = []
    for known in truth["information"]:
        key = (known["place"], known["period"])
        state = "none" if key not in found else "fresh" if found[key] else "stale"
        if state != known["informed"]:
            where = f"{known['place']} {known['period']}"
            findings.append(Finding("error", "informed only where claimed", where, known["informed"], state))
    return findings


def _rows(edition_dir: Path, table: str, columns: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(edition_dir / f"{table}.parquet", columns=columns).to_pylist()
    return rows


def _viewers(row: Mapping[str, Any]) -> list[str]:
    """Which of the two viewers of the truth a row is for: one who may see all precise views, and the public."""
    if row["view"] == "precise":
        return ["everything", "public"] if row["marking_key"] == "CLEAR" else ["everything"]
    return ["public"] if row["marking_key"] == "CLEAR" and row["precise_marking_key"] != "CLEAR" else []


def _wider(place_id: str) -> set[str]:
    """Everywhere, and the region and country that a place lies in; a place is its own region or country."""
    found = {"*"}
    at: str | None = place_id
    while at is not None:
        level, parent = _shipped_places().get(at, (0, None))
        if level <= 1:
            found.add(at)
        at = parent
    return found


@cache
def _shipped_places() -> dict[str, tuple[int, str | None]]:
    """Level and parent of every place of the shipped list, in whose codes places are allocated."""
    rows = load_places().select(["place_id", "level", "parent_id"]).to_pylist()
    return {row["place_id"]: (row["level"], row["parent_id"] or None) for row in rows}


def _pillars() -> dict[str, str]:
    nodes = strategy_nodes()
    found = {}
    for node_id in nodes:
        top = node_id
        while (parent := nodes[top].parent) is not None:
            top = parent
        found[node_id] = top
    return found
