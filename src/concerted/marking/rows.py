"""The policy as a filter over rows that carry `view`, `marking_key` and `precise_marking_key`.

A viewer sees precise rows with a permitted key, and coarse rows with a permitted key whose precise key is not
permitted: at most one view of a record. The same rule as a plain predicate, as SQL with parameters and for Ibis, so
that no query writes its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from concerted.marking.policy import permitted_keys
from concerted.marking.viewer import Viewer

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class RowFilter:
    """What one viewer may see among the keys of one edition; equal filters give equal answers, so it is a cache key.

    Attributes:
        permitted: keys of rows that are shown.
        is_told_few: whether counts of few people are told (`marking.few_people`); where nobody says so they are not.
    """

    permitted: frozenset[str]
    is_told_few: bool = False

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Named parameters of `sql` and `sql_precise`: `mark0`, `mark1`, .. in a stable order."""
        return {f"mark{i}": key for i, key in enumerate(sorted(self.permitted))}

    def keeps(self, view: str, marking_key: str | None, precise_marking_key: str | None = None) -> bool:
        """Whether a row is shown; any view that is neither precise nor coarse is not."""
        if marking_key not in self.permitted:
            return False
        return view == "precise" or (view == "coarse" and precise_marking_key not in self.permitted)

    def sql(self, alias: str = "") -> str:
        """The rule as a boolean SQL expression on `view`, `marking_key`, `precise_marking_key`.

        Bind `parameters` with it (`$name`, as DuckDB writes them). `alias` is the table's alias; it comes from our own
        code, never from a request.
        """
        if not self.permitted:
            return "false"
        dot, marks = self._dot(alias), self._marks
        return (
            f"({dot}marking_key IN ({marks}) AND ({dot}view = 'precise' OR ({dot}view = 'coarse'"
            f" AND coalesce({dot}precise_marking_key, '') NOT IN ({marks}))))"
        )

    def sql_precise(self, alias: str = "", column: str = "marking_key") -> str:
        """The rule for tables that hold precise rows only (`core_activity`): `column` is permitted."""
        return f"({self._dot(alias)}{column} IN ({self._marks}))" if self.permitted else "false"

    def ibis(self, table: "ir.Table") -> "ir.BooleanValue":
        """The rule as an Ibis expression on a table with the three columns."""
        keys = sorted(self.permitted)
        view = table["view"]  # never `table.view`: that is a method of Ibis, and compares unequal to everything
        coarse = (view == "coarse") & ~table["precise_marking_key"].fill_null("").isin(keys)
        return table["marking_key"].isin(keys) & ((view == "precise") | coarse)

    @property
    def _marks(self) -> str:
        return ", ".join(f"${name}" for name in self.parameters)

    @staticmethod
    def _dot(alias: str) -> str:
        return f"{alias}." if alias else ""


def row_filter(viewer: Viewer, keys: Iterable[str | None]) -> RowFilter:
    """The filter of `viewer` over a table in which exactly `keys` occur as marking keys (precise and coarse)."""
    return RowFilter(permitted_keys(viewer, keys), viewer.is_told_few)
