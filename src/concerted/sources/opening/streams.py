"""The bytes of a document, out of its zip and its gzip.

Place on the way: below `sources.open`. A path and maybe a member enter; a stream within limits leaves.
"""

import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from concerted.model.errors import SourceError
from concerted.sources.opening.limits import ZIP_FAULTS, LimitedStream, Limits, unpacked


def open_unpacked(path: Path, member: str | None, name: str, limits: Limits) -> BinaryIO:
    """The bytes of a document out of its zip and its gzip; see `sources.open.open_stream`."""
    size = path.stat().st_size
    if member is None:
        return unpacked(lambda: path.open("rb"), size, name, limits)
    return unpacked(lambda: open_raw(path, member, name, limits), size, name, limits)


def open_raw(path: Path, member: str | None, name: str, limits: Limits) -> BinaryIO:
    """The stored bytes of a file, or the unpacked bytes of a zip's member."""
    if member is None:
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    try:
        info = archive.getinfo(member)
        inner = cast(BinaryIO, archive.open(info))
    except (KeyError, *ZIP_FAULTS) as error:
        archive.close()
        raise SourceError(f"{name}: the member cannot be opened: {error}") from error
    limit = limits.output_limit(info.compress_size)
    return cast(BinaryIO, LimitedStream(inner, limit, name, (cast(BinaryIO, archive),)))
