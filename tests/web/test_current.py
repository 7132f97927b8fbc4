"""The site follows `current` without a restart, and keeps serving the previous edition when the new one is broken."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from concerted.store.released import pin, release, withdraw, withhold
from concerted.web.edition.current import CurrentEdition
from concerted.web.edition.opened import Edition, open_edition
from web.edition import write_edition


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_edition(tmp_path)
    return tmp_path


def test_before_the_first_build_there_is_nothing(tmp_path: Path) -> None:
    assert CurrentEdition(tmp_path).get() is None


def test_a_first_edition_is_served_as_soon_as_it_is_there(tmp_path: Path) -> None:
    current = CurrentEdition(tmp_path)
    assert current.get() is None
    write_edition(tmp_path)
    assert current.get() is not None


def test_an_unchanged_current_keeps_the_open_edition(data: Path) -> None:
    current = CurrentEdition(data)
    first, second = current.get(), current.get()
    assert first is not None
    assert first is second


def test_a_new_edition_is_served_without_a_restart(data: Path) -> None:
    current = CurrentEdition(data)
    before = current.get()
    write_edition(data, "another" * 4)
    assert current.get() is before  # nobody waits for the new one to open
    after = current.settle()
    assert before
    assert after
    assert after.edition.folder.name == "another" * 4
    assert not after.is_old_copy
    assert before.edition.rows("SELECT count(*) FROM core_activity") == [(49,)]


def test_a_broken_new_edition_leaves_the_previous_one_served_as_an_old_copy(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    current = CurrentEdition(data)
    before = current.get()
    broken = write_edition(data, "broken" * 4)
    (broken / "core_activity.parquet").write_bytes(b"no parquet")
    after = current.settle()
    assert before
    assert after
    assert after.is_old_copy
    assert after.edition is before.edition
    assert "stays served" in caplog.text


def test_a_current_that_names_nothing_is_an_old_copy(data: Path) -> None:
    current = CurrentEdition(data)
    current.get()
    (data / "current").write_text("nothing\n", "utf-8")
    after = current.settle()
    assert after
    assert after.is_old_copy


def test_the_public_goes_on_seeing_what_is_released_when_current_moves_on(data: Path) -> None:
    current = CurrentEdition(data)
    first = current.released()
    assert first
    pin(data)
    write_edition(data, "another" * 4)
    shown, newest = current.settle_released(), current.settle()  # in the order in which a request asks
    assert newest
    assert shown
    assert newest.edition.folder.name == "another" * 4
    assert shown.edition is first.edition  # opened once
    release(data, newest.edition.id)
    released = current.settle_released()
    assert released
    assert released.edition is newest.edition


def test_before_the_first_release_the_public_is_shown_nothing(tmp_path: Path) -> None:
    withhold(tmp_path)
    write_edition(tmp_path)
    current = CurrentEdition(tmp_path)
    assert current.get()
    assert current.released() is None
    release(tmp_path, current_name(tmp_path))
    assert current.released()


def test_what_was_withdrawn_is_not_served_to_one_more_reader(data: Path) -> None:
    first, second = current_name(data), "another" * 4
    release(data, first)
    write_edition(data, second)
    release(data, second)
    current = CurrentEdition(data)
    shown = current.released()
    assert shown
    assert shown.edition.folder.name == second
    withdraw(data, second, first)
    shown = current.released()  # at once: nobody gets it while the one before is being opened
    assert shown
    assert shown.edition.folder.name == first
    withdraw(data, first, None)
    assert current.released() is None


def test_a_withdrawn_edition_is_not_kept_as_an_old_copy(data: Path) -> None:
    first, second = current_name(data), "another" * 4
    release(data, first)
    write_edition(data, second)
    release(data, second)
    current = CurrentEdition(data)
    assert current.released()
    withdraw(data, second, first)
    (data / "editions" / first / "core_activity.parquet").write_bytes(b"no parquet")
    assert current.released() is None


def current_name(data: Path) -> str:
    return (data / "current").read_text("utf-8").strip()


def test_a_missing_table_reads_as_empty_and_is_named(data: Path) -> None:
    folder = data / "editions" / "less"
    shutil.copytree(next((data / "editions").iterdir()), folder)
    (folder / "core_people.parquet").unlink()
    edition = open_edition(folder)
    assert edition.missing == ("core_people",)
    assert edition.rows("SELECT count(*) FROM core_people") == [(0,)]


def test_no_query_reaches_a_file_outside_the_edition(data: Path) -> None:
    edition = open_edition(next((data / "editions").iterdir()))
    with pytest.raises(duckdb.Error):
        edition.rows("SELECT * FROM read_text('/etc/hostname')")
    with pytest.raises(duckdb.Error):
        edition.rows("SET enable_external_access = true")


def test_the_day_of_the_picture_comes_from_the_manifest(data: Path) -> None:
    folder = next((data / "editions").iterdir())
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert str(open_edition(folder).as_of) == manifest["parameters"]["as_of"]


def test_what_is_made_ahead_is_made_before_a_newer_edition_is_served(data: Path) -> None:
    served_meanwhile = []
    current = CurrentEdition(
        data, ahead=lambda before, edition: [lambda: served_meanwhile.append((before, edition, current.get()))]
    )
    before = current.get()
    assert before
    write_edition(data, "newer" * 4)
    after = current.settle()
    assert after
    assert served_meanwhile == [(before.edition, after.edition, before)]


def test_a_still_newer_edition_ends_what_is_made_ahead(data: Path) -> None:
    made: list[str] = []

    def ahead(before: Edition, edition: Edition) -> Iterator[Callable[[], object]]:
        yield lambda: made.append(edition.folder.name)
        if edition.folder.name == "newer" * 4:
            write_edition(data, "newest" * 4)
            current.get()
        yield lambda: made.append(edition.folder.name)

    current = CurrentEdition(data, ahead=ahead)
    current.get()
    write_edition(data, "newer" * 4)
    current.settle()
    after = current.settle()
    assert after
    assert after.edition.folder.name == "newest" * 4
    assert made == ["newer" * 4, "newest" * 4, "newest" * 4]
