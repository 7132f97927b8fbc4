"""Which document each stretch of a chunk comes from.

Place on the way: beside the tree. A chunk of a large document is one stretch; small documents share a chunk, because
what it costs to read one does not depend on its size alone. Whatever a document says of all its records stands here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from concerted.sources.base import Input
from concerted.sources.iati.findings import Findings
from concerted.sources.iati.identity import Identities
from concerted.sources.iati.names import Ints
from concerted.sources.iati.strict import Root


@dataclass(frozen=True)
class Stretch:
    """A stretch of a chunk.

    Attributes:
        source: its document.
        version: of IATI, as the root of the document declares it.
        declared: prefixes that the root declares.
        identities: of the part of the document, shared by its chunks.
        findings: of this stretch.
    """

    source: Input
    version: str | None
    declared: frozenset[str]
    identities: Identities
    findings: Findings

    @classmethod
    def under(cls, root: Root, source: Input, identities: Identities) -> "Stretch":
        """A stretch of a document with this root, of which nothing is found yet."""
        declared = frozenset(n.partition(":")[2] for n in root.attributes if n.startswith("xmlns:"))
        version = root.attributes.get("version", "").strip() or None
        return cls(source, version, declared, identities, Findings(source))


def constants_of(stretches: Sequence[Stretch]) -> list[str]:
    """Strings that columns may hold although they do not stand in the chunk: the vocabulary "1", and languages."""
    return list(dict.fromkeys(["1", *(s.source.config.lang for s in stretches if s.source.config.lang)]))


def parted(stretch_of: Ints, count: int) -> Iterator[tuple[int, Ints]]:
    """Positions in `stretch_of`, by the stretch that stands there, below `count`."""
    if count == 1:
        yield 0, np.arange(len(stretch_of))
        return
    for number in np.unique(stretch_of).tolist():
        yield number, np.flatnonzero(stretch_of == number)
