"""The SQL of expressions that were met before: to compile them takes Ibis longer than DuckDB takes to run them.

Place on the way: below the DuckDB backend. The SQL of an expression follows from its structure and from the code alone,
so it is kept in `DIR/cache/sql` in a file that is named by the version of the code; files of other versions go.
"""

import json
from pathlib import Path

from concerted.store.code import code_version
from concerted.store.edition import write_atomically

#: Parameters such as the day of the edition stand in expressions: beyond this many, only those of this build stay.
MOST = 2000


class CompiledSql:
    """SQL by digest of the expression, loaded from a file and saved to it."""

    def __init__(self, folder: Path | None) -> None:
        """Load what the same code left in `folder`; null = remember for this process only."""
        self._path = folder / f"{code_version()}.json" if folder else None
        self._known: dict[str, str] = {}
        self._used: dict[str, str] = {}
        if self._path is not None and self._path.exists():
            self._known = json.loads(self._path.read_text("utf-8"))

    def get(self, key: str) -> str | None:
        """The SQL of an expression, if it was met before."""
        found = self._known.get(key)
        if found is not None:
            self._used[key] = found
        return found

    def put(self, key: str, sql: str) -> None:
        """Remember the SQL of an expression."""
        self._known[key] = self._used[key] = sql

    def save(self) -> None:
        """Write what is new to the file, in one atomic step."""
        if self._path is None:
            return
        kept = self._known if len(self._known) <= MOST else self._used
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, json.dumps(kept, ensure_ascii=False, sort_keys=True))
        for other in self._path.parent.glob("*.json"):
            if other != self._path:
                other.unlink()
