"""Issues in the words of people: the catalogue of codes filled with the values of a finding, in three languages."""

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from concerted.codelists.issues import catalogue
from concerted.model.issues import Issue, issue_table
from concerted.model.tables import full_schema
from concerted.sources.run import InputReport

_GRAVEST_FIRST = {"error": 0, "warning": 1, "info": 2}


def message(row: dict[str, Any], lang: str) -> str:
    """What was found, in one sentence, and what to do; a code that the catalogue lacks is shown with its values."""
    entry = catalogue().get(row["code"])
    values = json.loads(row["values"] or "{}")
    if entry is None:
        return f"{row['code']} {values}"
    known = {key: row.get(key) for key in ("input_path", "line", "field")} | values
    times = f" (x{row['count']})" if row["count"] != 1 else ""
    return f"{_filled(entry['message'][lang], known, row['count'])}{times} {entry['action'][lang]}"


def _filled(text: str, values: dict[str, Any], count: int) -> str:
    """The message with its placeholders.

    A row that stands for many findings has no single value: an ellipsis stands for all. In any other row a placeholder
    without a value stays visible rather than hiding that it is missing.
    """

    class Shown(dict[str, Any]):
        def __missing__(self, key: str) -> str:
            return "…" if count > 1 else "{" + key + "}"

    return text.format_map(Shown({k: "?" if v is None else v for k, v in values.items()}))


def issue_rows(reports: Sequence[InputReport], found: Sequence[Issue]) -> list[dict[str, Any]]:
    """All issues of some inputs, the gravest first, then by file and line."""
    parts = [r.records.table("issue") for r in reports]
    table = pa.concat_tables([issue_table(list(found)), *parts]).cast(full_schema("issue"))
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(
        rows,
        key=lambda r: (_GRAVEST_FIRST[r["severity"]], r["input_path"] or "", r["line"] or 0, r["code"], r["values"]),
    )
