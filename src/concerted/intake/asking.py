"""What a sheet of needs and offers would change, row by row, before anything is changed.

Place on the way: the inbox, beside `preview`. A sheet that `sources/needs` knows and what the partner has enter; rows
of a preview leave. A cell that says nothing leaves what is there as it is; a dash takes it back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

from concerted.codelists.frameworks import Lang
from concerted.codelists.need_words import Ask
from concerted.intake.preview import Holdings, PreviewRow, judged
from concerted.intake.reading import CellFault
from concerted.intake.templates import is_our_own
from concerted.intake.vocabulary import Vocabulary, WordError
from concerted.records.cells import clean_text
from concerted.sources.base import Input
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.tables import numbered_rows, open_tables
from concerted.sources.needs.sheets import known_tables, said_in
from concerted.statements.asks import check_ask, plain_ask
from concerted.statements.document import Document, DocumentError

_DASHES = ("-", "–", "—")
#: Columns whose words are places and lines: what they are told to be where nothing is called so.
_FOUND = {"place": "word_places", "node": "word_nodes"}


@dataclass(frozen=True)
class AskRow:
    """A row of a sheet of needs or offers.

    Attributes:
        said: what each cell means, as JSON holds it; the cell's text where it means nothing known.
        terms: codes of each column of which a cell may hold several, as they stand there.
        removed: columns in which a dash takes back what is said.
    """

    which: Ask
    sheet: str | None
    line: int
    code: str | None
    said: Mapping[str, Any]
    terms: Mapping[str, Sequence[Mapping[str, Any]]]
    removed: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """By what its own need or offer is found: a need and an offer may have the same code."""
        return ask_key(self.which, self.code)


def ask_key(which: str, code: str | None) -> str:
    """See `AskRow.key`."""
    return f"{which} {code or ''}"


class AskHoldings(Holdings, Protocol):
    """`Holdings` of needs and offers, whose codes are `ask_key`s."""

    def begin_ask(self, which: Ask, code: str | None, place: str) -> Document:
        """A new one from its code (null = none was given) and the place of its row."""
        ...

    def may_come_from(self, origin: str) -> bool:
        """Whether the one who brings the sheet speaks for where a need comes from."""
        ...

    def settled(self, document: Document, before: Document | None) -> Document:
        """The document with what no owner says of it himself."""
        ...


def ask_rows(source: Input) -> Iterator[AskRow]:
    """Every row of the sheets of needs and of offers.

    Raises:
        SourceError: the document cannot be opened, or is cut further down.
    """
    findings = Findings(source)
    for table, at, ask, columns in known_tables(source, findings):
        for line, cells in numbered_rows(table, at + 2, findings):
            said, terms = said_in(ask, columns, cells)
            dashed = {name for name, n in columns.items() if n < len(cells) and str(cells[n]).strip() in _DASHES}
            if said or terms:
                code = said.pop("identifier", None)
                yield AskRow(ask, table.name, line, None if code is None else str(code), said, terms, frozenset(dashed))


@dataclass(frozen=True)
class Outline:
    """What sheets of needs and offers hold before their rows are read.

    Attributes:
        total: about how many rows they have.
        unknown: headers that are no column: nothing below them is taken over.
        others: names of the other sheets.
    """

    total: int
    unknown: list[str]
    others: list[str]


def outline(source: Input) -> Outline:
    """What a document holds.

    Raises:
        SourceError: it cannot be opened.
    """
    total, unknown, known = 0, list[str](), set[str | None]()
    for table, at, _ask, columns in known_tables(source, Findings(source)):
        total += table.count_rows()
        known.add(table.name)
        head = table.head(at + 1)[at]
        unknown += [text for n, cell in enumerate(head) if n not in columns.values() and (text := clean_text(cell))]
    names = [table.name for table in open_tables(source, Findings(source)) if table.name]
    others = [name for name in names if name not in known and not is_our_own(name)]
    return Outline(total, list(dict.fromkeys(unknown)), others)


def preview_asks(held: AskHoldings, rows: Iterable[AskRow], vocabulary: Vocabulary, lang: Lang) -> Iterator[PreviewRow]:
    """What each row would do after those before it; what a row says is put into `held`."""
    for row in rows:
        known = held.record_of(row.key) if row.code else None
        start = (held.document(known) if known else None) or held.begin_ask(
            row.which, row.code, f"{row.sheet or ''}:{row.line}"
        )
        record = known or str(start["record"])
        start = held.document(record) or start
        is_first = not held.is_kept(record) and held.document(record) is None
        document, faults = taken(row, start, held, vocabulary)
        if not faults:
            document = held.settled(document, None if is_first else start)
        key = row.key
        yield judged(held, (row.sheet, row.line), start, document, faults, (title_of, _nothing), key, is_first=is_first)


def taken(row: AskRow, start: Document, held: AskHoldings, vocabulary: Vocabulary) -> tuple[Document, list[CellFault]]:
    """The document after a row, and what of the row cannot be taken over."""
    document, faults = deepcopy(start), list[CellFault]()
    stated: dict[str, Any] = document.setdefault(row.which, {})
    for name, value in row.said.items():
        if name == "marking_key":
            # Who may see it is chosen for the whole file, and then on its page. A cell that says otherwise is not
            # passed over: it may be narrower.
            if value != stated.get("marking_key"):
                faults.append(CellFault(name, "marking_elsewhere"))
        elif name == "origin" and value != stated.get("origin") and not held.may_come_from(str(value)):
            faults.append(CellFault(name, "origin_not_yours"))
        else:
            stated[name] = value
    for name in row.removed - {"identifier", "marking_key"}:
        stated.pop(name, None)
    terms = [term for term in document.get("term") or () if term["kind"] not in row.removed]
    for kind, told in row.terms.items():
        terms = [term for term in terms if term["kind"] != kind]
        for term in told:
            try:
                terms.append({**term, "code": _meant(kind, str(term["code"]), vocabulary)})
            except WordError as error:
                faults.append(CellFault(kind, _FOUND[kind], error.nearest))
    document["term"] = terms
    if not faults:
        try:
            which, checked = check_ask({**document, "format": f"concerted-{row.which}/1"})
            document = {name: value for name, value in plain_ask(which, checked).items() if name != "format"}
        except DocumentError as error:
            faults += [CellFault(_column(fault.path), _code(fault.path)) for fault in error.faults]
    return document, faults


def title_of(document: Document) -> str | None:
    """What a need or offer is called."""
    found: str | None = (document.get("need") or document.get("offer") or {}).get("title")
    return found


def _nothing(document: Document) -> tuple[str, ...]:
    """Nothing is required of a need or offer but what makes it one."""
    return ()


def _meant(kind: str, text: str, vocabulary: Vocabulary) -> str:
    match kind:
        case "place":
            return vocabulary.place(text).place_id
        case "node":
            return vocabulary.node(text)
    return text


def _column(path: str) -> str:
    where, _dot, column = path.rpartition(".")
    return column if not where.startswith("term") else "group"


def _code(path: str) -> str:
    """What is wrong with a value that the check does not let through."""
    column = path.rpartition(".")[2]
    if column.endswith("_date"):
        return "day_wrong"
    return "number_wrong" if column.endswith(("_value", "_quantity", "_pct")) else "cell_wrong"
