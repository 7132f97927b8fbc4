"""Free texts of a statement that hold what must not be stored, or may not: asked of the author before it is kept.

Place on the way: before a statement is kept, wherever it is written. A document enters; what is found in it leaves,
with the words, for the author alone. Law 10: words that are refused are stored nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from concerted.records.screening.kinds import Finding, Rules
from concerted.records.screening.screen import screen
from concerted.statements.document import MAIN, Document, main_row

#: Columns in which somebody writes freely, as readers screen them.
FREE = {
    "narrative": ("text",),
    "location": ("name",),
    "transaction": ("description",),
    "document": ("title",),
    "result": ("title",),
    "indicator": ("title",),
    "attribute": ("value",),
    "need": ("title", "met_when", "evidence"),
    "offer": ("title", "conditions"),
}
#: How fine the coarse view is where its owner did not say: the region.
COARSE_LEVEL = 1
#: Whose views the marking governs: there a place may be as exact as its owner knows it.
_PLACES = frozenset({"location"})
#: Names of organisations, into which a person's name is put by mistake when somebody types.
_NAMES = {
    "participating_org": ("name",),
    "transaction": ("provider_org_name", "receiver_org_name"),
    "budget": ("provider_org_name", "receiver_org_name"),
    "tag": ("name",),
    "recipient": ("name",),
    "need": ("receiver_org_name", "unit"),
    "offer": ("provider_org_name", "unit"),
    "term": ("code",),
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
    rules = rules_of(document)
    # What was answered for was answered for under the rules of its day: a coarser view asks anew.
    is_asked_anew = before is not None and rules != rules_of(before)
    answered = {text for *_where, text in _texts(before)} if before and not is_asked_anew else set[str]()
    return [
        FoundText(table, at, column, text[finding.start : finding.end], finding)
        for table, at, column, text in _texts(document)
        for finding in screen(text, replace(rules, finest_level=None) if table in _PLACES else rules)
        if finding.severity == "refuse" or text not in answered
    ]


def is_address(text: str) -> bool:
    """Whether a text is the address of a document and nothing else; the numbers in it are no telephones."""
    return text.lower().startswith(("http://", "https://")) and not any(letter.isspace() for letter in text)


def rules_of(document: Document) -> Rules:
    """What to look for in the texts of a document: codes of places may be as fine as its coarse view shows them.

    A document without a coarse view hides no place from who sees it, so its texts may name any. With one, finer places
    are for some alone: they belong into the place fields, whose view its marking governs, and not into texts, which
    people copy into mails and reports.
    """
    stated = main_row(document)
    if not stated.get("coarse_marking_key"):
        return Rules()
    return Rules(finest_level=int(stated.get("coarse_place_level", COARSE_LEVEL)), is_coarse=True)


def _texts(document: Document) -> Iterator[tuple[str, int, str, str]]:
    for columns_of in (FREE, _NAMES):
        for table, columns in columns_of.items():
            rows = document.get(table) or ()
            for at, row in enumerate([rows] if table in MAIN and rows else rows):
                for column in columns:
                    if isinstance(text := row.get(column), str) and not (table in MAIN and is_address(text)):
                        yield table, at, column, text
