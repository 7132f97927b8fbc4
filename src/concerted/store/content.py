"""What Parquet files hold, as a digest: of whole files, or of some columns of theirs.

Place on the way: below the build, which asks whether a step would read what it read before. Equal digests mean equal
rows; different ones mean little, because two writers may put the same rows down in different bytes. Columns are hashed
as they lie compressed in the file: nothing is decoded, so a national set takes hundredths of a second.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from concerted.store.edition import file_sha256

#: Read at once; a column of a large table is not held in memory.
_BLOCK = 1 << 20


class Contents:
    """Digests of finished files; each file is hashed once, because several steps read the same tables."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[tuple[Path, frozenset[str]], str] = {}

    def of(self, files: Iterable[Path], without: Collection[str] = ()) -> str:
        """64 hexadecimal digits for the rows of some files, in whatever order of files.

        Args:
            without: columns that are left out of account.
        """
        left_out = frozenset(without)
        each = [self._of_file(path, left_out) for path in files]
        return sha256("\n".join(sorted(each)).encode()).hexdigest()

    def _of_file(self, path: Path, without: frozenset[str]) -> str:
        if (path, without) not in self._known:
            self._known[path, without] = _of_columns(path, without) if without else file_sha256(path)
        return self._known[path, without]


def _of_columns(path: Path, without: frozenset[str]) -> str:
    found = sha256()
    metadata = pq.read_metadata(path)
    with path.open("rb") as stream:
        for group in range(metadata.num_row_groups):
            for number in range(metadata.num_columns):
                column = metadata.row_group(group).column(number)
                if column.path_in_schema in without:
                    continue
                kind = metadata.schema.column(number)
                told = (column.path_in_schema, kind.physical_type, kind.logical_type, column.num_values)
                found.update(repr(tuple(map(str, told))).encode())
                _hash_pages(stream, column, found)
    return found.hexdigest()


def _hash_pages(stream: Any, column: Any, found: Any) -> None:
    """Put the pages of a column's chunk into a hash; they begin with the dictionary where there is one."""
    stream.seek(min(column.dictionary_page_offset or column.data_page_offset, column.data_page_offset))
    left = column.total_compressed_size
    while left:
        block = stream.read(min(left, _BLOCK))
        if not block:
            raise EOFError(f"{stream.name} ends before its column {column.path_in_schema} does")
        found.update(block)
        left -= len(block)
