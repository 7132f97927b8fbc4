"""Free texts of a statement that hold what must not be stored, or may not: asked of the author before it is kept.

Place on the way: before a statement is kept, wherever it is written. A document enters; what is found in it leaves,
with the words, for the author alone. Law 10: words that are refused are stored nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from concerted.records.screening.kinds import Finding
from concerted.records.screening.screen import screen
from concerted.statements.document import Document

#: Columns in which somebody writes freely, as readers screen them.
FREE = {
    "narrative": ("text",),
    "location": ("name",),
    "transaction": ("description",),
    "document": ("title",),
    "result": ("title",),
    "indicator": ("title",),
    "attribute": ("value",),
}
#: Names of organisations, into which a person's name is put by mistake when somebody types.
_NAMES = {
    "participating_org": ("name",),
    "transaction": ("provider_org_name", "receiver_org_name"),
    "budget": ("provider_org_name", "receiver_org_name"),
}


@dataclass(frozen=True)
class FoundText:
    """Something found in a value of a document.

    Attributes:
        at: the place of its row in its table.
        words: the words as they were written; for the author's eyes, never to be stored or logged.
    """

    table: str
    at: int
    column: str
    words: str
    finding: Finding

    @property
    def is_refused(self) -> bool:
        """Whether it cannot be kept at all; else its author says whether it is what it looks like."""
        return self.finding.severity == "refuse"


def found_texts(document: Document, before: Document | None = None) -> list[FoundText]:
    """What is found in every free text and typed name of a document.

    Args:
        before: a document that was kept; what its author has answered for already is not asked again.
    """
    answered = {text for *_where, text in _texts(before)} if before else set[str]()
    return [
        FoundText(table, at, column, text[finding.start : finding.end], finding)
        for table, at, column, text in _texts(document)
        for finding in screen(text)
        if finding.severity == "refuse" or text not in answered
    ]


def _texts(document: Document) -> Iterator[tuple[str, int, str, str]]:
    for columns_of in (FREE, _NAMES):
        for table, columns in columns_of.items():
            for at, row in enumerate(document.get(table) or ()):
                for column in columns:
                    if isinstance(text := row.get(column), str):
                        yield table, at, column, text
