"""Delimited text in the encodings and dialects that offices export."""

import csv
import io
from collections.abc import Callable
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.model.errors import SourceError
from concerted.sources.grid.delimited import CELL_LIMIT, read_head, read_rows, sniff_delimiter, sniff_encoding

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cs",)), max_size=12)


def opener(data: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(data)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_the_encoding_is_found_even_if_the_first_accent_comes_late(encoding: str, found: str) -> None:
    text = "a;b\n" + "x;y\n" * 400_000 + "café;Ségou\n"
    data = text.encode(encoding)
    assert sniff_encoding(opener(data)) == found
    rows = list(read_rows(opener(data), found))
    assert (rows[0], rows[-1], len(rows)) == (["a", "b"], ["café", "Ségou"], 400_002)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_cuts_evenly(delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([["Organisation", "Région, cercle", "Budget"], ["A;B", "Mopti, Bandiagara", "1 234,50"]] * 3)
    assert sniff_delimiter(buffer.getvalue()) == delimiter


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=20))
def test_rows_written_are_rows_read(rows: list[list[str]]) -> None:
    rows = [["h1", "h2", "h3"], *rows]
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    assert list(read_rows(opener(buffer.getvalue().encode()), "utf-8-sig")) == rows


def test_blank_rows_keep_their_number() -> None:
    assert list(read_rows(opener(b"a,b\n\n1,2\n"), "utf-8-sig")) == [["a", "b"], [], ["1", "2"]]


def test_an_open_quote_is_told_with_its_row() -> None:
    data = b'a,b\n1,2\n3,"open' + b"x" * (CELL_LIMIT + 10)
    rows = []
    with pytest.raises(SourceError, match="row 3"):
        rows.extend(iter(read_rows(opener(data), "utf-8-sig")))
    assert rows == [["a", "b"], ["1", "2"]]


def test_a_head_that_is_cut_inside_a_letter_is_still_read() -> None:
    data = "a,b\né,é\n".encode()[:5]
    assert read_head(data)[0] == ["a", "b"]


def test_binary_has_no_rows() -> None:
    assert read_head(b"PK\x03\x04\x00\x00\x00\x01") == []
