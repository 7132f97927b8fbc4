"""One viewer on one edition: what every query of the site takes as its first argument.

Joins the viewer's row filter with the edition, so that a query cannot be written without one, and remembers answers by
what the viewer may see: two viewers with the same filter share them, others never do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import pyarrow as pa

from concerted.marking import RowFilter, Viewer, row_filter
from concerted.web.edition.lately import Sized
from concerted.web.edition.opened import Edition

T = TypeVar("T")
L = TypeVar("L", bound=Sized)

#: Answers kept per edition; the oldest is dropped first.
REMEMBERED = 4000


@dataclass(frozen=True)
class Scope:
    """An edition as one viewer may see it.

    `edition` is public for what carries no record (frameworks, places of reference, manifest); everything else is asked
    through `rows`, whose SQL holds the filter.
    """

    viewer: Viewer
    edition: Edition

    @cached_property
    def filter(self) -> RowFilter:
        """The viewer's filter over this edition's keys."""
        return row_filter(self.viewer, self.edition.marking_keys)

    @property
    def edition_id(self) -> str:
        """The id of what the viewer sees of the edition; the edition's own id would tell of hidden changes."""
        return self.remember(("edition_id",), lambda: self.edition.shown_id(self.viewer))

    def rows(
        self, sql: str, parameters: Mapping[str, Any] | None = None, beside: Mapping[str, pa.Table] | None = None
    ) -> list[tuple[Any, ...]]:
        """Run a query that holds the filter; its parameters are added. Tables `beside` are there for it alone."""
        return self.edition.rows(sql, self._bound(sql, parameters), beside)

    def dicts(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Like `rows`, each row by column name."""
        return self.edition.dicts(sql, self._bound(sql, parameters))

    def table(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Like `rows`, as an Arrow table."""
        return self.edition.table(sql, self._bound(sql, parameters))

    def _bound(self, sql: str, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
        """The query's parameters with the filter's. Asking without the filter is a mistake of ours, not of a reader."""
        if self.filter.permitted and "$mark0" not in sql:
            raise AssertionError("a query of the site must hold the viewer's filter; use scope.filter.sql()")
        return {**self.filter.parameters, **(parameters or {})}

    def remember(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """The answer of `make`, kept while the edition is served; `key` must hold every argument."""
        cache, full = self.edition.cache, (self.filter, *key)
        with self.edition.cache_lock:
            if full in cache:
                found: T = cache[full]
                return found
        answer = make()  # outside the lock: two readers may both make it, neither waits for another's query
        with self.edition.cache_lock:
            while len(cache) >= REMEMBERED:
                del cache[next(iter(cache))]
            cache[full] = answer
        return answer

    def lately(self, key: tuple[Any, ...], make: Callable[[], L]) -> L:
        """Like `remember`, of answers so large that only the last ones are kept, as far as there is room."""
        found: L = self.edition.lately.get((self.filter, *key), make)
        return found
