"""Streams with limits lose nothing that could be unpacked."""

import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.model.errors import SourceError
from concerted.sources.opening.limits import Limits, unpacked


@given(data=st.binary(max_size=5000), keep=st.floats(0, 1), block=st.integers(1, 4096))
def test_a_cut_gzip_gives_every_byte_before_the_cut_then_says_so(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, keep: float, block: int
) -> None:
    whole = gzip.compress(data, mtime=0)
    cut = whole[: 2 + int((len(whole) - 3) * keep)]
    path = tmp_path_factory.mktemp("cut") / "a.gz"
    path.write_bytes(cut)
    expected = zlib.decompressobj(31).decompress(cut)
    got: list[bytes] = []
    with (
        unpacked(lambda: path.open("rb"), len(cut), "a.gz", Limits()) as stream,
        pytest.raises(SourceError, match="ends"),
    ):
        got.extend(iter(lambda: stream.read(block), b""))
    assert b"".join(got) == expected


def test_a_plain_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    with pytest.raises(SourceError, match="limit of 4"):
        unpacked(lambda: path.open("rb"), 5, "a", Limits(max_bytes=4))


def test_damaged_data_names_how_far_it_came(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    whole = bytearray(gzip.compress(bytes(range(256)) * 500))
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    with (
        unpacked(lambda: path.open("rb"), len(whole), "a.gz", Limits()) as stream,
        pytest.raises(SourceError, match="damaged"),
    ):
        list(iter(lambda: stream.read(100), b""))
