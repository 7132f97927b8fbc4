"""An open edition: its manifest, and its Parquet files as DuckDB views that nothing can leave.

Enters: a folder `editions/<id>/`. Leaves: an `Edition` whose `rows` runs one query on the calling thread's own cursor.
The database is in memory; only the files of this folder can be read (`store.query`), no extension can be loaded and no
setting can be changed.
"""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.marking import RowFilter, Viewer
from concerted.model.errors import SchemaError
from concerted.model.tables import tables
from concerted.publish.shown import shown_edition_id
from concerted.publish.visible import RULES, Rule, marking_keys
from concerted.store import query
from concerted.store.edition import read_manifest
from concerted.web.edition.cube import Cube
from concerted.web.edition.cube_build import build_cube
from concerted.web.edition.frameworks import Tree, node_closure, read_trees
from concerted.web.edition.lately import Lately
from concerted.web.edition.places import Place, place_closure, places_with_something_below, read_places
from concerted.web.edition.seen import Seen
from concerted.web.edition.told_in import ToldIn
from concerted.web.edition.words import Words

#: Threads of DuckDB. A page reads little: on two cores, which two processes share, a second thread takes a fifth more
#: of processor time than it saves, and twenty readers fill the cores without it.
THREADS = max(1, (os.cpu_count() or 1) // 2)
#: Bytes of large answers kept per edition: sums by activity take some 13 MB each for 100,000 activities.
ROOM = 128 * 1024 * 1024
#: Cubes kept per edition: one per set of permitted keys, some 80 MB each for a million activities.
CUBES = 4
#: Tables whose rows speak of one statement each.
_OF_STATEMENTS = (*(name for name, rule in RULES.items() if rule is Rule.CHILDREN), "out_issue")


@dataclass
class Edition:
    """One immutable edition, open for reading.

    Attributes:
        marking_keys: every key that occurs; a viewer's row filter is made from these.
        frameworks: by id, the strategy first.
        places: by place_id, without geometry.
        missing: tables of the field dictionary that this edition does not hold; they read as empty, and the method
            page says so.
        lacking: columns that it does not hold, because another version made it; they read as unknown.
    """

    folder: Path
    manifest: dict[str, Any]
    marking_keys: frozenset[str]
    frameworks: dict[str, Tree]
    places: dict[str, Place]
    missing: tuple[str, ...]
    lacking: tuple[str, ...]
    _connection: duckdb.DuckDBPyConnection
    cache: dict[Any, Any] = field(default_factory=dict)
    cache_lock: threading.Lock = field(default_factory=threading.Lock)
    seen: Seen = field(default_factory=Seen)
    lately: Lately[Any] = field(default_factory=lambda: Lately(ROOM))
    _local: threading.local = field(default_factory=threading.local)
    _cubes: dict[frozenset[str], Cube] = field(default_factory=dict)
    _making: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def words(self) -> Words:
        """The words of its statements, for searches."""
        return Words(self.folder, self.rows)

    @cached_property
    def told_in(self) -> ToldIn:
        """Which tables say something of a statement."""
        return ToldIn(self.numbers, _OF_STATEMENTS)

    @property
    def id(self) -> str:
        """The edition's content address. It is made of hidden inputs too, so no page shows it: see `shown_id`."""
        return str(self.manifest["edition_id"])

    @property
    def as_of(self) -> date | None:
        """The day the picture speaks of, as the build was told or as it found in the newest statement."""
        return _day(self.manifest)

    @property
    def is_invented(self) -> bool:
        """The build that made the edition says that its inputs are invented; nothing is guessed."""
        return self.manifest.get("is_demonstration") is True

    def shown_id(self, viewer: Viewer) -> str:
        """The id of what `viewer` sees of the edition; takes a look at every row."""
        return shown_edition_id(viewer, self._connection.cursor(), self.manifest)

    @property
    def queries(self) -> int:
        """Queries run so far by the calling thread; tests hold pages to a fixed number."""
        return int(getattr(self._local, "queries", 0))

    def rows(
        self, sql: str, parameters: Mapping[str, Any] | None = None, beside: Mapping[str, pa.Table] | None = None
    ) -> list[tuple[Any, ...]]:
        """Run one query. DuckDB lets a connection serve one thread only, so each thread has its own cursor.

        Tables `beside` those of the edition are there for this query alone.
        """
        cursor = self._own_cursor()
        for name, table in (beside or {}).items():
            cursor.register(name, table)
        try:
            return self._cursor(sql, parameters).fetchall()
        finally:
            for name in beside or {}:
                cursor.unregister(name)

    def dicts(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Like `rows`, each row by column name."""
        cursor = self._cursor(sql, parameters)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def table(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Like `rows`, as an Arrow table."""
        return self._cursor(sql, parameters).to_arrow_table()

    def numbers(self, sql: str) -> npt.NDArray[Any]:
        """The one column of numbers that a query asks for."""
        (column,) = self._cursor(sql, None).fetchnumpy().values()
        return np.asarray(column)

    def cube(self, rule: RowFilter) -> Cube:
        """The cells that `rule` lets through, in memory; made when first asked for, by one thread for all."""
        with self._making:
            found = self._cubes.pop(rule.permitted, None)
            if found is None:
                if len(self._cubes) >= CUBES:
                    self._cubes.pop(next(iter(self._cubes)))  # the one that was asked for longest ago
                found = build_cube(self.folder, self._connection.cursor(), rule)
            self._cubes[rule.permitted] = found
            return found

    def _cursor(self, sql: str, parameters: Mapping[str, Any] | None) -> duckdb.DuckDBPyConnection:
        self._local.queries = self.queries + 1
        return self._own_cursor().execute(sql, dict(parameters or {}))

    def _own_cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._connection.cursor()
        return cursor


def open_edition(folder: Path) -> Edition:
    """Open the edition in `folder`.

    Raises:
        OSError, ValueError: there is no readable manifest.
        SchemaError: a table, or a column that may not be unknown, is missing.
        duckdb.Error: a table cannot be read.
    """
    manifest = read_manifest(folder)
    connection = query.open_edition(folder, THREADS)
    missing = tuple(s.full_name for s in tables().values() if not (folder / f"{s.full_name}.parquet").is_file())
    gone = sorted(set(missing) & manifest.get("tables", {}).keys())
    if gone:  # a table that the build never made reads as empty; one that it made and that is not there does not
        raise SchemaError(f"edition {folder.name} is damaged: {', '.join(gone)} is not there; restore it from a backup")
    younger = query.younger_columns(folder)
    lacking = tuple(f"{table}.{column.name}" for table, columns in younger.items() for column in columns)
    for spec in tables().values():
        if spec.full_name in missing and spec.full_name not in query.STAND_INS:  # which are views already
            _create_table(connection, spec.full_name, spec.schema().empty_table())
    frameworks = read_trees(connection)
    places = read_places(connection, _day(manifest))
    _create_table(connection, "node_up", node_closure(frameworks.values()))
    _create_table(connection, "place_up", place_closure(places))
    _create_table(connection, "place_above", places_with_something_below(places))
    return Edition(folder, manifest, marking_keys(connection), frameworks, places, missing, lacking, connection)


def _day(manifest: Mapping[str, Any]) -> date | None:
    stated = manifest.get("as_of") or manifest.get("parameters", {}).get("as_of")
    return date.fromisoformat(str(stated)[:10]) if stated else None


def _create_table(connection: duckdb.DuckDBPyConnection, name: str, content: pa.Table) -> None:
    connection.register("_arriving", content)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM _arriving")
    connection.unregister("_arriving")
