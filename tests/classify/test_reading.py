"""The texts of an input are read once: what an earlier state of it had is taken over, unless the rules changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given as holds_for
from hypothesis import settings
from hypothesis import strategies as st

from concerted import prepare
from concerted.classify import reading
from concerted.classify.texts import FIELD, PART, Statement, StatementReader, documents
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
    whole = StatementReader.read_all

    def watched(self: StatementReader, statements: Sequence[Statement]) -> list[str]:
        titles.extend(title for title, *_ in statements)
        return whole(self, statements)

    monkeypatch.setattr(StatementReader, "read_all", watched)
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


TEXTS = st.sampled_from([None, "", "Dialogue", "Rent", f"a{PART}b{FIELD}c", "écoles"])
NARRATIVES = st.fixed_dictionaries(
    {
        "record_id": st.integers(0, 6),
        "field": st.sampled_from(["title", "description", "location/name"]),
        "seq": st.integers(0, 123_456),
        "text": TEXTS,
    }
)
SECTORS = st.fixed_dictionaries(
    {
        "record_id": st.integers(0, 6),
        "vocabulary_code": st.sampled_from([None, "1", "2"]),
        "code": st.sampled_from([None, "15110", "151", "11110"]),
    }
)


@settings(max_examples=30, deadline=None)
@holds_for(
    st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.lists(NARRATIVES, max_size=12), st.lists(SECTORS, max_size=8)
)
def test_without_an_engine_the_same_is_read_of_a_statement(
    titled: list[tuple[str | None, str | None]], narratives: list[dict[str, Any]], sectors: list[dict[str, Any]]
) -> None:
    activities = [
        {"record_id": n, "source_id": "s", "title": title, "description": description}
        for n, (title, description) in enumerate(titled)
    ]
    made = {"activity": activities, "narrative": narratives, "sector": sectors}
    tables = {name: pa.Table.from_pylist(rows, schema=rec_schema(name)) for name, rows in made.items()}
    joined = documents(*(ibis.memtable(tables[name]) for name in reading.INPUTS)).order_by("record_id").to_pyarrow()
    columns = ("title", "description", "others", "is_dac_15", "is_coded")
    assert reading.statements(tables) == [*zip(*(joined[name].to_pylist() for name in columns), strict=True)]
