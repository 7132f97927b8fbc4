"""From sources to an edition: find, read, run the steps, write, publish. The whole way, once.

Enters: files and addresses as the user names them, a strategy, parameters. Leaves: `DIR/editions/<edition_id>/`, named
by `DIR/current`. The same inputs, parameters and code give the same edition, whatever the order of files and workers.
"""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from concerted import __version__
from concerted.marking.keys import Label
from concerted.model.errors import ConcertedError, ConfigError
from concerted.model.issues import ROWS_MARKED, Issue
from concerted.publish.shown import public_id
from concerted.sources.base import Input
from concerted.sources.cache import prune
from concerted.sources.open import Limits, find_inputs
from concerted.sources.run import InputReport, Progress, cache_key, read_inputs, record_files
from concerted.sources.spread import in_workers
from concerted.steps import BuildContext, BuildRequest, engine_for, steps
from concerted.store.code import code_version, libraries
from concerted.store.edition import (
    MANIFEST,
    build_lock,
    canonical_json,
    edition_id,
    file_sha256,
    make_current,
    publish_staged,
    read_manifest,
    staging,
)
from concerted.store.plain import plain
from concerted.store.told import with_told

#: Kinds of input of which places of reference are made.
REFERENCE_KINDS = ("boundaries", "pcodes", "gazetteer", "population")

#: So many of the latest editions keep what was read for them, so that going back to older files costs no reading.
EDITIONS_CACHED = 3


@dataclass
class Watcher:
    """How a build tells what it does; the default says nothing."""

    reading: Callable[[Progress], None] = lambda _: None
    step: Callable[[str, float], None] = lambda _name, _seconds: None


@dataclass(frozen=True)
class Built:
    """What a build came to."""

    folder: Path
    manifest: dict[str, Any]
    is_new: bool
    seconds: dict[str, float] = field(default_factory=dict)


def read_sources(
    sources: Sequence[str], data: Path, jobs: int, limits: Limits, watcher: Watcher
) -> tuple[list[InputReport], list[Issue]]:
    """Steps 1 and 2 only: every input read and cached, with its report; and the issues of finding them.

    Raises:
        ConcertedError: a build, or another reading, is running in `data`; or there is nothing to read.
    """
    with build_lock(data):
        inputs, issues = find_inputs(sources, data / "cache", limits, jobs)
        if not inputs and not issues:
            raise _nothing_in(sources)
        reports = read_inputs(inputs, data, jobs, watcher.reading)
        _prune_cache(data, reports)
    return reports, issues


def _nothing_in(sources: Sequence[str]) -> ConcertedError:
    return ConcertedError(f"nothing to read in {', '.join(sources)}: no file there is of a known kind")


def build(
    sources: Sequence[str],
    data: Path,
    request: BuildRequest | None = None,
    *,
    jobs: int = 1,
    limits: Limits | None = None,
    watcher: Watcher | None = None,
) -> Built:
    """Make the edition of `sources` and let `DATA/current` name it; the same edition is not made twice.

    Raises:
        ConcertedError: another build is running, a strategy or source.yml is wrong, or a source delivered fewer or more
            records than its source.yml expects. The previous edition stays served.
    """
    request, watcher = request or BuildRequest(), watcher or Watcher()
    with build_lock(data):
        started = time.perf_counter()
        inputs, issues = find_inputs(sources, data / "cache", limits or Limits(), jobs)
        _check_reference(inputs)
        if not inputs:
            raise _nothing_in(sources)
        told_before, identity = with_told(data, _identity(inputs, issues, request))
        name = edition_id(identity)
        folder = data / "editions" / name
        if (folder / MANIFEST).is_file():
            make_current(data, name)
            return Built(folder, read_manifest(folder), is_new=False)
        frameworks = request.load()  # before the reading, which takes longer than finding a fault in a strategy
        with staging(data / "editions") as stage:
            seconds: dict[str, float] = {}
            with engine_for(request, stage / "_scratch", data / "cache" / "sql") as (open_engine, spread):
                # The steps are loaded while workers read: that takes half a second, and Ibis is not wanted in workers.
                reading = spread or in_workers(jobs, meanwhile=load_steps)
                reports = read_inputs(inputs, data, jobs, watcher.reading, reading)
                _check_expected(reports)
                seconds["read"] = time.perf_counter() - started
                watcher.step("read", seconds["read"])
                day = request.as_of or newest_day(reports)
                judged, chosen = request.judgements(), request.precedence()
                context = BuildContext(
                    day, frameworks, reports, request.learn, judged, told_before, chosen, request.few_people
                )
                from concerted.assemble import assemble  # loads Ibis and pandas; an unchanged rebuild does without

                told = assemble(
                    open_engine, spread or in_workers(jobs), data, stage, context, issues, watcher.step, seconds
                )
            for inner in stage.glob("_*"):
                shutil.rmtree(inner) if inner.is_dir() else inner.unlink()
            manifest = {"edition_id": name, "identity": identity} | _describe(stage, context, request, told)
            manifest["public_id"] = public_id(stage, manifest)
            folder = publish_staged(stage, data, name, manifest)
        make_current(data, name)
        _prune_cache(data, reports)
        return Built(folder, manifest, is_new=True, seconds=seconds)


def load_steps() -> None:
    """Load what only a build needs that makes something new."""
    import_module("concerted.assemble")
    for step, _ in steps():
        getattr(step, "load", lambda: None)()


