"""Run the steps and write every table of an edition into a staged folder.

Enters: what the readers left per input, the frameworks, the day. Leaves: one Parquet file per `core_` and `out_` table,
each in the order of its key.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from concerted.codelists.framework_tables import framework_table, indicator_table, node_table
from concerted.issue_markings import input_markings, with_markings
from concerted.making import ISSUES, Making
from concerted.model.issues import Issue, issue_table
from concerted.model.tables import full_schema, record_tables
from concerted.prepare import Prepared, prepare
from concerted.sources.run import InputReport, record_files
from concerted.sources.spread import Spread
from concerted.steps import BuildContext, steps
from concerted.store.code import LEARNING, libraries
from concerted.store.engine import Engine
from concerted.store.kept import keeping_results
from concerted.store.kept_tables import KeptTables
from concerted.store.step import FOUND_ISSUES, TOLD_PARTS, TOLD_TOTALS, Step, Tables


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
        making = Making(open_engine(), stage, KeptTables(data / "cache" / "tables"))
        _run(making, planned, prepared, context, issues, _Timer(seconds, on_step))
    return {step.NAME: told for step, told in planned}


def _run(
    making: Making,
    planned: Sequence[tuple[Step, Any]],
    prepared: Mapping[str, Prepared],
    context: BuildContext,
    issues: Sequence[Issue],
    timer: "_Timer",
) -> None:
    have, files = making.have, _record_files(context.reports)
    pq.write_table(issue_table(list(issues)), making.inner / "found.parquet")
    files["issue"].append(making.inner / "found.parquet")
    making.scan_records(files)
    markings = input_markings(context.reports)
    inputs = ibis.memtable(markings)
    making.write(f"{ISSUES}read", with_markings(have["rec_issue"], have["rec_activity"], inputs))
    for full_name, made in (
        ("core_framework", framework_table(context.frameworks)),
        ("core_node", node_table(context.frameworks)),
        ("core_node_indicator", indicator_table(context.frameworks)),
    ):
        pq.write_table(made, making.stage / f"{full_name}.parquet", compression="zstd")
        making.scan(full_name, [making.stage / f"{full_name}.parquet"], made.schema)
    _scan_told(making, context.told_before)
    learning = libraries(LEARNING) if context.learn else None
    new: dict[str, tuple[str, list[Path]]] = {}
    with ThreadPoolExecutor(1) as beside:
        in_order = beside.submit(making.put_in_order)
        for step, told in planned:
            names = [*step.INPUTS]
            if step.NAME in prepared:
                table = prepared[step.NAME]
                table.finish()
                making.scan(table.name, table.files, table.schema)
                names.append(table.name)
            if FOUND_ISSUES in names:
                making.scan(FOUND_ISSUES, making.files[FOUND_ISSUES], full_schema("issue"))
            if hasattr(step, "unread"):
                in_order.result()
                unread = step.unread(told)
                names = [name for name in names if {*have[name].columns} - {*unread.get(name, ())}]
                key = making.key(names, unread, told, markings.to_pylist(), learning)
                if not making.take(step.NAME, key):
                    new[step.NAME] = key, _made(making, step, told, making.given(names, unread), inputs)
            else:
                _made(making, step, told, making.given(names, {}), inputs)
            making.engine.after(partial(timer.done, step.NAME))
        making.scan(f"{ISSUES}all", making.files[FOUND_ISSUES], full_schema("issue"))
        making.write("out_issue", have[f"{ISSUES}all"])
        making.engine.settle()
        in_order.result()
    for kind, (key, paths) in new.items():
        making.kept.keep(kind, key, paths)


def _scan_told(making: Making, before: Path | None) -> None:
    """Know what the edition before told of records that are not shown."""
    for name in (TOLD_PARTS, TOLD_TOTALS):
        bare = name.removeprefix("told_")
        making.scan(name, [before / f"out_{bare}.parquet"] if before else [], full_schema(bare))


def _made(making: Making, step: Step, told: Any, given: Tables, inputs: ir.Table) -> list[Path]:
    """Run a step; the files of its tables and of the issues that it found, which are on their way."""
    result = step.run(given, told)
    paths = [making.write(full_name, table) for full_name, table in result.tables.items()]
    for number, found in enumerate(result.issues):
        marked = with_markings(_as_issues(found, step.NAME), making.statements, inputs)
        paths.append(making.write(f"{ISSUES}{step.NAME}_{number}", marked))
    return paths


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


def _record_files(reports: Sequence[InputReport]) -> dict[str, list[Path]]:
    return {name: [] for name in record_tables()} | record_files(reports)


def _as_issues(found: ir.Table, step: str) -> ir.Table:
    """Rows of a step as rows of table `issue`: what it left out is null, its name and a count of 1 are filled in."""
    schema = ibis.Schema.from_pyarrow(full_schema("issue"))
    missing = {n: ibis.null(t) for n, t in schema.items() if n not in found.columns}
    whole = found.mutate(**missing)
    return whole.mutate(step=ibis.literal(step), count=whole["count"].fill_null(1))
