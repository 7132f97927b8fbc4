"""The reader against the oracle: every cell of every table."""

import os
from pathlib import Path
from random import Random
from typing import Any

import iati_documents
import iati_oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.tables import rec_schema, tables
from concerted.sources.base import Input, Part, SourceConfig
from concerted.sources.iati.reader import IatiReader

REALDATA = Path(os.environ.get("CONCERTED_REALDATA", Path(__file__).parents[4] / "shared" / "data")) / "iati"


def read(path: Path, name: str) -> dict[str, list[dict[str, Any]]]:
    source = Input(path, name, "", path.stat().st_size, "iati-activities", SourceConfig("source"))
    found: dict[str, list[dict[str, Any]]] = {}
    for batch in IatiReader().read(source, Part(0, 0, source.bytes)):
        assert batch.seen == batch.read + batch.set_aside
        for table, rows in batch.tables.items():
            assert rows.schema == rec_schema(table)
            found.setdefault(table, []).extend(rows.to_pylist())
    return found


def assert_equal(found: dict[str, list[dict[str, Any]]], expected: dict[str, list[dict[str, Any]]]) -> None:
    assert {t: len(rows) for t, rows in found.items()} == {t: len(rows) for t, rows in expected.items()}
    for table, rows in expected.items():
        key = tables()[table].key
        both = (sorted(side, key=lambda row: repr([[row[k] for k in key], row])) for side in (found[table], rows))
        for got, wanted in zip(*both, strict=True):
            assert got == wanted, f"{table}: {[(k, got[k], wanted[k]) for k in wanted if got[k] != wanted[k]]}"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_every_cell_of_invented_documents_is_as_the_oracle_reads_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    data = iati_documents.document(Random(seed))  # noqa: S311
    path = tmp_path_factory.mktemp("iati") / "a.xml"
    path.write_bytes(data)
    assert_equal(read(path, "a.xml"), iati_oracle.read(data, "a.xml"))
