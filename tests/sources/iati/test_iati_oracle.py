"""The reader against the oracle: every cell of every table."""

import gzip
import os
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.tables import rec_schema, tables
from concerted.records.screening.texts import screen_addresses, screen_text
from concerted.sources.base import Input, Part, SourceConfig
from concerted.sources.iati.reader import IatiReader

from . import iati_documents, iati_oracle

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


def assert_equal(
    found: dict[str, list[dict[str, Any]]],
    expected: dict[str, list[dict[str, Any]]],
    may_say: Callable[[str], Collection[str]] = lambda text: (),
) -> None:
    """The same rows; a text may also be one of those that `may_say` makes of it."""
    assert {t: len(rows) for t, rows in found.items()} == {t: len(rows) for t, rows in expected.items()}
    for table, rows in expected.items():
        key = tables()[table].key
        both = (sorted(side, key=lambda row: repr([[row[k] for k in key], row])) for side in (found[table], rows))
        for got, wanted in zip(*both, strict=True):
            for name, text in wanted.items():
                if isinstance(text, str) and got[name] != text and got[name] in may_say(text):
                    wanted[name] = got[name]
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


@pytest.mark.realdata
@pytest.mark.parametrize(
    "name",
    [
        "v1/cd-mixed-publishers.xml.gz",
        "v1/same_orgs_different_roles.xml.gz",
        "samples/standard-example-annotated-203.xml",
        "samples/dportal-activities-100.xml.gz",
        "publishers/XM-OCHA-CERF.xml.gz",
        "sahel/MR.xml.gz",
    ],
)
def test_every_cell_of_real_files_is_as_the_oracle_reads_it(name: str) -> None:
    assert_real_file_equal(real_folder() / name)


@pytest.mark.realdata
@pytest.mark.slow
def test_every_cell_of_all_real_files_is_as_the_oracle_reads_it() -> None:
    for folder in ("v1", "samples", "publishers", "sahel"):
        for path in sorted((real_folder() / folder).iterdir()):
            if path.name != "undp-bfa.xml":  # no identifiers in it
                assert_real_file_equal(path)


@pytest.mark.realdata
@pytest.mark.slow
def test_the_publisher_files_give_every_activity_transaction_and_location() -> None:
    rows: Counter[str] = Counter()
    references = 0
    for path in sorted((real_folder() / "publishers").iterdir()):
        source = Input(path, path.name, "", path.stat().st_size, "iati-activities", SourceConfig("source"))
        for batch in IatiReader().read(source, Part(0, 0, source.bytes)):
            rows.update({table: found.num_rows for table, found in batch.tables.items()})
            # Results refer to locations by elements of the same name; those are no places of their own.
            references += sum(count for path_, count in batch.unread.items() if path_.endswith("/location"))
    assert (rows["activity"], rows["transaction"]) == (9692, 60456)
    assert (rows["location"], rows["location"] + references) == (6360, 12959)


def real_folder() -> Path:
    if not REALDATA.is_dir():
        pytest.skip(f"no real files at {REALDATA}; set CONCERTED_REALDATA")
    return REALDATA


def at_the_door(text: str) -> tuple[str, ...]:
    """What screening leaves of a text or of an address; that it takes out the right things is tested apart."""
    of_addresses = screen_addresses(pa.array([text])).texts
    return screen_text(text)[0], *of_addresses


def assert_real_file_equal(path: Path) -> None:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    assert_equal(read(path, path.name), iati_oracle.read(data, path.name), at_the_door)
