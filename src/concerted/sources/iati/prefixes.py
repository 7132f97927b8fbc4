"""Namespace prefixes that are used and not declared.

Place on the way: beside the tree. Enters: a tree. Leaves: the prefixes, each with the first element that uses it. Files
stitched together from others have them; strict readers refuse such files, this one reads on and says so.
"""

import numpy as np

from concerted.sources.iati.names import Ints, keep_bytes
from concerted.sources.iati.tree import Tree

_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)
_ALWAYS = frozenset({b"xml", b"xmlns"})


def undeclared(tree: Tree, declared: frozenset[str]) -> list[tuple[str, int]]:
    """Undeclared prefixes with the first element of each.

    A declaration is looked for on the root and anywhere in the same record, which is a little more lenient than
    Namespaces in XML 1.0, section 5.

    Args:
        tree: the chunk.
        declared: prefixes that the root declares.
    """
    owner, start, length = _unknown_names(tree)
    if not len(owner):
        return []
    kinds, kind = _distinct(tree, start, length)
    records = tree.of(tree.layout.number[""])
    record = np.searchsorted(records, owner, side="right")
    found: list[tuple[str, int]] = []
    known = _ALWAYS | {prefix.encode() for prefix in declared}
    prefixes = [name.partition(b":")[0] if b":" in name else b"" for name in kinds]
    for prefix in sorted(set(prefixes) - known - {b""}):
        uses = np.array([p == prefix for p in prefixes])[kind]
        declaring = np.array([name == b"xmlns:" + prefix for name in kinds])[kind]
        declares = np.zeros(len(records) + 1, bool)
        declares[record[declaring]] = True
        missing = owner[uses & ~declares[record]]
        if len(missing):
            found.append((prefix.decode("utf-8", "replace"), int(missing.min())))
    return found


def _unknown_names(tree: Tree) -> tuple[Ints, Ints, Ints]:
    """Owner, first byte and length of the names of elements and attributes that no IATI file knows."""
    elements, attributes = tree.scan.elements, tree.scan.attributes
    foreign, unknown = np.flatnonzero(elements.name == 0), np.flatnonzero(attributes.name == 0)
    start = np.concatenate([elements.start[foreign] + 1, attributes.name_start[unknown]])
    stop = np.concatenate([start[: len(foreign)] + elements.name_length[foreign], attributes.start[unknown] - 2])
    return np.concatenate([foreign, attributes.element[unknown]]), start, stop - start


def _distinct(tree: Tree, start: Ints, length: Ints) -> tuple[list[bytes], Ints]:
    """The distinct names, and which each is. Names of the same length, first and last 8 bytes count as one."""
    words, keep = tree.scan.words, keep_bytes(length)
    first, last = words[start] & keep, words[np.maximum(start, start + length - 8)] & keep
    key = (first * _MIX ^ last) * _MIX ^ length.astype(np.uint64)
    _, at, kind = np.unique(key, return_index=True, return_inverse=True)
    spans = zip(start[at].tolist(), (start[at] + length[at]).tolist(), strict=True)
    return [tree.plain.data[a:b] for a, b in spans], kind
