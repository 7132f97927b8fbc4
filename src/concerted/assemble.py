"""Run the steps and write every table of an edition into a staged folder.

Enters: what the readers left per input, the frameworks, the day. Leaves: one Parquet file per `core_` and `out_` table,
each in the order of its key.
"""

import gc
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from concerted.codelists.framework_tables import framework_table, indicator_table, node_table
from concerted.issue_markings import input_markings, with_markings
from concerted.model.issues import Issue, issue_table
from concerted.model.tables import TableSpec, full_schema, rec_schema, record_tables, tables
from concerted.prepare import Prepared, prepare
from concerted.sources.run import InputReport, record_files
from concerted.sources.spread import Spread
from concerted.steps import BuildContext, steps
from concerted.store.code import LEARNING, code_version, libraries
from concerted.store.content import Contents
from concerted.store.edition import canonical_json
from concerted.store.engine import Copy, Engine, copy_sorted
from concerted.store.kept import keeping_results
from concerted.store.kept_tables import KeptTables
from concerted.store.plain import plain
from concerted.store.step import FOUND_ISSUES, Step, Tables

#: Files of issues that a step found, before all become one table.
_ISSUES = "issues_"


def assemble(
    open_engine: Callable[[], Engine],
    spread: Spread,
    data: Path,
    stage: Path,
    context: BuildContext,
    issues: Sequence[Issue],
    on_step: Callable[[str, float], None],
    seconds: dict[str, float],
) -> dict[str, object]:
    """Run every step in order, each on the Parquet files of those before; one file per finished table.

    `seconds` learns how long each step took.

    Returns:
        The parameters of each step, by its name.
    """
    planned = [(step, params(context)) for step, params in steps()]
    # Before the engine opens: workers are forked, and an engine holds threads. They work while the first steps run.
    with ExitStack() as begun, keeping_results(data / "cache"), _loaded_for_good():
        prepared: dict[str, Prepared] = {}
        for step, told in planned:
            table = prepare(getattr(step, "PER_INPUT", None), told, context.reports, data, spread)
            if table is not None:
                prepared[step.NAME] = table
                begun.callback(table.close)
        making = _Making(open_engine(), stage, KeptTables(data / "cache" / "tables"))
        _run(making, planned, prepared, context, issues, _Timer(seconds, on_step))
    return {step.NAME: told for step, told in planned}


