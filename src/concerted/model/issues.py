"""Issues: the one way to say that something was set aside. Collected per input, written as table `issue`."""

import dataclasses
import json
from typing import Any, Literal

import pyarrow as pa

from concerted.model.tables import full_schema

Severity = Literal["error", "warning", "info"]

#: Code of the finding that rows of an input say themselves who may see them.
ROWS_MARKED = "rows_marked"


@dataclasses.dataclass(frozen=True, slots=True)
class Issue:
    """One finding. `code` is a stable name from codelists/issues.yml; `values` are the named parts of its message.

    `marking_key` says who may know of it; null = whoever may see the record, else the input, that it is about.
    """

    severity: Severity
    code: str
    step: str
    input_path: str | None = None
    line: int | None = None
    column: int | None = None
    record_id: int | None = None
    field: str | None = None
    source_id: str | None = None
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    count: int = 1
    marking_key: str | None = None


def issue_table(issues: list[Issue]) -> pa.Table:
    """Issues as an Arrow table with the schema of `issue`."""
    schema = full_schema("issue")
    rows = [
        {
            **{name: getattr(i, name) for name in schema.names if name != "values"},
            "values": json.dumps(i.values, ensure_ascii=False, sort_keys=True),
        }
        for i in issues
    ]
    return pa.Table.from_pylist(rows, schema=schema)
