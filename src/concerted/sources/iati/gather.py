"""Small documents gathered to chunks, because what a chunk costs does not depend on its size alone.

Place on the way: before the tree, beside `chunks`, which cuts large documents. Enters: inputs. Leaves: chunks of
several documents, vouched for; and, one by one, the inputs that are not small, or not well-formed beyond doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from concerted.model.errors import SourceError
from concerted.sources.base import Input
from concerted.sources.iati.chunks import CHUNK_BYTES, Chunk, ChunkReader
from concerted.sources.iati.columns import layout
from concerted.sources.iati.identity import Identities
from concerted.sources.iati.stretches import Stretch
from concerted.sources.iati.strict import Root
from concerted.sources.iati.tree import MAX_DEPTH
from concerted.sources.iati.wellformed import scan_if_well_formed
from concerted.sources.open import open_stream


@dataclass(frozen=True)
class Gathered:
    """Inputs that follow each other, and their chunk; without one they are to be read alone."""

    sources: Sequence[Input]
    chunk: Chunk | None = None
    stretches: Sequence[Stretch] = ()


@dataclass(frozen=True)
class _Lone:
    """A small document: its one chunk, which nobody has checked, and its root."""

    source: Input
    chunk: Chunk
    root: Root


def gather(sources: Sequence[Input]) -> Iterator[Gathered]:
    """The inputs in their order, as many together as a chunk holds."""
    waiting: list[_Lone] = []
    size = 0
    for source in sources:
        lone = _lone(source)
        if waiting and (lone is None or size + len(lone.chunk.data) > CHUNK_BYTES):
            yield from _vouched_for(waiting)
            waiting, size = [], 0
        if lone is None:
            yield Gathered([source])
        else:
            waiting.append(lone)
            size += len(lone.chunk.data)
    yield from _vouched_for(waiting)


def _lone(source: Input) -> _Lone | None:
    """None for whatever is not small and plain; reading it alone will tell why."""
    if source.bytes >= CHUNK_BYTES:
        return None
    try:
        with open_stream(source) as stream:
            reader = ChunkReader(stream, source.name, "iati-activity", lambda _: None)
            chunk = reader.lone()
    except SourceError:
        return None
    return None if chunk is None or reader.root is None else _Lone(source, chunk, reader.root)


def _vouched_for(documents: Sequence[_Lone]) -> Iterator[Gathered]:
    """Documents as one chunk; where one of them spoils it, each half of them, and so on."""
    sources = [document.source for document in documents]
    if len(documents) < 2:
        if documents:
            yield Gathered(sources)
        return
    # A line feed ends what is left open at the end of a document, but for an element: that is looked for.
    data = b"\n".join(document.chunk.data for document in documents)
    starts = tuple(accumulate((len(document.chunk.data) + 1 for document in documents[:-1]), initial=0))
    scan = scan_if_well_formed(data, layout().tags, layout().attributes, starts)
    if scan is None or int(scan.elements.depth.max(initial=0)) > MAX_DEPTH:
        half = len(documents) // 2
        yield from _vouched_for(documents[:half])
        yield from _vouched_for(documents[half:])
        return
    first_lines = tuple(document.chunk.first_lines[0] for document in documents)
    stretches = [Stretch.under(d.root, d.source, Identities(d.source.name)) for d in documents]
    yield Gathered(sources, Chunk(data, first_lines, scan=scan, starts=starts), stretches)
