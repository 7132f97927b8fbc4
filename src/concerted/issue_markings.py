"""Who may know of a finding: whoever may see what it is about.

Place on the way: between the steps, for every table of issues. Enters: issues as readers and steps give them. Leaves:
the same with a marking on each. A finding rests on the record, the rows or the input that it speaks of and on nothing
else, so its marking is theirs: what other files of the same source hold is not asked.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking.keys import Label
from concerted.sources.run import InputReport

_SCHEMA = pa.schema([("input_path", pa.string()), ("input_marking", pa.string())])


def input_markings(reports: Sequence[InputReport]) -> pa.Table:
    """(input_path, input_marking) of every input that was read."""
    rows = [{"input_path": r.source.name, "input_marking": r.source.config.marking.precise} for r in reports]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def with_markings(issues: ir.Table, activity: ir.Table, inputs: ir.Table) -> ir.Table:
    """`issues` with marking_key: as it is where the finder gave one; else of the record, else of the input.

    A finding about a source as a whole, without record and input, is about places of reference, which are open. What
    is about none of these, such as a file that could not be read, is for nobody.

    Args:
        activity: record_id, marking_key of every statement.
        inputs: `input_markings`.
    """
    own = activity.select("record_id", own_marking=activity.marking_key.fill_null(str(Label.NOBODY)))
    found = issues.left_join(own, "record_id").drop("record_id_right")
    found = found.left_join(inputs, "input_path").drop("input_path_right")
    is_source = found.input_path.isnull() & found.source_id.notnull()
    other = ibis.ifelse(is_source, str(Label.CLEAR), str(Label.NOBODY))
    key = ibis.coalesce(found.marking_key, found.own_marking, found.input_marking, other)
    return found.mutate(marking_key=key).select(issues.columns)
