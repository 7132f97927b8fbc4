"""What a step after reading is: tables in, tables out, nothing else.

No clock, network, settings or database inside a step. Tables are Ibis expressions, so that the same step runs on DuckDB
and on Spark; where a library must be called, a small set of distinct values is taken out as Arrow, or an Arrow UDF is
used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:  # an unchanged rebuild does without Ibis
    import ibis.expr.types as ir

#: Columns with words for people, by table: what behind resolve rests on words reads them elsewhere, or not at all.
WORDS: "Mapping[str, tuple[str, ...]]" = {
    "core_activity": ("title", "description", "reporting_org_name"),
    "core_organisation": ("name", "name_fr", "name_en", "name_ar", "matched_by"),
    "core_participating_org": ("name", "name_lang"),
    "core_transaction": ("description", "provider_org_name", "receiver_org_name"),
}

#: Input of a step that asks for the issues which the readers and the steps before it found.
FOUND_ISSUES = "found_issue"

#: Inputs of a step that asks for what the edition before told of records that are not shown; empty where there is none.
TOLD_PARTS, TOLD_TOTALS = "told_unshown_part", "told_unshown_total"

Tables: TypeAlias = "Mapping[str, ir.Table]"


@dataclass(frozen=True)
class StepResult:
    """Tables by full name (`core_activity`), and issue rows (a subset of the columns of table `issue`)."""

    tables: "dict[str, ir.Table]"
    issues: "list[ir.Table]" = field(default_factory=list)


class Step(Protocol):
    """A module with these names is a step.

    One with a function `unread(params)`, columns by table, is not given these columns, and is not run where nothing
    else of what it is given has changed; a table without any column left is not given at all. One without it always
    runs.
    """

    NAME: str
    INPUTS: tuple[str, ...]
    OUTPUTS: tuple[str, ...]

    def run(self, tables: Tables, params: Any) -> StepResult:
        """Compute the outputs; `params` is the step's frozen dataclass."""
        ...
