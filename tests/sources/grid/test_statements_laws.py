"""Laws that hold for every table of cells, whatever stands in them."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.tables import tables
from concerted.sources.grid.fields import FIELDS
from reading import read_one

TAGS = (
    *("#activity+code", "#activity+name", "#activity+fr", "#description", "#status", "#org", "#org+code", "#org+type"),
    *("#org+impl", "#org+funder", "#sector", "#sector+code", "#subsector", "#country", "#adm1", "#adm1+code", "#adm2"),
    *("#loc", "#geo+lat", "#geo+lon", "#date+start", "#date+end", "#date+reported", "#date+year", "#date+month"),
    *(
        "#inneed",
        "#targeted+f",
        "#reached",
        "#value",
        "#value+usd+spent",
        "#currency",
        "#meta+marking",
        "#contact",
        "#x",
    ),
)
WORDS = (
    "",
    "n/a",
    "0",
    "-5",
    "1,234",
    "1 234,5",
    "2021-02-30",
    "01/02/2021",
    "44167",
    "En cours",
    "Mali",
    "ML05",
    "Total",
)
# No zero bytes: of some of them in a small file nobody can tell it from a binary one, and an issue says so instead.
CELLS = st.one_of(st.sampled_from(WORDS), st.text(st.characters(exclude_characters="\0"), max_size=6))
TABLES = st.lists(st.sampled_from(TAGS), min_size=1, max_size=8).flatmap(
    lambda tags: st.tuples(
        st.just(["#org", "#adm1", *tags]), st.lists(st.lists(CELLS, max_size=len(tags) + 3), max_size=12)
    )
)
MAPPED = st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=8, unique=True)


@settings(max_examples=120, deadline=None)
@given(TABLES)
def test_any_tagged_table_is_read_or_explained(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[list[str], list[list[str]]]
) -> None:
    tags, rows = table
    check_laws(tmp_path_factory.mktemp("in"), [["header"] * len(tags), tags, *rows], None)


@settings(max_examples=60, deadline=None)
@given(MAPPED, st.data())
def test_any_mapped_table_is_read_or_explained(
    tmp_path_factory: pytest.TempPathFactory, fields: list[str], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(fields) + 1), min_size=1, max_size=12))
    columns = "".join(f'    h{n}: {{field: {field}, separator: ";"}}\n' for n, field in enumerate(fields))
    config = f"mapping:\n  columns:\n{columns}"
    check_laws(tmp_path_factory.mktemp("in"), [[f"h{n}" for n in range(len(fields))], *rows], config)


def check_laws(folder: Path, rows: list[list[str]], config: str | None) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    reading = read_one(folder / "x", "a.csv", buffer.getvalue().encode("utf-8", "replace"), config)
    assert reading.seen <= len(rows)
    ids = {row["record_id"] for row in reading.rows("activity")}
    assert len(ids) == reading.read
    for name, table in reading.tables.items():
        assert set(table["record_id"].to_pylist()) <= ids
        keys = [tuple(row.values()) for row in table.select(list(tables()[name].key)).to_pylist()]
        assert len(set(keys)) == len(keys), f"the key of {name} is not unique"
