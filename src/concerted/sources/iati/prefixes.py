"""Namespace prefixes that are used and not declared.

Place on the way: beside the tree. Enters: a tree. Leaves: the prefixes, each with the first element that uses it. Files
stitched together from others have them; strict readers refuse such files, this one reads on and says so.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from concerted.sources.iati.names import Ints, keep_bytes
from concerted.sources.iati.tree import Tree

_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)
_ALWAYS = frozenset({b"", b"xml", b"xmlns"})


def undeclared(tree: Tree, declared: Sequence[frozenset[str]]) -> Iterator[tuple[int, str, int]]:
    """Undeclared prefixes of each stretch, with the first element that uses it: (stretch, prefix, element).

    A declaration is looked for on the root and anywhere in the same record, which is a little more lenient than
    Namespaces in XML 1.0, section 5.

    Args:
        tree: the chunk.
        declared: prefixes that the roots of its stretches declare.
    """
    owner, start, length = _unknown_names(tree)
    if not len(owner):
        return
    kinds, kind = _distinct(tree, start, length)
    prefixes = [name.partition(b":")[0] if b":" in name else b"" for name in kinds]
    if all(prefix in _ALWAYS for prefix in prefixes):
        return
    stretch = tree.stretch(owner)
    # What stands before the first record of a stretch belongs to none of the stretch before.
    records = np.union1d(tree.of(tree.layout.number[""]), tree.first_elements)
    record = np.searchsorted(records, owner, side="right")
    for prefix in sorted(set(prefixes) - _ALWAYS):
        uses = np.array([p == prefix for p in prefixes])[kind]
        declaring = np.array([name == b"xmlns:" + prefix for name in kinds])[kind]
        declares = np.zeros(len(records) + 1, bool)
        declares[record[declaring]] = True
        missing = np.flatnonzero(uses & ~declares[record])
        text = prefix.decode("utf-8", "replace")
        for number in np.unique(stretch[missing]).tolist():
            if text not in declared[number]:
                yield number, text, int(owner[missing[stretch[missing] == number]].min())


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
