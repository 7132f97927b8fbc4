"""`concerted read`: steps 1 and 2 only; what is in these files, and what is wrong with them."""

from typing import TYPE_CHECKING, Any

from concerted.cli.console import JsonOption, say, say_json, say_table, watching
from concerted.cli.options import DEFAULT_DATA, DEFAULT_JOBS, Data, Jobs, Sources

if TYPE_CHECKING:
    from concerted.sources.run import InputReport


def read(sources: Sources, data: Data = DEFAULT_DATA, jobs: Jobs = DEFAULT_JOBS, as_json: JsonOption = False) -> None:
    """Read every source and keep the records; say per file what was seen, read and set aside.

    What is wrong in the files is told by `check SOURCE...`.
    """
    from concerted.build import read_sources
    from concerted.sources.open import Limits
    from concerted.sources.spread import do_without_pandas

    do_without_pandas()
    with watching(quiet=as_json) as watcher:
        reports, issues = read_sources(sources, data, jobs, Limits(), watcher)
    found = [{"code": i.code, "path": i.input_path, "values": i.values} for i in issues]
    if as_json:
        say_json({"inputs": [entry(r) for r in reports], "not_read": found})
        return
    columns = ("file", "kind", "seen", "read", "set aside", "issues", "")
    rows = [
        (
            r.source.name,
            r.source.kind,
            r.seen,
            r.read,
            r.set_aside,
            sum(r.issues.values()),
            "unchanged" if r.is_cached else "",
        )
        for r in reports
    ]
    say_table("Inputs", columns, rows)
    for issue in found:
        say(f"not read: {issue['path']} ({issue['code']}) {issue['values']}")


def entry(report: "InputReport") -> dict[str, Any]:
    """An input's counts, under the names of the manifest."""
    source = report.source
    return {
        "path": source.name,
        "sha256": source.sha256,
        "bytes": source.bytes,
        "kind": source.kind,
        "seen": report.seen,
        "read": report.read,
        "set_aside": report.set_aside,
        "rows": report.rows,
        "issues": report.issues,
        "unread": report.unread,
        "cached": report.is_cached,
    }
