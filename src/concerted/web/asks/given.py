"""What matches give of needs, and take of offers, as a viewer may know it.

The app of matches puts its own function here when it is ready: matches stand on needs and offers, never these on them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from concerted.marking import Viewer

ZERO = Decimal(0)


@dataclass(frozen=True)
class GivenLine:
    """A match: its page, where it stands in words, how much it gives."""

    address: str
    state: str
    amount: Decimal


@dataclass(frozen=True)
class Given:
    """Of one need or offer, dollars or units.

    Attributes:
        agreed: what both sides accepted, promised and delivered among it.
        delivered: what its receiver confirmed.
    """

    agreed: Decimal = ZERO
    delivered: Decimal = ZERO
    lines: tuple[GivenLine, ...] = ()


Reads = Callable[[Viewer, Collection[int]], Mapping[int, Given]]


def _nothing(viewer: Viewer, statements: Collection[int]) -> Mapping[int, Given]:
    return {}


_reads: Reads = _nothing


def keep_given(reads: Reads) -> None:
    """Let `reads` say what matches give, by the statements that are asked for."""
    global _reads
    _reads = reads


def given_of(viewer: Viewer, statements: Collection[int]) -> Mapping[int, Given]:
    """What matches that the viewer reads give of these needs and take of these offers; without one it is absent."""
    return _reads(viewer, statements) if statements else {}
