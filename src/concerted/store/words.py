"""Words that stand as numbers until a table is written: a number is compared, moved and spilt at less cost.

Place on the way: below the steps whose tables are long. Enters: columns of words, and the words that occur. Leaves:
columns of numbers, and the way back as an expression of its own form, which the DuckDB engine knows: it sorts by the
numbers and finds the words afterwards (`numbers_behind`).
"""

from collections.abc import Sequence

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa


def numbered(table: ir.Table, **words: Sequence[str]) -> ir.Table:
    """`table` with the place of each word in its list instead of the word, in these columns; null where it has none."""
    for column, known in words.items():
        schema = pa.schema([("_word", pa.string()), ("_number", pa.int32())])
        numbers = ibis.memtable(pa.table([[*known], range(len(known))], schema=schema))
        joined = table.left_join(numbers, table[column] == numbers["_word"])
        table = joined.mutate(**{column: joined["_number"]}).select(table.columns)
    return table


def word(number: ir.IntegerValue, words: Sequence[str]) -> ir.StringValue:
    """The word of each number; null where that is null."""
    # A null stands behind the last word, because Spark takes what is found in a list without one for never null, also
    # where the number is: it then writes files that nobody can read.
    return ibis.literal([*words, None], "array<string>")[number.cast("int32")]


def numbers_behind(table: ir.Table) -> dict[str, tuple[ops.Value, tuple[str, ...]]]:
    """The columns of `table` that are a `word`, each with its numbers and their words."""
    projection = table.op()
    if not isinstance(projection, ops.Project):
        return {}
    return {
        name: (value.index, tuple(value.arg.value[:-1]))
        for name, value in projection.values.items()
        if isinstance(value, ops.ArrayIndex) and isinstance(value.arg, ops.Literal) and value.arg.value[-1] is None
    }
