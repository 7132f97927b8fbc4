"""Which statement is which: the record ids of activities.

Place on the way: between rows and tables. Enters: identifiers of a chunk. Leaves: record ids made of the input's path,
the identifier and the occurrence of it; where there is no identifier, of a hash of the record's own bytes.
"""

from collections import Counter
from hashlib import blake2b

from concerted.model.ids import hash_id


class Identities:
    """Counts the occurrences of identifiers within one part of an input; the parts of an input must be read in one
    pass when an identifier stands in two of them (the caller sees equal record ids and does that)."""

    def __init__(self, input_path: str) -> None:
        """Start with nothing seen."""
        self._path = input_path
        self._seen: Counter[str] = Counter()

    def record_id(self, identifier: str | None, content: bytes) -> tuple[int, int]:
        """The id of the next record and how often its identifier has stood in this part before.

        Args:
            identifier: as the source gave it; None when it gave none.
            content: the record's bytes, looked at only then.
        """
        key = identifier if identifier is not None else "\0" + blake2b(content, digest_size=16).hexdigest()
        before = self._seen[key]
        self._seen[key] += 1
        return hash_id(self._path, key, str(before)), before
