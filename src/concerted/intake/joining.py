"""What a statement of a file of another kind (IATI, HXL) would change in the partner's own record of the same activity.

Place on the way: beside `taking`, for what is no sheet of ours. A statement of a file and the own record enter; the
record after it leaves. Where the file says anything of a kind (transactions, titles in French, sectors of one list) it
says all of it, so what it no longer says goes; of what it does not speak at all the record stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from concerted.codelists.frameworks import Lang
from concerted.intake.cells import code_of
from concerted.intake.files import Incoming
from concerted.intake.preview import Holdings, PreviewRow, settled
from concerted.intake.reading import CellFault
from concerted.intake.taking import Taken
from concerted.statements.document import SHARING, Document, statement_tables
from concerted.statements.rows import ACTIVITY, PARENTS, Row, Rows, document_of, rows_of

#: Columns of the activity that a file never changes: whose it is, who may see it, and where it came from.
_OURS = (
    *SHARING, "reporting_org_ref", "reporting_org_name", "reporting_org_type_code", "is_secondary_reporter",
    "last_updated", "group_key", "validation",
)  # fmt: skip
#: Of what a file says all when it says anything: columns whose equal values make one such whole. Else the whole table.
_WHOLE: dict[str, tuple[int, ...]] = {
    "narrative": (0, 1),  # field and language
    "participating_org": (0,),  # role
    "tag": (0, 1, 2),  # list
    "sector": (0, 1),
    "policy_marker": (0,),
    "attribute": (0,),  # name
    "budget": (0,),  # kind
    "people": (0,),
}


def preview_statements(
    held: Holdings, incoming: Iterable[Incoming], reference: str, lang: Lang
) -> Iterator[PreviewRow]:
    """What each statement of a file would do to the partner's records.

    Args:
        reference: by which the partner reports; a statement that somebody else reports is refused. Empty = not known.
    """
    for number, each in enumerate(incoming, start=1):
        stated = each.document["activity"]
        code = stated.get("identifier")
        known = held.record_of(code) if code else None
        start = (held.document(known) if known else None) or held.begin(code, f"statement:{each.document['record']}")
        record = known or str(start["record"])
        start = held.document(record) or start
        is_first = not held.is_kept(record) and held.document(record) is None
        taken = Taken(deepcopy(start))
        reporter = stated.get("reporting_org_ref")
        if reference and reporter and reporter.strip().upper() != reference.strip().upper():
            taken.faults.append(CellFault("reporter", "other_reporter"))
        else:
            taken.document = joined(start, each.document)
        line = each.line or number
        yield settled(held, None, line, record, start, taken, lang, code_of(each.document), is_first=is_first)


def joined(own: Document, said: Document) -> Document:
    """The own record after what a file says of it."""
    mine, theirs = rows_of(own), rows_of(said)
    wholes = {_whole(row) for row in theirs if row != ACTIVITY}
    spoken = {name for name in theirs[ACTIVITY] if name not in _OURS}
    activity = {name: value for name, value in mine[ACTIVITY].items() if name not in spoken}
    activity |= {name: theirs[ACTIVITY][name] for name in spoken}
    # `document_of` numbers the rows of a table in their order, so rows stand where the record had their table.
    of_table: defaultdict[str, Rows] = defaultdict(dict)
    for row, stated in mine.items():
        if row != ACTIVITY and _whole(row) not in wholes:
            of_table[row.table][row] = stated
    for row, stated in theirs.items():
        if row != ACTIVITY:
            of_table[row.table][row] = stated
    rows: Rows = {ACTIVITY: activity}
    for table in statement_tables():
        rows |= of_table[table]
    kept = {row: stated for row, stated in rows.items() if row.parent is None or row.parent in rows}
    found: dict[str, Any] = document_of(kept, own["record"], own["version"])
    return {name: value for name, value in found.items() if value or name == "activity"}


def _whole(row: Row) -> tuple[Any, ...]:
    """Of what a row is a part: the file that says one such row says them all."""
    top = row
    while top.parent is not None:
        top = top.parent
    if top is not row and row.table in PARENTS:
        return _whole(top)
    return row.table, *(row.name[at] for at in _WHOLE.get(row.table, ()))
