"""What an input may cost, and streams that stop when it costs more.

Place on the way: below every reader. A compressed document enters, its bytes leave, and a bomb, a cut or a damaged
document ends in a `SourceError` that says how far the reading came.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

from concerted.model.errors import SourceError

MIB = 1 << 20
#: What a damaged zip can raise, in its directory or in its data.
ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
#: Below this much output no ratio is judged: a small file of spaces shrinks a thousandfold and harms nobody.
RATIO_FREE_BYTES = 64 * MIB


@dataclass(frozen=True)
class Limits:
    """Bounds for one run. Deflate ends at 1:1032; real XML and CSV stay below 1:40, so 1:200 leaves room."""

    max_bytes: int = 8 << 30
    max_ratio: int = 200
    max_members: int = 20_000
    max_workbook_bytes: int = 512 * MIB
    max_download_bytes: int = 2 << 30
    max_redirects: int = 5
    timeout_seconds: float = 30.0
    download_seconds: float = 900.0

    def output_limit(self, compressed_bytes: int) -> int:
        """How many bytes may come out of `compressed_bytes`."""
        return min(self.max_bytes, max(RATIO_FREE_BYTES, self.max_ratio * compressed_bytes))


class LimitedStream(io.RawIOBase):
    """The bytes of `inner` up to a limit; every fault of decompression becomes a `SourceError` with the place.

    A fault waits until the bytes before it were handed out, so that a reader loses nothing that could be unpacked. Do
    not wrap it in a `BufferedReader`, which would drop them.
    """

    def __init__(self, inner: BinaryIO, limit: int, what: str, closes: tuple[BinaryIO, ...] = ()) -> None:
        self._inner = inner
        self._limit = limit
        self._what = what
        self._closes = closes
        self._count = 0
        self._fault: SourceError | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes, fewer only at the end or before a fault.

        Raises:
            SourceError: more came out than allowed, or the compressed data is cut or damaged.
        """
        left = self._limit + 1 if size is None or size < 0 else size
        chunks: list[bytes] = []
        while left > 0 and self._fault is None:
            try:
                chunk = self._next(min(left, MIB))
            except SourceError as fault:
                self._fault = fault
                break
            if not chunk:
                break
            chunks.append(chunk)
            left -= len(chunk)
        if self._fault is not None and not chunks:
            raise self._fault
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # callers pass memoryviews
        """Fill `buffer`; see `read`."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next(self, size: int) -> bytes:
        try:
            data = self._inner.read1(size)  # type: ignore[attr-defined]  # gzip and zip streams have it, BinaryIO does not say so
        except EOFError as error:
            raise SourceError(
                f"{self._what}: the compressed data ends after {self._count} bytes, before its end mark; "
                "get the file again"
            ) from error
        except (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise SourceError(
                f"{self._what}: the compressed data is damaged after {self._count} bytes ({error}); get the file again"
            ) from error
        self._count += len(data)
        if self._count > self._limit:
            raise SourceError(
                f"{self._what}: refused, it unpacks to more than {self._limit} bytes; "
                "raise the limit if the file is known to be good"
            )
        return bytes(data)

    def close(self) -> None:
        """Close what is inside, too."""
        if not self.closed:
            self._inner.close()
            for each in self._closes:
                each.close()
        super().close()


def unpacked(open_raw: Callable[[], BinaryIO], size: int, what: str, limits: Limits) -> BinaryIO:
    """The decompressed bytes of a plain or gzip document of `size` stored bytes, told apart by its first two bytes.

    Raises:
        SourceError: it is larger than allowed.
    """
    with open_raw() as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
    if not is_gzip:
        if size > limits.max_bytes:
            raise SourceError(f"{what}: refused, {size} bytes are more than the limit of {limits.max_bytes}")
        return open_raw()
    raw = open_raw()
    inner = cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb"))
    return cast(BinaryIO, LimitedStream(inner, limits.output_limit(size), what, (raw,)))
