"""Findings of one input, the same fault told once with how often it was met.

Place on the way: inside the readers of sheets. Faults of single cells enter; issues leave, few enough to read.
"""

from dataclasses import replace
from typing import Any

from concerted.marking.keys import Label
from concerted.model.issues import Issue, Severity
from concerted.sources.base import Input

#: After so many different values of one fault in one column, the others are told together.
_DIFFERENT = 200
#: Values that speak of the file and not of a cell.
_OF_THE_FILE = frozenset(("sheet", "rows", "headers", "width", "encoding", "reason"))


class Findings:
    """Collects faults; `take` gives them as issues, each with its first row and its count."""

    def __init__(self, source: Input) -> None:
        self._source = source
        self._hides_values = not source.config.marking.is_open
        self._has_row_markings = False
        self._found: dict[tuple[str, str | None, str], Issue] = {}
        self._different: dict[tuple[str, str | None], int] = {}

    def follow_row_markings(self) -> None:
        """Rows say themselves who may see them: a finding that counts several of them is for nobody."""
        self._hides_values = self._has_row_markings = True

    def note(
        self,
        severity: Severity,
        code: str,
        line: int | None = None,
        field: str | None = None,
        times: int = 1,
        /,
        **values: Any,
    ) -> None:
        """Note a fault that was met some times, first at a row, in a column. `found` is what stands in the cell."""
        if self._hides_values:
            values = {key: value if key in _OF_THE_FILE else "…" for key, value in values.items()}
        text = repr(sorted(values.items()))
        if (code, field, text) not in self._found:
            kinds = self._different.get((code, field), 0)
            if kinds >= _DIFFERENT:
                values = {key: "…" if key == "found" else value for key, value in values.items()}
                text = "…"
            self._different[code, field] = kinds + 1
        known = self._found.get((code, field, text))
        count = times + (known.count if known else 0)
        first = known.line if known else line
        self._found[code, field, text] = Issue(
            severity,
            code,
            "read",
            input_path=self._source.name,
            line=first,
            field=field,
            source_id=self._source.config.source_id,
            values=values,
            count=count,
        )

    def take(self) -> list[Issue]:
        """All issues so far, in the order in which they were first met."""
        issues = list(self._found.values())
        if self._has_row_markings:
            issues = [replace(issue, marking_key=str(Label.NOBODY)) for issue in issues]
        self._found.clear()
        return issues
