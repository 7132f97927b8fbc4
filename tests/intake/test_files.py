"""Files of other kinds become statements of the workspace, and say in them what their readers read."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from builds import Small, write_small
from concerted.intake.files import FileStatements, read_file
from concerted.sources.detect import readers
from concerted.sources.open import find_inputs
from concerted.statements.document import FORMAT, check, plain, statement_tables
from reading import REALDATA, needs_realdata

IATI = """<iati-activities version="2.03"><iati-activity default-currency="EUR">
<iati-identifier>XX-1</iati-identifier><reporting-org ref="XX" type="22"><narrative>Tabital</narrative></reporting-org>
<title><narrative xml:lang="fr">Médiation</narrative></title><activity-status code="2"/>
<location><name><narrative>Mopti</narrative></name><administrative vocabulary="G1" level="1" code="2453348"/></location>
<transaction><transaction-type code="3"/><transaction-date iso-date="2020-02-01"/>
<value value-date="2020-02-01">10.50</value></transaction>
<transaction><transaction-type code="77"/><transaction-date iso-date="2020-02-01"/>
<value value-date="2020-02-01">5</value><sector vocabulary="1" code="15220"/></transaction>
<transaction><transaction-type code="4"/><transaction-date iso-date="2020-03-01"/>
<value value-date="2020-03-01">7</value><sector vocabulary="1" code="11220"/></transaction>
<result type="1"><title><narrative>R</narrative></title><indicator measure="1"><title><narrative>I</narrative></title>
<period><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><actual value="5"/></period>
</indicator></result></iati-activity></iati-activities>"""


def read(path: Path, cache: Path) -> FileStatements:
    (source,), _ = find_inputs([str(path)], cache)
    return read_file(source)


def test_an_iati_activity_is_a_statement_and_what_it_cannot_say_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(IATI, "utf-8")
    found = read(path, tmp_path / "cache")
    assert (found.seen, found.set_aside) == (1, 0)
    (incoming,) = found.found
    document = incoming.document
    check({"format": FORMAT, **document})
    assert document["activity"].items() >= {"identifier": "XX-1", "state": "ongoing", "default_currency": "EUR"}.items()
    # The transaction of a type that is on no list went, with the sector that stood below it.
    assert [(row["type_code"], row["value"]) for row in document["transaction"]] == [("3", "10.5"), ("4", "7")]
    assert [(row["code"], row["transaction_seq"]) for row in document["sector"]] == [("11220", 1)]
    assert {fault.path for fault in incoming.faults} == {"transaction[1].type_code"}
    assert document["indicator_period"][0].items() >= {"indicator_seq": 0, "actual_value": "5"}.items()
    assert document["location_code"][0].items() >= {"location_seq": 0, "code": "2453348"}.items()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return write_small(tmp_path_factory.mktemp("small"))


def _same_again(statements: FileStatements, folder: Path) -> int:
    """Written as the registry does and read again, the statements say the same; how many there were."""
    documents = {item.document["record"]: item.document for item in statements.found}
    path = folder / "registry.jsonl"
    path.write_text("".join(json.dumps({"format": FORMAT, **d}) + "\n" for d in documents.values()), "utf-8")
    if not documents:
        return 0
    (source,), _ = find_inputs([str(path)], folder / "cache")
    again = [item.document for item in read_file(source).found]
    assert len(again) == len(documents)
    for before, after in zip(documents.values(), again, strict=True):
        for name in statement_tables()[1:]:
            assert after.get(name) == before.get(name), name
    return len(documents)


def test_what_was_read_is_the_same_when_the_registry_has_written_it(small: Small, tmp_path: Path) -> None:
    inputs, _ = find_inputs(small.sources, tmp_path / "cache")
    total = 0
    for source in inputs:
        if {"activity"} & set(_tables(source)):
            total += _same_again(read_file(source), tmp_path)
    assert total > 100


def _tables(source: Any) -> list[str]:
    reader = readers()[source.kind]
    return [name for part in reader.parts(source, 1) for batch in reader.read(source, part) for name in batch.tables]


@needs_realdata
@pytest.mark.slow
def test_real_files_lose_no_money_on_the_way_into_the_registry(tmp_path: Path) -> None:
    inputs, _ = find_inputs([str(REALDATA / "iati" / "publishers")], tmp_path / "cache")
    for source in inputs[:12]:
        statements = read_file(source)
        lost = sum(1 for item in statements.found for fault in item.faults if fault.path.startswith("transaction["))
        table = [
            b.tables.get("transaction")
            for p in readers()[source.kind].parts(source, 1)
            for b in readers()[source.kind].read(source, p)
        ]
        stated = [value for t in table if t is not None for value in t["value"].to_pylist()]
        kept = [Decimal(row["value"]) for item in statements.found for row in item.document.get("transaction", ())]
        assert sum(v for v in stated if v is not None) == sum(kept) or lost, source.name
        assert len(stated) - len(kept) <= lost
        assert all(plain(check({"format": FORMAT, **item.document})) == item.document for item in statements.found)
