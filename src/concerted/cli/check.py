"""`concerted check`: does an edition keep the laws? With sources: what is wrong in them, before any build."""

from pathlib import Path
from typing import Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json, say_table, watching
from concerted.cli.options import DEFAULT_DATA, DEFAULT_JOBS, Data, EditionName, Jobs

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
    """Check an edition (files, counts, shares, money), or the sources named; exit code 1 when something is wrong."""
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
        rows = [("ok" if f.holds else "BROKEN", f.law, f.detail) for f in findings]
        say_table(f"Edition {folder.name}", ("", "law", "found"), rows)
    if not all(f.holds for f in findings):
        raise typer.Exit(FOUND)


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
