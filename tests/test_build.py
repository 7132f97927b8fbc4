"""The laws of editions: same inputs, same bytes; nothing changed, nothing done; a fault stops before it costs."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builds import FILES, FOLDERS, Small, copy_small, hashes, listing, write_small
from concerted.build import Watcher, build, newest_day, read_sources
from concerted.model.errors import ConcertedError, ConfigError
from concerted.sources import run
from concerted.sources.base import Input, Part
from concerted.sources.iati.chunks import CHUNK_BYTES
from concerted.sources.open import Limits
from concerted.sources.run import InputReport
from concerted.steps import BuildRequest
from concerted.store.edition import build_lock, current_edition, read_manifest


def read(small: Small, data: Path, jobs: int = 1) -> list[InputReport]:
    reports, _ = read_sources(small.sources, data, jobs, Limits(), Watcher())
    return reports


def record_rows(reports: Sequence[InputReport]) -> dict[str, list[dict[str, Any]]]:
    """Every record table's rows, in an order of their own."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        for name in report.rows:
            rows.setdefault(name, []).extend(report.records.table(name).to_pylist())
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def forbidden(*_: Any, **__: Any) -> Any:
    raise AssertionError("this must not be reached")


def test_order_of_files_and_number_of_jobs_change_no_byte(small: Small, small_data: Path, tmp_path: Path) -> None:
    other = write_small(tmp_path / "other", files=FILES[::-1])
    built = build(other.sources[::-1], tmp_path / "data", other.request(), jobs=2)
    first = current_edition(small_data)
    assert first is not None
    assert built.folder.name == first.name
    assert hashes(built.folder) == hashes(first)


