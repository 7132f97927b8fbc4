"""Run the steps and write every table of an edition into a staged folder.

Enters: what the readers left per input, the frameworks, the day. Leaves: one Parquet file per `core_` and `out_` table,
each in the order of its key.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from concerted.codelists.framework_tables import framework_table, indicator_table, node_table
from concerted.issue_markings import input_markings, with_markings
from concerted.model.issues import Issue, issue_table
from concerted.model.tables import TableSpec, full_schema, rec_schema, record_tables, tables
from concerted.prepare import Prepared, prepare
from concerted.sources.run import InputReport, record_files
from concerted.sources.spread import Spread
from concerted.steps import BuildContext, steps
from concerted.store.engine import Copy, Engine, copy_sorted
from concerted.store.kept import keeping_results
from concerted.store.step import FOUND_ISSUES, Step


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
    with ExitStack() as begun, keeping_results(data / "cache"):
        prepared: dict[str, Prepared] = {}
        for step, told in planned:
            table = prepare(getattr(step, "PER_INPUT", None), told, context.reports, data, spread)
            if table is not None:
                prepared[step.NAME] = table
                begun.callback(table.close)
        _run(open_engine(), planned, prepared, stage, context, issues, _Timer(seconds, on_step))
    return {step.NAME: told for step, told in planned}


def _run(
    engine: Engine,
    planned: Sequence[tuple[Step, Any]],
    prepared: Mapping[str, Prepared],
    stage: Path,
    context: BuildContext,
    issues: Sequence[Issue],
    timer: "_Timer",
) -> None:
    files = _record_files(context.reports)
    inner = stage / "_inner"  # not files with an underscore of their own: Spark takes those for hidden
    inner.mkdir()
    pq.write_table(issue_table(list(issues)), inner / "found.parquet")
    files["issue"].append(inner / "found.parquet")
    have = {f"rec_{n}": engine.scan(f"rec_{n}", files[n], rec_schema(n)) for n in record_tables()}
    inputs = ibis.memtable(input_markings(context.reports))
    have["rec_issue"] = with_markings(have["rec_issue"], have["rec_activity"], inputs)
    found_issues = [have["rec_issue"]]

    def finish(full_name: str, table: ir.Table, spec: TableSpec, folder: Path = stage) -> ir.Table:
        target = folder / f"{full_name}.parquet"
        engine.write_later(table, target, spec.schema(), spec.key)
        return engine.scan(full_name, [target], spec.schema())

    for full_name, made in (
        ("core_framework", framework_table(context.frameworks)),
        ("core_node", node_table(context.frameworks)),
        ("core_node_indicator", indicator_table(context.frameworks)),
    ):
        pq.write_table(made, stage / f"{full_name}.parquet", compression="zstd")
        have[full_name] = engine.scan(full_name, [stage / f"{full_name}.parquet"], made.schema)
    with ThreadPoolExecutor(1) as beside:
        # Tables that no step adds to need only be put in order; the steps read them as they came.
        copies = []
        for name in _passed_through():
            spec = tables()[name]
            have[spec.full_name] = have[f"rec_{name}"]
            target = stage / f"{spec.full_name}.parquet"
            copies.append(Copy(files[name], target, spec.schema(), spec.key))
        copied = beside.submit(copy_sorted, copies, inner / "beside")
        for step, told in planned:
            have[FOUND_ISSUES] = ibis.union(*found_issues)
            given = {name: have[name] for name in step.INPUTS}
            if step.NAME in prepared:
                table = prepared[step.NAME]
                table.finish()
                given[table.name] = engine.scan(table.name, table.files, table.schema)
            result = step.run(given, told)
            for full_name, made in result.tables.items():
                have[full_name] = finish(full_name, made, tables()[full_name.split("_", 1)[1]])
            for number, found in enumerate(result.issues):
                marked = with_markings(_as_issues(found, step.NAME), have["rec_activity"], inputs)
                found_issues.append(finish(f"issues_{step.NAME}_{number}", marked, tables()["issue"], inner))
            engine.after(partial(timer.done, step.NAME))
        finish("out_issue", ibis.union(*found_issues), tables()["issue"])
        engine.settle()
        copied.result()


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


def _passed_through() -> list[str]:
    """Record tables to which no step adds a column; `place` is merged with the shipped list by locate."""
    return [
        name
        for name, spec in tables().items()
        if spec.is_record and name not in ("issue", "place") and all(c.step == "read" for c in spec.columns)
    ]
