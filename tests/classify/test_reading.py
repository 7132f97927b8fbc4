"""The texts of an input are read once: what an earlier state of it had is taken over, unless the rules changed."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concerted import prepare
from concerted.classify import reading
from concerted.classify.texts import StatementReader
from concerted.model.tables import rec_schema
from concerted.store.kept import LATEST

from .frameworks import PARAMS

TITLES = ("Youth for dialogue", "Roads", "Youth for dialogue", "Access to justice")


def given(titles: tuple[str, ...] = TITLES) -> dict[str, pa.Table]:
    """The records of one input."""
    rows = [{"record_id": n, "source_id": "s", "title": title} for n, title in enumerate(titles)]
    tables = {name: rec_schema(name).empty_table() for name in reading.INPUTS}
    return tables | {"activity": pa.Table.from_pylist(rows, schema=rec_schema("activity"))}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles that are read from now on."""
    titles: list[str] = []
    whole = StatementReader.read

    def watched(self: StatementReader, title: str, *more: Any) -> str:
        titles.append(title)
        return whole(self, title, *more)

    monkeypatch.setattr(StatementReader, "read", watched)
    return titles


def lines(table: pa.Table) -> dict[int, str]:
    return dict(zip(table["record_id"].to_pylist(), table["lines"].to_pylist(), strict=True))


def test_equal_texts_are_read_once(read: list[str]) -> None:
    found = lines(reading.compute(given(), PARAMS, "rules"))
    assert sorted(read) == sorted(set(TITLES))
    assert found[0] == found[2]
    assert "youth" in found[0]


def test_only_what_changed_is_read_again_and_nothing_else_differs(read: list[str]) -> None:
    changed = ("Youth for dialogue", "Reconciliation", "Youth for dialogue", "Access to justice")
    before = reading.compute(given(), PARAMS, "rules")
    read.clear()
    after = reading.compute(given(changed), PARAMS, "rules", before)
    assert read == ["Reconciliation"]
    assert lines(after) == lines(reading.compute(given(changed), PARAMS, "rules"))


def test_by_other_rules_everything_is_read_again(read: list[str]) -> None:
    before = reading.compute(given(), PARAMS, "rules")
    read.clear()
    reading.compute(given(), PARAMS, "other rules", before)
    assert sorted(read) == sorted(set(TITLES))


class Given:
    """Records as the cache of what was read gives them."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        self.table = tables.__getitem__


def test_the_latest_state_of_an_input_is_taken_over_and_few_are_kept(tmp_path: Path, read: list[str]) -> None:
    other = tmp_path / "other-state.parquet"
    pq.write_table(reading.compute(given(), PARAMS, "rules"), other)
    for number in range(LATEST + 2):
        read.clear()
        titles = (*TITLES[:-1], f"Mediation {number}")
        target = tmp_path / f"input-{number}.parquet"
        prepare._prepare_one(reading.__name__, PARAMS, "rules", Given(given(titles)), target)  # type: ignore[arg-type]
        assert target.is_file()
        assert read == ([f"Mediation {number}"] if number else read)
    assert len([*tmp_path.glob("input-*.parquet")]) == LATEST
    assert other.is_file(), "that is another input's"
