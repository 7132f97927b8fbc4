"""Marked bytes, counted up to any place.

Place on the way: below the tree. Enters: which bytes of a chunk are marked (line feeds, control characters). Leaves:
how many of them stand before some places, in a few look-ups for each and an eighth of the memory.
"""

import numpy as np
import numpy.typing as npt

from concerted.sources.iati.names import Ints

_ONE = np.uint64(1)


class Marks:
    """Bytes that are marked, as bits."""

    def __init__(self, marked: npt.NDArray[np.bool_]) -> None:
        """Keep what is marked; `marked` has one entry for each byte."""
        bits = np.zeros(len(marked) // 64 * 8 + 8, np.uint8)
        packed = np.packbits(marked, bitorder="little")
        bits[: len(packed)] = packed
        self._words = bits.view(np.uint64)
        counts = np.bitwise_count(self._words).astype(np.int64)
        self._before = np.cumsum(counts) - counts

    def before(self, places: Ints) -> Ints:
        """How many marked bytes stand before each place, which may be the end."""
        block, bit = places >> 6, (places & 63).astype(np.uint64)
        found: Ints = self._before[block] + np.bitwise_count(self._words[block] & ((_ONE << bit) - _ONE))
        return found
