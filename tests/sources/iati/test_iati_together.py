"""Small documents that are read together give what each gives alone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.sources.base import Batch, Input, MarkingRule, Part, SourceConfig
from concerted.sources.iati import gather
from concerted.sources.iati.columns import layout
from concerted.sources.iati.reader import IatiReader
from concerted.sources.iati.wellformed import scan_if_well_formed

from . import iati_documents

ONE = b"<iati-activity><iati-identifier>XX-%d</iati-identifier></iati-activity>"
#: What documents say of all their records, or what makes one be left to be read alone.
DOCUMENTS = {
    "plain": b'<iati-activities version="2.02">\n\n' + ONE % 1 + b"\n" + ONE % 2 + b"</iati-activities>",
    "empty": b'<iati-activities version="2.03"></iati-activities>',
    "the same identifiers": b'<iati-activities version="1.05">' + ONE % 1 + ONE % 1 + b"</iati-activities>",
    "nothing said": b"<iati-activities>\n<iati-activity/>"
    + ONE % 3
    + b"<iati-activity></iati-activity></iati-activities>",
    "no identifier": b"<iati-activities><iati-activity><title>A</title></iati-activity>\n</iati-activities>",
    "strangers": b"<iati-activities><note/>" + ONE % 4 + b"<x:note/><other>x</other></iati-activities>",
    "a prefix": b'<iati-activities xmlns:x="http://x.org">' + ONE % 5 + b"<x:note/></iati-activities>",
    "faults": b"<iati-activities>"
    + b'<iati-activity xml:lang="xx-y"><title><narrative/></title><activity-date iso-date="soon" type="7"/>'
    b'<sector code="1"/><contact-info/><title/><description>Mme Awa Diallo</description></iati-activity>'
    * 60
    + b"</iati-activities>",
    "a comment": b"<iati-activities><!-- </iati-activity> -->" + ONE % 6 + b"</iati-activities>",
    "broken": b"<iati-activities>" + ONE % 7 + b"<iati-activity>",
    "begins with a closing tag": b"<iati-activities></iati-activity>" + ONE % 8 + b"</iati-activities>",
    "ends inside a record": b"<iati-activities><iati-activity><title>A</iati-activities>",
    "ends inside a tag": b"<iati-activities><iati-activity </iati-activities>",
    "no XML": b"identifier,title\n",
    "deep": b"<iati-activities><iati-activity>" + b"<a>" * 300 + b"</a>" * 300 + b"</iati-activity></iati-activities>",
}


def write(folder: Path, documents: Sequence[bytes], configs: Sequence[SourceConfig]) -> list[Input]:
    inputs = []
    for number, (data, config) in enumerate(zip(documents, configs, strict=True)):
        path = folder / f"{number}.xml"
        path.write_bytes(data)
        inputs.append(Input(path, path.name, "", len(data), "iati-activities", config))
    return inputs


def told(batches: Sequence[Batch]) -> dict[str, Any]:
    """All that some batches of one document say."""
    tables: dict[str, list[Any]] = {}
    unread: dict[str, int] = {}
    for batch in batches:
        for name, table in batch.tables.items():
            if table.num_rows:
                tables.setdefault(name, []).extend(table.to_pylist())
        for name, count in batch.unread.items():
            unread[name] = unread.get(name, 0) + count
    counts = [sum(getattr(batch, name) for batch in batches) for name in ("seen", "read", "set_aside")]
    return {"tables": tables, "issues": [i for b in batches for i in b.issues], "unread": unread, "counts": counts}


def read_alone(source: Input) -> dict[str, Any]:
    return told(list(IatiReader().read(source, Part(0, 0, source.bytes))))


def assert_same_together_and_alone(inputs: Sequence[Input]) -> int:
    """How many documents were read with others."""
    met: list[Input] = []
    together = 0
    for sources, sheaf in IatiReader().together(inputs):
        met += sources
        if sheaf is None:
            continue
        together += len(sources)
        first = dict.fromkeys(sheaf.tables, 0)
        for source, batch, rows in zip(sources, sheaf.batches, sheaf.rows, strict=True):
            own = {name: table.slice(first[name], rows.get(name, 0)) for name, table in sheaf.tables.items()}
            assert told([replace(batch, tables=own)]) == read_alone(source)
            first = {name: at + rows.get(name, 0) for name, at in first.items()}
        assert first == {name: table.num_rows for name, table in sheaf.tables.items()}
    assert met == list(inputs)
    return together


CONFIGS = st.builds(
    SourceConfig,
    source_id=st.sampled_from(["a", "b"]),
    lang=st.sampled_from([None, "fr", "ar"]),
    marking=st.sampled_from([MarkingRule(), MarkingRule("GREEN", coarse="CLEAR", coarse_place_level=2)]),
    is_supply=st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(sorted(DOCUMENTS)), CONFIGS), min_size=1, max_size=8))
def test_documents_of_all_sorts_give_together_what_they_give_alone(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[str, SourceConfig]]
) -> None:
    documents = [DOCUMENTS[name] for name, _ in chosen]
    assert_same_together_and_alone(
        write(tmp_path_factory.mktemp("together"), documents, [config for _, config in chosen])
    )


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 2**32), min_size=2, max_size=5))
def test_invented_documents_give_together_what_they_give_alone(
    tmp_path_factory: pytest.TempPathFactory, seeds: list[int]
) -> None:
    documents = [iati_documents.document(Random(seed)) for seed in seeds]  # noqa: S311
    configs = [SourceConfig("a")] * len(documents)
    assert_same_together_and_alone(write(tmp_path_factory.mktemp("together"), documents, configs))


def test_plain_documents_are_read_together_and_one_that_spoils_it_alone(tmp_path: Path) -> None:
    documents = [DOCUMENTS["plain"]] * 4 + [DOCUMENTS["a comment"]] + [DOCUMENTS["plain"]] * 3
    inputs = write(tmp_path, documents, [SourceConfig("a")] * len(documents))
    found = [(len(sources), sheaf is not None) for sources, sheaf in IatiReader().together(inputs)]
    assert found == [(4, True), (1, False), (1, False), (2, True)]


def test_no_more_are_gathered_than_a_chunk_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "CHUNK_BYTES", 3 * len(DOCUMENTS["plain"]))
    inputs = write(tmp_path, [DOCUMENTS["plain"]] * 7, [SourceConfig("a")] * 7)
    found = [len(sources) for sources, sheaf in IatiReader().together(inputs) if sheaf is not None]
    assert found == [4, 3]  # the roots, which are left out, would take the place of the fourth


@pytest.mark.parametrize(
    ("first", "second"),
    [(b"<a>", b"</a>"), (b"<a ", b'b="1"/>'), (b"<a><b/>", b"<c/></a>"), (b"</a>", b"<a>"), (b"<a/", b">")],
)
def test_what_is_well_formed_only_together_is_not_vouched_for(first: bytes, second: bytes) -> None:
    data = b"<r/>" + first + b"\n" + second + b"<r/>"
    for starts in ((0,), (0, len(first) + 5)):
        found = scan_if_well_formed(data, layout().tags, layout().attributes, starts)
        assert starts == (0,) or found is None
