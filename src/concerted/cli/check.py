"""`concerted check`: does an edition keep the laws? With sources: what is wrong in them, before any build."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json, watching
from concerted.cli.options import DEFAULT_DATA, DEFAULT_JOBS, Data, EditionName, Jobs

if TYPE_CHECKING:
    from concerted.publish.integrity import Finding

FOUND = 1


def check(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources to look at instead of an edition.")] = None,
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    truth: Annotated[
        Path | None, typer.Option("--truth", help="Known truth to compare the edition with, as the demonstration has.")
    ] = None,
    jobs: Jobs = DEFAULT_JOBS,
    lang: Annotated[str, typer.Option(help="Language of the messages: fr, en or ar.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """Check an edition against the laws, or look for what is wrong in the sources named.

    An edition: hashes, manifest, counts, keys, shares, money in dollars and euros by kind and year, ranges, cells, ids,
    markings, and what the public sees; the first rows that break a law are named. Exit code 0: all laws hold (sources:
    no error found); 1: something is wrong; 3: there is no such edition or source.
    """
    if sources:
        _check_sources(sources, data, jobs, lang, as_json)
    else:
        _check_edition(data, edition, truth, as_json)


def _check_edition(data: Path, edition: str, truth: Path | None, as_json: bool) -> None:
    from concerted.publish.integrity import Finding, check_edition
    from concerted.store.edition import find_edition

    folder = find_edition(data, edition)
    findings = check_edition(folder)
    if truth:
        from concerted.demo.truth import check as compare
        from concerted.demo.truth import load_truth

        findings += [
            Finding(f.law, f.severity != "error", f"{f.where}: expected {f.expected}, found {f.found}")
            for f in compare(folder, load_truth(truth))
        ]
    if as_json:
        say_json({"edition_id": folder.name, "findings": [vars(f) for f in findings]})
    else:
        _say_findings(folder.name, findings)
    if not all(f.holds for f in findings):
        raise typer.Exit(FOUND)


def _say_findings(edition: str, findings: Sequence["Finding"]) -> None:
    """A line per law that holds, with the number of tables it was asked of; broken ones one by one with their rows."""
    say(f"Edition {edition}")
    asked = Counter(f.law for f in findings)
    broken = [f for f in findings if not f.holds]
    for law in dict.fromkeys(f.law for f in findings):
        if not any(f.law == law for f in broken):
            say(f"  ok      {law}" + (f" ({asked[law]} times)" if asked[law] > 1 else ""))
    for finding in broken:
        say(f"  BROKEN  {finding.law}{f', {finding.table}' if finding.table else ''}: {finding.detail}")
        for row in finding.rows:
            say(f"            {row}")
    say(f"{len(asked)} laws, {len(findings)} questions, {len(broken)} broken")


def _check_sources(sources: list[str], data: Data, jobs: int, lang: str, as_json: bool) -> None:
    from concerted.build import read_sources
    from concerted.publish.messages import issue_rows, message
    from concerted.sources.open import Limits

    with watching(quiet=as_json) as watcher:
        reports, issues = read_sources(sources, data, jobs, Limits(), watcher)
    found = issue_rows(reports, issues)
    if as_json:
        say_json({"issues": found})
    else:
        for row in found:
            place = ":".join(str(part) for part in (row["input_path"], row["line"], row["column"]) if part is not None)
            say(f"{row['severity']:<7} {place}  {message(row, lang)}")
        say(f"{len(found)} findings in {len(reports)} inputs")
    if any(row["severity"] == "error" for row in found):
        raise typer.Exit(FOUND)
