"""Whatever is read in whatever order and company: each input's records are the same, and only what is new is read."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.sources import run
from concerted.sources.base import Input
from concerted.sources.cache import PACK, PASSING, Writer
from concerted.sources.open import find_inputs
from concerted.sources.run import InputReport, read_inputs, record_files

NAMES = ("a.xml", "b.xml", "c.xml", "d.xml", "e.xml")


def document(name: str, version: int) -> str:
    """Activities with texts, a sector each and a fault, as many as the version says; version 0 is no XML at all."""
    activity = (
        "<iati-activity><iati-identifier>{0}-{1}</iati-identifier><title><narrative>{0} {2}</narrative></title>"
        '<sector code="15220"/><activity-date type="1" iso-date="tomorrow"/></iati-activity>\n'
    )
    inner = "".join(activity.format(name, number, version) for number in range(version))
    return f"<iati-activities>\n{inner}</iati-activities>" if version else "<iati-activities"


def write(folder: Path, versions: dict[str, int]) -> list[Input]:
    """The files, and no others, as inputs."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, version in versions.items():
        (folder / name).write_text(document(name, version), "utf-8")
    inputs, issues = find_inputs([str(folder)], folder.parent / "fetched")
    assert issues == []
    return inputs


def told(report: InputReport) -> dict[str, Any]:
    """All that is known of an input."""
    tables = {name: report.records.table(name).to_pylist() for name in report.rows}
    assert {name: len(rows) for name, rows in tables.items()} == report.rows
    counts = (report.seen, report.read, report.set_aside, report.issues, report.unread)
    return {"name": report.source.name, "counts": counts, "tables": tables}


def rows_of_files(reports: Sequence[InputReport]) -> dict[str, list[str]]:
    """What a step sees: all rows of the Parquet files."""
    files = record_files(reports)
    return {name: sorted(map(repr, pa.concat_tables(map(pq.read_table, f)).to_pylist())) for name, f in files.items()}


def rows_of_reports(reports: Sequence[InputReport]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for report in reports:
        for name in report.rows:
            found.setdefault(name, []).extend(map(repr, report.records.table(name).to_pylist()))
    return {name: sorted(rows) for name, rows in found.items()}


@contextmanager
def tasks_of(size: int) -> Iterator[None]:
    """Packs and parts of about this many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "PART_BYTES", size)
        patch.setattr(run, "_LEAST_BYTES", size)
        yield


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), min_size=1), min_size=2, max_size=5),
    st.sampled_from([1, 700, 1 << 20]),
)
def test_an_input_has_the_same_records_whatever_was_read_before_and_with_it(
    sets: list[dict[str, int]], size: int
) -> None:
    known: set[tuple[str, int]] = set()
    with tempfile.TemporaryDirectory() as name, tasks_of(size):
        for number, versions in enumerate(sets):
            inputs = write(Path(name) / "sources", versions)
            reports = read_inputs(inputs, Path(name) / "data")
            alone = [r for i in inputs for r in read_inputs([i], Path(name) / f"alone-{number}")]
            assert [told(r) for r in reports] == [told(r) for r in alone]
            assert rows_of_files(reports) == rows_of_reports(reports)
            assert {(r.source.name, versions[r.source.name]) for r in reports if not r.is_cached} == (
                versions.items() - known
            )
            known |= versions.items()


def test_small_inputs_share_a_pack_and_its_files(tmp_path: Path) -> None:
    reports = read_inputs(write(tmp_path / "sources", dict.fromkeys(NAMES, 2)), tmp_path / "data")
    assert len({r.records.pack for r in reports}) == 1
    assert all(len(paths) == 1 for paths in record_files(reports).values())


def test_a_change_copies_the_rows_of_the_others_and_leaves_the_old_pack(tmp_path: Path) -> None:
    versions = dict.fromkeys(NAMES, 2)
    before = read_inputs(write(tmp_path / "sources", versions), tmp_path / "data")
    old = {p: p.read_bytes() for p in before[0].records.pack.iterdir()}
    after = read_inputs(write(tmp_path / "sources", versions | {"c.xml": 3}), tmp_path / "data")
    assert [r.source.name for r in after if not r.is_cached] == ["c.xml"]
    assert {r.records.pack for r in after}.isdisjoint(r.records.pack for r in before)
    assert {p: p.read_bytes() for p in old} == old
    again = read_inputs(write(tmp_path / "sources", versions), tmp_path / "data")
    assert [r.records for r in again] == [r.records for r in before]


def test_a_reader_that_fails_leaves_no_half_pack_and_the_next_run_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = write(tmp_path / "sources", dict.fromkeys(NAMES, 2))
    whole, calls = Writer.write, iter(range(99))

    def fail(*arguments: Any) -> Any:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return whole(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "write", fail)
        with pytest.raises(KeyboardInterrupt):
            read_inputs(inputs, tmp_path / "data")
    assert list((tmp_path / "data" / "cache" / "read").iterdir()) == []
    assert sum(r.read for r in read_inputs(inputs, tmp_path / "data")) == 2 * len(NAMES)


def test_what_a_killed_run_left_is_swept_and_a_pack_without_its_list_is_made_again(tmp_path: Path) -> None:
    inputs = write(tmp_path / "sources", {"a.xml": 1})
    (report,) = read_inputs(inputs, tmp_path / "data")
    (report.records.pack / PACK).unlink()
    (report.records.pack.parent / f"{PASSING}left").mkdir()
    (again,) = read_inputs(inputs, tmp_path / "data")
    assert not again.is_cached
    assert [p.name for p in again.records.pack.parent.iterdir()] == [again.records.pack.name]


def test_two_workers_read_what_one_reads(tmp_path: Path) -> None:
    inputs = write(tmp_path / "sources", dict(zip(NAMES, (3, 0, 2, 1, 3), strict=True)))
    with tasks_of(400):
        one, two = (read_inputs(inputs, tmp_path / f"data-{jobs}", jobs) for jobs in (1, 2))
        assert [told(r) for r in one] == [told(r) for r in two]
