"""A plain Python function as a column function of Ibis, on both engines.

DuckDB hands whole Arrow columns to such a function, Spark one row after the other; what is made here takes either.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import ibis
import pyarrow as pa


def rowwise(name: str, function: Callable[..., Any], inputs: Sequence[str], output: str) -> Callable[..., Any]:
    """`function` of single values as an Ibis function of columns.

    No value may be null: DuckDB answers null without calling where one is, Spark calls. Fill nulls before.

    Args:
        inputs, output: Ibis type names, such as `string` and `int64`.
    """
    kind = ibis.dtype(output).to_pyarrow()

    @wraps(function)  # Ibis reads the parameters of the function it wraps
    def over(*columns: Any) -> Any:
        if not any(isinstance(column, pa.Array | pa.ChunkedArray) for column in columns):
            return function(*columns)
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        return pa.array([function(*row) for row in rows], kind)

    made: Callable[..., Any] = ibis.udf.scalar.pyarrow(over, name=name, signature=(tuple(inputs), output))
    return made
