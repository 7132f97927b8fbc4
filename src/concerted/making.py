"""The tables of the edition that is being made: each as an expression, and the files behind it.

Place on the way: below the order of the steps. Enters: records as readers left them, tables as steps make them. Leaves:
tables for the next step, the files of the edition, and the key by which a step's tables are found that were made
before.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from concerted.model.tables import TableSpec, rec_schema, record_tables, tables
from concerted.store.code import code_version
from concerted.store.content import Contents
from concerted.store.edition import canonical_json
from concerted.store.engine import Copy, Engine, copy_sorted
from concerted.store.kept_tables import KeptTables
from concerted.store.plain import plain
from concerted.store.step import FOUND_ISSUES, Tables

#: Files of issues that a step found, before all become one table.
ISSUES = "issues_"
#: Files of records in the order of their key, beside a finished table of their name.
_RECORDS = "rec_"
#: Record tables that a step adds columns to, or merges with what is shipped, and of which a step after resolve reads
#: what the readers left.
_ADDED_TO = ("location", "place")


class Making:
    """The tables that are there so far."""

    def __init__(self, engine: Engine, stage: Path, kept: KeptTables) -> None:
        """Make an edition in the folder `stage`."""
        self.engine, self.stage, self.kept = engine, stage, kept
        self.inner = stage / "_inner"  # not files with an underscore of their own: Spark takes those for hidden
        self.inner.mkdir()
        self.have: dict[str, ir.Table] = {}
        self.files: dict[str, list[Path]] = {FOUND_ISSUES: []}
        self._contents = Contents()
        self._orders: dict[str, Copy] = {}

    def scan(self, full_name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        """Know a table that is not made by `write`."""
        self.have[full_name], self.files[full_name] = self.engine.scan(full_name, files, schema), [*files]

    def scan_records(self, files: Mapping[str, Sequence[Path]]) -> None:
        """Know what the readers left, by bare name, and plan to put in order what is wanted in the order of its key.

        Tables that no step adds to are in the edition as they came. Besides, the way in which readers pack inputs
        changes from build to build: only in order equal records are equal files, by which it is known what changed.
        """
        for name in record_tables():
            spec = tables()[name]
            self.scan(f"rec_{name}", files[name], rec_schema(name))
            if _is_passed_through(spec):
                copy = Copy(files[name], self.stage / f"{spec.full_name}.parquet", spec.schema(), spec.key, spec.rows)
                self.have[spec.full_name] = self.have[f"rec_{name}"]
                self._orders |= {f"rec_{name}": copy, spec.full_name: copy}
            elif name in _ADDED_TO:
                target = self.inner / f"{_RECORDS}{name}.parquet"
                self._orders[f"rec_{name}"] = Copy(files[name], target, rec_schema(name), spec.key, spec.rows)

    def put_in_order(self) -> None:
        """Put records in the order of their key, table by table, where they are not kept in it.

        The engine is not used, so that a thread beside may do it.
        """
        copies: dict[str, Copy] = {}
        for copy in {copy.target: copy for copy in self._orders.values()}.values():
            key = sha256(f"{code_version()} {self._contents.of(copy.files)}".encode()).hexdigest()
            if self.kept.take(copy.target.stem, key, self._place) is None:
                copies[f"{copy.target.stem} {key}"] = copy
        copy_sorted(copies.values(), self.inner / "beside")
        for named, copy in copies.items():
            kind, _, key = named.partition(" ")
            self.kept.keep(kind, key, [copy.target])

    def write(self, full_name: str, table: ir.Table) -> Path:
        """A finished table, or issues that were found."""
        spec, target = _spec(full_name), self._place(f"{full_name}.parquet")
        self.engine.write_later(table, target, spec.schema(), spec.key, spec.rows)
        self._finished(target)
        return target

    def take(self, step: str, key: str) -> bool:
        """Link what a step made before from what has this key; whether there is any."""
        taken = self.kept.take(step, key, self._place)
        for path in taken or ():
            self._finished(path)
        return taken is not None

    def given(self, names: Sequence[str], unread: Mapping[str, Collection[str]]) -> Tables:
        """Tables for a step, without the columns that it says it does not read: so nothing can rest on them."""
        return {name: self.have[name].drop(*unread.get(name, ())) for name in names}

    def key(self, names: Sequence[str], unread: Mapping[str, Collection[str]], *told: object) -> str:
        """A hash of what these tables hold, of the code, and of what else was told; records must stand in order.

        The markings of statements are among it, because every issue that is found gets one.
        """
        self.engine.settle()  # until then files may lack
        read = {name: self._content(name, unread.get(name, ())) for name in names}
        marked = set(self.statements.columns) - {"record_id", "marking_key"}
        read["markings"] = self._content(self.statements.get_name(), marked)
        return sha256(canonical_json([code_version(), self.engine.name, read, *map(plain, told)]).encode()).hexdigest()

    @property
    def statements(self) -> ir.Table:
        """Record_id and marking_key of every statement, among others."""
        return self.have.get("core_activity", self.have["rec_activity"])

    def _content(self, name: str, without: Collection[str]) -> str:
        files = [self._orders[name].target] if name in self._orders else self.files[name]
        return self._contents.of(files, without)

    def _place(self, file: str) -> Path:
        """Where a file of its name belongs."""
        return (self.inner if file.startswith((ISSUES, _RECORDS)) else self.stage) / file

    def _finished(self, path: Path) -> None:
        """Know a table of the edition; its file may yet have to be written."""
        self.scan(path.stem, [path], _spec(path.stem).schema())
        if path.stem.startswith(ISSUES):
            self.files[FOUND_ISSUES].append(path)


def _spec(full_name: str) -> TableSpec:
    return tables()["issue" if full_name.startswith(ISSUES) else full_name.split("_", 1)[1]]


def _is_passed_through(spec: TableSpec) -> bool:
    """Whether no step adds a column; issues of the steps join those of the readers, and locate merges `place`."""
    return spec.name not in ("issue", "place") and all(column.step == "read" for column in spec.columns)
