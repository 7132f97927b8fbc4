"""Issues of one chunk, counted exactly, written out at most `MAX_ROWS` times per code and field.

Place on the way: beside the columns. Enters: rows whose text could not be used. Leaves: issues with line, record and
the text that was found; what repeats more often is one more issue that says how many.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from concerted.model.issues import Issue, Severity
from concerted.records.screening import texts as screening
from concerted.sources.base import Input
from concerted.sources.iati.names import Ints

#: Rows per code, field and chunk of 6 MiB. A publisher who gets one thing wrong gets it wrong thousands of times.
MAX_ROWS = 50

#: Values that speak of the file and not of what a record says; of a restricted source no others are told.
_OF_THE_FILE = frozenset(("reason", "version"))

#: How grave a code is; others are warnings.
SEVERITIES: dict[str, Severity] = {
    "xml_broken": "error",
    "activity_empty": "error",
    "narrative_empty": "info",
    "value_negative": "info",
    "element_unknown": "info",
    "prefix_undeclared": "info",
    **screening.SEVERITIES,
}


class Findings:
    """Collects the issues of one chunk."""

    def __init__(self, source: Input) -> None:
        """Start an empty collection for an input."""
        self._source = source
        self._found: list[Issue] = []
        self._more: dict[tuple[str, str | None], int] = {}
        self._rows: dict[tuple[str, str | None], int] = {}

    def add(
        self,
        code: str,
        *,
        line: int | None = None,
        column: int | None = None,
        record_id: int | None = None,
        field: str | None = None,
        **values: Any,
    ) -> None:
        """Note one finding."""
        if isinstance(found := values.get("found"), str):
            values["found"] = screening.screen_text(found)[0]
        if not self._source.config.marking.is_open:
            values = {name: value if name in _OF_THE_FILE else "…" for name, value in values.items()}
        key = (code, field)
        if self._rows.get(key, 0) >= MAX_ROWS:
            self._more[key] = self._more.get(key, 0) + 1
            return
        self._rows[key] = self._rows.get(key, 0) + 1
        self._found.append(
            Issue(
                SEVERITIES.get(code, "warning"),
                code,
                "read",
                input_path=self._source.name,
                line=line,
                column=column,
                record_id=record_id,
                field=field,
                source_id=self._source.config.source_id,
                values=values,
            )
        )

    def add_rows(
        self,
        code: str,
        field: str,
        rows: Ints,
        describe: Callable[[Ints], tuple[Sequence[int], Sequence[int], Sequence[str | None]]],
    ) -> None:
        """Note the same finding for many rows; only those that are written out are looked at.

        Args:
            code: of the issue.
            field: table and column.
            rows: rows of the table.
            describe: lines, record ids and found texts of some rows.
        """
        room = max(0, MAX_ROWS - self._rows.get((code, field), 0))
        lines, records, found = describe(rows[:room])
        for line, record, text in zip(lines, records, found, strict=True):
            values: dict[str, Any] = {} if text is None else {"found": text}
            self.add(code, line=int(line), record_id=int(record), field=field, **values)
        if len(rows) > room:
            self._more[code, field] = self._more.get((code, field), 0) + int(len(rows) - room)

    def issues(self) -> list[Issue]:
        """All issues, in the order of their finding, the counts of what was not written out last."""
        rest = [
            Issue(
                SEVERITIES.get(code, "warning"),
                code,
                "read",
                input_path=self._source.name,
                field=field,
                source_id=self._source.config.source_id,
                values={"count": count},
                count=count,
            )
            for (code, field), count in sorted(self._more.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        ]
        return [*_counted(self._found), *rest]


def _counted(found: list[Issue]) -> list[Issue]:
    """The same finding once, with its count: a document on one line has many that nothing tells apart."""
    once: dict[tuple[object, ...], Issue] = {}
    for issue in found:
        key = (issue.code, issue.line, issue.column, issue.record_id, issue.field, repr(issue.values))
        once[key] = replace(issue, count=once[key].count + 1) if key in once else issue
    return list(once.values())


NO_ROWS: Ints = np.zeros(0, np.int64)
