"""Needs and offers as the workspace writes them: one JSON document in each line.

Place on the way: inside the reader of needs and offers. Lines enter; decoded documents leave, unchecked.
"""

from collections.abc import Iterator

from concerted.marking.keys import Label
from concerted.model.issues import Issue
from concerted.sources.base import Batch, Input
from concerted.sources.open import open_stream
from concerted.statements.document import MAX_BYTES, DocumentError, load_strictly


def documents_of(source: Input, batch: Batch) -> Iterator[tuple[int, str | None, object]]:
    """(number, no sheet, document) of each line; a line that is no JSON is counted and told in `batch`."""
    with open_stream(source) as stream:
        number, is_rest = 0, False
        while text := stream.readline(MAX_BYTES + 2):
            begins, is_rest = not is_rest, not text.endswith(b"\n")
            number += begins
            if not begins or not text.strip():
                continue
            try:
                yield number, None, load_strictly(text.strip(b"\xef\xbb\xbf\r\n"))
            except DocumentError as error:
                batch.seen += 1
                batch.issues += [
                    Issue(
                        "error",
                        "statement_wrong",
                        "read",
                        input_path=source.name,
                        line=number,
                        source_id=source.config.source_id,
                        values={"expected": fault.expected},
                        marking_key=str(Label.NOBODY),
                    )
                    for fault in error.faults
                ]