def test_a_rebuild_of_unchanged_inputs_makes_nothing_and_reads_nothing(
    small: Small, small_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listing(small_data)
    monkeypatch.setattr("concerted.build.read_inputs", forbidden)
    built = small.build(small_data)
    assert not built.is_new
    assert built.folder == current_edition(small_data)
    assert listing(small_data) == before


def test_what_was_read_once_is_not_read_again(small: Small, small_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "read_task", forbidden)
    assert all(report.is_cached for report in read(small, small_data))


def test_a_changed_record_makes_only_its_file_be_read_again(small: Small, tmp_path: Path) -> None:
    changed = copy_small(small, tmp_path / "set")
    read(changed, tmp_path / "data")
    path = changed.root / "sources" / "iati" / "pon.xml"
    path.write_text(path.read_text("utf-8").replace("<title>", "<title><!-- corrected -->", 1), "utf-8")
    assert [r.source.name for r in read(changed, tmp_path / "data") if not r.is_cached] == ["iati/pon.xml"]


def test_a_changed_source_yml_makes_only_the_files_it_speaks_of_be_read_again(small: Small, tmp_path: Path) -> None:
    changed = copy_small(small, tmp_path / "set")
    read(changed, tmp_path / "data")
    path = changed.root / "sources" / "iati-ancien" / "source.yml"
    path.write_text(path.read_text("utf-8").replace("licence: ", "licence: other, ", 1), "utf-8")
    fresh = [r.source.name for r in read(changed, tmp_path / "data") if not r.is_cached]
    assert fresh == ["iati-ancien/cul-1.05.xml"]


def test_a_comment_in_source_yml_changes_nothing(small: Small, tmp_path: Path) -> None:
    changed = copy_small(small, tmp_path / "set")
    read(changed, tmp_path / "data")
    with (changed.root / "sources" / "iati" / "source.yml").open("a", encoding="utf-8") as file:
        file.write("# looked at, still right\n")
    assert all(r.is_cached for r in read(changed, tmp_path / "data"))


def enlarge(path: Path, times: int, *, is_repeating: bool) -> None:
    """Repeat the activities of an IATI file, under identifiers of their own or under the same."""
    text = path.read_text("utf-8")
    start, stop = text.index("<iati-activity "), text.index("</iati-activities>")
    body = text[start:stop]
    copies = (
        body if is_repeating else body.replace("<iati-identifier>", f"<iati-identifier>{n}-") for n in range(times)
    )
    path.write_text(text[:start] + "".join(copies) + text[stop:], "utf-8")


@pytest.mark.parametrize("is_repeating", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_file_read_in_parts_gives_the_rows_of_one_read_whole(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_repeating: bool
) -> None:
    large = copy_small(small, tmp_path / "set")
    path = large.root / "sources" / "iati" / "pon.xml"
    enlarge(path, 1 + 5 * CHUNK_BYTES // 2 // path.stat().st_size, is_repeating=is_repeating)
    whole = read(large, tmp_path / "whole")
    cuts: list[int] = []

    def cut(source: Input, wanted: int) -> list[Part]:
        parts = uncounted(source, wanted)
        cuts.append(len(parts))
        return parts

    uncounted = run._parts
    monkeypatch.setattr(run, "PART_BYTES", CHUNK_BYTES)
    monkeypatch.setattr(run, "_parts", cut)
    parts = read(large, tmp_path / "parts", jobs=2)
    assert max(cuts) > 1, "nothing was cut: the test would test nothing"
    told = [[(r.seen, r.read, r.issues, r.unread, r.rows) for r in reports] for reports in (parts, whole)]
    assert told[0] == told[1]
    assert record_rows(parts) == record_rows(whole)


def test_two_builds_at_once_cannot_be(small: Small, tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(ConcertedError, match="another build is running"):
        small.build(tmp_path)


def test_two_entries_of_one_source_are_each_held_to_what_they_expect(small: Small, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    activity = "<iati-activity><iati-identifier>XX-1</iati-identifier></iati-activity>"
    for name, inside in (("a.xml", activity), ("b.xml", "")):
        (folder / name).write_text(f'<iati-activities version="2.03">{inside}</iati-activities>', encoding="utf-8")
    for name, low in (("a.xml", 100), ("b.xml", 100)):
        low_of = {"a.xml": 1, "b.xml": 0} | {name: low}
        entries = "".join(
            f"- {{id: pon, files: [{n}], as_of: 2026-09-30, expected: {{min: {m}}}}}\n" for n, m in low_of.items()
        )
        (folder / "source.yml").write_text(f"sources:\n{entries}", encoding="utf-8")
        with pytest.raises(ConcertedError, match="expects 100"):
            build([str(folder)], tmp_path / "data", small.request())


def test_reading_waits_for_no_build_and_says_so(small: Small, tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(ConcertedError, match="its sources are being read"):
        read_sources(small.sources, tmp_path, 1, Limits(), Watcher())


def test_records_that_nothing_recent_needs_are_forgotten(tmp_path: Path) -> None:
    folder, data = tmp_path / "in", tmp_path / "data"
    folder.mkdir()
    kept = set[str]()
    for version in range(3):
        activity = f"<iati-activity><iati-identifier>{version}</iati-identifier></iati-activity>"
        (folder / "a.xml").write_text(f"<iati-activities>{activity}</iati-activities>", encoding="utf-8")
        (report,), _ = read_sources([str(folder)], data, 1, Limits(), Watcher())
        kept = {path.name for path in (data / "cache" / "read").iterdir()}
        assert kept == {report.records.pack.name}
    read_sources([str(folder)], data, 1, Limits(), Watcher())
    assert {path.name for path in (data / "cache" / "read").iterdir()} == kept


def test_less_than_the_expected_volume_stops_the_build_and_leaves_the_edition(small: Small, tmp_path: Path) -> None:
    poor = copy_small(small, tmp_path / "set")
    path = poor.root / "sources" / "iati" / "source.yml"
    path.write_text(
        "id: pon\nfiles: [pon.xml]\nas_of: 2026-09-30\nlicence: CC0-1.0\nexpected: {min: 100}\n", encoding="utf-8"
    )
    said = f"source pon gave {small.activities('iati/pon.xml')} records, but its source.yml expects 100 to"
    with pytest.raises(ConcertedError, match=re.escape(said)):
        poor.build(tmp_path / "data")
    assert current_edition(tmp_path / "data") is None
    assert list((tmp_path / "data" / "editions").iterdir()) == []


def test_a_wrong_strategy_stops_before_anything_is_read(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "strategy.yml"
    wrong.write_text("id: x\nnodes: nothing\n", encoding="utf-8")
    monkeypatch.setattr("concerted.build.read_inputs", forbidden)
    with pytest.raises(ConfigError):
        small.build(tmp_path / "data", strategy=wrong)


def test_an_unknown_framework_stops_before_anything_is_read(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concerted.build.read_inputs", forbidden)
    with pytest.raises(ConfigError, match="no shipped framework nowhere; there are: "):
        small.build(tmp_path / "data", frameworks=("nowhere",))


def test_a_picture_in_nothing_stops_before_anything_is_read(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concerted.build.read_inputs", forbidden)
    with pytest.raises(ConfigError, match="no strategy and no framework to draw the picture in; there are: "):
        build(small.sources, tmp_path / "data", BuildRequest(frameworks=()))


def test_a_folder_without_data_says_so(tmp_path: Path) -> None:
    empty = tmp_path / "sources"
    empty.mkdir()
    with pytest.raises(ConcertedError, match=r"nothing to read in .*sources"):
        build([str(empty)], tmp_path / "data")
    (empty / "README.md").write_text("nothing here")
    with pytest.raises(ConcertedError, match=r"nothing to read in .*sources"):
        build([str(empty)], tmp_path / "data")


def test_the_day_is_the_one_asked_for_else_the_newest_that_a_source_states(small: Small, small_data: Path) -> None:
    reports = read(small, small_data)
    assert newest_day(reports) == date(2026, 9, 30)
    assert small.request(as_of=date(2025, 1, 31)).identity() != small.request().identity()


@contextmanager
def readable_folder() -> Iterator[Path]:
    """A folder that any user may enter (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root reads everything: take on another user for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read_is_an_issue_and_the_others_are_read(small: Small) -> None:
    from concerted.sources.open import find_inputs

    with readable_folder() as folder:
        for name in ("open.xml", "closed.xml"):
            shutil.copyfile(small.root / "sources" / "iati" / "pon.xml", folder / name)
        (folder / "closed.xml").chmod(0)
        (folder / "cache").mkdir()
        (folder / "cache").chmod(0o777)
        with without_privileges():
            inputs, issues = find_inputs([str(folder)], folder / "cache")
    assert [i.name for i in inputs] == ["open.xml"]
    assert [(i.code, i.input_path) for i in issues] == [("input_refused", "closed.xml")]


@pytest.mark.slow
def test_as_of_moves_the_picture(small: Small, small_data: Path, tmp_path: Path) -> None:
    now = current_edition(small_data)
    assert now is not None
    earlier = small.build(tmp_path, as_of=date(2024, 6, 30))
    assert earlier.manifest["as_of"] in ("2024-06-30", date(2024, 6, 30))
    assert read_manifest(earlier.folder)["as_of"] == "2024-06-30"
    assert hashes(earlier.folder)["out_cliff.parquet"] != hashes(now)["out_cliff.parquet"]
    assert hashes(earlier.folder)["core_transaction.parquet"] == hashes(now)["core_transaction.parquet"]


@pytest.mark.slow
def test_the_same_file_at_two_paths_is_told_twice_and_counted_once(small: Small, tmp_path: Path) -> None:
    import duckdb

    folder = tmp_path / "sources"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        shutil.copyfile(small.root / "sources" / "iati" / "pon.xml", folder / name / "pon.xml")
    built = build([str(folder)], tmp_path / "data", small.request())
    told = small.activities("iati/pon.xml")
    assert [(i["path"], i["read"]) for i in built.manifest["inputs"]] == [("a/pon.xml", told), ("b/pon.xml", told)]
    once = build([str(folder / "a")], tmp_path / "data", small.request())
    count = """SELECT count(*), count(*) FILTER (is_current), count(DISTINCT activity_id)
        FROM read_parquet('{}/core_activity.parquet')"""
    assert duckdb.sql(count.format(built.folder)).fetchone() == (2 * told, told, told)
    money = "SELECT finance_kind, sum(high_usd) FROM read_parquet('{}/out_allocation.parquet') GROUP BY 1 ORDER BY 1"
    assert duckdb.sql(money.format(built.folder)).fetchall() == duckdb.sql(money.format(once.folder)).fetchall()


def test_every_folder_of_the_small_set_has_its_files(small: Small) -> None:
    assert {name.partition("/")[0] for name in FILES} == set(FOLDERS)
    assert all((small.root / "sources" / name).is_file() for name in FILES)