class _Making:
    """The tables of the edition that is being made: each as an expression, and the files behind it."""

    def __init__(self, engine: Engine, stage: Path, kept: KeptTables) -> None:
        self.engine, self.stage, self.kept, self.contents = engine, stage, kept, Contents()
        self.inner = stage / "_inner"  # not files with an underscore of their own: Spark takes those for hidden
        self.inner.mkdir()
        self.have: dict[str, ir.Table] = {}
        self.files: dict[str, list[Path]] = {FOUND_ISSUES: []}

    def scan(self, full_name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        self.have[full_name], self.files[full_name] = self.engine.scan(full_name, files, schema), [*files]

    def place(self, file: str) -> Path:
        """Where a file of its name belongs."""
        return (self.inner if file.startswith(_ISSUES) else self.stage) / file

    def write(self, full_name: str, table: ir.Table) -> Path:
        """A finished table, or issues that were found."""
        spec, target = _spec(full_name), self.place(f"{full_name}.parquet")
        self.engine.write_later(table, target, spec.schema(), spec.key)
        self.finished(target)
        return target

    def finished(self, path: Path) -> None:
        """Let the steps know a file; it may yet have to be written."""
        self.scan(path.stem, [path], _spec(path.stem).schema())
        if path.stem.startswith(_ISSUES):
            self.files[FOUND_ISSUES].append(path)

    def given(self, names: Sequence[str], unread: Mapping[str, Collection[str]]) -> Tables:
        """Tables for a step, without the columns that it says it does not read: so nothing can rest on them."""
        return {name: self.have[name].drop(*unread.get(name, ())) for name in names}

    def key(self, names: Sequence[str], unread: Mapping[str, Collection[str]], *told: object) -> str:
        """A hash of what these tables hold, of the code, and of what else was told.

        The markings of statements are among it, because every issue that is found gets one.
        """
        self.engine.settle()  # until then files may lack
        read = {name: self.contents.of(self.files[name], unread.get(name, ())) for name in names}
        marked = set(self.statements.columns) - {"record_id", "marking_key"}
        read["markings"] = self.contents.of(self.files[self.statements.get_name()], marked)
        return sha256(canonical_json([code_version(), self.engine.name, read, *map(plain, told)]).encode()).hexdigest()

    @property
    def statements(self) -> ir.Table:
        """Record_id and marking_key of every statement, among others."""
        return self.have.get("core_activity", self.have["rec_activity"])


def _run(
    making: _Making,
    planned: Sequence[tuple[Step, Any]],
    prepared: Mapping[str, Prepared],
    context: BuildContext,
    issues: Sequence[Issue],
    timer: "_Timer",
) -> None:
    have, files = making.have, _record_files(context.reports)
    pq.write_table(issue_table(list(issues)), making.inner / "found.parquet")
    files["issue"].append(making.inner / "found.parquet")
    for name in record_tables():
        making.scan(f"rec_{name}", files[name], rec_schema(name))
    markings = input_markings(context.reports)
    inputs = ibis.memtable(markings)
    making.write(f"{_ISSUES}read", with_markings(have["rec_issue"], have["rec_activity"], inputs))
    for full_name, made in (
        ("core_framework", framework_table(context.frameworks)),
        ("core_node", node_table(context.frameworks)),
        ("core_node_indicator", indicator_table(context.frameworks)),
    ):
        pq.write_table(made, making.stage / f"{full_name}.parquet", compression="zstd")
        making.scan(full_name, [making.stage / f"{full_name}.parquet"], made.schema)
    learning = libraries(LEARNING) if context.learn else None
    new: dict[str, tuple[str, list[Path]]] = {}
    with ThreadPoolExecutor(1) as beside:
        # Tables that no step adds to need only be put in order; the steps read them as they came.
        passing = [tables()[name] for name in _passed_through()]
        for spec in passing:
            have[spec.full_name], making.files[spec.full_name] = have[f"rec_{spec.name}"], files[spec.name]
        copied = beside.submit(_copy, making, passing)
        for step, told in planned:
            names = [*step.INPUTS]
            if step.NAME in prepared:
                table = prepared[step.NAME]
                table.finish()
                making.scan(table.name, table.files, table.schema)
                names.append(table.name)
            if FOUND_ISSUES in names:
                making.scan(FOUND_ISSUES, making.files[FOUND_ISSUES], full_schema("issue"))
            unread = step.unread(told) if hasattr(step, "unread") else {}
            names = [name for name in names if {*have[name].columns} - {*unread.get(name, ())}]
            key = making.key(names, unread, told, markings.to_pylist(), learning)
            known = making.kept.take(step.NAME, key, making.place)
            for path in known or ():
                making.finished(path)
            if known is None:
                new[step.NAME] = key, _made(making, step, told, making.given(names, unread), inputs)
            making.engine.after(partial(timer.done, step.NAME))
        making.scan(f"{_ISSUES}all", making.files[FOUND_ISSUES], full_schema("issue"))
        making.write("out_issue", have[f"{_ISSUES}all"])
        making.engine.settle()
        copied.result()
    for kind, (key, paths) in new.items():
        making.kept.keep(kind, key, paths)


def _made(making: _Making, step: Step, told: Any, given: Tables, inputs: ir.Table) -> list[Path]:
    """Run a step; the files of its tables and of the issues that it found, which are on their way."""
    result = step.run(given, told)
    paths = [making.write(full_name, table) for full_name, table in result.tables.items()]
    for number, found in enumerate(result.issues):
        marked = with_markings(_as_issues(found, step.NAME), making.statements, inputs)
        paths.append(making.write(f"{_ISSUES}{step.NAME}_{number}", marked))
    return paths


def _copy(making: _Making, passing: Sequence[TableSpec]) -> None:
    """Put records in the order of their key, table by table, where they are not kept in it."""
    copies: dict[str, Copy] = {}
    for spec in passing:
        files, target = making.files[spec.full_name], making.stage / f"{spec.full_name}.parquet"
        key = sha256(f"{spec.full_name} {code_version()} {making.contents.of(files)}".encode()).hexdigest()
        if making.kept.take(spec.full_name, key, making.place) is None:
            copies[key] = Copy(files, target, spec.schema(), spec.key)
    copy_sorted(copies.values(), making.inner / "beside")
    for key, copy in copies.items():
        making.kept.keep(copy.target.stem, key, [copy.target])


@contextmanager
def _loaded_for_good() -> Iterator[None]:
    """Keep the garbage collector from what is there already: modules, most of it, which it walks through in vain.

    What the steps make is collected as ever, because temporary tables are dropped with their expressions.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Timer:
    """How long each step took until its last table was written; steps follow each other without a pause."""

    def __init__(self, seconds: dict[str, float], tell: Callable[[str, float], None]) -> None:
        self._seconds, self._tell, self._since = seconds, tell, time.perf_counter()

    def done(self, step: str) -> None:
        now = time.perf_counter()
        self._seconds[step], self._since = now - self._since, now
        self._tell(step, self._seconds[step])


def _spec(full_name: str) -> TableSpec:
    return tables()["issue" if full_name.startswith(_ISSUES) else full_name.split("_", 1)[1]]


def _record_files(reports: Sequence[InputReport]) -> dict[str, list[Path]]:
    return {name: [] for name in record_tables()} | record_files(reports)


def _as_issues(found: ir.Table, step: str) -> ir.Table:
    """Rows of a step as rows of table `issue`: what it left out is null, its name and a count of 1 are filled in."""
    schema = ibis.Schema.from_pyarrow(full_schema("issue"))
    missing = {n: ibis.null(t) for n, t in schema.items() if n not in found.columns}
    whole = found.mutate(**missing)
    return whole.mutate(step=ibis.literal(step), count=whole["count"].fill_null(1))


def _passed_through() -> list[str]:
    """Record tables to which no step adds a column; `place` is merged with the shipped list by locate."""
    return [
        name
        for name, spec in tables().items()
        if spec.is_record and name not in ("issue", "place") and all(c.step == "read" for c in spec.columns)
    ]
