"""Plain CSV files and workbooks as statements, by the mapping in their source.yml.

Place on the way: step 1 and 2. Rows without tags enter; one statement per row leaves, of kind `project` or, where the
mapping says so, `presence`. Without a mapping all rows are set aside, and the issue shows the headers to map.
"""

from collections.abc import Iterator, Sequence

from concerted.codelists.sheet_words import fold
from concerted.records.cells import Cell
from concerted.sources.base import Batch, Input, Part, SourceConfig
from concerted.sources.grid.delimited import read_head
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.statements import StatementMaker
from concerted.sources.grid.tables import GridTable, RowFilter, headers_above, is_blank, open_tables, read_statements
from concerted.sources.grid.tags import tags_of
from concerted.sources.opening.workbook import sheet_names
from concerted.sources.sheet.mapping import SheetMapping, parse_mapping, plan_columns

#: How far down headers are looked for, below titles and notes.
HEADER_ROWS = 25
_SHOWN_HEADERS = 40


class SheetReader:
    """Reads kind `sheet`; asked after all other readers, because every CSV and workbook could be one."""

    kind = "sheet"
    is_fallback = True

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether it is a workbook (but no questionnaire), or text with at least two rows of two columns."""
        sheets = sheet_names(head)
        if sheets is not None:
            return not {"survey", "choices"} <= {fold(sheet) for sheet in sheets}
        if not name.lower().endswith((".csv", ".tsv", ".tab", ".txt")):
            return False
        rows = [row for row in read_head(head) if not is_blank(row)]
        return len(rows) >= 2 and len(rows[0]) >= 2

    def check(self, config: SourceConfig) -> None:
        """Check the mapping before anything is read.

        Raises:
            ConfigError: it is wrong.
        """
        if config.mapping:
            parse_mapping(config.mapping, f"{config.source_id}: mapping")

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One: rows cannot be found from the middle of a sheet."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The statements of all sheets to which the mapping applies.

        Issues:
            mapping_missing, transactions_unmapped (error): there is no mapping; all rows are set aside.
            mapping_not_found (error): the mapped headers stand in no row of a named sheet; its rows are set aside.
            sheet_unmapped (info): a sheet that the mapping does not name.
            header_missing (warning): a mapped header that the table does not have.
        """
        findings = Findings(source)
        if not source.config.mapping:
            yield from _without_mapping(source, findings)
            return
        mapping = parse_mapping(source.config.mapping, f"{source.config.source_id}: mapping")
        maker = StatementMaker(source, findings)
        read_any = False
        waiting: list[tuple[GridTable, int]] = []
        for table in open_tables(source, findings):
            position = _header_position(table, mapping) if mapping.applies_to(table.name) else None
            if position is None:
                if rows := table.count_rows():
                    waiting.append((table, rows))
                continue
            read_any = True
            yield from _read_table(table, position, mapping, maker, findings)
        for table, rows in waiting:
            if read_any and not (mapping.sheet is not None and mapping.applies_to(table.name)):
                findings.note("info", "sheet_unmapped", None, None, sheet=table.name, rows=rows)
            else:
                headers = sorted(rule.name for rule in mapping.rules.values())[:_SHOWN_HEADERS]
                findings.note(
                    "error", "mapping_not_found", None, None, sheet=table.name, headers=", ".join(headers), rows=rows
                )
                yield Batch(seen=rows, set_aside=rows)
        yield Batch(issues=findings.take())


def _without_mapping(source: Input, findings: Findings) -> Iterator[Batch]:
    for table in open_tables(source, findings):
        head = table.head(HEADER_ROWS)
        if (first := _likely_header(head)) is None:
            continue
        headers = [text for text in headers_above(head, first, table.merged) if text]
        rows = table.count_rows(first + 1)
        code = "transactions_unmapped" if _is_of_transactions(headers) else "mapping_missing"
        shown = ", ".join(headers[:_SHOWN_HEADERS])
        findings.note("error", code, first + 1, None, sheet=table.name, headers=shown, rows=rows)
        yield Batch(seen=rows, set_aside=rows)
    yield Batch(issues=findings.take())


def _is_of_transactions(headers: Sequence[str]) -> bool:
    """Whether these are headers of flat IATI: transactions, with the activity or the parties of each."""
    folded = [fold(header).replace("_", " ").replace("-", " ") for header in headers]
    parties = ("activity id", "iati identifier", "iatiidentifier", "provider org", "receiver org")
    return any("transaction" in h for h in folded) and any(h.startswith(parties) for h in folded)


def _likely_header(head: list[list[Cell]]) -> int | None:
    """Index of the first row that is nearly as full as the fullest and holds texts only."""
    filled = [[cell for cell in row if cell not in (None, "")] for row in head]
    fullest = max(map(len, filled), default=0)
    full = [n for n, cells in enumerate(filled) if cells and len(cells) * 5 >= fullest * 4]
    return next((n for n in full if all(isinstance(c, str) for c in filled[n])), full[0] if full else None)


def _header_position(table: GridTable, mapping: SheetMapping) -> int | None:
    """Index of the (last) header row: the first one in which at least half of the mapped headers stand."""
    head = table.head(HEADER_ROWS)
    for position in range(len(head)):
        if mapping.found_in(_headers(table, head, position, mapping.header_rows)) * 2 >= len(mapping.rules):
            return position
    return None


def _headers(table: GridTable, head: list[list[Cell]], position: int, rows: int) -> list[str]:
    return headers_above(head, position, table.merged if rows > 1 else (), rows)


def _read_table(
    table: GridTable, position: int, mapping: SheetMapping, maker: StatementMaker, findings: Findings
) -> Iterator[Batch]:
    headers = _headers(table, table.head(HEADER_ROWS), position, mapping.header_rows)
    found = {fold(header) for header in headers}
    for folded, rule in sorted(mapping.rules.items()):
        if folded not in found:
            findings.note("warning", "header_missing", position + 1, rule.name, sheet=table.name)
    plan = plan_columns(mapping, headers, table.name, position + 2)
    # A row of hashtags below the headers is no data, whoever maps the sheet.
    rows = RowFilter(headers, len(headers), findings, lambda row: tags_of(row) is not None)
    yield from read_statements(table, plan, rows, maker, findings)


READERS = (SheetReader(),)