def newest_day(reports: Sequence[InputReport]) -> date:
    """The day the picture is for when nobody says: the newest that a source or its statements bear.

    No clock is asked, so that the same inputs give the same edition, and nothing that is restricted, because everybody
    sees the day. One statement in a hundred may lie in the future
    by mistake: days more than a month after the 99th percentile are not believed.
    """
    is_open = [r for r in reports if r.source.config.marking.is_open]
    stated = [r.source.config.as_of for r in is_open if r.source.config.as_of]
    if stated:
        return max(stated)
    paths = record_files(reports).get("activity", [])
    columns = [_open_days(path) for path in paths]
    days = np.sort(np.concatenate([c.to_numpy().astype("datetime64[D]") for c in columns])) if columns else np.array([])
    if len(days) == 0:
        raise ConcertedError(
            "no source and no statement that everybody may see bears a date:"
            " say --as-of YYYY-MM-DD, or `as_of` in source.yml"
        )
    usual = days[(len(days) - 1) * 99 // 100]
    believed: date = days[days <= usual + np.timedelta64(31, "D")][-1].astype(object)
    return believed


def _open_days(path: Path) -> pa.ChunkedArray:
    """When the statements that everybody may see were last updated."""
    table = pq.read_table(path, columns=["last_updated", "marking_key"])
    return table.filter(pc.equal(table["marking_key"], str(Label.CLEAR)))["last_updated"].drop_null()


def _check_reference(inputs: Sequence[Input]) -> None:
    """Places of reference are shown to everybody and place every record: they cannot be restricted."""
    for source in inputs:
        if source.kind in REFERENCE_KINDS and not source.config.marking.is_open:
            raise ConfigError(
                f"{source.name}: {source.kind} marked {source.config.marking.precise}, but places of reference are for"
                " everybody; take the marking out of its source.yml, or leave the file out"
            )


def _identity(inputs: Sequence[Input], issues: Sequence[Issue], request: BuildRequest) -> dict[str, Any]:
    return {
        "inputs": [[i.name, i.sha256, i.kind, i.config.fingerprint] for i in inputs],
        "not_read": sorted([i.code, i.input_path or "", canonical_json(i.values)] for i in issues),
        "parameters": request.identity(),
        "code": code_version(),
    }


def _prune_cache(data: Path, reports: Sequence[InputReport]) -> None:
    """Forget records that neither these inputs nor the latest editions were made of. The build lock must be held."""
    manifests = sorted((data / "editions").glob(f"[!.]*/{MANIFEST}"), key=lambda p: p.stat().st_mtime)
    latest = [read_manifest(path.parent) for path in manifests[-EDITIONS_CACHED:]]
    prune(
        data / "cache" / "read",
        [[cache_key(r.source) for r in reports], *([i.get("cache", "") for i in m["inputs"]] for m in latest)],
    )


def _check_expected(reports: Sequence[InputReport]) -> None:
    """A missing volume stops the build, never a reader: half a source would read as a gap."""
    # By entry of a source.yml, not by source: two entries of one source may expect different volumes of their files.
    configs = {r.source.config.fingerprint: r.source.config for r in reports}
    read: Counter[str] = Counter()
    for report in reports:
        read[report.source.config.fingerprint] += report.read
    for entry, config in configs.items():
        count = read[entry]
        low, high = config.expected_min, config.expected_max
        if (low is not None and count < low) or (high is not None and count > high):
            raise ConcertedError(
                f"source {config.source_id} gave {count} records, but its source.yml expects {low or 0} to"
                f" {high if high is not None else 'any number'}; look at the file, or correct `expected` in source.yml"
            )


def _input_entry(report: InputReport) -> dict[str, Any]:
    source = report.source
    return {
        "path": source.name,
        "sha256": source.sha256,
        "bytes": source.bytes,
        "kind": source.kind,
        "source_id": source.config.source_id,
        "marking": source.config.marking.precise,
        "has_row_markings": ROWS_MARKED in report.issues,
        "publisher": source.config.publisher,
        "licence": source.config.licence,
        "seen": report.seen,
        "read": report.read,
        "set_aside": report.set_aside,
        "unread": report.unread,
        "issues": report.issues,
        "cache": cache_key(source),
    }


def _describe(stage: Path, context: BuildContext, request: BuildRequest, told: Mapping[str, object]) -> dict[str, Any]:
    """The manifest's account of a staged edition; `told` are the parameters of each step."""
    configs = [report.source.config for report in context.reports]
    return {
        "as_of": context.as_of,
        "inputs": [_input_entry(report) for report in context.reports],
        "tables": {path.stem: _table_entry(path) for path in sorted(stage.glob("*.parquet"))},
        "issues": _issues_by_code(stage / "out_issue.parquet"),
        "unread": dict(sorted(sum((Counter(r.unread) for r in context.reports), Counter[str]()).items())),
        "parameters": request.identity() | {"as_of": context.as_of},
        "step_parameters": {name: plain(parameters) for name, parameters in told.items()},
        # One invented file among real ones makes invented figures; a restricted one makes none that everybody sees.
        "is_demonstration": any(c.is_demonstration and c.marking.is_open for c in configs),
        "code": {"version": __version__, "hash": code_version(), "libraries": libraries()},
    }


def _table_entry(path: Path) -> dict[str, Any]:
    return {
        "rows": pq.read_metadata(path).num_rows,
        "sha256": file_sha256(path),
        "bytes": path.stat().st_size,
    }


def _issues_by_code(path: Path) -> dict[str, int]:
    """How often each thing went wrong, by the stable name of the issue."""
    sums = pq.read_table(path, columns=["code", "count"]).group_by("code").aggregate([("count", "sum")])
    return dict(sorted(zip(sums["code"].to_pylist(), sums["count_sum"].to_pylist(), strict=True)))
