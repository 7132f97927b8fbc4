"""HXL 3W, 4W and 5W tables as statements.

Place on the way: step 1 and 2. A CSV or workbook with a row of hashtags enters; one statement of kind `presence` per
row leaves. Every sheet with tags is read; sheets without are counted. Source: HXL 1.1 hashtag dictionary.
"""

from collections.abc import Iterator

from concerted.sources.base import Batch, Input, Part
from concerted.sources.grid.delimited import read_head
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.statements import StatementMaker
from concerted.sources.grid.tables import GridTable, RowFilter, headers_above, open_tables, read_statements
from concerted.sources.grid.tags import TAG_ROWS, find_tags, is_activities, parse_tag, tags_of
from concerted.sources.hxl.fields import plan_columns
from concerted.sources.opening.workbook import WORKBOOK_MARK


class HxlReader:
    """Reads kind `hxl-3w`."""

    kind = "hxl-3w"

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether there is a row of tags that says who does what where."""
        if head.startswith(WORKBOOK_MARK):
            lines = head.decode("utf-8", "replace").split("\n")[2:]
            return is_activities([parse_tag(text) for line in lines for text in line.split("\t")])
        found = find_tags(read_head(head, TAG_ROWS))
        return found is not None and is_activities(found[1])

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One: rows cannot be found from the middle of a sheet."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The statements of all tagged sheets.

        Issues:
            sheet_untagged (info): a sheet without tags; its rows are counted in the issue, not in `seen`.
            sheet_no_activities (warning): tags, but nobody who does something; its rows are set aside.
        """
        findings = Findings(source)
        maker = StatementMaker(source, findings)
        for table in open_tables(source, findings):
            yield from _read_table(table, maker, findings)
        yield Batch(issues=findings.take())


def _read_table(table: GridTable, maker: StatementMaker, findings: Findings) -> Iterator[Batch]:
    head = table.head(TAG_ROWS)
    found = find_tags(head)
    if found is None:
        if rows := table.count_rows():
            findings.note("info", "sheet_untagged", None, None, sheet=table.name, rows=rows)
        return
    position, tags = found
    if not is_activities(tags):
        rows = table.count_rows(position + 1)
        findings.note("warning", "sheet_no_activities", position + 1, None, sheet=table.name, rows=rows)
        yield Batch(seen=rows, set_aside=rows)
        return
    headers = headers_above(head, position - 1, table.merged)
    plan = plan_columns(tags, headers, table.name, position + 2)
    width = max(len(tags), len(headers))
    rows_of_data = RowFilter(headers, width, findings, lambda row: tags_of(row) is not None)
    yield from read_statements(table, plan, rows_of_data, maker, findings)


READERS = (HxlReader(),)
